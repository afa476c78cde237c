"""Follows recordings of our own rooms until there is a file, so that the console can show how far.

Nobody tells of progress: the provider is asked, as long as there is something to ask for.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from vestibule.appointments.room_provider.model import ProviderRecording
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox import recording_store as store
from vestibule.appointments.webhook_inbox.model import messages_of
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.loops import Loop

LOOK_SECONDS: Final = 2.0
FOLLOWED_FOR: Final = timedelta(days=2)
AT_ONCE: Final = 20


class Progress:
    """Looks every two seconds while something is being recorded or made."""

    def __init__(
        self,
        *,
        database: Database,
        videocalls: VideocallService,
        inbox: InboxService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._inbox = inbox
        self._clock = clock
        self.loop = Loop("recordings-progress", self.step, idle_seconds=LOOK_SECONDS)

    async def step(self) -> bool:
        """Take in how far the newest unfinished recordings are."""
        since = self._clock.now() - FOLLOWED_FOR
        rows = await self._database.read(lambda tx: store.unfinished_recordings(tx, since))
        newest = rows[-AT_ONCE:]
        found = await asyncio.gather(*(self._asked(row) for row in newest))
        told = [(row, each) for row, each in zip(newest, found, strict=True) if each is not None]
        changed = [(row, each) for row, each in told if _is_news(row, each)]
        if changed:
            await self._database.write(lambda tx: self._write(tx, changed))
        return False

    async def _asked(self, row: Row[Any]) -> ProviderRecording | None:
        try:
            if not await self._videocalls.has_own_rooms(row.organization_id):
                return None
            return await self._videocalls.recording(row.organization_id, row.recording_id)
        except (TemporaryError, PermanentError):
            return None  # the comparison with the list says what that means

    def _write(
        self, tx: Transaction, changed: Sequence[tuple[Row[Any], ProviderRecording]]
    ) -> None:
        for row, each in changed:
            store.update_recording(tx, row.id, {"progress": each.progress})
            for message in messages_of(each, tx.now):
                self._inbox.note(tx, row.organization_id, row.appointment_id, message)


def _is_news(row: Row[Any], found: ProviderRecording) -> bool:
    is_over = found.status != "in-progress"
    has_stopped = found.stopped_at is not None and row.stopped_at is None
    return is_over or has_stopped or found.progress != row.progress
