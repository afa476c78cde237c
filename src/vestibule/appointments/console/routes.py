"""The console page and what it asks, for people with a session."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.appointments.console.schemas import (
    AppointmentRow,
    AppointmentsAnswer,
    OrganizationRow,
    OrganizationsAnswer,
)
from vestibule.appointments.console.service import ConsoleService
from vestibule.appointments.fields import Moment
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.model import Appointment
from vestibule.appointments.organizations.routes import PathId
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.pages import page


def routes(
    *,
    appointments: AppointmentService,
    organizations: OrganizationService,
    join_links: JoinLinkService,
    sessions: SessionService,
) -> APIRouter:
    """`/console` and `/console/api/organizations`."""
    console = ConsoleService(
        sessions=sessions, organizations=organizations, appointments=appointments
    )
    router = APIRouter(prefix="/console", tags=["console"])
    router.include_router(_questions(console, join_links, SessionCookie(sessions)))

    # Not every path below: what begins with /console/api answers programs.
    for path in ("", "/organizations/{rest:path}", "/domains/{rest:path}"):

        @router.get(path, include_in_schema=False)
        async def console_page() -> Response:
            """The console; the page itself reads from the address what to show."""
            return page("console")

    return router


def _questions(
    console: ConsoleService, join_links: JoinLinkService, cookie: SessionCookie
) -> APIRouter:
    """What the page asks. Answers hold join links, so nobody keeps them."""

    async def signed_in(request: Request, response: Response) -> User:
        response.headers["Cache-Control"] = "no-store"
        return await cookie.person(request)

    router = APIRouter(prefix="/api/organizations")
    Person = Annotated[User, Depends(signed_in)]  # noqa: N806 - a type

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
        person: Person,
        organization_id: PathId,
        start: Annotated[Moment, Query(alias="from")],
        end: Annotated[Moment, Query(alias="to")],
    ) -> AppointmentsAnswer:
        """The appointments that begin in a span of time, such as the person's own day."""
        found = await console.appointments(person, organization_id, start=start, end=end)
        return AppointmentsAnswer(
            total_count=found.total_count, appointments=[row(each) for each in found.data]
        )

    @router.post("/{organization_id}/appointments/{appointment_id}/retry-room")
    async def retry_room(
        person: Person, organization_id: PathId, appointment_id: PathId
    ) -> AppointmentRow:
        """Try at once to bring the appointment's room to what it should be."""
        return row(await console.retry_room(person, organization_id, appointment_id))

    return router
