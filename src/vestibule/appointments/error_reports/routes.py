"""Where pages report failures (A26)."""

from typing import Annotated

from fastapi import Depends, Request

from vestibule.appointments.error_reports.model import Reporter, check_consent
from vestibule.appointments.error_reports.schemas import ReportAnswer, ReportRequest
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.join_links.service import JoinLinkService, UnknownLink
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.routes import TOKEN_OF_ORGANIZATION
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.api_document import BearerKey, failing
from vestibule.foundation.errors import Unauthenticated
from vestibule.foundation.http import bearer_key
from vestibule.foundation.routing import Routes


class OptionalToken(BearerKey):
    """What the route depends on to learn the token of a program; pages send a link instead."""

    def __init__(self) -> None:
        super().__init__(
            TOKEN_OF_ORGANIZATION, "Token of an organization; pages send a join link instead."
        )

    async def __call__(self, request: Request) -> Request:
        return request


def routes(
    *,
    reports: ErrorReportService,
    join_links: JoinLinkService,
    organizations: OrganizationService,
    appointments: AppointmentService,
) -> Routes:
    """`POST /v1/errors/report`, for pages behind a join link and programs with a token."""
    router = Routes(prefix="/v1/errors", tags=["error reports"])

    async def of_link(link: str) -> Reporter:
        try:
            view = await join_links.look(link)
        except UnknownLink as error:
            raise Unauthenticated("there is no appointment behind this link") from error
        found = view.appointment
        name = f"{found.role}:{found.person_id}"
        return Reporter(found.organization_id, name, found.appointment_id)

    async def of_token(request: Request, appointment_id: int | None) -> Reporter:
        caller = await organizations.authenticate(bearer_key(request))
        if appointment_id is not None:
            await appointments.get(caller.organization.id, appointment_id)
        return Reporter(caller.organization.id, caller.actor, appointment_id)

    @router.post("/report", responses=failing(404, 429))
    async def report_error(
        request: Annotated[Request, Depends(OptionalToken())], body: ReportRequest
    ) -> ReportAnswer:
        """Report what failed in a browser, for support; not for media events (A27)."""
        check_consent(body.consent_level)
        if body.link is not None:
            reporter = await of_link(body.link)
        else:
            reporter = await of_token(request, body.appointment_id)
        await reports.report(reporter, body.report)
        return ReportAnswer.stored()

    return router
