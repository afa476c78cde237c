"""Appointments over HTTP, for the organization's own programs."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from vestibule.appointments.fields import Id, Moment
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.model import Move, Selection, Times
from vestibule.appointments.lifecycle.schemas import (
    AppointmentAnswer,
    AppointmentRequest,
    AppointmentsAnswer,
    DeletedAnswer,
    MoveRequest,
    ReinstateRequest,
    RescheduleRequest,
)
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.organizations.model import Caller
from vestibule.appointments.organizations.routes import MAX_PAGE, Limit, PathId, caller
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.api_document import failing

PREFIX = "/v1/organizations/{organization_id}/appointments"
PLAIN_MOVES: dict[Move, str] = {
    "onboard": "Get a booked appointment ready: it is upcoming, and its room is made.",
    "confirm": "Note that the appointment is confirmed.",
    "start": "Note that the appointment has begun.",
    "complete": "Note that the appointment is over; its room goes.",
    "cancel": "Cancel an appointment; its room goes.",
    "no-show": "Note that nobody came; the room goes.",
}

# A body may be missing, but `null` is none.
OptionalMoveRequest = Annotated[MoveRequest, Body(default_factory=MoveRequest)]
OptionalReinstateRequest = Annotated[ReinstateRequest, Body(default_factory=ReinstateRequest)]


def routes(
    appointments: AppointmentService,
    organizations: OrganizationService,
    join_links: JoinLinkService,
) -> APIRouter:
    """`/v1/organizations/{organization_id}/appointments`."""
    router = APIRouter(prefix=PREFIX, tags=["appointments"])
    _add_records(router, appointments, organizations, join_links)
    _add_moves(router, appointments, organizations, join_links)
    return router


def _add_records(
    router: APIRouter,
    appointments: AppointmentService,
    organizations: OrganizationService,
    join_links: JoinLinkService,
) -> None:
    """Making, reading and deleting."""
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    def answer(appointment: Appointment) -> AppointmentAnswer:
        return AppointmentAnswer.of(appointment, join_links.links(appointment))

    @router.post("")
    async def create_appointment(
        authorized: Authorized, body: AppointmentRequest
    ) -> AppointmentAnswer:
        """Make an appointment."""
        made = await appointments.create(
            authorized.organization.id,
            specialist_id=body.specialist_id,
            patient_id=body.patient_id,
            started_at=body.started_at,
            ended_at=body.ended_at,
            status=Status(body.status),
            by=authorized.actor,
        )
        return answer(made)

    @router.get("")
    async def list_appointments(
        authorized: Authorized,
        status: Status | None = None,
        specialist_id: Id | None = None,
        patient_id: Id | None = None,
        started_from: Annotated[Moment | None, Query(alias="from")] = None,
        started_before: Annotated[Moment | None, Query(alias="to")] = None,
        limit: Limit = MAX_PAGE,
        starting_after: Id | None = None,
    ) -> AppointmentsAnswer:
        """The organization's appointments, in the order of their start."""
        selection = Selection(
            status=status,
            specialist_id=specialist_id,
            patient_id=patient_id,
            started_from=started_from,
            started_before=started_before,
            limit=limit,
            starting_after=starting_after,
        )
        page = await appointments.list(authorized.organization.id, selection)
        return AppointmentsAnswer(
            total_count=page.total_count, data=[answer(each) for each in page.data]
        )

    @router.get("/{appointment_id}")
    async def read_appointment(authorized: Authorized, appointment_id: PathId) -> AppointmentAnswer:
        """One appointment."""
        return answer(await appointments.get(authorized.organization.id, appointment_id))

    @router.delete("/{appointment_id}", responses=failing(409))
    async def delete_appointment(authorized: Authorized, appointment_id: PathId) -> DeletedAnswer:
        """Delete an appointment for good, and its room with it."""
        await appointments.delete(authorized.organization.id, appointment_id, by=authorized.actor)
        return DeletedAnswer(id=appointment_id)


def _add_moves(
    router: APIRouter,
    appointments: AppointmentService,
    organizations: OrganizationService,
    join_links: JoinLinkService,
) -> None:
    """The moves between statuses."""
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    async def make_move(
        authorized: Caller,
        appointment_id: int,
        move: Move,
        *,
        times: Times | None = None,
        reason: str | None,
    ) -> AppointmentAnswer:
        moved = await appointments.move(
            authorized.organization.id,
            appointment_id,
            move,
            times=times,
            by=authorized.actor,
            reason=reason,
        )
        return AppointmentAnswer.of(moved, join_links.links(moved))

    def add_plain_move(move: Move) -> None:
        @router.post(
            f"/{{appointment_id}}/{move}",
            name=move,
            description=PLAIN_MOVES[move],
            responses=failing(409),
        )
        async def plain_move(
            authorized: Authorized, appointment_id: PathId, body: OptionalMoveRequest
        ) -> AppointmentAnswer:
            return await make_move(authorized, appointment_id, move, reason=body.reason)

    for each_move in PLAIN_MOVES:
        add_plain_move(each_move)

    @router.post("/{appointment_id}/reschedule", responses=failing(409))
    async def reschedule(
        authorized: Authorized, appointment_id: PathId, body: RescheduleRequest
    ) -> AppointmentAnswer:
        """Move an appointment to another time."""
        return await make_move(
            authorized, appointment_id, "reschedule", times=body.times, reason=body.reason
        )

    @router.post("/{appointment_id}/reinstate", responses=failing(409))
    async def reinstate(
        authorized: Authorized, appointment_id: PathId, body: OptionalReinstateRequest
    ) -> AppointmentAnswer:
        """Bring a cancelled or missed appointment back, for another time if one is given."""
        return await make_move(
            authorized, appointment_id, "reinstate", times=body.times, reason=body.reason
        )
