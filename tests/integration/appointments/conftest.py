"""A clinic that books on a fresh database, on each engine, and has its rooms at Daily."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily, running_daily
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.diagnosis.routes import routes as diagnosis_routes
from vestibule.appointments.diagnosis.service import DiagnosisService
from vestibule.appointments.error_reports.routes import routes as error_report_routes
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.idempotency.service import IdempotencyService
from vestibule.appointments.join_links.brands import Brands
from vestibule.appointments.join_links.routes import routes as join_link_routes
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.routes import routes as appointment_routes
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.metrics import AppointmentMetrics
from vestibule.appointments.notifications.routes import routes as notification_routes
from vestibule.appointments.notifications.service import NotificationService
from vestibule.appointments.notifications.smtp import Mailer
from vestibule.appointments.organizations.model import Organization, Person
from vestibule.appointments.organizations.routes import routes as organization_routes
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.reconciler.model import Work
from vestibule.appointments.reconciler.prolonging import Prolonging
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.appointments.reconciler.sweep import Sweep
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.schema import appointments as appointments_table
from vestibule.appointments.webhook_inbox.hooks import HookKeeper
from vestibule.appointments.webhook_inbox.routes import routes as inbox_routes
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.http import install_error_answers
from vestibule.foundation.ids import SystemIds
from vestibule.settings import Settings

PUBLIC_URL = "https://video.clinic.example"
RETRY = timedelta(seconds=330)  # the setting's five minutes, and the longest jitter
KEYRING = Keyring({"k1": bytes(KEY_BYTES)}, active="k1")


class Installation:
    """One server process: its own connections to the database, its own services."""

    def __init__(
        self,
        database_url: str,
        clock: FakeClock,
        settings: Settings,
        *,
        keyring: Keyring = KEYRING,
        reconciler: type[ReconcilerService] = ReconcilerService,
    ) -> None:
        self.clock = clock
        self.settings = settings
        self.database = Database(database_url, clock)
        self.metrics = AppointmentMetrics(CollectorRegistry())
        self.organizations = OrganizationService(
            database=self.database, keyring=keyring, ids=SystemIds(), room_prefix="restartix"
        )
        self.videocalls = VideocallService(
            organizations=self.organizations,
            client_for=provider_client,
            clock=clock,
            settings=settings,
            metrics=self.metrics,
        )
        self.reconciler = reconciler(
            database=self.database,
            videocalls=self.videocalls,
            clock=clock,
            ids=SystemIds(),
            settings=settings,
            metrics=self.metrics,
        )
        self.sweep = Sweep(
            database=self.database,
            videocalls=self.videocalls,
            reconciler=self.reconciler,
            prolonging=Prolonging(database=self.database, videocalls=self.videocalls),
            ids=SystemIds(),
            settings=settings,
        )
        self.join_links = JoinLinkService(
            database=self.database,
            keyring=keyring,
            videocalls=self.videocalls,
            clock=clock,
            public_url=PUBLIC_URL,
            metrics=self.metrics,
        )
        self.notifications = NotificationService(
            database=self.database,
            join_links=self.join_links,
            mailer=Mailer(settings),
            clock=clock,
            ids=SystemIds(),
            settings=settings,
        )
        self.broker = LocalBroker()
        self.inbox = InboxService(
            database=self.database,
            organizations=self.organizations,
            keyring=keyring,
            broker=self.broker,
            clock=clock,
            ids=SystemIds(),
            announce_recording=self.notifications.recording_ready,
            metrics=self.metrics,
        )
        self.hooks = HookKeeper(
            database=self.database,
            organizations=self.organizations,
            videocalls=self.videocalls,
            keyring=keyring,
            ids=SystemIds(),
            public_url=PUBLIC_URL,
        )
        self.appointments = AppointmentService(
            database=self.database,
            organizations=self.organizations,
            reconciler=self.reconciler,
            join_links=self.join_links,
            notifications=self.notifications,
        )
        self.idempotency = IdempotencyService(database=self.database, keyring=keyring)
        self.audit = AuditService(database=self.database)
        self.reports = ErrorReportService(database=self.database, keep=timedelta(days=90))
        self.diagnosis = DiagnosisService(
            appointments=self.appointments,
            organizations=self.organizations,
            videocalls=self.videocalls,
            reports=self.reports,
            clock=clock,
            media_servers=lambda: settings.ice_servers,
        )

    def app(self) -> FastAPI:
        app = FastAPI()
        install_error_answers(app)
        app.include_router(organization_routes(self.organizations, self.idempotency))
        app.include_router(
            appointment_routes(
                self.appointments, self.organizations, self.join_links, self.idempotency
            )
        )
        brands = Brands(videocalls=self.videocalls, clock=self.clock)
        app.include_router(join_link_routes(self.join_links, brands))
        app.include_router(
            error_report_routes(
                reports=self.reports,
                join_links=self.join_links,
                organizations=self.organizations,
                appointments=self.appointments,
            )
        )
        app.include_router(
            diagnosis_routes(diagnosis=self.diagnosis, organizations=self.organizations)
        )
        app.include_router(notification_routes(self.notifications))
        app.include_router(inbox_routes(self.inbox, self.organizations, self.appointments))
        return app

    async def reconcile(self) -> None:
        """Do all background work that is due, as the loop does."""
        while await self.reconciler.step():
            await self.reconciler.finish_attempts()

    async def close(self) -> None:
        await self.reconciler.close()
        await self.videocalls.close()
        self.database.close()


class DiesAfterCommit(ReconcilerService):
    """A server that is killed between the commit and the first call to the provider."""

    async def reconcile_now(self, work: Work | None, *, insists: bool = False) -> None:
        return


def provider_client(base_url: str | None, api_key: str) -> httpx2.AsyncClient:
    assert base_url is not None
    return httpx2.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"})


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
