"""A clinic that books on a fresh database, on each engine, and has its rooms at Daily."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily, running_daily
from tests.integration.appointments.installation import (
    KEYRING,
    PUBLIC_URL,
    Installation,
    provider_client,
)
from vestibule.appointments.organizations.model import Organization, Person
from vestibule.appointments.reconciler.model import Work
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.appointments.schema import appointments as appointments_table
from vestibule.foundation.clock import unix_seconds
from vestibule.settings import Settings

__all__ = ["KEYRING", "PUBLIC_URL", "Installation", "provider_client"]
RETRY = timedelta(seconds=330)  # the setting's five minutes, and the longest jitter


class DiesAfterCommit(ReconcilerService):
    """A server that is killed between the commit and the first call to the provider."""

    async def reconcile_now(self, work: Work | None, *, insists: bool = False) -> None:
        return


@dataclass
class Clinic:
    """An organization with people and a token, and the HTTP client of its booking platform."""

    server: Installation
    organization: Organization
    specialist: Person
    patient: Person
    http: httpx2.AsyncClient
    open: httpx2.AsyncClient  # without any token, as patients come
    path: str = field(init=False)

    def __post_init__(self) -> None:
        self.path = f"/v1/organizations/{self.organization.id}/appointments"

    def in_minutes(self, minutes: float) -> datetime:
        return self.server.clock.now() + timedelta(minutes=minutes)

    def request(self, **changes: Any) -> dict[str, Any]:
        """A request for an appointment that begins in 5 minutes and takes 30."""
        return {
            "specialist_id": self.specialist.id,
            "patient_id": self.patient.id,
            "started_at": self.in_minutes(5).isoformat(),
            "ended_at": self.in_minutes(35).isoformat(),
            "status": "upcoming",
            **changes,
        }

    async def book(self, **changes: Any) -> dict[str, Any]:
        """An appointment that begins in 5 minutes and takes 30, upcoming unless said otherwise."""
        return answered(await self.http.post(self.path, json=self.request(**changes)))

    async def get(self, appointment: dict[str, Any]) -> dict[str, Any]:
        return answered(await self.http.get(f"{self.path}/{appointment['id']}"))

    async def move(self, appointment: dict[str, Any], move: str, **body: Any) -> dict[str, Any]:
        url = f"{self.path}/{appointment['id']}/{move}"
        return answered(await self.http.post(url, json=body or None))

    async def reschedule(
        self, appointment: dict[str, Any], minutes: float, *, move: str = "reschedule"
    ) -> dict[str, Any]:
        """Move it so that it begins in so many minutes and takes 30."""
        return await self.move(
            appointment,
            move,
            started_at=self.in_minutes(minutes).isoformat(),
            ended_at=self.in_minutes(minutes + 30).isoformat(),
        )

    async def delete(self, appointment: dict[str, Any]) -> dict[str, Any]:
        return answered(await self.http.delete(f"{self.path}/{appointment['id']}"))

    async def row(self, appointment: dict[str, Any]) -> Any:
        """The appointment's row as the database holds it; None if it is gone."""
        with_id = appointments_table.c.id == appointment["id"]
        statement = select(appointments_table).where(with_id)
        return await self.server.database.read(lambda tx: tx.run(statement).one_or_none())

    async def events(self, appointment: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The audit events of the appointment's room and tokens."""
        events = await self.server.audit.list(self.organization.id, appointment["id"])
        return [
            (each.event.removeprefix("videocall."), dict(each.details))
            for each in events
            if each.event.startswith("videocall.")
        ]


def answered(answer: httpx2.Response) -> dict[str, Any]:
    """The JSON of an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def name_of(clinic: Clinic, appointment: dict[str, Any]) -> str:
    return f"restartix-{clinic.organization.id}-{appointment['id']}"


def exp_of(appointment: dict[str, Any]) -> int:
    """The end of an answered appointment, in unix seconds."""
    return unix_seconds(datetime.fromisoformat(appointment["ended_at"]))


async def reached(event: Any) -> None:
    """Wait for a thread's event without blocking the loop."""
    assert await asyncio.to_thread(event.wait, 30)


async def seconds_until_due(clinic: Clinic, appointment: dict[str, Any]) -> float:
    row = await clinic.row(appointment)
    wait: timedelta = row.due_at - clinic.server.clock.now()
    return wait.total_seconds()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def daily_server() -> Iterator[Daily]:
    with running_daily() as daily:
        yield daily


@pytest.fixture
def daily(daily_server: Daily, clock: FakeClock) -> Daily:
    """Daily without any room, at the time of the test's clock."""
    daily_server.begin(now=clock.now)
    return daily_server


@pytest.fixture
def settings() -> Settings:
    """Requests wait as long as it takes; only attempts that fail come back later."""
    return Settings(
        provider_time_budget_seconds=30.0,
        provider_lease_seconds=60.0,
        provider_rate_limits=False,
    )


@pytest.fixture
async def server(
    database_url: str, clock: FakeClock, settings: Settings
) -> AsyncIterator[Installation]:
    server = Installation(database_url, clock, settings)
    yield server
    await server.close()


@pytest.fixture
async def peer(
    database_url: str, clock: FakeClock, settings: Settings
) -> AsyncIterator[Installation]:
    """Another server process on the same database."""
    peer = Installation(database_url, clock, settings)
    yield peer
    await peer.close()


@pytest.fixture
def impatient(settings: Settings) -> Settings:
    """Requests that do not wait for the provider."""
    return settings.model_copy(update={"provider_time_budget_seconds": 0.01})


@pytest.fixture
async def clinic(server: Installation, daily: Daily) -> AsyncIterator[Clinic]:
    async with opened_clinic(server, "Restartix Clinic", daily.url) as clinic:
        yield clinic


@asynccontextmanager
async def opened_clinic(
    server: Installation, name: str, provider_url: str
) -> AsyncIterator[Clinic]:
    """A clinic with one specialist and one patient."""
    organizations = server.organizations
    organization = await organizations.create(name)
    await organizations.set_integration(organization.id, base_url=provider_url, api_key=KEY)
    token = await organizations.create_token(organization.id, "booking platform")
    transport = httpx2.ASGITransport(app=server.app())
    async with (
        httpx2.AsyncClient(
            transport=transport,
            base_url=PUBLIC_URL,
            headers={"Authorization": f"Bearer {token}"},
        ) as http,
        httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as anyone,
    ):
        yield Clinic(
            server=server,
            organization=organization,
            specialist=await organizations.create_person(
                organization.id, kind="specialist", name="Dr. Ada Popescu"
            ),
            patient=await organizations.create_person(
                organization.id, kind="patient", name="Ben Ionescu", email="ben@mail.example"
            ),
            http=http,
            open=anyone,
        )
