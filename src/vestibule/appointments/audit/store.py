"""The SQL of audit events: added and read, never changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select

from vestibule.appointments.audit.model import AuditEvent, AuditPage
from vestibule.appointments.schema import audit_events, organizations
from vestibule.foundation.database import Transaction


def lock_chain(tx: Transaction, organization_id: int) -> None:
    """Let nobody else add to this organization's chain until `tx` ends.

    `FOR NO KEY UPDATE` on PostgreSQL: it does not block those who only refer to the organization.
    """
    tx.run(
        select(organizations.c.id)
        .where(organizations.c.id == organization_id)
        .with_for_update(key_share=True)
    )


def last_event(tx: Transaction, organization_id: int) -> AuditEvent | None:
    """The newest event of the organization."""
    row = tx.run(
        select(audit_events)
        .where(audit_events.c.organization_id == organization_id)
        .order_by(audit_events.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    return row and _event(row)


def insert_events(tx: Transaction, events: Sequence[AuditEvent]) -> None:
    """Add events at the end of the chain."""
    tx.run(
        insert(audit_events),
        [{**vars(event), "details": dict(event.details)} for event in events],
    )


def events(
    tx: Transaction, organization_id: int, *, appointment_id: int | None
) -> list[AuditEvent]:
    """The organization's events, oldest first; only those of one appointment if it is named."""
    statement = select(audit_events).where(audit_events.c.organization_id == organization_id)
    if appointment_id is not None:
        statement = statement.where(audit_events.c.appointment_id == appointment_id)
    return [_event(row) for row in tx.run(statement.order_by(audit_events.c.sequence))]


def newest(tx: Transaction, organization_id: int, *, before: int | None, limit: int) -> AuditPage:
    """The newest events of the organization, before this place of the chain if one is given."""
    own = audit_events.c.organization_id == organization_id
    total = tx.run(select(func.count()).select_from(audit_events).where(own)).scalar_one()
    statement = select(audit_events).where(own)
    if before is not None:
        statement = statement.where(audit_events.c.sequence < before)
    rows = tx.run(statement.order_by(audit_events.c.sequence.desc()).limit(limit))
    return AuditPage(total_count=total, events=[_event(row) for row in rows])


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        organization_id=row.organization_id,
        sequence=row.sequence,
        at=row.at,
        event=row.event,
        actor=row.actor,
        appointment_id=row.appointment_id,
        details=row.details,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
