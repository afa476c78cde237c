"""Operators see what happens to rooms, tokens, calls and recordings (A23), and nobody else does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import PUBLIC_URL, answered
from vestibule.assembly import Vestibule, build
from vestibule.settings import Settings

TOKEN = "token-of-prometheus"
PROVIDER = {"provider": "127.0.0.1"}


class Watched:
    """An installation whose clinic has its rooms at Daily, and its numbers."""

    def __init__(self, vestibule: Vestibule, http: httpx2.AsyncClient) -> None:
        self.half = vestibule.appointments
        self.http = http
        self.path = ""

    async def open(self, daily: Daily) -> None:
        organizations = self.half.organizations
        clinic = await organizations.create("Clinic")
        await organizations.set_integration(clinic.id, base_url=daily.url, api_key=KEY)
        for kind in ("specialist", "patient"):
            await organizations.create_person(clinic.id, kind=kind, name=kind)
        token = await organizations.create_token(clinic.id, "platform")
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.path = f"/v1/organizations/{clinic.id}/appointments"

    async def book(self, clock: FakeClock) -> dict[str, Any]:
        times = {
            "started_at": (clock.now() + timedelta(minutes=5)).isoformat(),
            "ended_at": (clock.now() + timedelta(minutes=35)).isoformat(),
        }
        body = {"specialist_id": 1, "patient_id": 2, "status": "upcoming", **times}
        return answered(await self.http.post(self.path, json=body))

    async def number(self, name: str, **labels: str) -> float | None:
        """What Prometheus would read; None if there is no such series."""
        answer = await self.http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return float(sample.value)
        return None


@pytest.fixture
async def watched(
    database_url: str, tmp_path: Path, clock: FakeClock, daily: Daily
) -> AsyncIterator[Watched]:
    settings = Settings(
        data=tmp_path / "data",
        database_url=database_url,
        base_url=PUBLIC_URL,
        provider_time_budget_seconds=30.0,
        provider_lease_seconds=60.0,
        metrics_token=SecretStr(TOKEN),
        provider_allow_private_addresses=True,
    )
    vestibule = build(settings, clock=clock)
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        watched = Watched(vestibule, http)
        await watched.open(daily)
        yield watched
    await vestibule.stop()


async def test_the_numbers_tell_what_happened(
    watched: Watched, clock: FakeClock, daily: Daily
) -> None:
    number = watched.number
    assert await number("vestibule_room_creations_total", result="made") == 0
    daily.is_down = True
    pending = await watched.book(clock)
    assert await number("vestibule_rooms_pending") == 1
    assert await number("vestibule_room_creations_total", result="failed") == 1
    refused = {"operation": "POST /rooms", "result": "provider-failure"}
    assert await number("vestibule_provider_calls_total", **PROVIDER, **refused) == 1
    link = pending["patient_url"].removeprefix(PUBLIC_URL)
    assert (await watched.http.post(f"{link}/enter")).status_code == 503
    tokens = "vestibule_meeting_tokens_total"
    assert await number(tokens, role="patient", result="no-room") == 1

    clock.advance(timedelta(seconds=400))
    lag = await number("vestibule_reconciler_lag_seconds")
    assert lag is not None
    assert 60 < lag < 110, "due again after five minutes and up to a tenth"
    daily.is_down = False
    while await watched.half.reconciler.step():
        await watched.half.reconciler.finish_attempts()
    assert await number("vestibule_rooms_pending") == 0
    assert await number("vestibule_reconciler_lag_seconds") == 0
    assert await number("vestibule_room_creations_total", result="made") == 1
    assert (await watched.http.post(f"{link}/enter")).status_code == 200
    assert await number(tokens, role="patient", result="made") == 1
    daily.fail_next("status", status=429, headers={"retry-after": "1"})
    assert (await watched.http.post(f"{link}/enter")).status_code == 503
    assert await number(tokens, role="patient", result="failed") == 1
    limited = {"operation": "POST /meeting-tokens", "result": "rate-limited"}
    assert await number("vestibule_provider_calls_total", **PROVIDER, **limited) == 1


async def test_a_provider_that_is_down_shows(
    watched: Watched, clock: FakeClock, daily: Daily
) -> None:
    await watched.book(clock)
    assert await watched.number("vestibule_provider_down", **PROVIDER) == 0
    daily.is_down = True
    for _ in range(6):
        await watched.book(clock)
    assert await watched.number("vestibule_provider_down", **PROVIDER) == 1


async def test_only_the_token_opens_the_numbers(watched: Watched, tmp_path: Path) -> None:
    for header, status in (({}, 401), ({"Authorization": "Bearer wrong"}, 401)):
        answer = await watched.http.get("/metrics", headers=header)
        assert answer.status_code == status
        assert "vestibule_" not in answer.text
    del watched.http.headers["Authorization"]
    assert (await watched.http.get("/metrics")).status_code == 400
    without = build(Settings(data=tmp_path / "other"))
    transport = httpx2.ASGITransport(app=without.app)
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        assert (await http.get("/metrics")).status_code == 404
    await without.stop()
