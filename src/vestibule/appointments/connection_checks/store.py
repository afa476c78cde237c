"""The SQL of connection checks: the last one of each person, and how many came lately."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.appointments.connection_checks.model import ConnectionCheck, Proof
from vestibule.appointments.organizations.model import Kind
from vestibule.appointments.schema import connection_checks as checks
from vestibule.foundation.database import Transaction

_INSERTS: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert for dialect in (sqlite, postgresql)
}


def find_check(tx: Transaction, appointment_id: int, role: Kind) -> Row[Any] | None:
    """What a person's page told last."""
    which = (checks.c.appointment_id == appointment_id) & (checks.c.role == role)
    return tx.run(select(checks).where(which)).one_or_none()


def put_check(
    tx: Transaction,
    appointment_id: int,
    role: Kind,
    proof: Proof,
    *,
    counted_since: datetime,
    times: int,
) -> None:
    """Write what a person's page tells, in the place of what it told before."""
    values = {
        "proof": proof,
        "checked_at": tx.now,
        "counted_since": counted_since,
        "times": times,
    }
    statement = _INSERTS[tx.connection.dialect.name](checks).values(
        appointment_id=appointment_id, role=role, **values
    )
    tx.run(statement.on_conflict_do_update(index_elements=["appointment_id", "role"], set_=values))


def checks_of(tx: Transaction, appointment_id: int, since: datetime) -> list[ConnectionCheck]:
    """What the pages of an appointment's people told since then."""
    which = (checks.c.appointment_id == appointment_id) & (checks.c.checked_at > since)
    rows = tx.run(select(checks).where(which).order_by(checks.c.role)).all()
    return [ConnectionCheck(row.role, row.proof, row.checked_at) for row in rows]
