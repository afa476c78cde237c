"""Builds the appointments half: the complete client of Daily."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx2

from vestibule.appointments.api_keys.routes import routes as api_key_routes
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.connection_checks.routes import routes as connection_check_routes
from vestibule.appointments.connection_checks.service import ConnectionCheckService
from vestibule.appointments.console.routes import Asked
from vestibule.appointments.console.routes import routes as console_routes
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
from vestibule.appointments.room_provider.addresses import Addresses, Guarded
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox.hooks import HookKeeper
from vestibule.appointments.webhook_inbox.progress import Progress
from vestibule.appointments.webhook_inbox.recordings import RecordingBook, RecordingSweep
from vestibule.appointments.webhook_inbox.retention import Retention
from vestibule.appointments.webhook_inbox.routes import routes as inbox_routes
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.assembly.media_servers import media_servers
from vestibule.assembly.shared import Shared
from vestibule.foundation.addresses import Resolver
from vestibule.foundation.http import pass_request_id_on
from vestibule.foundation.loops import Loop
from vestibule.foundation.routing import Routes

IN_PROCESS_URL = "http://rooms.internal/v1"


@dataclass(frozen=True)
class Appointments:
    """The services of the appointments half."""

    shared: Shared
    organizations: OrganizationService
    audit: AuditService
    videocalls: VideocallService
    reconciler: ReconcilerService
    prolonging: Prolonging
    sweep: Sweep
    notifications: NotificationService
    inbox: InboxService
    hooks: HookKeeper
    recordings: RecordingBook
    recording_sweep: RecordingSweep
    recording_progress: Progress
    retention: Retention
    join_links: JoinLinkService
    lifecycle: AppointmentService
    idempotency: IdempotencyService
    reports: ErrorReportService

    def routers(self) -> Iterator[Routes]:
        """Everything it answers."""
        yield organization_routes(self.organizations, self.idempotency)
        yield appointment_routes(
            appointments=self.lifecycle,
            organizations=self.organizations,
            join_links=self.join_links,
            idempotency=self.idempotency,
        )
        yield api_key_routes(organizations=self.organizations, sessions=self.shared.sessions)
        yield notification_routes(notifications=self.notifications)
        yield inbox_routes(
            inbox=self.inbox,
            organizations=self.organizations,
            appointments=self.lifecycle,
        )
        brands = Brands(videocalls=self.videocalls, clock=self.shared.clock)
        yield join_link_routes(join_links=self.join_links, brands=brands)
        reports = self.reports
        connections = ConnectionCheckService(
            database=self.shared.database, join_links=self.join_links
        )
        yield connection_check_routes(connections)
        diagnosis = DiagnosisService(
            appointments=self.lifecycle,
            organizations=self.organizations,
            videocalls=self.videocalls,
            reports=reports,
            connections=connections,
            clock=self.shared.clock,
            media_servers=partial(media_servers, self.shared.settings, asked_by="diagnosis"),
        )
        yield error_report_routes(
            reports=reports,
            join_links=self.join_links,
            organizations=self.organizations,
            appointments=self.lifecycle,
        )
        yield diagnosis_routes(diagnosis=diagnosis, organizations=self.organizations)
        yield console_routes(
            Asked(
                database=self.shared.database,
                sessions=self.shared.sessions,
                organizations=self.organizations,
                appointments=self.lifecycle,
                join_links=self.join_links,
                audit=self.audit,
                diagnosis=diagnosis,
                reports=reports,
                recordings=self.recordings,
                inbox=self.inbox,
                settings=self.shared.settings,
                ending=self.shared.ending,
            )
        )

    def loops(self) -> Iterator[Loop]:
        """The background work."""
        yield self.reconciler.loop
        yield self.prolonging.loop
        yield self.sweep.loop
        yield self.notifications.loop
        yield self.inbox.loop
        yield self.hooks.loop
        yield self.recording_sweep.loop
        yield self.recording_progress.loop
        yield self.retention.loop
        yield self.reports.loop

    async def close(self) -> None:
        """End what runs, and the connections to providers."""
        await self.reconciler.close()
        await self.videocalls.close()


def build_appointments(shared: Shared, *, own_rooms: httpx2.AsyncBaseTransport) -> Appointments:
    """Assemble the appointments half; `own_rooms` reaches this installation's Rooms API."""
    settings, database = shared.settings, shared.database
    metrics = AppointmentMetrics(shared.metrics.registry)
    addresses = Addresses(
        resolve=Resolver(),
        public_url=settings.public_url,
        allow_private=settings.provider_allow_private_addresses,
    )

    def provider_client(base_url: str | None, api_key: str) -> httpx2.AsyncClient:
        """A client of the organization's room provider; our own rooms without a base URL."""
        return httpx2.AsyncClient(
            base_url=base_url or IN_PROCESS_URL,
            headers={"Authorization": f"Bearer {api_key}"},
            transport=Guarded(addresses) if base_url else own_rooms,
            timeout=10.0,
            event_hooks={"request": [pass_request_id_on]},
        )

    organizations = OrganizationService(
        database=database,
        keyring=shared.keyring,
        ids=shared.ids,
        room_prefix=settings.room_prefix,
        check_address=addresses.check,
    )
    videocalls = VideocallService(
        organizations=organizations,
        client_for=provider_client,
        clock=shared.clock,
        settings=settings,
        metrics=metrics,
    )
    reconciler = ReconcilerService(
        database=database,
        videocalls=videocalls,
        clock=shared.clock,
        ids=shared.ids,
        settings=settings,
        metrics=metrics,
    )
    join_links = JoinLinkService(
        database=database,
        keyring=shared.keyring,
        videocalls=videocalls,
        clock=shared.clock,
        public_url=settings.public_url,
        metrics=metrics,
    )

    async def note_work() -> None:
        await reconciler.note_backlog()
        videocalls.note_outages()

    shared.metrics.before_reading(note_work)
    notifications = NotificationService(
        database=database,
        join_links=join_links,
        mailer=Mailer(settings),
        clock=shared.clock,
        ids=shared.ids,
        settings=settings,
    )
    inbox, hooks = build_inbox(shared, organizations, videocalls, notifications, metrics)
    prolonging = Prolonging(database=database, videocalls=videocalls)
    return Appointments(
        shared=shared,
        organizations=organizations,
        audit=AuditService(database=database),
        videocalls=videocalls,
        reconciler=reconciler,
        prolonging=prolonging,
        sweep=Sweep(
            database=database,
            videocalls=videocalls,
            reconciler=reconciler,
            prolonging=prolonging,
            ids=shared.ids,
            settings=settings,
        ),
        join_links=join_links,
        lifecycle=AppointmentService(
            database=database,
            organizations=organizations,
            reconciler=reconciler,
            join_links=join_links,
            notifications=notifications,
        ),
        notifications=notifications,
        inbox=inbox,
        hooks=hooks,
        recordings=RecordingBook(database=database, videocalls=videocalls),
        recording_sweep=RecordingSweep(
            database=database,
            organizations=organizations,
            videocalls=videocalls,
            inbox=inbox,
            clock=shared.clock,
        ),
        recording_progress=Progress(
            database=database, videocalls=videocalls, inbox=inbox, clock=shared.clock
        ),
        retention=Retention(
            database=database,
            organizations=organizations,
            videocalls=videocalls,
            ids=shared.ids,
            retry_seconds=settings.provider_retry_seconds,
        ),
        idempotency=IdempotencyService(database=database, keyring=shared.keyring),
        reports=ErrorReportService(
            database=database, keep=timedelta(days=settings.error_reports_keep_days)
        ),
    )


def build_inbox(
    shared: Shared,
    organizations: OrganizationService,
    videocalls: VideocallService,
    notifications: NotificationService,
    metrics: AppointmentMetrics,
) -> tuple[InboxService, HookKeeper]:
    """What room providers tell, and our hooks there."""
    inbox = InboxService(
        database=shared.database,
        organizations=organizations,
        keyring=shared.keyring,
        broker=shared.broker,
        clock=shared.clock,
        ids=shared.ids,
        announce_recording=notifications.recording_ready,
        metrics=metrics,
    )
    hooks = HookKeeper(
        database=shared.database,
        organizations=organizations,
        videocalls=videocalls,
        keyring=shared.keyring,
        ids=shared.ids,
        public_url=shared.settings.public_url,
    )
    return inbox, hooks
