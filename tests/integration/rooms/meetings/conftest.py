"""A room of the clinic, people who come and go, and time that only the tests turn; each engine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.meetings.model import Came, Fact, Left, Page, Place, Visitor, Wanted
from vestibule.rooms.meetings.service import MeetingService, Record
from vestibule.rooms.outbox.service import take_undistributed

GAP = timedelta(seconds=15)
GRACE = timedelta(seconds=30)
EVERYTHING = Wanted()


@dataclass
class Story:
    """What happens in rooms, as one server process writes it down."""

    database: Database
    clock: FakeClock
    domain: Domain
    meetings: MeetingService = field(init=False)

    def __post_init__(self) -> None:
        self.next_server()
        self.clock.advance(timedelta(hours=1))

    def next_server(self) -> None:
        """The process is killed, and another one has just been started."""
        self.meetings = MeetingService(
            database=self.database, clock=self.clock, ids=SystemIds(), gap=GAP, grace=GRACE
        )

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def place(self, room: str = "consult") -> Place:
        return Place(self.domain.id, f"id of {room}", room)

    async def happens(self, *facts: Fact, room: str = "consult") -> None:
        await self.meetings.enter(self.place(room), facts)

    async def comes(self, *people: str, room: str = "consult", **more: Any) -> None:
        """Each of these people enters the call, or the lobby with `to_lobby`."""
        for person in people:
            await self.happens(Came(visitor(person), self.now, **more), room=room)

    async def leaves(self, *people: str, room: str = "consult", **more: Any) -> None:
        for person in people:
            await self.happens(Left(session(person), self.now, **more), room=room)

    async def later(self, **time: float) -> None:
        """Time goes by, second by second at first, and what is due then happens."""
        left = timedelta(**time)
        while left > timedelta():
            tick = min(left, timedelta(seconds=5))
            self.clock.advance(tick)
            left -= tick
            await self.meetings.step()

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and payload of each event since the last look."""
        events = await self.database.write(lambda tx: take_undistributed(tx, 1000))
        return [(event.type.value, dict(event.payload)) for event in events]

    async def heard(self) -> list[str]:
        """What happened since the last look, and to whom."""
        return [
            " ".join([what, payload["user_name"]] if "user_name" in payload else [what])
            for what, payload in await self.told()
        ]

    async def records(self, wanted: Wanted = EVERYTHING) -> list[Record]:
        """The listed meetings, the oldest first."""
        total, records = await self.meetings.list(self.domain.id, wanted, Page())
        assert total == len(records)
        return list(records)[::-1]

    async def summary(self) -> list[tuple[int, int, list[tuple[str, int]]]]:
        """Of each listed meeting: seconds, the most people, and who was there for how long."""
        return [
            (
                seconds(record.meeting.duration(self.now)),
                record.meeting.max_participants,
                [
                    (stay.visitor.user_name, seconds(stay.duration(self.now)))
                    for stay in record.stays
                ][::-1],
            )
            for record in await self.records()
        ]


def session(person: str) -> str:
    return f"session of {person}"


def visitor(person: str) -> Visitor:
    return Visitor(session(person), person, user_id=f"id of {person}", details={"owner": False})


def seconds(time: timedelta) -> int:
    return int(time.total_seconds())


@pytest.fixture
def story(database: Database, clock: FakeClock, clinic: Domain) -> Story:
    return Story(database, clock, clinic)
