"""Removes rooms that expired long ago and that nobody is in any more (reference 4.3)."""

from typing import Final

from vestibule.foundation.loops import Loop
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.definitions.service import DefinitionService

AT_ONCE: Final = 500
"""Rooms in one transaction: others want to write too."""
LOOK_SECONDS: Final = 3600.0
DAY_SECONDS: Final = 24 * 3600


class RoomCollector:
    """Until they are collected, expired rooms are gone for everybody but those still inside."""

    def __init__(self, *, definitions: DefinitionService, live: LiveCalls, keep_days: int) -> None:
        self._definitions = definitions
        self._live = live
        self._keep_seconds = keep_days * DAY_SECONDS
        self.loop = Loop("room-collector", self.step, idle_seconds=LOOK_SECONDS)

    async def step(self) -> bool:
        """Remove some rooms; True if there may be more."""
        if self._live.is_settling:  # people may be on their way back into theirs
            return False
        inside = [call.room.id for call in self._live.calls()]
        before = int(self._live.now) - self._keep_seconds
        count = await self._definitions.collect_expired(before=before, keep=inside, limit=AT_ONCE)
        return count == AT_ONCE
