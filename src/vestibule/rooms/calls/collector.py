"""Removes rooms that expired long ago and that nobody is in any more (reference 4.3)."""

from typing import Final

from vestibule.foundation.loops import Loop
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.meetings.service import MeetingService

AT_ONCE: Final = 500
"""Rooms in one transaction: others want to write too."""
LOOK_SECONDS: Final = 3600.0
DAY_SECONDS: Final = 24 * 3600


class RoomCollector:
    """Until they are collected, expired rooms are gone for everybody but those still inside."""

    def __init__(
        self,
        *,
        definitions: DefinitionService,
        meetings: MeetingService,
        live: LiveCalls,
        keep_days: int,
    ) -> None:
        self._definitions = definitions
        self._meetings = meetings
        self._live = live
        self._keep_seconds = keep_days * DAY_SECONDS
        self.loop = Loop("room-collector", self.step, idle_seconds=LOOK_SECONDS)

    async def step(self) -> bool:
        """Remove some rooms; True if there may be more."""
        # Also where another process keeps people's places, or whence they are on their way back.
        inside = {call.room.id for call in self._live.calls()} | await self._meetings.occupied()
        before = int(self._live.now) - self._keep_seconds
        count = await self._definitions.collect_expired(before=before, keep=inside, limit=AT_ONCE)
        return count == AT_ONCE
