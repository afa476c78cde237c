"""The page of one appointment: its time line, its room, and why somebody cannot join."""

from typing import Annotated

from fastapi import Depends

from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.schemas import (
    AppointmentPageAnswer,
    AppointmentRow,
    EventRow,
)
from vestibule.appointments.diagnosis.routes import DiagnosisAnswer
from vestibule.appointments.diagnosis.service import DiagnosisService
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.routes import PathId
from vestibule.foundation.routing import Routes


def appointment_page_routes(
    guard: Guard,
    *,
    appointments: AppointmentService,
    join_links: JoinLinkService,
    audit: AuditService,
    diagnosis: DiagnosisService,
) -> Routes:
    """`…/appointments/{appointment_id}`."""
    router = Routes(prefix="/{organization_id}/appointments/{appointment_id}")
    AtWork = Annotated[Staff, Depends(guard.staff)]  # noqa: N806 - a type

    @router.get("")
    async def read_appointment(staff: AtWork, appointment_id: PathId) -> AppointmentPageAnswer:
        """The appointment, and everything that happened to it, oldest first."""
        found = await appointments.get(staff.organization_id, appointment_id)
        events = await audit.list(staff.organization_id, appointment_id)
        return AppointmentPageAnswer(
            appointment=AppointmentRow.of(found, join_links.links(found)),
            room_name=found.videocall_room_name,
            room_url=found.videocall_room_url,
            events=[EventRow.of(each) for each in events],
        )

    @router.post("/retry-room")
    async def retry_room(staff: AtWork, appointment_id: PathId) -> AppointmentRow:
        """Try at once to bring the appointment's room to what it should be (A18, A20)."""
        found = await appointments.retry_room(staff.organization_id, appointment_id)
        return AppointmentRow.of(found, join_links.links(found))

    @router.get("/diagnosis")
    async def diagnose(staff: AtWork, appointment_id: PathId) -> DiagnosisAnswer:
        """Why somebody cannot join."""
        return DiagnosisAnswer.of(await diagnosis.of(staff.organization_id, appointment_id))

    return router
