"""The use cases of the 2018 team API, put together from those of rooms and teams."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from vestibule.accounts.teams.model import Team
from vestibule.accounts.teams.service import TeamService
from vestibule.accounts.users.service import UserService
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.ids import Ids
from vestibule.rooms.definitions.model import Page as RoomPage
from vestibule.rooms.definitions.model import Privacy, Room
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.legacy_2018 import store
from vestibule.rooms.legacy_2018.model import (
    MAX_MEETINGS,
    MAX_ROOMS,
    Overview,
    PastMeetings,
    check_names,
    pin_from,
)
from vestibule.rooms.meetings.model import Page, Wanted
from vestibule.rooms.meetings.service import MeetingService

TRIES: Final = 5
PINS_AT_ONCE: Final = 500


class TeamApiService:
    """What a program of 2018 does with a team, its rooms and its people."""

    def __init__(
        self,
        *,
        database: Database,
        ids: Ids,
        definitions: DefinitionService,
        meetings: MeetingService,
        teams: TeamService,
        users: UserService,
    ) -> None:
        self._database = database
        self._ids = ids
        self._definitions = definitions
        self._meetings = meetings
        self._teams = teams
        self._users = users

    async def overview(self, domain_id: str, team: Team) -> Overview:
        """The team's invite link, its newest 10,000 rooms and all its people."""
        _, rooms = await self._definitions.list(domain_id, RoomPage(limit=MAX_ROOMS))
        return Overview(
            invite_link=await self._teams.invite_link(team),
            rooms=rooms,
            pins=await self._pins([room.id for room in rooms]),
            members=await self._teams.members(team.scope),
        )

    async def create_room(
        self, domain_id: str, team: Team, *, name: str, privacy: Privacy
    ) -> tuple[Room, str]:
        """Make a room; it, and its dial-in digits."""
        check_names(team.name, name)
        room = await self._definitions.create(domain_id, name=name, privacy=privacy)
        return room, (await self._pins([room.id])).get(room.id, "")

    async def change_privacy(self, domain_id: str, name: str, privacy: Privacy) -> None:
        """Say who enters a room; those inside stay."""
        await self._definitions.update(domain_id, name, privacy=privacy)

    async def delete_room(self, domain_id: str, name: str) -> None:
        """Remove a room and send everybody out."""
        await self._definitions.delete(domain_id, name)

    async def remove_user(self, team: Team, email: str) -> None:
        """Take a person out of the team."""
        await self._teams.remove(team.scope, email)

    async def meetings(
        self, domain_id: str, *, start: datetime, end: datetime, room: str | None
    ) -> PastMeetings:
        """The newest 100 of the meetings that began in this time and are over."""
        wanted = Wanted(room, since=start, until=end, is_ongoing=False)
        total, records = await self._meetings.list(domain_id, wanted, Page(MAX_MEETINGS))
        stays = [stay for record in records for stay in record.stays]
        accounts = {stay.visitor.account_id for stay in stays if stay.visitor.account_id}
        return PastMeetings(
            meetings=[(record.meeting, record.stays) for record in records],
            has_more=total > len(records),
            emails=await self._users.emails(accounts),
        )

    async def _pins(self, room_ids: list[str]) -> dict[str, str]:
        """The dial-in digits of these rooms, made for those that have none; they never change."""
        pins = await self._database.read(lambda tx: store.pins_of(tx, room_ids))
        for _ in range(TRIES):  # digits that another room has are drawn again
            drawn = {each: self._draw() for each in room_ids if each not in pins}
            if not drawn:
                break
            for piece in _pieces(drawn):  # so that others write in between
                pins |= await self._give(piece)
        return pins

    async def _give(self, drawn: dict[str, str]) -> dict[str, str]:
        def give(tx: Transaction) -> dict[str, str]:
            store.insert_pins(tx, drawn)
            return store.pins_of(tx, list(drawn))

        return await self._database.write(give)

    def _draw(self) -> str:
        return pin_from(uuid.UUID(self._ids.uuid()))


def _pieces(drawn: dict[str, str]) -> Iterator[dict[str, str]]:
    pairs = list(drawn.items())
    for start in range(0, len(pairs), PINS_AT_ONCE):
        yield dict(pairs[start : start + PINS_AT_ONCE])
