"""At the door of a room: who enters, who waits, who comes back, and who stays outside.

Admission is asked at the hello, again at the join, and again when somebody is let in.
"""

from dataclasses import replace
from typing import Final, Literal

from vestibule.accounts.users.model import User
from vestibule.foundation.ids import Ids
from vestibule.rooms.admission.model import (
    CallState,
    Decision,
    Enter,
    Person,
    Refuse,
    Wait,
    decide,
    finds_place,
)
from vestibule.rooms.admission.rights import rights_of
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.answers import room_view, turned_away
from vestibule.rooms.calls.connections import ProtocolError
from vestibule.rooms.calls.from_browser import Entry, Hello
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.messages import PROTOCOL_VERSIONS, CloseCode
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.passes import Passes
from vestibule.rooms.calls.people import Knocker, guest_of, known_name, permissions_view
from vestibule.rooms.calls.tickets import Ticket, Tickets, token_in
from vestibule.rooms.calls.views import SelfView
from vestibule.rooms.calls.visits import Visit, user_id_of
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.exclusions.service import ExclusionService
from vestibule.rooms.tokens.model import MeetingToken, Unusable
from vestibule.rooms.tokens.service import TokenService

Access = Literal["enter", "knock"]
TOO_OLD: Final = "This page is too old for the server. Reload it."


class Door:
    """Receives everybody who comes to a room."""

    def __init__(
        self,
        *,
        definitions: DefinitionService,
        tokens: TokenService,
        domains: DomainService,
        exclusions: ExclusionService,
        tickets: Tickets,
        passes: Passes,
        live: LiveCalls,
        ids: Ids,
    ) -> None:
        self._definitions = definitions
        self._tokens = tokens
        self._domains = domains
        self._exclusions = exclusions
        self._tickets = tickets
        self._passes = passes
        self._live = live
        self._ids = ids

    async def hello(self, visit: Visit, hello: Hello) -> None:
        """Say how this person may enter, or let them go on where they were."""
        if visit.room_name is not None:
            raise ProtocolError("'hello' was said already")
        visit.room_name = hello.room
        version = max(set(hello.versions) & set(PROTOCOL_VERSIONS), default=None)
        if version is None:
            self._refuse(visit, messages.Refused(reason="end-of-life", message=TOO_OLD))
            return
        if hello.recorder is not None:
            await self._let_recorder_in(visit, hello.recorder)
            return
        visit.domain = await self._domains.for_host(visit.host)
        if visit.domain is not None and hello.token:
            visit.token = await self._tokens.check(visit.domain, hello.token)
        visit.member = await self._member(visit)
        ticket = self._tickets.read(hello.resume, self._live.now) if hello.resume else None
        is_over = ticket is not None and await self._exclusions.has_ended(ticket.session_id)
        room, is_banned = await self._room_of(visit)
        if room is not None and ticket is not None and ticket.room_id == room.id:
            was_banned = await self._is_banned(room, token_in(ticket), visit.member)
            if self._resume(visit, room, ticket, is_over=is_over or was_banned):
                return
        decision = self._decide(room, visit.token, visit.member, is_banned=is_banned)
        if room is None or isinstance(decision, Refuse):
            self._turn_away(visit, decision)
            return
        access: Access = "enter" if isinstance(decision, Enter) else "knock"
        welcome = self._welcome(visit, room, version, access=access)
        if hello.enter is not None and not welcome.room.enable_prejoin_ui:
            await self.join(visit, hello.enter)

    async def _let_recorder_in(self, visit: Visit, text: str) -> None:
        """A recorder joins by the server's own pass; no door keeps it out but that of its room."""
        granted = self._passes.read(text, self._live.now)
        if granted is None or self._live.has_ended(granted.recording_id):
            self._turn_away(visit, Refuse("not-allowed"))
            return
        room = await self.room_by_id(granted.room_id)
        if room is None:
            self._turn_away(visit, Refuse("no-room"))
            return
        visit.room_id, visit.session_id = room.id, granted.recording_id
        self._live.let_recorder_in(room, granted, visit.connection)

    async def join(self, visit: Visit, join: Entry) -> None:
        """Let this person enter or wait, as the rule says at this moment."""
        if visit.session_id:
            raise ProtocolError("'join' was said already")
        visit.member = await self._member(visit)  # who was removed meanwhile is a stranger
        room, is_banned = await self._room_of(visit)
        decision = self._decide(room, visit.token, visit.member, is_banned=is_banned)
        if visit.connection.is_closing:
            return
        if room is None or isinstance(decision, Refuse):
            self._turn_away(visit, decision)
            return
        token = visit.usable_token
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

    async def keep_open(self, room: Room, *, seconds: int) -> Room:
        """Let people in for so much longer, if the room has an end; the room as it is then."""
        if room.exp is None or room.is_expired(int(self._live.now)):
            return room
        changes = {"exp": room.exp + seconds}
        return await self._definitions.update(room.domain_id, room.name, properties=changes)

    def ask_again(self, room: Room, knocker: Knocker) -> Decision:
        """What the rule says of somebody who waits, at the moment when they are let in."""
        return self._decide(room, knocker.guest.token, None, is_banned=False)

    async def room_meant(self, host: str, hello: Hello) -> str | None:
        """The id of the room that this hello is for; None if it leads into none."""
        if hello.recorder is not None:
            granted = self._passes.read(hello.recorder, self._live.now)
            return granted.room_id if granted else None
        domain = await self._domains.for_host(host)
        room = await self._definitions.find(domain.id, hello.room) if domain else None
        return room.id if room else None

    async def room_by_id(self, room_id: str) -> Room | None:
        """The room as it is now; None if it was deleted."""
        return self._unless_deleted(await self._definitions.get_by_id(room_id))

    def _is_crowded(self, room: Room) -> bool:
        call = self._live.find(room.id)
        return call is not None and call.is_crowded

    def _resume(self, visit: Visit, room: Room, ticket: Ticket, *, is_over: bool) -> bool:
        """Continue the session that a ticket proves; False if it proves nothing any more."""
        if is_over or self._live.has_ended(ticket.session_id):
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
        if self._live.is_settling(room.id):
            return True
        token = token_in(ticket)
        decision = self._decide(room, token, member, is_banned=False)
        if isinstance(decision, Wait) and ticket.stage == "call":
            call = self._live.find(room.id)
            state = call.state if call else CallState()
            return finds_place(room, token, state, user_id_of(token, member))
        return not isinstance(decision, Refuse)

    def _take_in(self, visit: Visit, room: Room, session_id: str) -> Call:
        visit.room_id, visit.session_id = room.id, session_id
        self._live.connect(session_id, visit.connection)
        return self._live.call_in(room)

    def _welcome(
        self, visit: Visit, room: Room, version: int, *, access: Access
    ) -> messages.Welcome:
        token = visit.usable_token
        rights = rights_of(room, token)
        you = SelfView(
            user_name=known_name(token, visit.member),
            is_owner=rights.is_owner,
            permissions=permissions_view(rights),
        )
        welcome = messages.Welcome(
            version=version,
            room=room_view(room, token),
            you=you,
            access=access,
            ice_servers=self._live.ice_servers(self._ids.uuid(), trusted=access == "enter"),
        )
        visit.connection.send(welcome)
        return welcome

    def _turn_away(self, visit: Visit, refusal: Decision) -> None:
        assert isinstance(refusal, Refuse)
        self._refuse(visit, turned_away(refusal))

    def _refuse(self, visit: Visit, farewell: messages.Refused) -> None:
        visit.connection.send(farewell)
        visit.connection.close(CloseCode.REFUSED)

    async def _member(self, visit: Visit) -> User | None:
        """Who is signed in, if they belong to the domain now (requirements C9, E1)."""
        return await visit.member_of(visit.domain) if visit.domain else None

    async def _room_of(self, visit: Visit) -> tuple[Room | None, bool]:
        """The room, and whether this person was banned from it."""
        if visit.domain is None or visit.room_name is None:
            return None, False
        room = await self._definitions.find(visit.domain.id, visit.room_name)
        user_id = visit.user_id
        if room is None or user_id is None:
            return self._unless_deleted(room), False
        is_banned = await self._exclusions.is_banned(room.id, user_id)
        return self._unless_deleted(room), is_banned

    async def _is_banned(self, room: Room, token: MeetingToken | None, member: User | None) -> bool:
        user_id = user_id_of(token, member)
        return user_id is not None and await self._exclusions.is_banned(room.id, user_id)

    def _unless_deleted(self, room: Room | None) -> Room | None:
        """The news of a deletion can be faster than a look at the database that began before."""
        return None if room is None or self._live.was_deleted(room.id) else room

    def _decide(
        self,
        room: Room | None,
        token: MeetingToken | Unusable | None,
        member: User | None,
        *,
        is_banned: bool,
    ) -> Decision:
        call = self._live.find(room.id) if room else None
        state = call.state if call else CallState()
        user_id = None if isinstance(token, Unusable) else user_id_of(token, member)
        # A ban can be faster than a look at the database that began before.
        if room and user_id and (is_banned or self._live.is_banned(room.id, user_id)):
            state = replace(state, banned_user_ids=frozenset({user_id}))
        person = Person(account_id=member.id if member else None)
        return decide(room, token, state, person, int(self._live.now))
