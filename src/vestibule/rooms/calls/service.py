"""The way of each person through a call: one handler for each message that a browser sends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args

import structlog

from vestibule.foundation.broker import Broker
from vestibule.foundation.loops import Loop
from vestibule.rooms.admission.model import Refuse
from vestibule.rooms.calls import from_browser, messages, powers
from vestibule.rooms.calls.chronicle import Chronicle
from vestibule.rooms.calls.connections import CLOSE_SECONDS, LOST, Connection, ProtocolError
from vestibule.rooms.calls.door import Door
from vestibule.rooms.calls.gathering import Outgoing
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.media_messages import FromPath
from vestibule.rooms.calls.members import MemberOf
from vestibule.rooms.calls.messages import CloseCode
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.notices import ForRecordings
from vestibule.rooms.calls.visits import Visit
from vestibule.rooms.definitions.service import ROOM_CHANGED, ROOM_DELETED
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.exclusions.service import ExclusionService

CALL_PROLONGED: Final = "call-prolonged"
"""The broker's topic: a room's end was put off by an owner in its call."""
PAGE_GONE: Final = 1001
PAGE_GONE_GRACE_SECONDS: Final = 5.0
"""Enough for a page that is reloaded; a closed one should not haunt the others for long."""
STEP_SECONDS: Final = 1.0

log = structlog.get_logger()

# What is said only in the call, and what it does: all in one go, without waiting for anything.
InCall = Callable[[Call, str, Any, float], list[Outgoing]]
IN_CALL: Final[dict[type, InCall]] = {
    from_browser.SetMedia: lambda call, by, said, _: call.set_media(by, said.media),
    from_browser.Description: lambda call, by, said, _: call.relay(by, said),
    from_browser.Candidate: lambda call, by, said, _: call.relay(by, said),
    from_browser.Deny: lambda call, by, said, _: call.deny(by, said.session_id),
    from_browser.Mute: lambda call, by, said, _: powers.mute(
        call, by, said.session_id, said.source
    ),
    from_browser.UpdatePermissions: lambda call, by, said, _: powers.update_permissions(
        call, by, said.session_id, said.permissions
    ),
    from_browser.Lock: lambda call, by, said, _: powers.lock(call, by, on=said.on),
    from_browser.SetUserName: lambda call, by, said, now: powers.set_user_name(
        call, by, said.user_name, now
    ),
    from_browser.SetUserData: lambda call, by, said, now: powers.set_user_data(
        call, by, said.data, now
    ),
    from_browser.SetSessionData: powers.set_session_data,
}


class CallService:
    """All live calls of this process."""

    def __init__(
        self,
        *,
        live: LiveCalls,
        door: Door,
        domains: DomainService,
        chronicle: Chronicle,
        exclusions: ExclusionService,
        broker: Broker,
        grace_seconds: float,
    ) -> None:
        """`grace_seconds`: how long the place of a lost connection is kept."""
        self.live = live
        self._door = door
        self._domains = domains
        self.chronicle = chronicle
        self._exclusions = exclusions
        self._broker = broker
        self._grace_seconds = grace_seconds
        self._talks: dict[Connection, asyncio.Task[Any] | None] = {}
        self._looks: set[asyncio.Task[None]] = set()
        self._handlers: dict[type, Callable[[Visit, Any], Awaitable[None]]] = {
            from_browser.Hello: self._door.hello,
            from_browser.Join: self._door.join,
            from_browser.Admit: self._admit,
            from_browser.Eject: self._eject,
            from_browser.Extend: self._extend,
            from_browser.AppMessage: self._say,
            from_browser.Leave: self._leave,
            from_browser.Ping: self._ping,
            **dict.fromkeys(IN_CALL, self._in_call),
            from_browser.Description: self._relay,
            from_browser.Candidate: self._relay,
            **dict.fromkeys(get_args(ForRecordings), self._record),
            **dict.fromkeys(get_args(FromPath), self._carry),
        }
        self.loop = Loop("calls", self.step, idle_seconds=STEP_SECONDS)
        broker.subscribe(ROOM_DELETED, lambda hint: self.live.end_room(hint["room_id"]))
        broker.subscribe(ROOM_CHANGED, lambda hint: self._look_again(hint["room_id"]))

    async def talk(self, connection: Connection, *, host: str, member_of: MemberOf) -> None:
        """Serve one connection until it ends. `host` is its Host header: it selects the domain."""
        visit = Visit(connection, host, member_of)

        async def take(message: from_browser.FromBrowser) -> None:
            if visit.room_name is None and not isinstance(message, from_browser.Hello):
                raise ProtocolError("the first message must be 'hello'")
            await self._handlers[type(message)](visit, message)

        self._talks[connection] = asyncio.current_task()
        code = LOST
        try:
            code = await connection.talk(take)
        finally:
            del self._talks[connection]
            self._lose(visit, code)

    async def embedders(self, host: str) -> list[str]:
        """The origins whose pages may show the calls of this host's domain in a frame (C10)."""
        domain = await self._domains.for_host(host)
        return await self._domains.embed_origins(domain) if domain else []

    async def step(self) -> bool:
        """Do what is due in every call now. There is never more to do at once."""
        if self._looks:  # nobody is sent away by a time that has just been moved
            await asyncio.wait(self._looks)
        self.live.step()
        return False

    async def close(self) -> None:
        """Close every connection; the clients come back to the next server with their tickets."""
        for connection in self._talks:
            connection.close(CloseCode.RESTART)
        talks = [task for task in self._talks.values() if task is not None]
        if talks:
            await asyncio.wait(talks, timeout=CLOSE_SECONDS)
        await self.chronicle.close()
        await self._exclusions.settled()

    def look_at_all(self) -> None:
        """News of rooms may have been missed: look at those of every call."""
        for call in self.live.calls():
            self._look_again(call.room.id)

    # What browsers say ----------------------------------------------------------------------

    async def _in_call(self, visit: Visit, said: Any) -> None:
        call = self._call_of(visit)
        if call is not None:
            now = self.live.now
            self.live.deliver(call, IN_CALL[type(said)](call, visit.session_id, said, now))

    async def _relay(
        self, visit: Visit, said: from_browser.Description | from_browser.Candidate
    ) -> None:
        if not self.live.relay_for_recorder(visit.room_id, visit.session_id, said):
            await self._in_call(visit, said)

    async def _record(self, visit: Visit, said: ForRecordings) -> None:
        call, desk = self._call_of(visit), self.live.notices.desk
        if call is not None and desk is not None:
            desk.take(call.room, call.participants[visit.session_id], said)

    async def _carry(self, visit: Visit, said: FromPath) -> None:
        call = self._call_of(visit)
        if call is not None:
            try:
                self.live.media.take(call, visit.session_id, said)
            except ValueError as error:
                raise ProtocolError(str(error)) from error

    async def _admit(self, visit: Visit, admit: from_browser.Admit) -> None:
        room = await self._door.room_by_id(visit.room_id)
        call = self._call_of(visit)
        if call is None or room is None:
            return
        call.room = room
        knocker = call.knockers.get(admit.session_id)
        decision = self._door.ask_again(room, knocker) if knocker else None
        if isinstance(decision, Refuse) and decision.reason != "meeting-full":
            outgoing = call.turn_away(visit.session_id, admit.session_id, decision)
        else:
            outgoing = call.admit(visit.session_id, admit.session_id, self.live.now)
        self.live.deliver(call, outgoing)

    async def _eject(self, visit: Visit, eject: from_browser.Eject) -> None:
        call = self._call_of(visit)
        if call is None:
            return
        refused = powers.refusal(call, visit.session_id, eject.session_id)
        if refused is not None:
            self.live.deliver(call, [(visit.session_id, refused)])
            return
        user_id = call.participants[eject.session_id].guest.user_id
        banned = [user_id] if eject.ban and user_id is not None else []
        await self.eject(visit.room_id, [eject.session_id], user_ids=banned, ban=eject.ban)

    async def _extend(self, visit: Visit, _extend: from_browser.Extend) -> None:
        """Ten minutes more, for the door and for everybody inside (decision 0030)."""
        call, by = self._call_of(visit), visit.session_id
        if call is None:
            return
        refused = powers.extension_refusal(call, by, self.live.now)
        if refused is not None:
            self.live.deliver(call, [(by, refused)])
            return
        told = powers.extend(call, by)  # before anything is awaited: two who press at once are one
        call.room = await self._door.keep_open(call.room, seconds=powers.EXTENSION_SECONDS)
        log.info("call_extended", room_id=call.room.id, by=by, exp=call.room.exp)
        self._broker.publish(CALL_PROLONGED, {"room_name": call.room.name})
        self.live.deliver(call, told)

    async def eject(
        self, room_id: str, session_ids: list[str], *, user_ids: list[str], ban: bool
    ) -> list[str]:
        """Send these people out of the call and its lobby; answers whom that met.

        Their tickets are worth nothing afterwards, whatever happens to the server: that is written
        down before anybody is told. With `ban`, those `user_ids` and those of the people sent out
        stay outside for as long as the room is there.
        """
        call = self.live.find(room_id)
        met = call.matching(session_ids, user_ids) if call else {}
        banned = {*user_ids, *filter(None, met.values())} if ban else set()
        await self._exclusions.exclude(room_id, sessions=met, user_ids=banned)
        self.live.ban(room_id, banned)
        call = self.live.find(room_id)
        if call is None:
            return list(met)
        # Somebody may have come while that was written.
        met |= call.matching([], user_ids)
        for session_id in met:
            if call.knows(session_id):
                self.live.deliver(call, call.end(session_id, "ejected"))
        return list(met)

    async def _say(self, visit: Visit, said: from_browser.AppMessage) -> None:
        call = self._call_of(visit, also_waiting=True)
        if call is not None:
            self.live.deliver(call, powers.say(call, visit.session_id, said, self.live.now))

    async def _leave(self, visit: Visit, _leave: from_browser.Leave) -> None:
        if visit.session_id:
            self.live.leave(visit.room_id, visit.session_id)
        visit.connection.close(CloseCode.GOODBYE)

    async def _ping(self, visit: Visit, _ping: from_browser.Ping) -> None:
        visit.connection.send(messages.Pong())

    def _call_of(self, visit: Visit, *, also_waiting: bool = False) -> Call | None:
        """The call that this person is in; None, with a `problem` sent, if they only wait."""
        if not visit.session_id:
            raise ProtocolError("this message is for people in the call; 'join' comes before")
        call = self.live.find(visit.room_id)
        if call is not None and visit.session_id in call.participants:
            return call
        if call is not None and also_waiting and visit.session_id in call.knockers:
            return call
        message = "You are not in the call yet."
        visit.connection.send(messages.Problem(code="not-allowed", message=message))
        return None

    def _lose(self, visit: Visit, code: int) -> None:
        grace = self._grace_seconds
        if code == PAGE_GONE:
            grace = min(grace, PAGE_GONE_GRACE_SECONDS)
        self.live.lose(visit.room_id, visit.session_id, visit.connection, keep_seconds=grace)

    def _look_again(self, room_id: str) -> None:
        """The room was changed: the lobby closes by its new `exp`, and who comes sees it."""

        async def look() -> None:
            room = await self._door.room_by_id(room_id)
            call = self.live.find(room_id)
            if room is not None and call is not None:
                call.room = room
            elif room is None:  # the news of its deletion was missed
                self.live.end_room(room_id)

        if self.live.find(room_id) is not None:
            task = asyncio.get_running_loop().create_task(look())
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)
