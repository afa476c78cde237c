"""The SQL of the console: one look that tells whether anything has changed."""

from sqlalchemy import Integer, cast, func, select, text

from vestibule.appointments.schema import (
    UNFINISHED,
    appointment_recordings,
    appointments,
    audit_events,
    error_reports,
    provider_messages,
)
from vestibule.foundation.database import Transaction


def version(tx: Transaction, organization_id: int) -> tuple[int, ...]:
    """Numbers that change whenever the organization's pages may show something else.

    The audit tells of everything but how attempts on rooms go; those count up in rows that are due,
    and how far the files of recordings are.
    """
    recordings = appointment_recordings.c
    is_made = (recordings.organization_id == organization_id) & text(UNFINISHED)
    own = appointments.c.organization_id == organization_id
    is_due = own & appointments.c.due_at.is_not(None)
    looks = (
        select(func.max(audit_events.c.sequence)).where(
            audit_events.c.organization_id == organization_id
        ),
        select(func.count()).where(is_due),
        select(func.sum(appointments.c.attempts)).where(is_due),
        select(func.count()).where(is_due, appointments.c.lease.is_(None)),
        select(func.sum(cast(1000 * recordings.progress, Integer))).where(is_made),
        select(func.max(error_reports.c.id)).where(
            error_reports.c.organization_id == organization_id
        ),
        select(func.max(provider_messages.c.id)).where(
            provider_messages.c.organization_id == organization_id
        ),
    )
    return tuple(int(tx.run(look).scalar_one() or 0) for look in looks)
