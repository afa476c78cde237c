"""Lets an appointment's window follow when a host prolongs the call (decision 0047).

Only the room at the provider tells of it: it ends whole ten minutes later than the appointment
wants, and somebody is inside. What is heard from our own rooms is a hint to look at once.
"""

from collections.abc import Mapping
from typing import Final

import structlog

from vestibule.appointments.audit.service import record
from vestibule.appointments.reconciler import comparison_store as store
from vestibule.appointments.reconciler.attempt import seen_room
from vestibule.appointments.reconciler.comparison_store import Prolonged
from vestibule.appointments.reconciler.service import ACTOR
from vestibule.appointments.room_provider.model import (
    NotThere,
    ProviderRoom,
    Refused,
    parted,
)
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import NotFound, PermanentError, TemporaryError
from vestibule.foundation.loops import Loop

MOST_AT_ONCE: Final = 1000  # hints; a sweep finds what is heard beyond that

log = structlog.get_logger()


class Prolonging:
    """Looks at rooms whose call may have been prolonged, and takes in that it was."""

    def __init__(self, *, database: Database, videocalls: VideocallService) -> None:
        self._database = database
        self._videocalls = videocalls
        self._heard: dict[str, None] = {}
        self.loop = Loop("prolonging", self.step, idle_seconds=60.0)

    def hear(self, room_name: str) -> None:
        """A call in this room was prolonged. Call on the event loop's thread."""
        if len(self._heard) < MOST_AT_ONCE:
            self._heard[room_name] = None
            self.loop.wake()

    async def step(self) -> bool:
        """Look at a room that was heard of; False if there is none."""
        if not self._heard:
            return False
        name = next(iter(self._heard))
        del self._heard[name]
        place = parted(name)
        if place is not None:
            try:
                room = await self._videocalls.find_room(*place)
                if room is not None and room.name == name:
                    await self.take_in(place[0], {place[1]: room})
            except (NotFound, TemporaryError, PermanentError) as error:
                log.warning("prolonged_call_not_looked_at", room=name, cause=type(error).__name__)
        return True

    async def take_in(self, organization_id: int, there: Mapping[int, ProviderRoom]) -> None:
        """Of these rooms, by appointment, note those whose call was prolonged."""
        ends = {number: room.exp for number, room in there.items() if room.exp and room.is_right}
        found = await self._database.read(lambda tx: store.prolonged(tx, organization_id, ends))
        for each in found:
            room = there[each.appointment_id]
            if await self._somebody_is_in(organization_id, room.name):
                await self._note(organization_id, each, room)

    async def _somebody_is_in(self, organization_id: int, name: str) -> bool:
        try:
            return bool(await self._videocalls.present(organization_id, name))
        except (NotThere, Refused):
            return False

    async def _note(self, organization_id: int, found: Prolonged, room: ProviderRoom) -> None:
        def write(tx: Transaction) -> None:
            if store.prolong(tx, found, seen_room(room)):
                record(
                    tx,
                    organization_id=organization_id,
                    event="videocall.room_prolonged",
                    actor=ACTOR,
                    appointment_id=found.appointment_id,
                    details={"room_name": room.name, "exp": room.exp, "seconds": found.seconds},
                )

        await self._database.write(write)
