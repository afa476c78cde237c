"""Records what happened, in the transaction in which it becomes true (A24)."""

from collections.abc import Mapping
from dataclasses import replace
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
    store.lock_chain(tx, organization_id)
    last = store.last_event(tx, organization_id)
    unsigned = AuditEvent(
        organization_id=organization_id,
        sequence=last.sequence + 1 if last else 1,
        at=tx.now,
        event=event,
        actor=actor,
        appointment_id=appointment_id,
        details=details or {},
        previous_hash=last.hash if last else BEGINNING,
        hash="",
    )
    store.insert_event(tx, replace(unsigned, hash=hash_of(unsigned)))


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
