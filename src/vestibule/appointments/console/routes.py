"""The console page and what it asks, for people with a session."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.console.appointment_routes import appointment_page_routes
from vestibule.appointments.console.events_routes import events_routes
from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.knock_routes import knock_routes
from vestibule.appointments.console.people_routes import people_routes, settings_routes
from vestibule.appointments.console.record_routes import audit_routes, report_routes
from vestibule.appointments.console.recording_routes import recording_routes
from vestibule.appointments.console.schemas import (
    AppointmentRow,
    AppointmentsAnswer,
    OrganizationRow,
    OrganizationsAnswer,
)
from vestibule.appointments.console.service import ConsoleService
from vestibule.appointments.diagnosis.service import DiagnosisService
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.fields import Moment
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.model import Appointment
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.webhook_inbox.recordings import RecordingBook
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.database import Database
from vestibule.foundation.pages import page
from vestibule.foundation.routing import Routes
from vestibule.settings import Settings


@dataclass(frozen=True)
class Asked:
    """The services that the console's questions go to."""

    database: Database
    sessions: SessionService
    organizations: OrganizationService
    appointments: AppointmentService
    join_links: JoinLinkService
    audit: AuditService
    diagnosis: DiagnosisService
    reports: ErrorReportService
    recordings: RecordingBook
    inbox: InboxService
    settings: Settings
    ending: asyncio.Event
    """Set when the server ends."""


def routes(asked: Asked) -> Routes:
    """`/console` and `/console/api/organizations`."""
    console = ConsoleService(
        database=asked.database,
        sessions=asked.sessions,
        organizations=asked.organizations,
        appointments=asked.appointments,
    )
    guard = Guard(cookie=SessionCookie(asked.sessions), console=console)
    router = Routes(prefix="/console", tags=["console"], include_in_schema=False)
    for part in (
        _board_routes(guard, console, asked.join_links),
        appointment_page_routes(
            guard,
            appointments=asked.appointments,
            join_links=asked.join_links,
            audit=asked.audit,
            diagnosis=asked.diagnosis,
        ),
        people_routes(guard, asked.organizations),
        settings_routes(guard, asked.organizations, asked.settings),
        audit_routes(guard, asked.audit),
        report_routes(guard, asked.reports),
        recording_routes(guard, asked.recordings),
        knock_routes(
            guard,
            inbox=asked.inbox,
            appointments=asked.appointments,
            join_links=asked.join_links,
        ),
        events_routes(guard, console, asked.ending),
    ):
        router.include_router(part, prefix="/api/organizations")

    # Not every path below: what begins with /console/api answers programs.
    for path in ("", "/organizations/{rest:path}", "/domains/{rest:path}"):

        @router.get(path)
        async def console_page() -> Response:
            """The console; the page itself reads from the address what to show."""
            return page("console")

    return router


def _board_routes(guard: Guard, console: ConsoleService, join_links: JoinLinkService) -> Routes:
    """Where the person works, and the appointments of a day there."""
    router = Routes()
    Person = Annotated[User, Depends(guard.person)]  # noqa: N806 - a type

    def row(appointment: Appointment) -> AppointmentRow:
        return AppointmentRow.of(appointment, join_links.links(appointment))

    @router.get("")
    async def list_organizations(person: Person) -> OrganizationsAnswer:
        """The organizations that the signed-in person works for."""
        own = await console.organizations(person)
        return OrganizationsAnswer(
            organizations=[OrganizationRow.of(each, role) for each, role in own]
        )

    @router.get("/{organization_id}/appointments")
    async def list_appointments(
        staff: Annotated[Staff, Depends(guard.staff)],
        start: Annotated[Moment, Query(alias="from")],
        end: Annotated[Moment, Query(alias="to")],
    ) -> AppointmentsAnswer:
        """The appointments that begin in a span of time, such as the person's own day."""
        found = await console.appointments(staff.organization_id, start=start, end=end)
        return AppointmentsAnswer(
            total_count=found.total_count, appointments=[row(each) for each in found.data]
        )

    return router
