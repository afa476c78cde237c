"""The SQL of requests that must not be carried out twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.appointments.idempotency.model import KEPT, Earlier, Once
from vestibule.appointments.schema import repeatable_requests as requests
from vestibule.foundation.database import Transaction

# Of two at once the second waits for the first one's end, and then finds its row.
_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(requests).on_conflict_do_nothing(
        index_elements=["organization_id", "key"]
    )
    for dialect in (sqlite, postgresql)
}


def insert(tx: Transaction, organization_id: int, once: Once) -> bool:
    """Note the request; False if there is one under this key."""
    values = {
        "organization_id": organization_id,
        "key": once.key,
        "fingerprint": once.fingerprint,
        "created_at": tx.now,
    }
    return tx.run(_INSERT[tx.connection.dialect.name], values).rowcount == 1


def find(tx: Transaction, organization_id: int, key: str) -> Earlier | None:
    """The request under this key, unless it is forgotten."""
    fresh = requests.c.created_at >= tx.now - KEPT
    row = tx.run(select(requests).where(_is(organization_id, key), fresh)).one_or_none()
    return row and Earlier(row.fingerprint, row.subject_id, row.answer_sealed)


def write_subject(tx: Transaction, organization_id: int, key: str, subject_id: int) -> None:
    """Note what the request made or changed."""
    tx.run(update(requests).where(_is(organization_id, key)).values(subject_id=subject_id))


def write_answer(tx: Transaction, organization_id: int, key: str, sealed: str) -> None:
    """Keep the answer, unless there is one."""
    unanswered = _is(organization_id, key) & requests.c.answer_sealed.is_(None)
    tx.run(update(requests).where(unanswered).values(answer_sealed=sealed))


def delete_before(tx: Transaction, organization_id: int, moment: datetime) -> None:
    """Forget the organization's old requests."""
    old = (requests.c.organization_id == organization_id) & (requests.c.created_at < moment)
    tx.run(delete(requests).where(old))


def _is(organization_id: int, key: str) -> ColumnElement[bool]:
    return (requests.c.organization_id == organization_id) & (requests.c.key == key)
