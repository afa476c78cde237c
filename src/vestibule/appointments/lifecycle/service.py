"""Appointments: made, moved, listed and deleted, each in one transaction with its room's wish."""

from datetime import datetime, timedelta
from typing import Any, Final

from vestibule.appointments.audit.service import record
from vestibule.appointments.fields import utc_text
from vestibule.appointments.idempotency.service import begin, end
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle import store
from vestibule.appointments.lifecycle.model import (
    AppointmentPage,
    Booking,
    MadeMove,
    Move,
    Request,
    Selection,
    Times,
    check_booking,
    check_version,
    moved,
)
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.notifications.service import NotificationService
from vestibule.appointments.organizations.model import (
    MAX_CLOSES_MINUTES_AFTER,
    Kind,
    Organization,
)
from vestibule.appointments.organizations.service import (
    OrganizationService,
    get_organization,
    get_person,
)
from vestibule.appointments.reconciler.model import WantedRoom, Work, wanted
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Conflict, Invalid, NotFound

SYSTEM: Final = "vestibule"  # who did it, when nobody in particular did
LONGEST_AFTER: Final = timedelta(minutes=MAX_CLOSES_MINUTES_AFTER)

MadeMoves = list[MadeMove]  # beside a method named `list`


class NoSuchAppointment(NotFound):
    """The organization has no such appointment."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the appointment first, so what was asked for may not fit any more."""

    def __init__(self, appointment_id: int) -> None:
        super().__init__(
            f"somebody else changed appointment {appointment_id} at the same moment; look at it, "
            "and try again if you still want to"
        )


class AppointmentService:
    """The use cases of appointments.

    Each answers after the first attempt on the room, or after the time that a request may wait;
    whatever the room provider does, the appointment itself is as asked (A18, A20).
    """

    def __init__(
        self,
        *,
        database: Database,
        organizations: OrganizationService,
        reconciler: ReconcilerService,
        join_links: JoinLinkService,
        notifications: NotificationService,
    ) -> None:
        self._database = database
        self._reconciler = reconciler
        self._join_links = join_links
        self._notifications = notifications
        organizations.on_change(self._follow_settings)
        organizations.on_new_provider(reconciler.provider_changed)

    async def create(
        self,
        organization_id: int,
        *,
        specialist_id: int,
        patient_id: int,
        started_at: datetime,
        ended_at: datetime,
        status: Status = Status.BOOKED,
        by: str = SYSTEM,
    ) -> Appointment:
        """Make an appointment, BOOKED or at once UPCOMING; Invalid if it cannot be."""
        booking = Booking(
            specialist_id=specialist_id,
            patient_id=patient_id,
            times=Times(started_at, ended_at),
            status=status,
        )
        return await self.book(organization_id, booking, Request(by=by))

    async def book(self, organization_id: int, booking: Booking, request: Request) -> Appointment:
        """`create`, at most once for each key of a request that may come again."""

        def make(tx: Transaction) -> tuple[int, Work | None]:
            earlier = begin(tx, organization_id, request.once)
            if earlier is not None:
                return earlier, None
            appointment_id, work = self._create(tx, organization_id, booking, request.by)
            end(tx, organization_id, request.once, appointment_id)
            return appointment_id, work

        appointment_id, work = await self._database.write(make)
        await self._reconciler.reconcile_now(work)
        return await self.get(organization_id, appointment_id)

    async def get(self, organization_id: int, appointment_id: int) -> Appointment:
        """The organization's appointment with this id, else NoSuchAppointment."""
        return await self._database.read(lambda tx: _get(tx, organization_id, appointment_id))

    async def list(
        self, organization_id: int, selection: Selection | None = None
    ) -> AppointmentPage:
        """One page of the organization's appointments, in the order of their start."""
        selected = selection or Selection()
        return await self._database.read(lambda tx: _page(tx, organization_id, selected))

    async def move(
        self,
        organization_id: int,
        appointment_id: int,
        move: Move,
        *,
        times: Times | None = None,
        by: str = SYSTEM,
        reason: str | None = None,
        request: Request | None = None,
    ) -> Appointment:
        """Make a move, for some moves with new times; MoveRefused if it is not possible now.

        ChangedSince if the caller has another version in mind.
        """
        asked = request or Request(by=by)

        def make(tx: Transaction) -> Work | None:
            if begin(tx, organization_id, asked.once) is not None:
                return None
            before = _get(tx, organization_id, appointment_id)
            check_version(before, asked.expected)
            work = self._move(tx, before, move, times=times, by=asked.by, reason=reason)
            end(tx, organization_id, asked.once, appointment_id)
            return work

        work = await self._database.write(make)
        await self._reconciler.reconcile_now(work)
        return await self.get(organization_id, appointment_id)

    async def moves(self, organization_id: int, appointment_id: int) -> MadeMoves:
        """The appointment's history: every move with who made it, when and why."""

        def read(tx: Transaction) -> MadeMoves:
            return store.moves(tx, _get(tx, organization_id, appointment_id).id)

        return await self._database.read(read)

    async def delete(
        self,
        organization_id: int,
        appointment_id: int,
        *,
        by: str = SYSTEM,
        request: Request | None = None,
    ) -> None:
        """Delete an appointment for good; its room follows, even if the provider is down now."""
        asked = request or Request(by=by)

        def hide(tx: Transaction) -> Work | None:
            before = _get(tx, organization_id, appointment_id)
            check_version(before, asked.expected)
            if not store.mark_deleted(tx, before):
                raise ChangedMeanwhile(appointment_id)
            self._notifications.changed(tx, before, None)
            work = self._reconciler.changed(tx, before.id, before=_wanted(before, tx))
            _record(tx, before, "appointment.deleted", by=asked.by, details={"old": before.status})
            return work

        work = await self._database.write(hide)
        await self._reconciler.reconcile_now(work)

    async def retry_room(self, organization_id: int, appointment_id: int) -> Appointment:
        """Make the next attempt on the appointment's room at once, whenever it is due."""

        def hasten(tx: Transaction) -> Work | None:
            return self._reconciler.hasten(tx, _get(tx, organization_id, appointment_id).id)

        work = await self._database.write(hasten)
        await self._reconciler.reconcile_now(work, insists=True)
        return await self.get(organization_id, appointment_id)

    def _move(
        self,
        tx: Transaction,
        before: Appointment,
        move: Move,
        *,
        times: Times | None,
        by: str,
        reason: str | None,
    ) -> Work | None:
        status, new_times = moved(before, move, times, now=tx.now)
        organization = get_organization(tx, before.organization_id)
        window = organization.window(new_times.started_at, new_times.ended_at)
        if not store.change(tx, before, status=status, times=new_times, window=window):
            raise ChangedMeanwhile(before.id)
        store.insert_move(tx, before.id, move, old=before.status, new=status, by=by, reason=reason)
        after = _get(tx, before.organization_id, before.id)
        self._notifications.changed(tx, before, after)
        work = self._reconciler.changed(tx, before.id, before=_wanted(before, tx))
        details = {"move": move, "old": before.status, "new": status, "reason": reason}
        if times is not None:
            details |= _said(times)
        _record(tx, before, "appointment.moved", by=by, details=details)
        return work

    def _follow_settings(self, tx: Transaction, organization: Organization) -> None:
        """Give every appointment that is not over the window that its organization has now."""
        coming = store.not_over(tx, organization.id, tx.now - LONGEST_AFTER)
        windows = [
            (appointment_id, organization.window(times.started_at, times.ended_at))
            for appointment_id, times in coming
        ]
        store.write_windows(tx, windows)
        self._reconciler.many_changed(tx, organization.id)

    def _create(
        self, tx: Transaction, organization_id: int, booking: Booking, by: str
    ) -> tuple[int, Work | None]:
        check_booking(booking, now=tx.now)
        _check_person(tx, organization_id, booking.specialist_id, "specialist")
        _check_person(tx, organization_id, booking.patient_id, "patient")
        organization = get_organization(tx, organization_id)
        window = organization.window(booking.times.started_at, booking.times.ended_at)
        appointment_id = store.insert_appointment(tx, organization_id, booking, window)
        self._join_links.create(tx, organization_id=organization_id, appointment_id=appointment_id)
        self._notifications.changed(tx, None, _get(tx, organization_id, appointment_id))
        work = self._reconciler.changed(tx, appointment_id, before=None)
        record(
            tx,
            organization_id=organization_id,
            event="appointment.created",
            actor=by,
            appointment_id=appointment_id,
            details={
                "status": booking.status,
                "specialist_id": booking.specialist_id,
                "patient_id": booking.patient_id,
                **_said(booking.times),
            },
        )
        return appointment_id, work


def _get(tx: Transaction, organization_id: int, appointment_id: int) -> Appointment:
    found = store.find(tx, organization_id, appointment_id)
    if found is None:
        raise NoSuchAppointment(f"appointment {appointment_id} not found")
    return found


def _page(tx: Transaction, organization_id: int, selection: Selection) -> AppointmentPage:
    after = None
    if selection.starting_after is not None:
        after = store.find(tx, organization_id, selection.starting_after)
        if after is None:
            raise Invalid(f"starting_after: appointment {selection.starting_after} not found")
    return store.page(tx, organization_id, selection, after=after)


def _check_person(tx: Transaction, organization_id: int, person_id: int, kind: Kind) -> None:
    person = get_person(tx, organization_id, person_id)
    if person is None or person.kind != kind:
        raise Invalid(f"{kind}_id: this organization has no {kind} {person_id}")


def _wanted(appointment: Appointment, tx: Transaction) -> WantedRoom | None:
    return wanted(
        status=appointment.status, window=appointment.window, is_deleted=False, now=tx.now
    )


def _said(times: Times) -> dict[str, Any]:
    return {"started_at": utc_text(times.started_at), "ended_at": utc_text(times.ended_at)}


def _record(
    tx: Transaction, appointment: Appointment, event: str, *, by: str, details: dict[str, Any]
) -> None:
    record(
        tx,
        organization_id=appointment.organization_id,
        event=event,
        actor=by,
        appointment_id=appointment.id,
        details=details,
    )
