"""What happened in an organization, and what went wrong: its audit and its error reports."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import Response

from vestibule.appointments.audit.export import csv_lines, json_lines
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.schemas import (
    AuditAnswer,
    EventRow,
    GroupRow,
    HandledAnswer,
    HandledForm,
    ReportsAnswer,
)
from vestibule.appointments.error_reports.model import ErrorCode
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.fields import Id
from vestibule.foundation.routing import Routes

SHOWN = 50
KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def audit_routes(guard: Guard, audit: AuditService) -> Routes:
    """`…/audit`."""
    router = Routes(prefix="/{organization_id}/audit")
    AtWork = Annotated[Staff, Depends(guard.staff)]  # noqa: N806 - a type
    Admin = Annotated[Staff, Depends(guard.admin)]  # noqa: N806 - a type

    @router.get("")
    async def list_events(
        staff: AtWork, before: Annotated[Id | None, Query()] = None
    ) -> AuditAnswer:
        """The organization's events, newest first, before the one with this number."""
        page = await audit.page(staff.organization_id, before=before, limit=SHOWN)
        return AuditAnswer(
            total_count=page.total_count, data=[EventRow.of(each) for each in page.events]
        )

    @router.get("/verification")
    async def verify(staff: AtWork) -> dict[str, int | None]:
        """The number of the first event that is not as it was written; null if there is none."""
        return {"first_break": await audit.verify(staff.organization_id)}

    @router.get("/export")
    async def export(admin: Admin, kind: Annotated[Literal["csv", "jsonl"], Query()]) -> Response:
        """The whole audit as a file."""
        lines = {"csv": csv_lines, "jsonl": json_lines}[kind]
        content = "".join(lines(await audit.list(admin.organization_id)))
        name = f"audit-{admin.organization_id}.{kind}"
        return Response(
            content,
            media_type=KINDS[kind],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )

    return router


def report_routes(guard: Guard, reports: ErrorReportService) -> Routes:
    """`…/reports`."""
    router = Routes(prefix="/{organization_id}/reports")
    AtWork = Annotated[Staff, Depends(guard.staff)]  # noqa: N806 - a type

    @router.get("")
    async def list_reports(staff: AtWork) -> ReportsAnswer:
        """What pages reported, by code."""
        groups = await reports.groups(staff.organization_id)
        return ReportsAnswer(groups=[GroupRow.of(each) for each in groups])

    @router.post("/{code}/handled")
    async def handle(staff: AtWork, code: ErrorCode, body: HandledForm) -> HandledAnswer:
        """Mark what was shown of a code as handled; what came meanwhile stays open."""
        count = await reports.handle(staff.organization_id, code, up_to=body.up_to, by=staff.actor)
        return HandledAnswer(handled=count)

    return router
