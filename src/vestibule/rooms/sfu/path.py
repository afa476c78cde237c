"""One call on one media server: everybody's two connections, and who gets what of whom."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Final

import structlog

from vestibule.rooms.calls.gathering import Gathering
from vestibule.rooms.calls.media_messages import (
    CarriedTrack,
    DirectOver,
    FromPath,
    PathCandidate,
    Publish,
    Published,
    Receives,
    Slot,
    Subscribed,
    Subscription,
    WantLayers,
)
from vestibule.rooms.calls.messages import DescriptionFrom, FromServer
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.sfu.janus import Janus, JanusError
from vestibule.rooms.sfu.model import wanted_slots
from vestibule.rooms.sfu.receiving import Receiving, Source
from vestibule.rooms.sfu.sending import Sending

NO_SUCH_ROOM: Final = 426

Say = Callable[[str, FromServer], None]
Introduced = Callable[[], Iterable[tuple[str, str]]]
"""The recorders of the call, each with one of the people it may hear."""

log = structlog.get_logger()


class Member:
    """One person on the path."""

    def __init__(self, sending: Sending, receiving: Receiving) -> None:
        self.sending = sending
        self.receiving = receiving
        self.is_here = False
        """Their page has come to this path."""
        self.gets: set[str] = set()
        """Whose media arrives at them over this path, as their page says."""
        self.layers: Mapping[str, int] = {}

    async def close(self) -> None:
        await asyncio.gather(self.sending.close(), self.receiving.close(), return_exceptions=True)


class Path:
    """The way of one call over one server's room, until it is closed.

    Everything that a browser says is about itself: whose media it sends, and to whom it may go, is
    known here alone.
    """

    def __init__(
        self,
        name: str,
        janus: Janus,
        room: tuple[int, str],
        call: Gathering,
        *,
        say: Say,
        introduced: Introduced,
        on_broken: Callable[[], None],
    ) -> None:
        """`on_broken`: the server has forgotten the room."""
        self.name = name
        self.janus = janus
        self.room = room
        self.call = call
        self._say = say
        self._introduced = introduced
        self._on_broken = on_broken
        self._members: dict[str, Member] = {}
        self._recorded: dict[tuple[str, str], Receiving] = {}
        self._endings: set[asyncio.Task[None]] = set()

    def look(self) -> None:
        """People have come, gone or changed: follow that."""
        for session_id in set(self._members) - set(self.call.participants):
            self._end(self._members.pop(session_id).close())
        introduced = set(self._introduced())
        for pair in set(self._recorded) - introduced:
            self._end(self._recorded.pop(pair).close())
        for pair in introduced - set(self._recorded):
            self._recorded[pair] = self._record(*pair)
        for member in self._members.values():
            member.sending.worker.wake()
        self._follow_feeds()

    def take(self, session_id: str, said: FromPath) -> None:
        """What somebody in the call says of their connections; ValueError if it makes no sense."""
        match said:
            case Publish():
                self._publish(session_id, said)
            case Subscribed() if session_id in self._members:
                self._members[session_id].receiving.answered(said.sdp)
            case PathCandidate() if session_id in self._members:
                member = self._members[session_id]
                side = member.sending if said.publishes else member.receiving
                side.add_candidate(_candidate(said))
            case Receives() if session_id in self._members:
                self._note(session_id, said.session_ids)
            case WantLayers() if session_id in self._members:
                self._members[session_id].layers = dict(said.layers)
                self._members[session_id].receiving.worker.wake()

    def take_from_recorder(self, recorder: str, person: str, kind: str, sdp: str) -> bool:
        """What a recorder says to somebody whom it hears over this path; False if to nobody here.

        An offer asks for a new connection: it is we who offer, and the recorder gives way.
        """
        receiving = self._recorded.get((recorder, person))
        if receiving is None or not self._feed_of(person):
            return False
        if kind == "answer":
            receiving.answered(sdp)
            self._say(person, DirectOver(session_id=recorder))
        elif not receiving.is_agreeing:
            receiving.begin_anew()
        return True

    async def close(self) -> None:
        """End everybody's connections on the server."""
        everybody: list[Member | Receiving] = [*self._members.values(), *self._recorded.values()]
        self._members.clear()
        self._recorded.clear()
        closing = [each.close() for each in everybody]
        await asyncio.gather(*closing, *self._endings, return_exceptions=True)

    # People -------------------------------------------------------------------------------

    def _publish(self, session_id: str, said: Publish) -> None:
        member = self._members.get(session_id)
        if member is None:
            member = self._members[session_id] = self._member(session_id)
        if said.sdp is not None:
            member.sending.offer(said.sdp)
        if member.is_here:
            member.receiving.begin_anew()
        member.is_here = True
        member.receiving.worker.wake()

    def _member(self, session_id: str) -> Member:
        def person() -> Participant | None:
            return self.call.participants.get(session_id)

        def is_there() -> bool:
            found = person()
            return found is not None and found.is_connected

        sending = Sending(
            self.janus,
            self.room,
            person,
            answer=lambda sdp: self._say(session_id, Published(path=self.name, sdp=sdp)),
            on_change=self._follow_feeds,
            on_refused=self._refused,
        )
        receiving = Receiving(
            self.janus,
            self.room[0],
            wants=lambda: list(self._wanted_by(session_id)),
            layers=lambda: self._sizes_for(session_id),
            offer=lambda sdp, is_new, carried: self._offer(session_id, sdp, carried, is_new=is_new),
            is_there=is_there,
            on_refused=self._refused,
        )
        return Member(sending, receiving)

    def _wanted_by(self, session_id: str) -> Mapping[Source, tuple[str, Slot]]:
        """What this person should get, and what it is."""
        receiver = self.call.participants.get(session_id)
        if receiver is None:
            return {}
        return {
            (member.sending.feed, member.sending.mids[slot]): (sender, slot)
            for sender, member in self._members.items()
            if sender != session_id and member.sending.feed
            for person in [self.call.participants.get(sender)]
            if person is not None
            for slot in wanted_slots(receiver, person)
        }

    def _offer(
        self, session_id: str, sdp: str, carried: Mapping[str, Source], *, is_new: bool
    ) -> None:
        meant = self._wanted_by(session_id)
        tracks = [
            CarriedTrack(mid=mid, session_id=meant[source][0], slot=meant[source][1])
            for mid, source in carried.items()
            if source in meant
        ]
        offer = Subscription(path=self.name, sdp=sdp, is_new=is_new, tracks=tracks)
        self._say(session_id, offer)

    def _sizes_for(self, session_id: str) -> Mapping[Source, int]:
        layers = self._members[session_id].layers if session_id in self._members else {}
        return {
            source: layers[sender]
            for source, (sender, slot) in self._wanted_by(session_id).items()
            if slot == "camera" and sender in layers
        }

    def _note(self, session_id: str, others: Iterable[str]) -> None:
        """Two who get each other over the server need no connection of their own."""
        mine = self._members[session_id].gets
        for other in others:
            is_new = other not in mine
            mine.add(other)
            theirs = self._members.get(other)
            if is_new and theirs is not None and session_id in theirs.gets:
                self._say(session_id, DirectOver(session_id=other))
                self._say(other, DirectOver(session_id=session_id))

    # Recorders ----------------------------------------------------------------------------

    def _record(self, recorder: str, person: str) -> Receiving:
        """A recorder has a connection for each person, on which we stand for that person."""

        def wants() -> list[Source]:
            member = self._members.get(person)
            feed = self._feed_of(person)
            return [(feed, mid) for mid in member.sending.mids.values()] if feed and member else []

        def offer(sdp: str, _is_new: bool, _carried: Mapping[str, Source]) -> None:
            self._say(recorder, DescriptionFrom(sender=person, kind="offer", sdp=sdp))

        return Receiving(
            self.janus,
            self.room[0],
            wants=wants,
            layers=dict,
            offer=offer,
            is_there=lambda: True,
            on_refused=self._refused,
        )

    def _feed_of(self, person: str) -> int:
        return self._members[person].sending.feed if person in self._members else 0

    # Inside -------------------------------------------------------------------------------

    def _follow_feeds(self) -> None:
        for member in self._members.values():
            if member.is_here:
                member.receiving.worker.wake()
        for receiving in self._recorded.values():
            receiving.worker.wake()

    def _refused(self, error: JanusError) -> None:
        if error.code == NO_SUCH_ROOM:
            self._on_broken()

    def _end(self, closing: Coroutine[Any, Any, None]) -> None:
        ending = asyncio.get_running_loop().create_task(closing)
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)


def _candidate(said: PathCandidate) -> dict[str, Any]:
    if not said.candidate:
        return {"completed": True}
    candidate: dict[str, Any] = {"candidate": said.candidate}
    if said.sdp_mid is not None:
        candidate["sdpMid"] = said.sdp_mid
    if said.sdp_m_line_index is not None:
        candidate["sdpMLineIndex"] = said.sdp_m_line_index
    return candidate
