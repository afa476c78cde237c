"""Rate limits and the log of requests, on the wire (reference 1.3 and 9)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.contract.rooms.conftest import Customer, RoomsApi
from tests.doubles.clock import FakeClock
from vestibule.assembly import build
from vestibule.rooms.traffic.model import LogPage
from vestibule.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def api(database_url: str, tmp_path: Path, clock: FakeClock) -> AsyncIterator[RoomsApi]:
    """An installation with limits."""
    settings = Settings(
        database_url=database_url, data=tmp_path, primary_domain="clinic", rate_limits=True
    )
    api = RoomsApi(build(settings, clock=clock))
    yield api
    await api.vestibule.stop()


async def test_a_key_that_goes_too_fast_is_told_when_to_come_back(
    ada: Customer, http: httpx2.AsyncClient, api: RoomsApi, clock: FakeClock
) -> None:
    for _ in range(100):
        await ada.get("/rooms/")
    answer = await http.get("/rooms", headers=ada.headers)
    assert (answer.status_code, answer.json()["error"]) == (429, "rate-limit-error")
    assert answer.headers["Retry-After"] == "5"
    await ada.get("/")
    await Customer(http, await api.key("clinic")).get("/rooms")
    clock.advance(timedelta(seconds=5))
    await ada.get("/rooms")


async def test_deleting_rooms_has_a_slower_limit_whatever_their_names(
    ada: Customer, clock: FakeClock
) -> None:
    statuses = [(await ada.ask("DELETE", f"/rooms/r{number}"))[0] for number in range(51)]
    assert statuses == [404] * 50 + [429]
    clock.advance(timedelta(seconds=29))
    assert (await ada.ask("DELETE", "/rooms/r"))[0] == 429
    clock.advance(timedelta(seconds=1))
    assert (await ada.ask("DELETE", "/rooms/r"))[0] == 404


async def test_batches_are_limited_to_ten_in_thirty_seconds(ada: Customer) -> None:
    statuses = [(await ada.ask("POST", "/batch/rooms", {"rooms": []}))[0] for _ in range(11)]
    assert statuses == [200] * 10 + [429]


async def test_the_log_tells_what_a_key_asked_without_secrets(
    ada: Customer, cleo: Customer, api: RoomsApi, clock: FakeClock
) -> None:
    key = ada.headers["Authorization"].removeprefix("Bearer ")
    await ada.post("/rooms", {"name": "ward", "privacy": "private"})
    clock.advance(timedelta(milliseconds=1))
    token = (await ada.post("/meeting-tokens", {"properties": {"user_name": "Ben"}}))["token"]
    clock.advance(timedelta(milliseconds=1))
    await ada.get(f"/meeting-tokens/{token}")
    clock.advance(timedelta(milliseconds=1))
    await ada.ask("POST", "/rooms", {"name": key})
    domain = await api.vestibule.rooms.domains.find("clinic")
    assert domain is not None
    rows = await ada.get("/logs/api")
    assert [(row["method"], row["url"], row["status"]) for row in rows] == [
        ("POST", "/v1/rooms", 200),
        ("GET", "/v1/meeting-tokens/********", 200),
        ("POST", "/v1/meeting-tokens", 200),
        ("POST", "/v1/rooms", 200),
    ]
    assert rows[0].keys() == {
        *("id", "userId", "domainId", "source", "ip", "method", "url", "status"),
        *("createdAt", "request", "response"),
    }
    assert rows[0]["domainId"] == domain.id
    assert rows[3]["request"] == '{"name": "ward", "privacy": "private"}'
    assert all(secret not in str(rows) for secret in (key, token, "Ben"))
    older = await ada.get("/logs/api", params={"limit": 1, "starting_after": rows[2]["id"]})
    assert older == [rows[3]]
    assert (await ada.ask("GET", "/logs/api", params={"starting_after": "last"}))[0] == 400
    assert await ada.get("/logs/api", params={"source": "webhook"}) == []
    assert [row["url"] for row in await cleo.get("/logs/api")] == []


async def test_who_has_no_right_key_leaves_no_trace_and_meets_no_limit(
    http: httpx2.AsyncClient, ada: Customer
) -> None:
    wrong = Customer(http, "0" * 64)
    assert {(await wrong.ask("GET", "/rooms"))[0] for _ in range(120)} == {401}
    assert await ada.get("/logs/api") == []


async def test_a_clean_end_loses_nothing_of_the_log(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    settings = Settings(database_url=database_url, data=tmp_path, primary_domain="clinic")
    api = RoomsApi(build(settings, clock=clock))
    transport = httpx2.ASGITransport(app=api.vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://test/v1") as http:
        await Customer(http, await api.key("clinic")).get("/rooms", params={"limit": 3})
    await api.vestibule.stop()

    again = build(settings, clock=clock)
    domain = await again.rooms.domains.primary()
    noted = await again.rooms.request_log.list(domain.id, LogPage())
    await again.stop()

    assert [each.url for each in noted] == ["/v1/rooms?limit=3"]
