"""Meetings over the wire, in the shapes of Daily's documentation (reference 7.2)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rooms.conftest import Customer, RoomsApi
from tests.doubles.clock import FakeClock
from vestibule.rooms.meetings.model import Came, Left, Place, Visitor

SESSIONS = {name: f"{number:08}-0000-4000-8000-000000000000" for number, name in enumerate("abcd")}


class Rooms:
    """People come and go in the clinic's rooms."""

    def __init__(self, api: RoomsApi, clock: FakeClock) -> None:
        self.api = api
        self.clock = clock

    @property
    def now(self) -> int:
        return int(self.clock.now().timestamp())

    async def comes(self, who: str, *, room: str = "hello", name: str = "", **more: Any) -> None:
        visitor = Visitor(SESSIONS[who], name, **more)
        await self._enter(room, Came(visitor, self.clock.now()))

    async def leaves(self, who: str, *, room: str = "hello") -> None:
        await self._enter(room, Left(SESSIONS[who], self.clock.now()))

    async def _enter(self, room: str, fact: Came | Left) -> None:
        domain = await self.api.vestibule.rooms.domains.primary()
        place = Place(domain.id, f"id of {room}", room)
        await self.api.vestibule.rooms.meetings.enter(place, [fact])

    async def later(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        await self.api.vestibule.rooms.meetings.step()

    async def meeting(self, room: str = "hello") -> int:
        """Somebody is there for a minute; when that began."""
        began = self.now
        await self.comes("a", room=room)
        await self.later(60)
        await self.leaves("a", room=room)
        await self.later(15)
        return began


@pytest.fixture
def rooms(api: RoomsApi, clock: FakeClock) -> Rooms:
    clock.advance(timedelta(hours=1))
    return Rooms(api, clock)


async def test_a_meeting_is_answered_as_daily_answers_it(rooms: Rooms, ada: Customer) -> None:
    began = rooms.now
    await rooms.comes("a", name="Dr Ada", user_id="doctor-7")
    await rooms.later(20.5)
    await rooms.comes("b")
    await rooms.later(99)
    await rooms.leaves("b")
    found = await ada.get("/meetings")
    assert found["total_count"] == 1
    (meeting,) = found["data"]
    ben = {
        "user_id": None,
        "participant_id": SESSIONS["b"],
        "user_name": None,
        "join_time": began + 20,
        "duration": 99,
    }
    dr_ada = {
        "user_id": "doctor-7",
        "participant_id": SESSIONS["a"],
        "user_name": "Dr Ada",
        "join_time": began,
        "duration": 119,
    }
    assert meeting == {
        "id": meeting["id"],
        "room": "hello",
        "start_time": began,
        "duration": 119,
        "ongoing": True,
        "max_participants": 2,
        "participants": [ben, dr_ada],
    }
    bare = {key: value for key, value in meeting.items() if key != "participants"}
    assert await ada.get(f"/meetings/{meeting['id']}") == bare
    without = await ada.get("/meetings", params={"no_participants": "true"})
    assert without == {"total_count": 1, "data": [bare]}

    people = f"/meetings/{meeting['id']}/participants"
    assert await ada.get(people) == {"data": [ben, dr_ada]}
    assert await ada.get(people, params={"limit": 1}) == {"data": [ben]}
    before_ben, before_ada = {"joined_before": SESSIONS["b"]}, {"joined_before": SESSIONS["a"]}
    assert await ada.get(people, params=before_ben) == {"data": [dr_ada]}
    assert await ada.get(people, params={"joined_after": SESSIONS["a"]}) == {"data": [ben]}
    status, past_the_end = await ada.ask("GET", people, params=before_ada)
    assert (status, past_the_end["error"]) == (404, "not-found")


async def test_the_list_is_narrowed_and_paged_by_query(rooms: Rooms, ada: Customer) -> None:
    starts = [await rooms.meeting(room) for room in ("one", "two", "one")]
    await rooms.comes("a", room="two")
    await rooms.later(30)

    async def starts_of(**params: Any) -> tuple[int, list[int]]:
        found = await ada.get("/meetings", params=params)
        return found["total_count"], [meeting["start_time"] for meeting in found["data"]]

    everything = await ada.get("/meetings")
    now_, third, second, first = [meeting["id"] for meeting in everything["data"]]
    goes_on = everything["data"][0]["start_time"]
    assert await starts_of(room="one") == (2, [starts[2], starts[0]])
    assert await starts_of(room="no such room, and no such name\0") == (0, [])
    assert await starts_of(ongoing="true") == (1, [goes_on])
    assert await starts_of(ongoing="false") == (3, starts[::-1])
    frame = {"timeframe_start": starts[0] + 1, "timeframe_end": goes_on}
    assert await starts_of(**frame) == (2, [starts[2], starts[1]])
    assert await starts_of(timeframe_start=starts[1], timeframe_end=starts[1]) == (0, [])
    assert await starts_of(limit=1, starting_after=third) == (4, [starts[1]])
    assert await starts_of(limit=2, ending_before=first) == (4, [starts[2], starts[1]])
    assert await starts_of(limit=1, ending_before="OLDEST") == (4, [starts[0]])
    assert await starts_of(ending_before=now_) == (4, [])
    assert await starts_of(starting_after=second, room="two") == (2, [])


@pytest.mark.parametrize(
    "params",
    [
        *({"limit": 0}, {"limit": 101}, {"ongoing": "perhaps"}, {"timeframe_start": "yesterday"}),
        *({"starting_after": "x"}, {"ending_before": "x"}, {"timeframe_end": 1e300}),
        {"starting_after": SESSIONS["a"], "ending_before": "OLDEST"},
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    ada: Customer, params: dict[str, Any]
) -> None:
    status, said = await ada.ask("GET", "/meetings", params=params)
    assert (status, said["error"]) == (400, "invalid-request-error")


async def test_what_is_not_there_and_what_is_not_yours_is_not_found(
    rooms: Rooms, ada: Customer, cleo: Customer
) -> None:
    await rooms.meeting()
    (meeting,) = (await ada.get("/meetings"))["data"]
    assert await cleo.get("/meetings") == {"total_count": 0, "data": []}
    for path in (f"/meetings/{meeting['id']}", f"/meetings/{meeting['id']}/participants"):
        status, said = await cleo.ask("GET", path)
        assert (status, said) == (
            404,
            {"error": "not-found", "info": f"meeting {meeting['id']} not found"},
        )
    assert (await ada.ask("GET", "/meetings/nothing"))[0] == 404
    people = f"/meetings/{meeting['id']}/participants"
    assert (await ada.ask("GET", people, params={"joined_after": SESSIONS["d"]}))[0] == 400
    assert (await ada.ask("GET", people, params={"joined_after": "\0"}))[0] == 400
