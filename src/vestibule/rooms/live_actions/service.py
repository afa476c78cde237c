"""Looks into running calls and acts on them, for the customer whose rooms they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vestibule.foundation.errors import Invalid, NotFound
from vestibule.rooms.calls import powers
from vestibule.rooms.calls.from_browser import MAX_SESSION_DATA_LENGTH
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.calls.views import MergeStrategy, PermissionsChange
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.meetings.service import MeetingService

EVERYBODY = "*"


class NoCall(NotFound):
    """Nobody is in the room."""

    def __init__(self, room_name: str) -> None:
        super().__init__(f"room {room_name} is not hosting a call")


@dataclass(frozen=True)
class Presence:
    """Who is in a room at this moment."""

    room_name: str
    people: list[Participant]
    """In the order in which they came."""
    meeting_id: str | None
    """The meeting session that they are in, once it is written down."""


class LiveActionService:
    """The running calls of every domain. Errors: RoomNotFound; NoCall where nobody is inside."""

    def __init__(
        self, *, definitions: DefinitionService, calls: CallService, meetings: MeetingService
    ) -> None:
        self._definitions = definitions
        self._calls = calls
        self._meetings = meetings

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self._calls.live.now

    async def present(self, domain_id: str, room_name: str) -> Presence:
        """Who is in the call of a room, in the order in which they came."""
        room = await self._definitions.get(domain_id, room_name)
        meetings = await self._meetings.ongoing(domain_id)
        people = _present(self._calls.live.find(room.id))
        return Presence(room.name, people, meetings.get(room.id))

    async def everywhere(self, domain_id: str) -> list[Presence]:
        """Who is in each call of the domain; rooms where nobody is are left out."""
        meetings = await self._meetings.ongoing(domain_id)
        presences = [
            Presence(call.room.name, _present(call), meetings.get(call.room.id))
            for call in self._calls.live.calls()
            if call.room.domain_id == domain_id
        ]
        return [presence for presence in presences if presence.people]

    async def eject(
        self, domain_id: str, room_name: str, *, ids: list[str], user_ids: list[str], ban: bool
    ) -> list[str]:
        """Send people out, of the lobby too; answers the session ids of those who were there."""
        call = await self._call(domain_id, room_name)
        return await self._calls.eject(call.room.id, ids, user_ids=user_ids, ban=ban)

    async def send(
        self, domain_id: str, room_name: str, data: Mapping[str, Any], *, recipient: str
    ) -> None:
        """Say something to the pages of those in the call; whoever is not there never gets it."""
        call = await self._call(domain_id, room_name)
        to = None if recipient == EVERYBODY else recipient
        self._calls.live.deliver(call, powers.send_to_pages(call, data, to))

    async def session_data(self, domain_id: str, room_name: str) -> dict[str, Any]:
        """What everybody in the call knows together."""
        return (await self._call(domain_id, room_name)).session_data

    async def set_session_data(
        self,
        domain_id: str,
        room_name: str,
        data: dict[str, Any],
        *,
        strategy: MergeStrategy,
        delete: list[str],
    ) -> None:
        """Change what everybody in the call knows together; Invalid if it grows too large."""
        call = await self._call(domain_id, room_name)
        merged = powers.merged_session_data(
            call.session_data, data, strategy=strategy, delete=delete
        )
        if powers.length_of(merged) > MAX_SESSION_DATA_LENGTH:
            raise Invalid(
                f"the session data would have more than {MAX_SESSION_DATA_LENGTH} characters as "
                "JSON; delete keys that are not needed any more"
            )
        self._calls.live.deliver(call, powers.keep_session_data(call, merged, self.now))

    async def update_permissions(
        self, domain_id: str, room_name: str, changes: Mapping[str, PermissionsChange]
    ) -> None:
        """Change what people in the call may do, by session id; `*`: everybody who is not named."""
        call = await self._call(domain_id, room_name)
        for session_id in list(call.participants):
            change = changes.get(session_id, changes.get(EVERYBODY))
            if change is not None:
                outgoing = powers.change_permissions(call, session_id, change)
                self._calls.live.deliver(call, outgoing)

    async def _call(self, domain_id: str, room_name: str) -> Call:
        room = await self._definitions.get(domain_id, room_name)
        call = self._calls.live.find(room.id)
        if call is None or not call.participants:
            raise NoCall(room.name)
        return call


def _present(call: Call | None) -> list[Participant]:
    """Those who are seen, and connected at this moment."""
    people = call.participants.values() if call else []
    seen = [person for person in people if person.is_connected and not person.is_hidden]
    return sorted(seen, key=lambda person: person.since)
