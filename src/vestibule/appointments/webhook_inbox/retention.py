"""Deletes recordings that their organization keeps no longer, at whichever provider has them.

Due work: the provider is asked until it has none. The row stays, and the audit tells of it, as
proof that there was a recording and that it is gone.
"""

from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row

from vestibule.appointments.audit.service import record
from vestibule.appointments.organizations.model import Organization
from vestibule.appointments.organizations.service import (
    SYSTEM,
    OrganizationService,
    get_organization,
)
from vestibule.appointments.reconciler.model import retry_seconds
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox import recording_store as store
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop

LEASE_SECONDS: Final = 60.0
IDLE_SECONDS: Final = 30.0

log = structlog.get_logger()


class Retention:
    """Looks twice a minute, and at once when an organization keeps recordings for other days."""

    def __init__(
        self,
        *,
        database: Database,
        organizations: OrganizationService,
        videocalls: VideocallService,
        ids: Ids,
        retry_seconds: float,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._ids = ids
        self._retry_seconds = retry_seconds
        self.loop = Loop("recordings-retention", self.step, idle_seconds=IDLE_SECONDS)
        organizations.on_change(self._reconsider)

    def _reconsider(self, tx: Transaction, organization: Organization) -> None:
        store.let_be(tx, organization.id)
        tx.after_commit(self.loop.wake)

    async def step(self) -> bool:
        """Delete one recording whose days are over; False if there is none to be deleted now."""
        busy = self._videocalls.without_turn("delete")

        def claim(tx: Transaction) -> Row[Any] | None:
            store.make_due(tx)
            lease = self._ids.uuid()
            return store.claim_over(tx, lease=lease, lease_seconds=LEASE_SECONDS, without=busy)

        row = await self._database.write(claim)
        if row is None:
            return False
        try:
            await self._videocalls.delete_recording(row.organization_id, row.recording_id)
        except (TemporaryError, PermanentError) as error:
            why = error  # which ends with the clause
            await self._database.write(lambda tx: self._put_off(tx, row, why))
        else:
            await self._database.write(lambda tx: _note_gone(tx, row))
        return True

    def _put_off(
        self, tx: Transaction, row: Row[Any], error: TemporaryError | PermanentError
    ) -> None:
        minutes = get_organization(tx, row.organization_id).retry_minutes
        usual = minutes * 60.0 if minutes else self._retry_seconds
        asked = error.delay_seconds if isinstance(error, TemporaryError) else None
        wait = retry_seconds(asked, default=usual, lease=row.lease)
        store.put_off(tx, row, due_at=tx.now + timedelta(seconds=wait), problem=error.reason)
        log.warning("recording_not_deleted", recording=row.recording_id, reason=error.reason)


def _note_gone(tx: Transaction, row: Row[Any]) -> None:
    if not store.note_deleted(tx, row.id):
        return  # somebody else saw first that it is gone
    days = get_organization(tx, row.organization_id).recordings_keep_days
    details = {"recording_id": row.recording_id, "reason": "retention", "keep_days": days}
    record(
        tx,
        organization_id=row.organization_id,
        event="videocall.recording_deleted",
        actor=SYSTEM,
        appointment_id=row.appointment_id,
        details=details,
    )
