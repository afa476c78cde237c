"""The SQL of recordings, as far as room providers have told of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.appointments.schema import UNFINISHED, appointments, organizations, people
from vestibule.appointments.schema import appointment_recordings as recordings
from vestibule.foundation.database import Transaction
from vestibule.foundation.loops import claim_due, finish

_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(recordings).on_conflict_do_nothing(
        index_elements=["organization_id", "recording_id"]
    )
    for dialect in (sqlite, postgresql)
}
_IS_THERE: Final = recordings.c.deleted_at.is_(None) & recordings.c.recording_id.is_not(None)
_IS_READY: Final = recordings.c.ready_at.is_not(None)
_HAS_FAILED: Final = recordings.c.failed_at.is_not(None)
_BEGAN: Final = func.coalesce(
    recordings.c.started_at, recordings.c.ready_at, recordings.c.failed_at
)


def find_recording(
    tx: Transaction,
    organization_id: int,
    *,
    recording_id: str | None,
    appointment_id: int | None,
    without: str,
) -> Row[Any] | None:
    """The recording that is meant, which nobody else changes until the end of the transaction.

    The one of this id, else the appointment's oldest that came without any id. For what is told
    without an id: the newest of the appointment that lacks `without`, such as `ready_at`.
    """
    mine = recordings.c.organization_id == organization_id
    of_it = mine & (recordings.c.appointment_id == appointment_id)
    if recording_id is None:
        return _one(tx, of_it & recordings.c[without].is_(None), recordings.c.id.desc())
    known = _one(tx, mine & (recordings.c.recording_id == recording_id), recordings.c.id)
    return known or _one(tx, of_it & recordings.c.recording_id.is_(None), recordings.c.id)


def _one(tx: Transaction, which: ColumnElement[bool], order: Any) -> Row[Any] | None:
    statement = select(recordings).where(which).order_by(order).limit(1).with_for_update()
    return tx.run(statement).one_or_none()


def has_ids(tx: Transaction, organization_id: int, appointment_id: int | None) -> bool:
    """Whether the provider tells the ids of the appointment's recordings."""
    which = (
        (recordings.c.organization_id == organization_id)
        & (recordings.c.appointment_id == appointment_id)
        & recordings.c.recording_id.is_not(None)
    )
    return tx.run(select(recordings.c.id).where(which).limit(1)).one_or_none() is not None


def insert_recording(tx: Transaction, values: Mapping[str, Any]) -> Row[Any] | None:
    """Add a recording of which something was told; None if somebody else just did."""
    statement = _INSERT[tx.connection.dialect.name].returning(recordings)
    return tx.run(statement, {"created_at": tx.now, **values}).one_or_none()


def update_recording(tx: Transaction, number: int, values: Mapping[str, Any]) -> None:
    """Write what was told of a recording."""
    tx.run(update(recordings).where(recordings.c.id == number).values(**values))


def note_deleted(tx: Transaction, number: int) -> bool:
    """Write that the provider no longer has a recording; False if that was known."""
    gone = {"deleted_at": tx.now, "due_at": None, "lease": None, "last_error": None}
    statement = update(recordings).where(
        recordings.c.id == number, recordings.c.deleted_at.is_(None)
    )
    return tx.run(statement.values(**gone, download_url=None)).rowcount == 1


def recordings_of(tx: Transaction, organization_id: int, appointment_id: int) -> list[Row[Any]]:
    """The recordings of an appointment, the first one first."""
    of_it = (recordings.c.organization_id == organization_id) & (
        recordings.c.appointment_id == appointment_id
    )
    return list(tx.run(select(recordings).where(of_it).order_by(recordings.c.id)))


def page_of_recordings(
    tx: Transaction, organization_id: int, *, before: int | None, limit: int
) -> list[Row[Any]]:
    """The organization's recordings with who was there, newest first, before this number."""
    specialist, patient = people.alias(), people.alias()
    wanted = recordings.c.organization_id == organization_id
    wanted &= recordings.c.appointment_id.is_not(None)
    if before is not None:
        wanted &= recordings.c.id < before
    there = (
        recordings.outerjoin(appointments, appointments.c.id == recordings.c.appointment_id)
        .outerjoin(specialist, specialist.c.id == appointments.c.specialist_id)
        .outerjoin(patient, patient.c.id == appointments.c.patient_id)
    )
    statement = select(
        recordings,
        specialist.c.name.label("specialist_name"),
        patient.c.name.label("patient_name"),
    ).select_from(there)
    return list(tx.run(statement.where(wanted).order_by(recordings.c.id.desc()).limit(limit)))


def count_recordings(tx: Transaction, organization_id: int) -> int:
    """How many recordings of appointments there are."""
    wanted = recordings.c.organization_id == organization_id
    wanted &= recordings.c.appointment_id.is_not(None)
    total: int = tx.run(select(func.count()).select_from(recordings).where(wanted)).scalar_one()
    return total


def recording_by_number(tx: Transaction, organization_id: int, number: int) -> Row[Any] | None:
    """The organization's recording with this number of ours."""
    mine = (recordings.c.organization_id == organization_id) & (recordings.c.id == number)
    return tx.run(select(recordings).where(mine)).one_or_none()


def kept_recordings(tx: Transaction, organization_id: int) -> list[Row[Any]]:
    """Those that the provider should have: ready, and not known to be deleted."""
    mine = recordings.c.organization_id == organization_id
    return list(tx.run(select(recordings).where(mine, _IS_THERE, _IS_READY)))


def unfinished_recordings(tx: Transaction, since: datetime) -> list[Row[Any]]:
    """Recordings of appointments that were first told of since then, and of which no end is."""
    is_ours = recordings.c.recording_id.is_not(None) & recordings.c.appointment_id.is_not(None)
    return list(
        tx.run(select(recordings).where(text(UNFINISHED), is_ours, recordings.c.created_at > since))
    )


def make_due(tx: Transaction) -> None:
    """Have recordings deleted that their organizations keep no longer; only appointments' own.

    Also those that failed: a provider may have kept what was recorded until then.
    """
    keeping = select(organizations).where(organizations.c.recordings_keep_days.is_not(None))
    for organization in tx.run(keeping).all():
        until = tx.now - timedelta(days=organization.recordings_keep_days)
        tx.run(
            update(recordings)
            .where(
                recordings.c.organization_id == organization.id,
                recordings.c.appointment_id.is_not(None),
                recordings.c.due_at.is_(None),
                _IS_THERE,
                _IS_READY | _HAS_FAILED,
                until >= _BEGAN,
            )
            .values(due_at=tx.now, attempts=0, last_error=None)
        )


def let_be(tx: Transaction, organization_id: int) -> None:
    """Have none of the organization's recordings deleted unless `make_due` says so again."""
    tx.run(
        update(recordings)
        .where(recordings.c.organization_id == organization_id, recordings.c.due_at.is_not(None))
        .values(due_at=None, lease=None, last_error=None, generation=recordings.c.generation + 1)
    )


def claim_over(
    tx: Transaction, *, lease: str, lease_seconds: float, without: set[int]
) -> Row[Any] | None:
    """Take a recording that is to be deleted, of none of the organizations `without`."""
    only = recordings.c.organization_id.not_in(without)
    rows = claim_due(tx, recordings, lease=lease, lease_seconds=lease_seconds, only=only)
    return rows[0] if rows else None


def put_off(tx: Transaction, claimed: Row[Any], *, due_at: datetime, problem: str) -> None:
    """Write why a recording could not be deleted, and when that is tried again."""
    finish(tx, claimed, recordings, {"due_at": due_at, "last_error": problem})
