"""Where pages report failures (A26)."""

from fastapi import APIRouter, Request

from vestibule.appointments.error_reports.model import Reporter, check_consent
from vestibule.appointments.error_reports.schemas import ReportAnswer, ReportRequest
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.join_links.service import JoinLinkService, UnknownLink
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.errors import Unauthenticated
from vestibule.foundation.http import bearer_key


def routes(
    *,
    reports: ErrorReportService,
    join_links: JoinLinkService,
    organizations: OrganizationService,
    appointments: AppointmentService,
) -> APIRouter:
    """`POST /v1/errors/report`, for pages behind a join link and programs with a token."""
    router = APIRouter(prefix="/v1/errors", tags=["error reports"])

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

    @router.post("/report")
    async def report_error(request: Request, body: ReportRequest) -> ReportAnswer:
        """Report what failed in a browser, for support; not for media events (A27)."""
        check_consent(body.consent_level)
        if body.link is not None:
            reporter = await of_link(body.link)
        else:
            reporter = await of_token(request, body.appointment_id)
        await reports.report(reporter, body.report)
        return ReportAnswer.stored()

    return router
