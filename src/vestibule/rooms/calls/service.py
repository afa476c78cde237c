"""The way of each person through a call: one handler for each message that a browser sends.

Admission is asked at the hello, again at the join, and again when somebody is let in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from vestibule.accounts.users.model import User
from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import Clock
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.rooms.admission.model import (
    CallState,
    Decision,
    Enter,
    Person,
    Refuse,
    Wait,
    decide,
    message_for,
)
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.chronicle import Chronicle
from vestibule.rooms.calls.connections import CLOSE_SECONDS, LOST, Connection, ProtocolError
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.members import MemberOf
from vestibule.rooms.calls.messages import PROTOCOL_VERSIONS, CloseCode
from vestibule.rooms.calls.model import Call, room_view
from vestibule.rooms.calls.people import guest_of, known_name
from vestibule.rooms.calls.tickets import Ticket, Tickets, token_in
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.service import ROOM_CHANGED, ROOM_DELETED, DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.model import MeetingToken, Unusable
from vestibule.rooms.tokens.service import TokenService
from vestibule.settings import Settings

PAGE_GONE: Final = 1001
PAGE_GONE_GRACE_SECONDS: Final = 5.0
"""Enough for a page that is reloaded; a closed one should not haunt the others for long."""
STEP_SECONDS: Final = 1.0
Access = Literal["enter", "knock"]
TOO_OLD: Final = "This page is too old for the server. Reload it."


@dataclass
class Visit:
    """One connection's way: first a stranger, then at the door of a room, then inside."""

    connection: Connection
    host: str
    member_of: MemberOf
    room_name: str | None = None
    domain: Domain | None = None
    member: User | None = None
    """Who is signed in, if they belong to the room's domain; strangers' names stay theirs."""
    token: MeetingToken | Unusable | None = None
    room_id: str = ""
    session_id: str = ""


class CallService:
    """All live calls of this process."""

    def __init__(  # noqa: PLR0913 - all that a call touches
        self,
        *,
        definitions: DefinitionService,
        tokens: TokenService,
        domains: DomainService,
        chronicle: Chronicle,
        keyring: Keyring,
        broker: Broker,
        clock: Clock,
        ids: Ids,
        settings: Settings,
    ) -> None:
        self._definitions = definitions
        self._tokens = tokens
        self._domains = domains
        self.chronicle = chronicle
        self._ids = ids
        self._grace_seconds = settings.reconnect_grace_seconds
        self._tickets = Tickets(keyring)
        self._live = LiveCalls(
            clock=clock,
            chronicle=chronicle,
            tickets=self._tickets,
            ice_servers=[
                messages.IceServer(**server.model_dump()) for server in settings.ice_servers
            ],
            keep_seconds=self._grace_seconds,
            settles_at=clock.now().timestamp() + self._grace_seconds,
        )
        self._talks: dict[Connection, asyncio.Task[Any] | None] = {}
        self._looks: set[asyncio.Task[None]] = set()
        self._handlers: dict[type, Callable[[Visit, Any], Awaitable[None]]] = {
            messages.Hello: self._hello,
            messages.Join: self._join,
            messages.SetMedia: self._set_media,
            messages.Description: self._relay,
            messages.Candidate: self._relay,
            messages.Admit: self._admit,
            messages.Deny: self._deny,
            messages.Leave: self._leave,
            messages.Ping: self._ping,
        }
        self.loop = Loop("calls", self.step, idle_seconds=STEP_SECONDS)
        broker.subscribe(ROOM_DELETED, lambda hint: self._live.end_room(hint["room_id"]))
        broker.subscribe(ROOM_CHANGED, lambda hint: self._look_again(hint["room_id"]))

    async def talk(self, connection: Connection, *, host: str, member_of: MemberOf) -> None:
        """Serve one connection until it ends. `host` is its Host header: it selects the domain."""
        visit = Visit(connection, host, member_of)

        async def take(message: messages.FromBrowser) -> None:
            if visit.room_name is None and not isinstance(message, messages.Hello):
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
        self._live.step()
        return False

    async def close(self) -> None:
        """Close every connection; the clients come back to the next server with their tickets."""
        for connection in self._talks:
            connection.close(CloseCode.RESTART)
        talks = [task for task in self._talks.values() if task is not None]
        if talks:
            await asyncio.wait(talks, timeout=CLOSE_SECONDS)
        await self.chronicle.close()

    # At the door ----------------------------------------------------------------------------

    async def _hello(self, visit: Visit, hello: messages.Hello) -> None:
        if visit.room_name is not None:
            raise ProtocolError("'hello' was said already")
        visit.room_name = hello.room
        version = max(set(hello.versions) & set(PROTOCOL_VERSIONS), default=None)
        if version is None:
            self._refuse(visit, "end-of-life", TOO_OLD)
            return
        visit.domain = await self._domains.for_host(visit.host)
        if visit.domain is not None and hello.token:
            visit.token = await self._tokens.check(visit.domain, hello.token)
        visit.member = await self._member(visit)
        room = await self._room_of(visit)
        if room is not None and hello.resume and self._resume(visit, room, hello.resume):
            return
        decision = self._decide(room, visit.token, visit.member)
        if room is None or isinstance(decision, Refuse):
            self._turn_away(visit, decision)
            return
        self._welcome(
            visit, room, version, access="enter" if isinstance(decision, Enter) else "knock"
        )

    async def _join(self, visit: Visit, join: messages.Join) -> None:
        if visit.session_id:
            raise ProtocolError("'join' was said already")
        visit.member = await self._member(visit)  # who was removed meanwhile is a stranger
        room = await self._room_of(visit)
        decision = self._decide(room, visit.token, visit.member)
        if visit.connection.is_closing:
            return
        if room is None or isinstance(decision, Refuse):
            self._turn_away(visit, decision)
            return
        token = _usable(visit.token)
        guest = guest_of(
            room,
            token,
            session_id=self._ids.uuid(),
            said_name=known_name(token, visit.member) or join.user_name,
            account_id=visit.member.id if visit.member and not token else None,
        )
        if isinstance(decision, Wait) and not guest.is_invited and self._is_crowded(room):
            self._turn_away(visit, Refuse("meeting-full"))
            return
        call = self._take_in(visit, room, guest.session_id)
        come = call.knock if isinstance(decision, Wait) else call.enter
        self._live.deliver(call, come(guest, join.media, self._live.now))

    def _is_crowded(self, room: Room) -> bool:
        call = self._live.find(room.id)
        return call is not None and call.is_crowded

    def _resume(self, visit: Visit, room: Room, text: str) -> bool:
        """Continue the session that a ticket proves; False if it proves nothing any more."""
        ticket = self._tickets.read(text, self._live.now)
        if ticket is None or ticket.room_id != room.id:
            return False
        if self._live.has_ended(ticket.session_id):
            self._turn_away(visit, Refuse("ejected"))
            return True
        call = self._live.find(room.id)
        is_known = call is not None and call.knows(ticket.session_id)
        if not is_known and not self._may_return(ticket, room, visit.member):
            return False
        call = self._take_in(visit, room, ticket.session_id)
        now = self._live.now
        if is_known:
            self._live.deliver(call, call.resume(ticket.session_id, now))
        else:
            self._live.deliver(call, call.restore(ticket, now))
        return True

    def _may_return(self, ticket: Ticket, room: Room, member: User | None) -> bool:
        """Whether somebody whose place is not known here gets it back.

        After a restart of the server it is the place they had. Later on it was given up, and they
        come back only as far as the door is still open for them; who was let in once need not
        wait again.
        """
        if self._live.is_settling:
            return True
        decision = self._decide(room, token_in(ticket), member)
        if isinstance(decision, Wait) and ticket.stage == "call":
            call = self._live.find(room.id)
            return call is None or not call.is_full
        return not isinstance(decision, Refuse)

    def _take_in(self, visit: Visit, room: Room, session_id: str) -> Call:
        visit.room_id, visit.session_id = room.id, session_id
        self._live.connect(session_id, visit.connection)
        return self._live.call_in(room)

    def _welcome(self, visit: Visit, room: Room, version: int, *, access: Access) -> None:
        token = _usable(visit.token)
        you = messages.SelfView(
            user_name=known_name(token, visit.member),
            is_owner=token is not None and token.is_owner,
        )
        visit.connection.send(
            messages.Welcome(version=version, room=room_view(room), you=you, access=access)
        )

    def _turn_away(self, visit: Visit, refusal: Decision) -> None:
        assert isinstance(refusal, Refuse)
        self._refuse(visit, refusal.reason, message_for(refusal), at=refusal.at)

    def _refuse(
        self, visit: Visit, reason: messages.RefusalReason, message: str, at: int | None = None
    ) -> None:
        visit.connection.send(messages.Refused(reason=reason, message=message, at=at))
        visit.connection.close(CloseCode.REFUSED)

    async def _member(self, visit: Visit) -> User | None:
        """Who is signed in, if they belong to the domain now (requirements C9, E1)."""
        return await visit.member_of(visit.domain) if visit.domain else None

    async def _room_of(self, visit: Visit) -> Room | None:
        if visit.domain is None or visit.room_name is None:
            return None
        return self._unless_deleted(await self._definitions.find(visit.domain.id, visit.room_name))

    def _unless_deleted(self, room: Room | None) -> Room | None:
        """The news of a deletion can be faster than a look at the database that began before."""
        return None if room is None or self._live.was_deleted(room.id) else room

    def _decide(
        self, room: Room | None, token: MeetingToken | Unusable | None, member: User | None
    ) -> Decision:
        call = self._live.find(room.id) if room else None
        state = call.state if call else CallState()
        person = Person(is_member=member is not None)
        return decide(room, token, state, person, int(self._live.now))

    # Inside ---------------------------------------------------------------------------------

    async def _admit(self, visit: Visit, admit: messages.Admit) -> None:
        room = self._unless_deleted(await self._definitions.get_by_id(visit.room_id))
        call = self._call_of(visit)
        if call is None or room is None:
            return
        call.room = room
        knocker = call.knockers.get(admit.session_id)
        decision = self._decide(room, knocker.guest.token, None) if knocker else None
        if isinstance(decision, Refuse) and decision.reason != "meeting-full":
            outgoing = call.turn_away(visit.session_id, admit.session_id, decision)
        else:
            outgoing = call.admit(visit.session_id, admit.session_id, self._live.now)
        self._live.deliver(call, outgoing)

    async def _deny(self, visit: Visit, deny: messages.Deny) -> None:
        call = self._call_of(visit)
        if call is not None:
            self._live.deliver(call, call.deny(visit.session_id, deny.session_id))

    async def _set_media(self, visit: Visit, message: messages.SetMedia) -> None:
        call = self._call_of(visit)
        if call is not None:
            self._live.deliver(call, call.set_media(visit.session_id, message.media))

    async def _relay(
        self, visit: Visit, message: messages.Description | messages.Candidate
    ) -> None:
        call = self._call_of(visit)
        if call is not None:
            self._live.deliver(call, call.relay(visit.session_id, message))

    async def _leave(self, visit: Visit, _leave: messages.Leave) -> None:
        if visit.session_id:
            self._live.leave(visit.room_id, visit.session_id)
        visit.connection.close(CloseCode.GOODBYE)

    async def _ping(self, visit: Visit, _ping: messages.Ping) -> None:
        visit.connection.send(messages.Pong())

    def _call_of(self, visit: Visit) -> Call | None:
        """The call that this person is in; None, with a `problem` sent, if they only wait."""
        if not visit.session_id:
            raise ProtocolError("this message is for people in the call; 'join' comes before")
        call = self._live.find(visit.room_id)
        if call is None or visit.session_id not in call.participants:
            message = "You are not in the call yet."
            visit.connection.send(messages.Problem(code="not-allowed", message=message))
            return None
        return call

    def _lose(self, visit: Visit, code: int) -> None:
        grace = self._grace_seconds
        if code == PAGE_GONE:
            grace = min(grace, PAGE_GONE_GRACE_SECONDS)
        self._live.lose(visit.room_id, visit.session_id, visit.connection, keep_seconds=grace)

    def _look_again(self, room_id: str) -> None:
        """The room was changed: the lobby closes by its new `exp`, and who comes sees it."""

        async def look() -> None:
            room = await self._definitions.get_by_id(room_id)
            call = self._live.find(room_id)
            if room is not None and call is not None:
                call.room = room

        if self._live.find(room_id) is not None:
            task = asyncio.get_running_loop().create_task(look())
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)


def _usable(token: MeetingToken | Unusable | None) -> MeetingToken | None:
    """The token of somebody whom admission did not refuse."""
    assert not isinstance(token, Unusable)
    return token
