"""Compares the provider's rooms with what they should be, and has what is wrong mended.

Rooms can be deleted or changed behind our back, and a room can come into being after we gave up
waiting for it. A sweep believes nothing for good: it only makes rows due, so that somebody looks;
alone a room of an appointment that is gone for ever is removed on the spot.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from vestibule.appointments.audit.service import Entry, record_all
from vestibule.appointments.reconciler import comparison_store as store
from vestibule.appointments.reconciler.attempt import seen_room
from vestibule.appointments.reconciler.model import (
    BATCH_FROM,
    BATCH_LIMIT,
    SeenRoom,
    retry_seconds,
)
from vestibule.appointments.reconciler.prolonging import Prolonging
from vestibule.appointments.reconciler.service import ACTOR, ReconcilerService
from vestibule.appointments.room_provider.model import NotThere, ProviderRoom, Refused
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.settings import Settings

LEASE_SECONDS: Final = 300.0
ORPHANS_AT_ONCE: Final = 50  # deleting is what Daily allows least
WHY_ORPHANS_GO: Final = {"reason": "orphan"}

log = structlog.get_logger()


@dataclass(frozen=True)
class Swept:
    """What a comparison found: rooms to look at again, and rooms of no appointment."""

    doubted: int
    orphans: list[int]


class Sweep:
    """Sweeps one organization after the other, each every `provider_sweep_seconds`."""

    def __init__(
        self,
        *,
        database: Database,
        videocalls: VideocallService,
        reconciler: ReconcilerService,
        prolonging: Prolonging,
        ids: Ids,
        settings: Settings,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._reconciler = reconciler
        self._prolonging = prolonging
        self._ids = ids
        self._settings = settings
        self.loop = Loop("room-sweep", self.step, idle_seconds=5.0)

    async def step(self) -> bool:
        """Sweep the organization that is due, if one is."""
        shut = set(self._videocalls.shut_gates())
        claim = await self._database.write(
            lambda tx: store.claim_sweep(
                tx, lease=self._ids.uuid(), lease_seconds=LEASE_SECONDS, without=shut
            )
        )
        if claim is None:
            return False
        problem = await self._sweep(claim.id)
        wait = retry_seconds(
            None, default=self._settings.provider_sweep_seconds, lease=str(claim.lease)
        )
        await self._database.write(
            lambda tx: store.end_sweep(
                tx, claim, due_at=tx.now + timedelta(seconds=wait), problem=problem
            )
        )
        return True

    async def _sweep(self, organization_id: int) -> str | None:
        """Compare and mend; what hindered it, if anything did."""
        try:
            before = await self._database.read(lambda tx: store.known_rooms(tx, organization_id))
            there = await self._videocalls.rooms(organization_id)
            await self._prolonging.take_in(organization_id, there)
            swept = await self._database.write(
                lambda tx: self._compare(tx, organization_id, before, there)
            )
            await self._remove(organization_id, swept.orphans)
        except (TemporaryError, PermanentError) as error:
            return error.reason
        if swept.doubted or swept.orphans:
            log.warning(
                "rooms_not_as_left",
                organization_id=organization_id,
                changed=swept.doubted,
                orphans=len(swept.orphans),
            )
        return None

    def _compare(
        self,
        tx: Transaction,
        organization_id: int,
        before: Mapping[int, SeenRoom | None],
        there: Mapping[int, ProviderRoom],
    ) -> Swept:
        """Compare what was thought before the rooms were listed, and still is, with the list.

        The list tells nothing of what came or went while it was made.
        """
        doubted = 0
        for appointment_id, known in store.present_rooms(tx, organization_id):
            if before.get(appointment_id) != known:
                continue
            room = there.get(appointment_id)
            is_same = room is not None and room.is_right
            if is_same and room is not None and (room.exp, room.nbf) == (known.exp, known.nbf):
                continue
            store.doubt(tx, appointment_id, known)
            doubted += 1
        absent, unknown = store.absent_rooms(tx, organization_id, there.keys() - before.keys())
        for appointment_id in absent:
            store.doubt(tx, appointment_id, seen_room(there[appointment_id]))
        tx.after_commit(self._reconciler.loop.wake)
        return Swept(doubted + len(absent), unknown)

    async def _remove(self, organization_id: int, orphans: list[int]) -> None:
        """Remove the rooms of appointments that are gone for ever; their ids never come back."""
        if not orphans:
            return
        removed = [
            Entry("videocall.room_deleted", ACTOR, appointment_id=each, details=WHY_ORPHANS_GO)
            for each in await self._removed(organization_id, orphans)
        ]
        await self._database.write(lambda tx: record_all(tx, organization_id, removed))

    async def _removed(self, organization_id: int, orphans: list[int]) -> list[int]:
        """Which of them are removed now; the next sweep finds the others again."""
        if len(orphans) >= BATCH_FROM and self._videocalls.has_batch(organization_id):
            many = orphans[:BATCH_LIMIT]
            with contextlib.suppress(Refused, NotThere):  # one that went meanwhile spoils all
                await self._videocalls.delete_rooms(organization_id, many)
                return many
        few = orphans[:ORPHANS_AT_ONCE]
        for appointment_id in few:
            await self._videocalls.delete_room(organization_id, appointment_id)
        return few
