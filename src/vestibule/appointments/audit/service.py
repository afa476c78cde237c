"""Records what happened, in the transaction in which it becomes true (A24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vestibule.appointments.audit import store
from vestibule.appointments.audit.model import (
    BEGINNING,
    AuditEvent,
    AuditPage,
    first_break,
    hash_of,
)
from vestibule.foundation.database import Database, Transaction


@dataclass(frozen=True)
class Entry:
    """Something that happened, before it has its place in the chain."""

    event: str
    actor: str
    appointment_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    tx: Transaction,
    *,
    organization_id: int,
    event: str,
    actor: str,
    appointment_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the organization's chain.

    Others who record for the same organization wait until `tx` ends, so call this last in it.
    """
    record_all(tx, organization_id, [Entry(event, actor, appointment_id, details or {})])


def record_all(tx: Transaction, organization_id: int, entries: Sequence[Entry]) -> None:
    """Add events to the organization's chain, in this order; as `record` does."""
    store.lock_chain(tx, organization_id)
    last = store.last_event(tx, organization_id)
    chained: list[AuditEvent] = []
    for entry in entries:
        unsigned = AuditEvent(
            organization_id=organization_id,
            sequence=last.sequence + 1 if last else 1,
            at=tx.now,
            event=entry.event,
            actor=entry.actor,
            appointment_id=entry.appointment_id,
            details=entry.details,
            previous_hash=last.hash if last else BEGINNING,
            hash="",
        )
        last = replace(unsigned, hash=hash_of(unsigned))
        chained.append(last)
    store.insert_events(tx, chained)


class AuditService:
    """Reads what was recorded."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def list(
        self, organization_id: int, appointment_id: int | None = None
    ) -> list[AuditEvent]:
        """The organization's events, oldest first; only those of one appointment if named."""
        return await self._database.read(
            lambda tx: store.events(tx, organization_id, appointment_id=appointment_id)
        )

    async def page(self, organization_id: int, *, before: int | None, limit: int) -> AuditPage:
        """The organization's newest events, before this place of the chain if one is given."""
        return await self._database.read(
            lambda tx: store.newest(tx, organization_id, before=before, limit=limit)
        )

    async def verify(self, organization_id: int) -> int | None:
        """The sequence number at which the chain was changed; None if it is as it was written."""
        return first_break(await self.list(organization_id))
