"""Rooms over HTTP: the shapes that programs written for Daily rely on (reference 1 to 4)."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.contract.rooms.conftest import Customer, RoomsApi
from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds

pytestmark = pytest.mark.anyio


async def test_a_room_has_exactly_the_seven_keys(ada: Customer) -> None:
    room = await ada.post("/rooms", {"name": "ward-1"})
    uuid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(uuid, room.pop("id"))
    assert room == {
        "name": "ward-1",
        "api_created": True,
        "privacy": "public",
        "url": "https://video.clinic.example/ward-1",
        "created_at": "2026-11-21T10:00:00.000Z",
        "config": {},
    }


async def test_a_room_can_be_made_without_saying_anything(
    ada: Customer, http: httpx2.AsyncClient
) -> None:
    bodies = [b"", b"{}", b'{"properties": {}}', b'{"properties": null}']
    for body in bodies:
        room = await ada.post("/rooms", content=body)
        assert re.fullmatch("[A-Za-z0-9]{20}", room["name"])
        assert (room["privacy"], room["config"]) == ("public", {})
    assert (await ada.get("/rooms"))["total_count"] == len(bodies)


async def test_every_room_of_every_privacy_is_made(ada: Customer) -> None:
    for privacy in ("public", "private", "org"):
        assert (await ada.post("/rooms", {"privacy": privacy}))["privacy"] == privacy


async def test_config_holds_what_differs_from_the_defaults(ada: Customer, clock: FakeClock) -> None:
    exp = unix_seconds(clock.now()) + 60
    properties = {
        "exp": exp + 0.9,
        "nbf": "1572598800",
        "max_participants": 2,
        "enable_chat": False,
        "enable_screenshare": True,
        "enable_knocking": True,
        "enable_recording": ["cloud", "local"],
        "permissions": {"canSend": ["audio"]},
        "lang": None,
    }
    room = await ada.post("/rooms", {"name": "ward-1", "properties": properties})
    assert room["config"] == {
        "exp": exp,
        "nbf": 1572598800,
        "max_participants": 2,
        "enable_knocking": True,
        "enable_recording": ["cloud", "local"],
        "permissions": {"canSend": ["audio"]},
    }
    assert await ada.get("/rooms/ward-1") == room


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_update_merges_and_null_resets(ada: Customer, method: str) -> None:
    given = {"enable_chat": True, "lang": "de", "sip": {"display_name": "P", "sip_mode": "dial-in"}}
    made = await ada.post("/rooms", {"name": "ward-1", "properties": given})
    changes = {"privacy": "private", "properties": {"sip": None, "lang": None, "geo": "eu-west-2"}}
    status, changed = await ada.ask(method, "/rooms/ward-1", changes)
    assert status == 200
    assert changed == {
        **made,
        "privacy": "private",
        "config": {"enable_chat": True, "geo": "eu-west-2"},
    }
    assert await ada.get("/rooms/ward-1") == changed


@pytest.mark.parametrize("body", [b"", b"{}", b'{"properties": {}}'])
async def test_an_empty_update_changes_nothing(ada: Customer, body: bytes) -> None:
    made = await ada.post("/rooms", {"name": "ward-1", "privacy": "private"})
    assert await ada.post("/rooms/ward-1", content=body) == made


async def test_a_room_cannot_be_renamed(ada: Customer) -> None:
    made = await ada.post("/rooms", {"name": "ward-1"})
    status, said = await ada.ask("POST", "/rooms/ward-1", {"name": "ward-2"})
    assert (status, said["info"]) == (400, "invalid property name 'name'")
    assert await ada.get("/rooms/ward-1") == made


async def test_a_deleted_room_is_gone_and_its_name_is_free(ada: Customer) -> None:
    first = await ada.post("/rooms", {"name": "ward-1"})
    assert await ada.delete("/rooms/ward-1") == {"deleted": True, "name": "ward-1"}
    missing = (404, {"error": "not-found", "info": "room ward-1 not found"})
    for method in ("GET", "POST", "PATCH", "DELETE"):
        assert await ada.ask(method, "/rooms/ward-1") == missing
    assert (await ada.post("/rooms", {"name": "ward-1"}))["id"] != first["id"]


async def test_an_expired_room_looks_deleted_and_its_name_is_free(
    ada: Customer, clock: FakeClock
) -> None:
    exp = unix_seconds(clock.now()) + 60
    first = await ada.post("/rooms", {"name": "ward-1", "properties": {"exp": exp}})
    clock.advance(timedelta(seconds=60))
    assert await ada.get("/rooms") == {"total_count": 0, "data": []}
    missing = (404, {"error": "not-found", "info": "room ward-1 not found"})
    for method in ("GET", "POST", "PATCH"):
        assert await ada.ask(method, "/rooms/ward-1") == missing
    assert (await ada.post("/rooms", {"name": "ward-1"}))["id"] != first["id"]


async def test_deleting_an_expired_room_says_deleted_in_the_error(
    ada: Customer, clock: FakeClock
) -> None:
    exp = unix_seconds(clock.now()) + 60
    await ada.post("/rooms", {"name": "ward-1", "properties": {"exp": exp}})
    clock.advance(timedelta(seconds=60))
    assert await ada.ask("DELETE", "/rooms/ward-1") == (
        404,
        {"error": "not-found", "info": "room ward-1 not found", "deleted": True},
    )


async def names(ada: Customer, **query: Any) -> list[str]:
    page = await ada.get("/rooms", params=query)
    assert page["total_count"] == 5
    return [room["name"] for room in page["data"]]


async def test_rooms_are_listed_in_pages_newest_first(ada: Customer, clock: FakeClock) -> None:
    ids = {}
    for name in ("r1", "r2", "r3", "r4", "r5"):
        ids[name] = (await ada.post("/rooms", {"name": name}))["id"]
        clock.advance(timedelta(milliseconds=1))
    assert await names(ada) == ["r5", "r4", "r3", "r2", "r1"]
    assert await names(ada, limit=2) == ["r5", "r4"]
    assert await names(ada, limit=2, starting_after=ids["r4"]) == ["r3", "r2"]
    assert await names(ada, limit=2, starting_after=ids["r1"]) == []
    assert await names(ada, limit=2, ending_before="OLDEST") == ["r2", "r1"]
    assert await names(ada, limit=2, ending_before=ids["r2"]) == ["r4", "r3"]
    assert await names(ada, limit=2, ending_before=ids["r5"]) == []


async def test_a_page_holds_at_most_100_rooms(ada: Customer) -> None:
    for _ in range(101):
        await ada.post("/rooms")
    page = await ada.get("/rooms")
    assert (page["total_count"], len(page["data"])) == (101, 100)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "many"},
        {"starting_after": "ward-1"},
        {"starting_after": "\0"},
        {"ending_before": "NEWEST"},
        {"starting_after": "0", "ending_before": "0"},
    ],
)
async def test_a_page_that_cannot_be_is_refused(ada: Customer, query: dict[str, Any]) -> None:
    status, said = await ada.ask("GET", "/rooms", params=query)
    assert (status, said["error"]) == (400, "invalid-request-error")
    assert any(name in said["info"] for name in query)


async def test_a_trailing_slash_makes_no_difference(ada: Customer) -> None:
    made = await ada.post("/rooms/", {"name": "ward-1"})
    assert await ada.get("/rooms/ward-1/") == made
    assert (await ada.get("/rooms/"))["data"] == [made]
    assert "token" in await ada.post("/meeting-tokens/", {"properties": {}})


async def test_domains_do_not_see_each_others_rooms(ada: Customer, cleo: Customer) -> None:
    mine = await ada.post("/rooms", {"name": "ward-1"})
    for method in ("GET", "POST", "DELETE"):
        assert (await cleo.ask(method, "/rooms/ward-1"))[0] == 404
    theirs = await cleo.post("/rooms", {"name": "ward-1"})
    assert theirs["url"] == "https://practice.video.clinic.example/ward-1"
    assert (await ada.get("/rooms"))["data"] == [mine]


async def test_a_caller_learns_the_id_of_its_domain(ada: Customer, api: RoomsApi) -> None:
    domain = await api.vestibule.rooms.domains.find("clinic")
    assert domain is not None
    answer = await ada.get("/")
    assert (answer["domain_name"], answer["domain_id"]) == ("clinic", domain.id)
