"""The recording participant: follows a call, and has everything that the others send kept."""

import asyncio
from collections.abc import Callable, Sequence

from vestibule.rooms.calls import messages
from vestibule.rooms.calls.from_browser import Description
from vestibule.rooms.calls.views import IceServer, ParticipantView
from vestibule.rooms.recordings.connection import MediaConnection
from vestibule.rooms.recordings.journal import (
    Attendee,
    Joined,
    Left,
    MediaFormat,
    Present,
    Source,
    Updated,
)
from vestibule.rooms.recordings.link import Link
from vestibule.rooms.recordings.track_log import Packet, SenderReport, TrackLog
from vestibule.rooms.recordings.track_store import RecordingWriter


class Capture:
    """Writes a call into a recording, as the server's messages tell of it."""

    def __init__(
        self,
        writer: RecordingWriter,
        *,
        send: Callable[[Description], None],
        on_trouble: Callable[[OSError], None],
    ) -> None:
        """`on_trouble` hears that media could not be written."""
        self._writer = writer
        self._send = send
        self._on_trouble = on_trouble
        self._me: ParticipantView | None = None
        self._ice_servers: Sequence[IceServer] = ()
        self._people: dict[str, Attendee] = {}
        self._links: dict[str, Link] = {}
        self._awaited: set[str] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self.first_media_at: float | None = None
        """Unix seconds of the first media that was written."""
        self.last_media_at = writer.clock.now()
        self.connected_once = False
        """True when a connection to anybody has been made."""

    @property
    def people(self) -> Sequence[Attendee]:
        """Everybody in the call but the recorder."""
        return list(self._people.values())

    def follow(self, message: messages.FromServer) -> None:
        """Do what a message asks for. Those that do not concern a recorder are passed over."""
        match message:
            case messages.Joined():
                self._enter(message)
            case messages.ParticipantJoined():
                self._welcome(message.participant)
            case messages.ParticipantUpdated():
                self._update(message.participant)
            case messages.ParticipantLeft():
                self._remove(message.session_id)
            case messages.IceServers():
                self._ice_servers = message.ice_servers
            case messages.DescriptionFrom() | messages.CandidateFrom():
                if message.sender in self._links:
                    self._links[message.sender].take(message)

    async def close(self) -> None:
        """End all connections; what has arrived is kept."""
        for session_id in list(self._links):
            self._unlink(session_id)
        await asyncio.gather(*self._endings)

    def _enter(self, joined: messages.Joined) -> None:
        """Follow the state of the call at the beginning, and after a lost connection."""
        is_new = self._me is None or self._me.session_id != joined.you.session_id
        self._me = joined.you
        self._ice_servers = joined.ice_servers
        present = {other.session_id: _attendee(other) for other in joined.participants}
        gone = set(self._links) if is_new else set(self._links) - set(present)
        if not is_new and joined.settling_seconds:
            present = {session_id: self._people[session_id] for session_id in gone} | present
            self._await(gone, joined.settling_seconds)
        else:
            for session_id in gone:
                self._unlink(session_id)
        self._people = present
        self._writer.note(Present(at=self._now(), people=tuple(present.values())))
        for other in joined.participants:
            self._link(other, calls=is_new)

    def _await(self, absent: set[str], seconds: float) -> None:
        """After a restart of the server people come back one by one, while their media goes on."""
        self._awaited = absent

        def give_up() -> None:
            for session_id in list(self._awaited):
                self._remove(session_id)

        asyncio.get_running_loop().call_later(seconds, give_up)

    def _welcome(self, participant: ParticipantView) -> None:
        self._awaited.discard(participant.session_id)
        if participant.session_id in self._people:
            self._update(participant)
        else:
            self._people[participant.session_id] = _attendee(participant)
            self._writer.note(Joined(at=self._now(), person=_attendee(participant)))
        self._link(participant)

    def _update(self, participant: ParticipantView) -> None:
        attendee = _attendee(participant)
        if self._people.get(participant.session_id) != attendee:
            self._people[participant.session_id] = attendee
            self._writer.note(Updated(at=self._now(), person=attendee))

    def _remove(self, session_id: str) -> None:
        self._awaited.discard(session_id)
        if self._people.pop(session_id, None) is not None:
            self._writer.note(Left(at=self._now(), session_id=session_id))
        self._unlink(session_id)

    def _link(self, participant: ParticipantView, *, calls: bool = False) -> None:
        """Connect to somebody; `calls`: make the offer even if they came later.

        They do not know that this process is a new one.
        """
        assert self._me is not None
        if participant.session_id in self._links:
            return
        session_id = participant.session_id
        link = Link(
            session_id,
            we_came_later=self._me.joined_at > participant.joined_at,
            connect=lambda on_change: self._connect(session_id, on_change),
            send=self._send,
            on_connected=self._connected,
        )
        self._links[session_id] = link
        if calls or link.we_came_later:
            link.call()

    def _connect(self, session_id: str, on_change: Callable[[], None]) -> MediaConnection:
        return MediaConnection(
            ice_servers=self._ice_servers,
            keeper=_Keeper(self, self._writer, session_id),
            now_us=self._writer.clock.now_us,
            on_change=on_change,
        )

    def _unlink(self, session_id: str) -> None:
        link = self._links.pop(session_id, None)
        if link is not None:
            ending = asyncio.create_task(link.close())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    def _connected(self) -> None:
        self.connected_once = True

    def kept(self, at: float) -> None:
        """Media that arrived at this moment was written."""
        if self.first_media_at is None:
            self.first_media_at = at
        self.last_media_at = at

    def failed(self, error: OSError) -> None:
        """Media could not be written."""
        self._on_trouble(error)

    def _now(self) -> float:
        return self._writer.clock.now()


class _Keeper:
    """Writes the media of one connection, each source of packets into a track of its own."""

    def __init__(self, capture: Capture, writer: RecordingWriter, session_id: str) -> None:
        self._capture = capture
        self._writer = writer
        self._session_id = session_id
        self._connection = writer.new_connection()
        self._logs: dict[tuple[Source, int], TrackLog] = {}
        self._is_closed = False

    def keep(
        self,
        source: Source,
        formats: Sequence[MediaFormat],
        ssrc: int,
        record: Packet | SenderReport,
    ) -> None:
        """Write what arrived. Never raises: the connection goes on whatever happens here."""
        log = self._logs.get((source, ssrc))
        if self._is_closed or (log is None and isinstance(record, SenderReport)):
            return
        try:
            if log is None:
                log = self._open(source, formats, ssrc)
            log.append(record)
        except OSError as error:
            self._is_closed = True
            self._capture.failed(error)
        else:
            self._capture.kept(record.arrival_us / 1e6)

    def close(self) -> None:
        """Nothing more is written."""
        self._is_closed = True
        for log in self._logs.values():
            self._writer.close_track(log)
        self._logs.clear()

    def _open(self, source: Source, formats: Sequence[MediaFormat], ssrc: int) -> TrackLog:
        log = self._writer.open_track(
            self._session_id, connection=self._connection, source=source, formats=formats
        )
        self._logs[source, ssrc] = log
        return log


def _attendee(participant: ParticipantView) -> Attendee:
    return Attendee(
        session_id=participant.session_id,
        user_id=participant.user_id,
        user_name=participant.user_name,
        is_owner=participant.is_owner,
        audio=participant.media.audio,
        video=participant.media.video,
        screen=participant.media.screen,
    )
