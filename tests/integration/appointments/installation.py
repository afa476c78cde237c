"""One server process of the appointments half, put together by hand for a test."""

from datetime import timedelta

import httpx2
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from tests.doubles.clock import FakeClock
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.connection_checks.routes import routes as connection_check_routes
from vestibule.appointments.connection_checks.service import ConnectionCheckService
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
from vestibule.appointments.organizations.routes import routes as organization_routes
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.reconciler.prolonging import Prolonging
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.appointments.reconciler.sweep import Sweep
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox.hooks import HookKeeper
from vestibule.appointments.webhook_inbox.recordings import RecordingSweep
from vestibule.appointments.webhook_inbox.retention import Retention
from vestibule.appointments.webhook_inbox.routes import routes as inbox_routes
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.http import install_error_answers
from vestibule.foundation.ids import SystemIds
from vestibule.settings import Settings

PUBLIC_URL = "https://video.clinic.example"
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
        self.recording_sweep = RecordingSweep(
            database=self.database,
            organizations=self.organizations,
            videocalls=self.videocalls,
            inbox=self.inbox,
            clock=clock,
        )
        self.retention = Retention(
            database=self.database,
            organizations=self.organizations,
            videocalls=self.videocalls,
            ids=SystemIds(),
            retry_seconds=settings.provider_retry_seconds,
        )
        self.connections = ConnectionCheckService(
            database=self.database, join_links=self.join_links
        )
        self.diagnosis = DiagnosisService(
            appointments=self.appointments,
            organizations=self.organizations,
            videocalls=self.videocalls,
            reports=self.reports,
            connections=self.connections,
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
        app.include_router(connection_check_routes(self.connections))
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


def provider_client(base_url: str | None, api_key: str) -> httpx2.AsyncClient:
    assert base_url is not None
    return httpx2.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"})
