"""The calls that go on in this process, and the connections of the people in them."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Any, Final

import structlog

from vestibule.foundation.clock import Clock
from vestibule.rooms.calls.chronicle import Chronicle
from vestibule.rooms.calls.connections import Connection, encoded
from vestibule.rooms.calls.from_browser import Candidate, Description
from vestibule.rooms.calls.gathering import Gathering, Outgoing
from vestibule.rooms.calls.media import MediaServers, NoMediaServers
from vestibule.rooms.calls.messages import (
    CloseCode,
    Ended,
    FromServer,
    Refused,
)
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.notices import RecordingNotices
from vestibule.rooms.calls.passes import RecorderPass
from vestibule.rooms.calls.people import Participant, Person
from vestibule.rooms.calls.recorders import Recorders
from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.calls.tickets import Ticket, Tickets
from vestibule.rooms.calls.views import IceServer
from vestibule.rooms.definitions.model import Room

REMEMBERED: Final = 100_000
"""Ended sessions and deleted rooms that are remembered; the oldest are forgotten first."""
CLOSES_WITH: Final[dict[type, CloseCode]] = {
    Ended: CloseCode.ENDED,
    Refused: CloseCode.REFUSED,
}

log = structlog.get_logger()


class Memory:
    """Remembers the newest 100,000 ids."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def add(self, id_: str) -> None:
        self._ids[id_] = None
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._ids


class LiveCalls:
    """Keeps each live call, and carries its messages to the right connections.

    A place whose connection is lost is kept for `keep_seconds`. Until `settles_at` (unix seconds),
    people of before a restart may still be on their way back. `on_ended` is told of each session
    that no ticket may revive.

    Nothing here awaits: a call changes in one go, whoever else is being served.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        chronicle: Chronicle,
        tickets: Tickets,
        relays: Relays,
        keep_seconds: float,
        settles_at: float,
        on_ended: Callable[[str], None],
    ) -> None:
        self._clock = clock
        self._chronicle = chronicle
        self._keep_seconds = keep_seconds
        self._tickets = tickets
        self._relays = relays
        self._settles_at = settles_at
        self._settling: dict[str, float] = {}
        self._calls: dict[str, Call] = {}
        self._connections: dict[str, Connection] = {}
        self._on_ended = on_ended
        self.owns: Callable[[str], bool] = lambda _room_id: True
        """Whether this process keeps a room's call; of several, one does."""
        self.notices = RecordingNotices(since=clock.now().timestamp())
        self.recorders = Recorders(self.notices.may_hear)
        self.media: MediaServers = NoMediaServers()
        self._ended_sessions = Memory()
        self._bans = Memory()
        self._deleted_rooms = Memory()

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self._clock.now().timestamp()

    def is_settling(self, room_id: str) -> bool:
        """Whether people of before a restart, or of another process, may be on their way back."""
        return self.now < self._settles_in(room_id)

    def settle(self, room_id: str, *, seconds: float) -> None:
        """The call was another process's until now: for so long its people may come back here."""
        self._settling[room_id] = self.now + seconds
        self.notices.arrivals_from(room_id, self.now)

    def ice_servers(self, visitor: str, *, trusted: bool) -> list[IceServer]:
        """The servers for a test of the connection before joining; `visitor` names who tests."""
        return self._relays.of(visitor, self.now) if trusted else self._relays.for_strangers

    def find(self, room_id: str) -> Call | None:
        """The call in this room, if somebody is there or waits."""
        return self._calls.get(room_id)

    def calls(self) -> list[Call]:
        """Every call in which somebody is or waits."""
        return list(self._calls.values())

    def call_in(self, room: Room) -> Call:
        """The call in this room as it is now, begun if nobody is there yet."""
        call = self._calls.get(room.id)
        if call is None:
            call = self._calls[room.id] = Call(
                room,
                ticket_for=lambda person: self._ticket(room.id, person),
                relays=self._relays,
                settles_at=self._settles_in(room.id),
                extras=self._of_recordings,
            )
        call.room = room
        return call

    def has_ended(self, session_id: str) -> bool:
        """Whether this session was left, denied or sent out, so that no ticket revives it."""
        return session_id in self._ended_sessions

    def ban(self, room_id: str, user_ids: Iterable[str]) -> None:
        """These people stay outside, those who are at the door already among them."""
        for user_id in user_ids:
            self._bans.add(f"{room_id} {user_id}")

    def is_banned(self, room_id: str, user_id: str) -> bool:
        """Whether this person was banned while the server ran."""
        return f"{room_id} {user_id}" in self._bans

    def was_deleted(self, room_id: str) -> bool:
        """Whether this room was deleted while the server ran."""
        return room_id in self._deleted_rooms

    def connect(self, session_id: str, connection: Connection) -> None:
        """This connection speaks for the session from now on; an older one is closed."""
        older = self._connections.get(session_id)
        if older is not None and older is not connection:
            older.close(CloseCode.TAKEN_OVER)
        self._connections[session_id] = connection

    def deliver(self, call: Call, outgoing: Iterable[Outgoing]) -> None:
        """Send messages; whoever does not read theirs loses the connection, not the others.

        Comes after each change of a call, so this is where it is seen who came and went. They hear
        of it once it is written down: then no crash can make it unsaid.
        """
        news = self._chronicle.look(call, self.now)
        for session_id in news.sessions & self._connections.keys():
            self._connections[session_id].hold(news.written)
        self._carry(call, outgoing)
        self._carry(call, self.notices.look(call))
        self._carry(call, self.recorders.look(call))
        self.media.look(call)
        if call.is_empty and self._calls.get(call.room.id) is call:
            del self._calls[call.room.id]

    def refresh(self, room_id: str) -> None:
        """Something about the room's recordings changed: tell whom it concerns."""
        call = self._calls.get(room_id)
        if call is not None:
            self.deliver(call, [])

    def tell(self, room_id: str, session_id: str, message: FromServer) -> None:
        """Send one message to somebody in the call, if they are still there."""
        self._carry(self._calls.get(room_id), [(session_id, message)])

    def _of_recordings(self, call: Gathering, person: Participant) -> dict[str, Any]:
        guest, desk = person.guest, self.notices.desk
        return {
            "listeners": self.recorders.listeners_of(call.room.id, guest.session_id),
            "recording": self.notices.notice_for(call, guest.session_id),
            "may_record": desk is not None and desk.may_record(call.room, guest),
            "path": self.media.path_of(call),
        }

    def _carry(self, call: Call | None, outgoing: Iterable[Outgoing]) -> None:
        waiting = deque(outgoing)
        last: FromServer | None = None
        text = ""
        while waiting:
            session_id, message = waiting.popleft()
            if message is not last:  # the same news for many is encoded once
                last, text = message, encoded(message)
            if isinstance(message, Ended) and call is not None:
                self._note_ended(session_id)
            waiting += self._send(call, session_id, message, text)

    def let_recorder_in(self, room: Room, granted: RecorderPass, connection: Connection) -> None:
        """A recorder comes, or comes back."""
        self.connect(granted.recording_id, connection)
        entering = self.recorders.enter(
            room,
            granted,
            call=self._calls.get(room.id),
            relays=self._relays,
            now=self.now,
            settling_seconds=max(0.0, self._settles_in(room.id) - self.now),
        )
        self._carry(self._calls.get(room.id), entering)
        self.refresh(room.id)

    def relay_for_recorder(
        self, room_id: str, session_id: str, message: Description | Candidate
    ) -> bool:
        """Carry a message from or to a recorder; False if neither side is one."""
        is_from_recorder = self.recorders.is_in(room_id, session_id)
        if (
            is_from_recorder
            and isinstance(message, Description)
            and self.media.take_from_recorder(room_id, session_id, message)
        ):
            return True
        outgoing = self.recorders.relay(room_id, session_id, message)
        if outgoing is not None:
            self._carry(self._calls.get(room_id), outgoing)
        return outgoing is not None

    def dismiss_recorder(self, room_id: str, session_id: str) -> None:
        """A recorder is gone for good."""
        if self.recorders.is_in(room_id, session_id):
            self._ended_sessions.add(session_id)
            self._carry(self._calls.get(room_id), self.recorders.dismiss(room_id, session_id))

    def leave(self, room_id: str, session_id: str) -> None:
        """The person has said goodbye."""
        if self.recorders.is_in(room_id, session_id):
            self.dismiss_recorder(room_id, session_id)
            return
        self._note_ended(session_id)
        call = self._calls.get(room_id)
        if call is not None:
            self.deliver(call, call.leave(session_id))
        self._connections.pop(session_id, None)

    def lose(
        self, room_id: str, session_id: str, connection: Connection, *, keep_seconds: float
    ) -> None:
        """This connection is gone; the place is kept unless another one speaks for the session."""
        if self._connections.get(session_id) is not connection:
            return
        self.recorders.lose(room_id, session_id)
        call = self._calls.get(room_id)
        if call is None:
            return
        del self._connections[session_id]
        self.deliver(call, call.lose(session_id, self.now + keep_seconds))

    def abandon(self, room_id: str) -> None:
        """Another process keeps this call now. Nobody has left, and nobody is told."""
        call = self._calls.pop(room_id, None)
        people = [session_id for session_id, _ in call.everybody()] if call else []
        for session_id in [*people, *self.recorders.abandon(room_id)]:
            connection = self._connections.pop(session_id, None)
            if connection is not None:
                connection.close(CloseCode.RESTART)
        self._chronicle.abandon(room_id)
        self.notices.abandon(room_id)
        self.media.abandon(room_id)
        self._settling.pop(room_id, None)

    def end_room(self, room_id: str) -> None:
        """The room was deleted: everybody is told and sent out."""
        self._deleted_rooms.add(room_id)
        self._carry(None, self.recorders.end_room(room_id))
        call = self._calls.get(room_id)
        if call is not None:
            log.info(
                "call_ended",
                reason="room-deleted",
                room_id=room_id,
                inside=len(call.participants),
                waiting=len(call.knockers),
            )
            self.deliver(call, call.end_all("room-deleted"))

    def step(self) -> None:
        """Do what is due in every call now; a defect in one leaves the others as they are."""
        self._carry(None, self.recorders.renewed_relays(self._relays, self.now))
        for room_id in [each for each, until in self._settling.items() if until <= self.now]:
            del self._settling[room_id]
        for call in self.calls():
            try:
                self.deliver(call, call.step(self.now))
            except Exception:
                log.exception("call_step_failed", room_id=call.room.id)

    def _settles_in(self, room_id: str) -> float:
        return max(self._settles_at, self._settling.get(room_id, 0.0))

    def _note_ended(self, session_id: str) -> None:
        self._ended_sessions.add(session_id)
        self._on_ended(session_id)

    def _send(
        self, call: Call | None, session_id: str, message: FromServer, text: str
    ) -> list[Outgoing]:
        """What others must be told if the connection is found dead."""
        connection = self._connections.get(session_id)
        if connection is None:
            return []
        if not connection.send_text(text):
            del self._connections[session_id]
            return call.lose(session_id, self.now + self._keep_seconds) if call else []
        if type(message) in CLOSES_WITH:
            connection.close(CLOSES_WITH[type(message)])
            del self._connections[session_id]
        return []

    def _ticket(self, room_id: str, person: Person) -> str:
        guest = person.guest
        inside = person if isinstance(person, Participant) else None
        ticket = Ticket(
            session_id=guest.session_id,
            room_id=room_id,
            stage="call" if inside else "lobby",
            user_name=guest.user_name,
            token=None if guest.token is None else dict(guest.token.properties),
            since=person.since,
            eject_at=inside.eject_at if inside else None,
            account_id=guest.account_id,
            rights=guest.rights if inside else None,
            user_data=inside.user_data if inside else None,
        )
        return self._tickets.sign(ticket, self.now)
