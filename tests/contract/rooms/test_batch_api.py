"""`/v1/batch/rooms` on the wire (reference 5.11)."""

import pytest

from tests.contract.rooms.conftest import Customer

pytestmark = pytest.mark.anyio


async def test_a_batch_is_answered_as_a_bare_list_of_rooms(ada: Customer) -> None:
    asked = {"rooms": [{"name": "w", "properties": {"lang": "de"}}, {"privacy": "private"}, {}]}
    made = await ada.post("/batch/rooms/", asked)
    assert [await ada.get(f"/rooms/{room['name']}") for room in made] == made
    assert [room["privacy"] for room in made] == ["public", "private", "public"]
    assert made[0]["name"] == "w"
    assert made[0]["config"] == {"lang": "de"}


async def test_a_batch_is_removed_by_its_names(ada: Customer) -> None:
    await ada.post("/batch/rooms", {"rooms": [{"name": "w"}, {"name": "b"}, {"name": "c"}]})
    assert await ada.ask("DELETE", "/batch/rooms", {"room_names": ["w", "b"]}) == (
        200,
        {"deleted_count": 2},
    )
    assert [room["name"] for room in (await ada.get("/rooms"))["data"]] == ["c"]


async def test_a_wrong_batch_changes_nothing(ada: Customer) -> None:
    buckets = [
        {"properties": {"recordings_bucket": {"bucket_name": f"b{number}"}}} for number in range(11)
    ]
    for asked, said in (
        ({"rooms": [{}, {"properties": {"enable_chatt": True}}]}, "enable_chatt"),
        ({"rooms": [{}] * 1001}, "rooms"),
        ({"rooms": buckets}, "11 different values of recordings_bucket"),
        ({"rooms": [{"name": "w"}, {"name": "w"}]}, "more than once"),
        ({}, "missing required field 'rooms'"),
        ({"rooms": [], "more": 1}, "more"),
    ):
        status, answer = await ada.ask("POST", "/batch/rooms", asked)
        assert (status, answer["error"]) == (400, "invalid-request-error")
        assert said in answer["info"]
    assert (await ada.get("/rooms"))["total_count"] == 0


async def test_removing_what_is_not_there_removes_nothing(ada: Customer) -> None:
    await ada.post("/rooms", {"name": "w"})
    status, answer = await ada.ask("DELETE", "/batch/rooms", {"room_names": ["w", "nobody"]})
    assert (status, answer) == (404, {"error": "not-found", "info": "room nobody not found"})
    too_many = {"room_names": ["w"] * 1001}
    assert (await ada.ask("DELETE", "/batch/rooms", too_many))[0] == 400
    assert (await ada.get("/rooms"))["total_count"] == 1


async def test_a_batch_may_be_larger_than_other_bodies(ada: Customer) -> None:
    hook = "https://clinic.example/" + "x" * 230
    large = [
        {"properties": {"meeting_join_hook": hook, "recordings_template": "{epoch_time}" * 80}}
        for _ in range(1000)
    ]
    assert len(await ada.post("/batch/rooms", {"rooms": large})) == 1000
    status, answer = await ada.ask("POST", "/rooms", {"rooms": large})
    assert (status, answer["info"]) == (413, "the body is larger than 1048576 bytes")
