"""The SQL of appointments' rooms: the columns that say what is, and whose work it is to change."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, select, update

from vestibule.appointments.model import Status, Window
from vestibule.appointments.reconciler.model import (
    ROOM_STATUSES,
    Observed,
    SeenRoom,
    WantedRoom,
    Work,
    wanted,
)
from vestibule.appointments.schema import appointments
from vestibule.foundation.database import Transaction
from vestibule.foundation.loops import claim_due, claim_one, finish


def wanted_room(tx: Transaction, appointment_id: int) -> WantedRoom | None:
    """The room that the appointment must have as it is now."""
    row = tx.run(select(appointments).where(appointments.c.id == appointment_id)).one()
    return wanted(
        status=Status(row.status),
        window=_window(row),
        is_deleted=row.deleted_at is not None,
        now=tx.now,
    )


def want_anew(tx: Transaction, appointment_id: int) -> None:
    """Note a new wish: due at once, unless somebody works on the last one and will see it then."""
    tx.run(
        update(appointments)
        .where(appointments.c.id == appointment_id)
        .values(
            generation=appointments.c.generation + 1,
            due_at=case((appointments.c.lease.is_(None), tx.now), else_=appointments.c.due_at),
            last_error=None,
        )
    )


def want_all_anew(tx: Transaction, organization_id: int) -> None:
    """Note a new wish for each of the organization's rooms that must be, or may be there."""
    concerned = (appointments.c.organization_id == organization_id) & (
        appointments.c.status.in_([status.value for status in ROOM_STATUSES])
        | (appointments.c.room_observed != Observed.ABSENT.value)
    )
    tx.run(
        update(appointments)
        .where(concerned, appointments.c.closes_at > tx.now)
        .values(
            generation=appointments.c.generation + 1,
            due_at=case((appointments.c.lease.is_(None), tx.now), else_=appointments.c.due_at),
        )
    )


def claim(tx: Transaction, appointment_id: int, *, lease: str, lease_seconds: float) -> Work | None:
    """Take this appointment's room to work on; None if somebody else has it."""
    row = claim_one(tx, appointments, appointment_id, lease=lease, lease_seconds=lease_seconds)
    return row and _work(row)


def claim_overdue(tx: Transaction, *, lease: str, lease_seconds: float, limit: int) -> list[Work]:
    """Take up to `limit` of the rooms that are most overdue."""
    rows = claim_due(tx, appointments, lease=lease, lease_seconds=lease_seconds, limit=limit)
    return [_work(row) for row in rows]


def write_seen(tx: Transaction, appointment_id: int, seen: SeenRoom) -> None:
    """Write what is known of the room."""
    tx.run(update(appointments).where(appointments.c.id == appointment_id).values(_columns(seen)))


def settle(
    tx: Transaction, work: Work, seen: SeenRoom, *, due_at: datetime | None, problem: str | None
) -> bool:
    """Write how the work ended and let go of it; False if the lease was lost meanwhile."""
    values: dict[str, Any] = {**_columns(seen), "due_at": due_at, "last_error": problem}
    if problem is None:
        values["attempts"] = 0
    return finish(tx, work.claim, appointments, values)


def remove_if_gone(tx: Transaction, appointment_id: int) -> None:
    """Remove a deleted appointment for good, if it has no room any more and nobody works on it."""
    tx.run(
        delete(appointments).where(
            appointments.c.id == appointment_id,
            appointments.c.deleted_at.is_not(None),
            appointments.c.room_observed == Observed.ABSENT.value,
            appointments.c.due_at.is_(None),
        )
    )


def _columns(seen: SeenRoom) -> dict[str, Any]:
    return {
        "room_observed": seen.observed.value,
        "videocall_room_name": seen.name,
        "videocall_room_url": seen.url,
        "room_exp": seen.exp,
        "room_nbf": seen.nbf,
    }


def _work(row: Row[Any]) -> Work:
    return Work(
        claim=row,
        lease=row.lease,
        id=row.id,
        organization_id=row.organization_id,
        status=Status(row.status),
        window=_window(row),
        is_deleted=row.deleted_at is not None,
        seen=SeenRoom(
            observed=Observed(row.room_observed),
            name=row.videocall_room_name,
            url=row.videocall_room_url,
            exp=row.room_exp,
            nbf=row.room_nbf,
        ),
    )


def _window(row: Row[Any]) -> Window:
    return Window(row.opens_at, row.closes_at, row.locks_early)
