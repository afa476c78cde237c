"""The meetings of the 2018 team API, asked as its document asks for them (requirement C6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.integration.rooms.legacy_2018.test_team_api import (  # noqa: F401 - fixtures
    PASSWORD,
    TEAM,
    Program,
    ask,
    http,
)
from vestibule.assembly import Vestibule, build
from vestibule.foundation.database import Transaction
from vestibule.rooms.meetings import store
from vestibule.rooms.meetings.model import Came, Left, Meeting, Place, Visitor
from vestibule.settings import Settings

IN_2018 = datetime(2018, 7, 21, 22, 7, 11, tzinfo=UTC)
JULY: dict[str, Any] = {"start": "2018-07-10T20:00:00.000Z", "end": "2018-07-25T00:00:00.000Z"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(IN_2018 - timedelta(hours=1))


@pytest.fixture
async def vestibule(database_url: str, tmp_path: Any, clock: FakeClock) -> Any:
    settings = Settings(
        database_url=database_url,
        data=tmp_path,
        base_url="https://video.clinic.example",
        primary_domain=TEAM,
    )
    vestibule = build(settings, clock=clock)
    await vestibule.rooms.domains.primary()
    clock.advance(timedelta(hours=1))
    yield vestibule
    await vestibule.stop()


async def meet(
    vestibule: Vestibule, clock: FakeClock, room: str, *, account_id: str | None = None
) -> None:
    """Two people meet for five minutes; nobody is signed in, unless the first one is."""
    domain = await vestibule.rooms.domains.primary()
    place = Place(domain.id, f"id of {room}", room)
    ada = Came(Visitor(f"a {clock.now()}", "Ada", account_id=account_id), clock.now())
    ben = Came(Visitor(f"b {clock.now()}", "Ben"), clock.now())
    await vestibule.rooms.meetings.enter(place, [ada, ben])
    clock.advance(timedelta(minutes=5))
    gone = [Left(came.visitor.session_id, clock.now()) for came in (ada, ben)]
    await vestibule.rooms.meetings.enter(place, gone)
    clock.advance(timedelta(minutes=1))
    await vestibule.rooms.meetings.step()


async def test_past_meetings_are_listed_with_who_was_there(
    vestibule: Vestibule,
    ask: Program,  # noqa: F811
    clock: FakeClock,
) -> None:
    user = await vestibule.shared.users.create("ada@clinic.example", "Dr. Ada", PASSWORD)
    await meet(vestibule, clock, "hello", account_id=user.id)
    joined, left = "2018-07-21T22:07:11.000Z", "2018-07-21T22:12:11.000Z"
    assert await ask("POST", "/meetings", JULY) == {
        "meetings": [
            {
                "domain": TEAM,
                "room": "hello",
                "mtgStart": joined,
                "mtgEnd": left,
                "participants": [
                    {"email": "guest", "mtgJoin": joined, "mtgLeave": left},
                    {"email": "ada@clinic.example", "mtgJoin": joined, "mtgLeave": left},
                ],
            }
        ],
        "moreResults": False,
    }


async def test_the_time_range_is_unix_or_iso_and_a_room_narrows_it(
    vestibule: Vestibule,
    ask: Program,  # noqa: F811
    clock: FakeClock,
) -> None:
    for room in ("one", "two", "one"):
        await meet(vestibule, clock, room)

    async def rooms(**body: Any) -> list[str]:
        return [each["room"] for each in (await ask("POST", "/meetings", body))["meetings"]]

    second = int(IN_2018.timestamp()) + 360
    assert await rooms(**JULY) == ["one", "two", "one"]
    assert await rooms(**JULY, room="one") == ["one", "one"]
    assert await rooms(**JULY, room="nowhere\0") == []
    assert await rooms(start=second, end=str(second + 1)) == ["two"]
    assert await rooms(start="2018-07-21T22:13:11+00:00", end="2018-07-22") == ["one", "two"]
    assert await rooms(start="2018-07-22", end="2018-07-21") == []


async def test_a_hundred_meetings_are_answered_and_more_are_announced(
    vestibule: Vestibule,
    ask: Program,  # noqa: F811
    clock: FakeClock,
) -> None:
    domain = await vestibule.rooms.domains.primary()

    def insert(tx: Transaction) -> None:
        for each in range(101):
            at = clock.now() + timedelta(minutes=each)
            place = Place(domain.id, f"id {each}", "daily")
            meeting = Meeting(f"meeting {each}", place, at, ended_at=at, listed_at=at)
            store.insert_meeting(tx, meeting)
            store.update_meeting(tx, meeting, due_at=None)

    await vestibule.shared.database.write(insert)
    answer = await ask("POST", "/meetings", JULY)
    assert (len(answer["meetings"]), answer["moreResults"]) == (100, True)
    oldest = answer["meetings"][-1]["mtgStart"]
    rest = await ask("POST", "/meetings", {**JULY, "end": oldest})
    assert (len(rest["meetings"]), rest["moreResults"]) == (1, False)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"start": "2018-07-10"}, "missing required field 'end'"),
        ({**JULY, "start": "last week"}, "start must be a time"),
        ({**JULY, "start": True}, "start: should be a time"),
        ({**JULY, "end": None}, "end: should be a time"),
        ({**JULY, "end": 1e20}, "end must be a time"),
        ({**JULY, "end": "0001-01-01T00:00:00+14:00"}, "end must be a time"),
        ({**JULY, "rooms": "one"}, "rooms"),
    ],
)
async def test_a_time_range_that_makes_no_sense_is_explained(
    ask: Program,  # noqa: F811
    body: dict[str, Any],
    says: str,
) -> None:
    assert says in await ask.fails("POST", "/meetings", body)
