"""The SQL of comparing what is known of rooms with what their provider lists."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, literal, select, update

from vestibule.appointments.reconciler.model import ROOM_STATUSES, Observed, SeenRoom
from vestibule.appointments.reconciler.store import columns_of, seen_in
from vestibule.appointments.schema import (
    appointments,
    organization_integrations,
    provider_sweeps,
)
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction, UTCDateTime
from vestibule.foundation.loops import claim_due, finish

PROLONGED_BY: Final = 600  # seconds, or a multiple of it: decision 0030


def claim_sweep(
    tx: Transaction, *, lease: str, lease_seconds: float, without: Collection[int]
) -> Row[Any] | None:
    """Take an organization whose rooms are due to be compared; each that has rooms is in turn."""
    known = select(provider_sweeps.c.id)
    tx.run(
        insert(provider_sweeps).from_select(
            ["id", "due_at"],
            select(
                organization_integrations.c.organization_id, literal(tx.now, UTCDateTime())
            ).where(organization_integrations.c.organization_id.not_in(known)),
        )
    )
    rows = claim_due(
        tx,
        provider_sweeps,
        lease=lease,
        lease_seconds=lease_seconds,
        only=provider_sweeps.c.id.not_in(without),
    )
    return rows[0] if rows else None


def end_sweep(tx: Transaction, claim: Row[Any], *, due_at: datetime, problem: str | None) -> None:
    """Write when the next comparison is due."""
    finish(tx, claim, provider_sweeps, {"due_at": due_at, "last_error": problem})


def known_rooms(tx: Transaction, organization_id: int) -> dict[int, SeenRoom | None]:
    """What is thought of the organization's rooms; None while somebody works on one."""
    rows = tx.run(
        select(appointments).where(
            appointments.c.organization_id == organization_id,
            (appointments.c.room_observed != Observed.ABSENT.value)
            | appointments.c.lease.is_not(None),
        )
    )
    return {row.id: seen_in(row) if row.lease is None else None for row in rows}


def present_rooms(tx: Transaction, organization_id: int) -> list[tuple[int, SeenRoom]]:
    """The rooms of the organization that are thought to be there, and that nobody works on."""
    rows = tx.run(
        select(appointments).where(
            appointments.c.organization_id == organization_id,
            appointments.c.room_observed == Observed.PRESENT.value,
            appointments.c.lease.is_(None),
            appointments.c.closes_at > tx.now,
        )
    )
    return [(row.id, seen_in(row)) for row in rows]


def absent_rooms(
    tx: Transaction, organization_id: int, among: Collection[int]
) -> tuple[list[int], list[int]]:
    """Which of these appointments are thought to have no room, and which are not there at all."""
    rows = tx.run(
        select(appointments.c.id, appointments.c.room_observed, appointments.c.lease).where(
            appointments.c.organization_id == organization_id, appointments.c.id.in_(among)
        )
    ).all()
    absent = [
        row.id for row in rows if row.room_observed == Observed.ABSENT.value and row.lease is None
    ]
    return absent, sorted(set(among) - {row.id for row in rows})


def doubt(tx: Transaction, appointment_id: int, seen: SeenRoom) -> None:
    """Have somebody look at a room again, of which this was found out or believed."""
    unheld = (appointments.c.id == appointment_id) & appointments.c.lease.is_(None)
    tx.run(
        update(appointments)
        .where(unheld)
        .values(
            **columns_of(replace(seen, observed=Observed.UNKNOWN)),
            due_at=tx.now,
            generation=appointments.c.generation + 1,
        )
    )


@dataclass(frozen=True)
class Prolonged:
    """An appointment whose room ends `seconds` after it should, perhaps by a wish of its host."""

    appointment_id: int
    closes_at: datetime
    seconds: int


def prolonged(tx: Transaction, organization_id: int, ends: Mapping[int, int]) -> list[Prolonged]:
    """Which appointments' rooms, that end then in unix seconds, may have been prolonged."""
    rows = tx.run(
        select(appointments.c.id, appointments.c.opens_at, appointments.c.closes_at).where(
            appointments.c.organization_id == organization_id,
            appointments.c.id.in_(ends),
            appointments.c.status.in_([status.value for status in ROOM_STATUSES]),
            appointments.c.deleted_at.is_(None),
            appointments.c.opens_at <= tx.now,
        )
    )
    found = [Prolonged(r.id, r.closes_at, ends[r.id] - unix_seconds(r.closes_at)) for r in rows]
    return [each for each in found if each.seconds > 0 and each.seconds % PROLONGED_BY == 0]


def prolong(tx: Transaction, found: Prolonged, seen: SeenRoom) -> bool:
    """Let the window end when the room does; False if somebody changes either meanwhile."""
    closes_at = found.closes_at + timedelta(seconds=found.seconds)
    done = tx.run(
        update(appointments)
        .where(
            appointments.c.id == found.appointment_id,
            appointments.c.closes_at == found.closes_at,
            appointments.c.lease.is_(None),
        )
        .values(**columns_of(seen), closes_at=closes_at, due_at=closes_at)
    )
    return done.rowcount == 1
