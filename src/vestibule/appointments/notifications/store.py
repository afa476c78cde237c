"""The SQL of mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from vestibule.appointments.notifications.model import Facts, Kind, Notification
from vestibule.appointments.organizations.model import Kind as PersonKind
from vestibule.appointments.schema import appointments, join_links, notifications
from vestibule.foundation.database import Transaction
from vestibule.foundation.loops import claim_due, finish


def take_back(tx: Transaction, appointment_id: int, role: PersonKind) -> tuple[Kind | None, bool]:
    """Remove what is not sent yet; the kind of it but reminders, and whether it was tried."""
    rows = tx.run(
        delete(notifications)
        .where(
            notifications.c.appointment_id == appointment_id,
            notifications.c.role == role,
            notifications.c.kind != "recording",
            notifications.c.sent_at.is_(None),
            notifications.c.lease.is_(None),
            notifications.c.due_at.is_not(None),
        )
        .returning(notifications.c.kind, notifications.c.attempts)
    ).all()
    others = [row for row in rows if row.kind != "reminder"]
    return (others[-1].kind, others[-1].attempts > 0) if others else (None, False)


def insert_notification(
    tx: Transaction,
    number: tuple[int, int],
    role: PersonKind,
    kind: Kind,
    facts: Facts,
    *,
    due_at: datetime,
) -> None:
    """Note a mail to be sent. `number`: the organization and its appointment."""
    tx.run(
        insert(notifications).values(
            organization_id=number[0],
            appointment_id=number[1],
            role=role,
            kind=kind,
            facts=facts.stored(),
            created_at=tx.now,
            due_at=due_at,
        )
    )


def claim(tx: Transaction, *, lease: str, lease_seconds: float) -> Row[Any] | None:
    """Take the mail that is most overdue."""
    rows = claim_due(tx, notifications, lease=lease, lease_seconds=lease_seconds)
    return rows[0] if rows else None


def notification(row: Row[Any]) -> Notification:
    """The mail in a claimed row."""
    return Notification(
        id=row.id,
        organization_id=row.organization_id,
        appointment_id=row.appointment_id,
        role=row.role,
        kind=row.kind,
        facts=Facts.read(row.facts),
        attempts=row.attempts,
        created_at=row.created_at,
    )


def settle(
    tx: Transaction,
    row: Row[Any],
    *,
    due_at: datetime | None,
    problem: str | None,
    is_sent: bool,
) -> bool:
    """Write that it was sent, is tried again, or given up."""
    values = {"due_at": due_at, "last_error": problem, "sent_at": tx.now if is_sent else None}
    return finish(tx, row, notifications, values)


def drop_reminders(tx: Transaction, appointment_id: int) -> None:
    """Remind nobody of this appointment any more."""
    tx.run(
        delete(notifications).where(
            notifications.c.appointment_id == appointment_id,
            notifications.c.kind == "reminder",
            notifications.c.sent_at.is_(None),
            notifications.c.lease.is_(None),
        )
    )


def find_recorded(tx: Transaction, organization_id: int, appointment_id: int) -> Any | None:
    """The people and times of an appointment, for mail about its recording."""
    return tx.run(
        select(appointments, join_links.c.key_id.label("link_key_id"))
        .join(join_links, join_links.c.appointment_id == appointments.c.id)
        .where(
            appointments.c.organization_id == organization_id,
            appointments.c.id == appointment_id,
            join_links.c.role == "specialist",
        )
    ).one_or_none()
