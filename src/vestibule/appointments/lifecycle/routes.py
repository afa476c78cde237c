"""Appointments over HTTP, for the organization's own programs."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Body, Depends, Header, Query, Response
from fastapi import Request as HttpRequest

from vestibule.appointments.fields import Id, Line, Moment
from vestibule.appointments.idempotency.model import Once
from vestibule.appointments.idempotency.service import IdempotencyService
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.model import (
    Booking,
    Move,
    Request,
    Selection,
    Times,
    span_of,
)
from vestibule.appointments.lifecycle.schemas import (
    AppointmentAnswer,
    AppointmentRequest,
    AppointmentsAnswer,
    DeletedAnswer,
    MoveAnswer,
    MoveRequest,
    MovesAnswer,
    ReinstateRequest,
    RescheduleRequest,
)
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.organizations.model import Caller, check_timezone
from vestibule.appointments.organizations.routes import MAX_PAGE, Limit, PathId, caller
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.versions import etag, versions_in
from vestibule.foundation.api_document import failing
from vestibule.foundation.errors import Invalid
from vestibule.foundation.routing import Routes

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


class Change:
    """A request that changes something: its `If-Match` and `Idempotency-Key`."""

    def __init__(
        self,
        idempotency_key: Annotated[str | None, Header()] = None,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.key = idempotency_key
        self.expected = versions_in(if_match)

    async def by(self, caller: Caller, http: HttpRequest) -> Request:
        """The same in the words of the service."""
        once = None
        if self.key is not None:
            path, body = http.url.path, await http.body()
            once = Once.of(self.key, method=http.method, path=path, body=body)
        return Request(by=caller.actor, expected=self.expected, once=once)


class Span:
    """Which starts a list shows: from one moment until before another, or those of a day."""

    def __init__(
        self,
        started_from: Annotated[Moment | None, Query(alias="from")] = None,
        started_before: Annotated[Moment | None, Query(alias="to")] = None,
        day: date | None = None,
        timezone: Line | None = None,
    ) -> None:
        if day is not None and (started_from or started_before):
            raise Invalid("give either day, or from and to")
        self._moments = (started_from, started_before)
        self._day = day
        self._timezone = timezone

    def of(self, timezone: str) -> tuple[datetime | None, datetime | None]:
        """The two moments, for an organization in this time zone."""
        if self._day is None:
            return self._moments
        return span_of(self._day, check_timezone(self._timezone or timezone))


class AppointmentRoutes:
    """What the routes of appointments share."""

    def __init__(
        self,
        appointments: AppointmentService,
        join_links: JoinLinkService,
        idempotency: IdempotencyService,
    ) -> None:
        self.appointments = appointments
        self.idempotency = idempotency
        self._join_links = join_links

    def answer(self, appointment: Appointment) -> AppointmentAnswer:
        """The appointment as it is answered."""
        return AppointmentAnswer.of(appointment, self._join_links.links(appointment))

    async def create(
        self, organization_id: int, booking: Booking, request: Request, response: Response
    ) -> AppointmentAnswer:
        """Make an appointment, and answer the same to the same request."""

        async def make() -> AppointmentAnswer:
            return self.answer(await self.appointments.book(organization_id, booking, request))

        made = await self.idempotency.answer(organization_id, request.once, AppointmentAnswer, make)
        return tagged(made, response)

    async def move(
        self,
        place: tuple[int, int],
        move: Move,
        body: MoveRequest,
        request: Request,
        response: Response,
    ) -> AppointmentAnswer:
        """Make a move, and answer the same to the same request."""
        times: Times | None = getattr(body, "times", None)

        async def make() -> AppointmentAnswer:
            moved = await self.appointments.move(
                *place, move, times=times, reason=body.reason, request=request
            )
            return self.answer(moved)

        made = await self.idempotency.answer(place[0], request.once, AppointmentAnswer, make)
        return tagged(made, response)


def tagged(answer: AppointmentAnswer, response: Response) -> AppointmentAnswer:
    """The answer, with its version as `ETag`."""
    response.headers["ETag"] = etag(answer.version)
    return answer


def routes(
    appointments: AppointmentService,
    organizations: OrganizationService,
    join_links: JoinLinkService,
    idempotency: IdempotencyService,
) -> Routes:
    """`/v1/organizations/{organization_id}/appointments`."""
    router = Routes(prefix=PREFIX, tags=["appointments"])
    shared = AppointmentRoutes(appointments, join_links, idempotency)
    _add_changes(router, shared, organizations)
    _add_lists(router, shared, organizations)
    _add_moves(router, shared, organizations)
    return router


def _add_changes(
    router: Routes, shared: AppointmentRoutes, organizations: OrganizationService
) -> None:
    """Making, reading and deleting."""
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type
    Changing = Annotated[Change, Depends()]  # noqa: N806 - a type

    @router.post("", responses=failing(409))
    async def create_appointment(
        authorized: Authorized,
        body: AppointmentRequest,
        change: Changing,
        http: HttpRequest,
        response: Response,
    ) -> AppointmentAnswer:
        """Make an appointment. With an `Idempotency-Key` the same request makes it once."""
        request = await change.by(authorized, http)
        of = authorized.organization.id
        return await shared.create(of, body.booking, request, response)

    @router.get("/{appointment_id}")
    async def read_appointment(
        authorized: Authorized, appointment_id: PathId, response: Response
    ) -> AppointmentAnswer:
        """One appointment. Its `ETag` serves as `If-Match` of the next change."""
        found = await shared.appointments.get(authorized.organization.id, appointment_id)
        return tagged(shared.answer(found), response)

    @router.delete("/{appointment_id}", responses=failing(409, 412))
    async def delete_appointment(
        authorized: Authorized, appointment_id: PathId, change: Changing, http: HttpRequest
    ) -> DeletedAnswer:
        """Delete an appointment for good, and its room with it."""
        request = await change.by(authorized, http)
        of = authorized.organization.id
        await shared.appointments.delete(of, appointment_id, request=request)
        return DeletedAnswer(id=appointment_id)


def _add_lists(
    router: Routes, shared: AppointmentRoutes, organizations: OrganizationService
) -> None:
    """The appointments of an organization, and the history of one."""
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    @router.get("")
    async def list_appointments(
        authorized: Authorized,
        span: Annotated[Span, Depends()],
        status: Status | None = None,
        specialist_id: Id | None = None,
        patient_id: Id | None = None,
        limit: Limit = MAX_PAGE,
        starting_after: Id | None = None,
    ) -> AppointmentsAnswer:
        """The organization's appointments, in the order of their start.

        `day` is a day in `timezone`, which is the organization's own if it is not given.
        """
        started_from, started_before = span.of(authorized.organization.timezone)
        selection = Selection(
            status=status,
            specialist_id=specialist_id,
            patient_id=patient_id,
            started_from=started_from,
            started_before=started_before,
            limit=limit,
            starting_after=starting_after,
        )
        page = await shared.appointments.list(authorized.organization.id, selection)
        return AppointmentsAnswer(
            total_count=page.total_count, data=[shared.answer(each) for each in page.data]
        )

    @router.get("/{appointment_id}/moves")
    async def list_moves(authorized: Authorized, appointment_id: PathId) -> MovesAnswer:
        """Every move of the appointment: who made it, when and why."""
        made = await shared.appointments.moves(authorized.organization.id, appointment_id)
        return MovesAnswer(data=[MoveAnswer.of(each) for each in made])


def _add_moves(
    router: Routes, shared: AppointmentRoutes, organizations: OrganizationService
) -> None:
    """The moves between statuses, and the next attempt on the room."""
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type
    Changing = Annotated[Change, Depends()]  # noqa: N806 - a type

    def add_plain_move(move: Move) -> None:
        @router.post(
            f"/{{appointment_id}}/{move}",
            name=move,
            description=PLAIN_MOVES[move],
            responses=failing(409, 412),
        )
        async def plain_move(
            authorized: Authorized,
            appointment_id: PathId,
            change: Changing,
            http: HttpRequest,
            response: Response,
            body: OptionalMoveRequest,
        ) -> AppointmentAnswer:
            place = (authorized.organization.id, appointment_id)
            request = await change.by(authorized, http)
            return await shared.move(place, move, body, request, response)

    for each_move in PLAIN_MOVES:
        add_plain_move(each_move)

    @router.post("/{appointment_id}/reschedule", responses=failing(409, 412))
    async def reschedule(
        authorized: Authorized,
        appointment_id: PathId,
        body: RescheduleRequest,
        change: Changing,
        http: HttpRequest,
        response: Response,
    ) -> AppointmentAnswer:
        """Move an appointment to another time."""
        place = (authorized.organization.id, appointment_id)
        request = await change.by(authorized, http)
        return await shared.move(place, "reschedule", body, request, response)

    @router.post("/{appointment_id}/reinstate", responses=failing(409, 412))
    async def reinstate(
        authorized: Authorized,
        appointment_id: PathId,
        change: Changing,
        http: HttpRequest,
        response: Response,
        body: OptionalReinstateRequest,
    ) -> AppointmentAnswer:
        """Bring a cancelled or missed appointment back, for another time if one is given."""
        place = (authorized.organization.id, appointment_id)
        request = await change.by(authorized, http)
        return await shared.move(place, "reinstate", body, request, response)

    @router.post("/{appointment_id}/retry-room")
    async def retry_room(
        authorized: Authorized, appointment_id: PathId, response: Response
    ) -> AppointmentAnswer:
        """Make the next attempt on the appointment's room at once, whenever it is due."""
        of = authorized.organization.id
        tried = await shared.appointments.retry_room(of, appointment_id)
        return tagged(shared.answer(tried), response)
