"""The SQL of appointments and their moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, insert, select, tuple_, update

from vestibule.appointments.lifecycle.model import (
    AppointmentPage,
    Booking,
    MadeMove,
    Move,
    Selection,
    Times,
)
from vestibule.appointments.model import Appointment, Status, Window
from vestibule.appointments.reconciler.model import Observed, SeenRoom, room_state, wanted
from vestibule.appointments.schema import appointment_moves, appointments, join_links, people
from vestibule.foundation.database import Transaction


def insert_appointment(
    tx: Transaction, organization_id: int, booking: Booking, window: Window
) -> int:
    """Add an appointment without a room, and return its id."""
    row = tx.run(
        insert(appointments)
        .values(
            organization_id=organization_id,
            specialist_id=booking.specialist_id,
            patient_id=booking.patient_id,
            status=booking.status.value,
            started_at=booking.times.started_at,
            ended_at=booking.times.ended_at,
            **vars(window),
            created_at=tx.now,
            updated_at=tx.now,
        )
        .returning(appointments.c.id)
    ).one()
    appointment_id: int = row.id
    return appointment_id


def find(tx: Transaction, organization_id: int, appointment_id: int) -> Appointment | None:
    """The organization's appointment with this id, unless it was deleted."""
    row = tx.run(
        _whole().where(_of(organization_id), appointments.c.id == appointment_id)
    ).one_or_none()
    return row and _appointment(row, tx.now)


def page(
    tx: Transaction, organization_id: int, selection: Selection, *, after: Appointment | None
) -> AppointmentPage:
    """The selected appointments that come after `after`, in the order of their start."""
    matching = [_of(organization_id), *_matching(selection)]
    total = tx.run(select(func.count()).select_from(appointments).where(*matching)).scalar_one()
    place = tuple_(appointments.c.started_at, appointments.c.id)
    statement = (
        _whole()
        .where(*matching)
        .order_by(appointments.c.started_at, appointments.c.id)
        .limit(selection.limit)
    )
    if after is not None:
        statement = statement.where(place > (after.started_at, after.id))
    return AppointmentPage(
        total_count=total, data=[_appointment(row, tx.now) for row in tx.run(statement)]
    )


def change(
    tx: Transaction, before: Appointment, *, status: Status, times: Times, window: Window
) -> bool:
    """Write a new status and times; False if somebody changed it since `before` was read."""
    changed = tx.run(
        update(appointments)
        .where(_still(before))
        .values(
            status=status.value,
            started_at=times.started_at,
            ended_at=times.ended_at,
            **vars(window),
            updated_at=tx.now,
            version=before.version + 1,
        )
    )
    return changed.rowcount == 1


def mark_deleted(tx: Transaction, before: Appointment) -> bool:
    """Hide the appointment for good; False if somebody changed it since `before` was read."""
    hidden = tx.run(
        update(appointments)
        .where(_still(before))
        .values(deleted_at=tx.now, updated_at=tx.now, version=before.version + 1)
    )
    return hidden.rowcount == 1


def insert_move(
    tx: Transaction,
    appointment_id: int,
    move: Move,
    *,
    old: Status,
    new: Status,
    by: str,
    reason: str | None,
) -> None:
    """Add to the appointment's history."""
    tx.run(
        insert(appointment_moves).values(
            appointment_id=appointment_id,
            move=move,
            old_status=old.value,
            new_status=new.value,
            by=by,
            reason=reason,
            at=tx.now,
        )
    )


def moves(tx: Transaction, appointment_id: int) -> list[MadeMove]:
    """The moves of an appointment, the first one first."""
    rows = tx.run(
        select(appointment_moves)
        .where(appointment_moves.c.appointment_id == appointment_id)
        .order_by(appointment_moves.c.id)
    )
    return [
        MadeMove(
            move=row.move,
            old_status=Status(row.old_status),
            new_status=Status(row.new_status),
            by=row.by,
            reason=row.reason,
            at=row.at,
        )
        for row in rows
    ]


def not_over(tx: Transaction, organization_id: int, since: datetime) -> list[tuple[int, Times]]:
    """The organization's appointments that end after `since`, with their times."""
    rows = tx.run(
        select(appointments.c.id, appointments.c.started_at, appointments.c.ended_at).where(
            _of(organization_id), appointments.c.ended_at > since
        )
    )
    return [(row.id, Times(row.started_at, row.ended_at)) for row in rows]


def write_windows(tx: Transaction, windows: Sequence[tuple[int, Window]]) -> None:
    """Write when people may enter each of these appointments."""
    statement = update(appointments).where(appointments.c.id == bindparam("of_id"))
    values = [{"of_id": appointment_id, **vars(window)} for appointment_id, window in windows]
    if values:
        tx.run(statement, values)


def _of(organization_id: int) -> ColumnElement[bool]:
    return (appointments.c.organization_id == organization_id) & appointments.c.deleted_at.is_(None)


def _still(before: Appointment) -> ColumnElement[bool]:
    """Whether it is as it was read; the database settles who was first."""
    return (
        (appointments.c.id == before.id)
        & (appointments.c.version == before.version)
        & appointments.c.deleted_at.is_(None)
    )


def _matching(selection: Selection) -> list[ColumnElement[bool]]:
    equal = {
        appointments.c.status: selection.status and selection.status.value,
        appointments.c.specialist_id: selection.specialist_id,
        appointments.c.patient_id: selection.patient_id,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if selection.started_from is not None:
        conditions.append(appointments.c.started_at >= selection.started_from)
    if selection.started_before is not None:
        conditions.append(appointments.c.started_at < selection.started_before)
    return conditions


def _whole() -> Select[Any]:
    """Appointments with the names of their people and the key of their links."""
    specialist, patient = people.alias("specialist"), people.alias("patient")
    of_specialist = (join_links.c.appointment_id == appointments.c.id) & (
        join_links.c.role == "specialist"
    )
    return (
        select(
            appointments,
            specialist.c.name.label("specialist_name"),
            patient.c.name.label("patient_name"),
            join_links.c.key_id.label("link_key_id"),  # both links have the same
        )
        .join(specialist, specialist.c.id == appointments.c.specialist_id)
        .join(patient, patient.c.id == appointments.c.patient_id)
        .join(join_links, of_specialist)
    )


def _appointment(row: Row[Any], now: datetime) -> Appointment:
    status = Status(row.status)
    window = Window(row.opens_at, row.closes_at, row.locks_early)
    room = wanted(status=status, window=window, is_deleted=False, now=now)
    seen = SeenRoom(
        observed=Observed(row.room_observed),
        name=row.videocall_room_name,
        url=row.videocall_room_url,
        exp=row.room_exp,
        nbf=row.room_nbf,
    )
    return Appointment(
        id=row.id,
        organization_id=row.organization_id,
        specialist_id=row.specialist_id,
        specialist_name=row.specialist_name,
        patient_id=row.patient_id,
        patient_name=row.patient_name,
        status=status,
        started_at=row.started_at,
        ended_at=row.ended_at,
        window=window,
        created_at=row.created_at,
        updated_at=row.updated_at,
        videocall_room_name=seen.name if room else None,
        videocall_room_url=seen.url if room else None,
        room=room_state(room, seen, problem=row.last_error, now=now),
        version=row.version,
        link_key_id=row.link_key_id,
    )
