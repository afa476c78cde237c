"""The SQL of appointments' rooms: the columns that say what is, and whose work it is to change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    case,
    delete,
    func,
    select,
    true,
    update,
)

from vestibule.appointments.model import Status, Window
from vestibule.appointments.reconciler.model import (
    BATCH_FROM,
    BATCH_LIMIT,
    ROOM_STATUSES,
    Backlog,
    Observed,
    SeenRoom,
    WantedRoom,
    Work,
    wanted,
)
from vestibule.appointments.schema import (
    appointments,
)
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction
from vestibule.foundation.loops import claim_due, claim_one, finish_all


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


def claim_overdue(
    tx: Transaction,
    *,
    lease: str,
    lease_seconds: float,
    limit: int,
    only: int | None = None,
    without: Collection[int] = (),
    none_missing: Collection[int] = (),
) -> list[Work]:
    """Take up to `limit` of the rooms that are most overdue.

    `only` of this organization, or of all `without` those. `none_missing`: of these organizations
    no rooms that are to be made, because many wait for a batch.
    """
    which = true() if only is None else appointments.c.organization_id == only
    if none_missing:
        which &= ~(_missing(tx) & appointments.c.organization_id.in_(_crowded(tx, none_missing)))
    rows = claim_due(
        tx,
        appointments,
        lease=lease,
        lease_seconds=lease_seconds,
        limit=limit,
        only=which & appointments.c.organization_id.not_in(without),
    )
    return [_work(row) for row in rows]


def claim_missing(
    tx: Transaction, *, lease: str, lease_seconds: float, without: Collection[int]
) -> list[Work]:
    """Take rooms of one organization that are due to be made, if that many are due."""
    return _claim_crowd(tx, _missing(tx), lease, lease_seconds, without)


def claim_leaving(
    tx: Transaction, *, lease: str, lease_seconds: float, without: Collection[int]
) -> list[Work]:
    """Take rooms of one organization that are due to be removed, if that many are due."""
    is_there = appointments.c.room_observed != Observed.ABSENT.value
    exp = appointments.c.room_exp
    outlives = exp.is_(None) | (exp > unix_seconds(tx.now))  # the others vanish by themselves
    leaving = ~_must_be(tx) & is_there & outlives
    return _claim_crowd(tx, leaving, lease, lease_seconds, without)


def _claim_crowd(
    tx: Transaction,
    which: ColumnElement[bool],
    lease: str,
    lease_seconds: float,
    without: Collection[int],
) -> list[Work]:
    of = appointments.c.organization_id
    many = tx.run(
        select(of)
        .where(which, appointments.c.due_at <= tx.now, of.not_in(without))
        .group_by(of)
        .having(func.count() >= BATCH_FROM)
        .limit(1)
    ).scalar_one_or_none()
    if many is None:
        return []
    rows = claim_due(
        tx,
        appointments,
        lease=lease,
        lease_seconds=lease_seconds,
        limit=BATCH_LIMIT,
        only=which & (of == many),
    )
    return [_work(row) for row in rows]


def _must_be(tx: Transaction) -> ColumnElement[bool]:
    """The appointments that must have a room now (A1)."""
    return (
        appointments.c.status.in_([status.value for status in ROOM_STATUSES])
        & (appointments.c.closes_at > tx.now)
        & appointments.c.deleted_at.is_(None)
    )


def _missing(tx: Transaction) -> ColumnElement[bool]:
    """The rooms that must be there and are not known to be."""
    return appointments.c.videocall_room_url.is_(None) & _must_be(tx)


def _crowded(tx: Transaction, among: Collection[int]) -> Select[tuple[int]]:
    """Those of these organizations that miss so many rooms that a batch makes them."""
    return (
        select(appointments.c.organization_id)
        .where(
            _missing(tx),
            appointments.c.due_at <= tx.now,
            appointments.c.organization_id.in_(among),
        )
        .group_by(appointments.c.organization_id)
        .having(func.count() >= BATCH_FROM)
    )


def backlog(tx: Transaction) -> Backlog:
    """How much is to be done. Reads only rows with work, by their index."""
    must_be = _must_be(tx)
    is_there = appointments.c.room_observed == Observed.PRESENT.value
    row = tx.run(
        select(
            func.count().filter(must_be & ~is_there).label("pending"),
            func.count()
            .filter(~must_be & (appointments.c.room_observed != Observed.ABSENT.value))
            .label("leftover"),
            func.min(appointments.c.due_at).label("oldest"),
        ).where(appointments.c.due_at.is_not(None))
    ).one()
    lag = (tx.now - row.oldest).total_seconds() if row.oldest else 0.0
    return Backlog(row.pending, row.leftover, max(0.0, lag))


def doubt_all(tx: Transaction, organization_id: int) -> None:
    """Have somebody look at every room of the organization: its provider is another one."""
    there = (appointments.c.organization_id == organization_id) & (
        appointments.c.room_observed == Observed.PRESENT.value
    )
    tx.run(
        update(appointments)
        .where(there, appointments.c.closes_at > tx.now)
        .values(room_observed=Observed.UNKNOWN.value)
    )


def write_seen(tx: Transaction, appointment_id: int, seen: SeenRoom) -> None:
    """Write what is known of the room."""
    tx.run(update(appointments).where(appointments.c.id == appointment_id).values(columns_of(seen)))


def write_all_seen(tx: Transaction, seen: Sequence[tuple[int, SeenRoom]]) -> None:
    """Write what is known of many rooms."""
    if seen:
        names = columns_of(seen[0][1])
        statement = (
            update(appointments)
            .where(appointments.c.id == bindparam("which"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        rows = [
            {"which": which, **{f"new_{name}": value for name, value in columns_of(room).items()}}
            for which, room in seen
        ]
        tx.run(statement, rows)


def hurry_failed(tx: Transaction, organization_id: int) -> None:
    """Have everything tried again at once that failed: what hindered it is over."""
    tx.run(
        update(appointments)
        .where(
            appointments.c.organization_id == organization_id,
            appointments.c.due_at > tx.now,
            appointments.c.last_error.is_not(None),
            appointments.c.lease.is_(None),
        )
        .values(due_at=tx.now)
    )


@dataclass(frozen=True)
class Ending:
    """How work on a room ended, as its row is to say it."""

    work: Work
    seen: SeenRoom
    due_at: datetime | None
    problem: str | None


def settle(tx: Transaction, endings: Sequence[Ending]) -> list[bool]:
    """Write how work ended and let go of it; False for each whose lease was lost meanwhile."""
    return finish_all(tx, appointments, [(each.work.claim, _ended(each)) for each in endings])


def _ended(ending: Ending) -> dict[str, Any]:
    work, problem = ending.work, ending.problem
    return {
        **columns_of(ending.seen),
        "due_at": ending.due_at,
        "last_error": problem,
        "attempts": 0 if problem is None else work.claim.attempts,
    }


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


def columns_of(seen: SeenRoom) -> dict[str, Any]:
    """What is known of a room, as its row says it."""
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
        seen=seen_in(row),
    )


def seen_in(row: Row[Any]) -> SeenRoom:
    """What a row says is known of its room."""
    return SeenRoom(
        observed=Observed(row.room_observed),
        name=row.videocall_room_name,
        url=row.videocall_room_url,
        exp=row.room_exp,
        nbf=row.room_nbf,
    )


def _window(row: Row[Any]) -> Window:
    return Window(row.opens_at, row.closes_at, row.locks_early)
