"""Makes the files of recordings: due work, done by a process of low priority, under a lease.

Each server makes those whose tracks lie in its folder; what crashed is begun again.
"""

import asyncio
import contextlib
import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Row

from vestibule.foundation.broker import Broker
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.recordings import store
from vestibule.rooms.recordings.archive import Archive, Kept
from vestibule.rooms.recordings.events import record_error, record_ready
from vestibule.rooms.recordings.model import (
    MOST_COMPOSING_ATTEMPTS,
    RECORDING_CHANGED,
    Recording,
    State,
    key_of,
)
from vestibule.rooms.recordings.service import TO_COMPOSE
from vestibule.rooms.recordings.studio import Studio

LEASE_SECONDS: Final = 30.0
STORING_SECONDS: Final = 900.0
RETRY_SECONDS: Final = 30.0
TOLD_EVERY_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 5.0
NOTHING_THERE: Final = 4
"""The exit code for a recording without media."""

log = structlog.get_logger()


class Failed(Exception):
    """The composing process ended with an error."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class LostLease(Exception):
    """Somebody else composes this now."""


class Composing:
    """Composes one file at a time in this process."""

    def __init__(
        self,
        *,
        database: Database,
        ids: Ids,
        broker: Broker,
        studio: Studio,
        archive: Archive,
        domains: DomainService,
    ) -> None:
        self._database = database
        self._broker = broker
        self._ids = ids
        self._studio = studio
        self._archive = archive
        self._domains = domains
        self.loop = Loop("recordings-compose", self.step, idle_seconds=IDLE_SECONDS)
        broker.subscribe(TO_COMPOSE, lambda _hint: self.loop.wake())

    async def step(self) -> bool:
        """Make the file of the most overdue recording; False if none is due."""
        lease, keeper = self._ids.uuid(), self._studio.keeper
        claimed = await self._database.write(
            lambda tx: store.claim_to_compose(
                tx, keeper=keeper, lease=lease, lease_seconds=LEASE_SECONDS
            )
        )
        if claimed is None:
            return False
        recording = store.recording_of(claimed)
        try:
            kept, seconds = await self._make(recording, claimed)
        except LostLease:
            log.warning("composing_lost_its_lease", recording=recording.id)
        except Failed as error:
            await self._put_off(recording, claimed, error.reason, is_final=error.is_final)
        except TemporaryError as error:
            await self._put_off(recording, claimed, error.reason, is_final=False)
        else:
            await self._settle(recording, claimed, kept, seconds)
        return True

    async def _make(self, recording: Recording, claimed: Row[Any]) -> tuple[Kept, float]:
        folder = self._studio.folder_of(recording.id)
        is_raw = recording.options.type == "raw-tracks"
        made = folder / ("raw-tracks" if is_raw else "film.mp4")
        composed = await self._compose(recording, claimed, made)
        await self._hold(claimed, progress=1.0, seconds=STORING_SECONDS)
        domain = await self._domains.find_by_id(recording.domain_id)
        assert domain is not None  # domains are never deleted
        is_shared = self._archive.storage.own_bucket(recording) is not None
        key = key_of(recording, domain_name=domain.name, is_shared=is_shared)
        if is_raw:
            kept = await self._archive.keep_tracks(recording, made, composed["tracks"], key)
        else:
            kept = await self._archive.keep(recording, made, key)
        return kept, composed["seconds"]

    async def _compose(self, recording: Recording, claimed: Row[Any], made: Path) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vestibule.rooms.recordings", "compose"),
            *(str(made.parent), str(made)),
            *("--options", recording.options.model_dump_json(exclude_defaults=True)),
            *("--layouts", json.dumps(list(recording.layouts))),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            return await self._follow(process, claimed)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _follow(
        self, process: asyncio.subprocess.Process, claimed: Row[Any]
    ) -> dict[str, Any]:
        """What the process says at its end."""
        assert process.stdout is not None
        assert process.stderr is not None
        complaints = asyncio.create_task(process.stderr.read())
        last_told = 0.0
        composed: dict[str, Any] | None = None
        async for line in process.stdout:
            said = json.loads(line)
            now = asyncio.get_running_loop().time()
            if said["event"] == "composed":
                composed = said
            elif now - last_told > TOLD_EVERY_SECONDS:
                last_told = now
                await self._hold(claimed, progress=said["done"], seconds=LEASE_SECONDS)
        code = await process.wait()
        complaint = (await complaints).decode(errors="replace").strip()
        if composed is None or code != 0:
            reason = complaint.splitlines()[-1] if complaint else f"composing ended with {code}"
            raise Failed(reason, is_final=code == NOTHING_THERE)
        return composed

    async def _hold(self, claimed: Row[Any], *, progress: float, seconds: float) -> None:
        def write(tx: Transaction) -> bool:
            until = tx.now + timedelta(seconds=seconds)
            return store.extend_lease(tx, claimed, until, progress)

        if not await self._database.write(write):
            raise LostLease

    async def _settle(
        self, recording: Recording, claimed: Row[Any], kept: Kept, seconds: float
    ) -> None:
        def write(tx: Transaction) -> bool:
            values = {
                "state": State.FINISHED.value,
                "due_at": None,
                "progress": 1.0,
                "seconds": seconds,
                "size": kept.size,
                "key": kept.key,
                "tracks": list(kept.tracks),
                "file_key_sealed": kept.file_key_sealed,
                "keep_until": kept.keep_until,
                "last_error": None,
            }
            if not store.settle(tx, claimed, values):
                return False
            ready = replace(recording, tracks=kept.tracks)
            record_ready(tx, ready, seconds=seconds, key=kept.key)
            tx.after_commit(lambda: self._broker.publish(RECORDING_CHANGED, {}))
            return True

        if await self._database.write(write):
            log.info("recording_ready", recording=recording.id, seconds=seconds, size=kept.size)
            self._studio.discard(recording.id)

    async def _put_off(
        self, recording: Recording, claimed: Row[Any], reason: str, *, is_final: bool
    ) -> None:
        gives_up = is_final or claimed.attempts >= MOST_COMPOSING_ATTEMPTS
        log.warning("composing_failed", recording=recording.id, reason=reason, final=gives_up)
        until = await self._archive.keep_until(recording) if gives_up else None

        def write(tx: Transaction) -> None:
            again: datetime | None = tx.now + timedelta(seconds=RETRY_SECONDS * claimed.attempts)
            values: dict[str, Any] = {"last_error": reason, "due_at": again}
            if gives_up:
                failed = {"state": State.FAILED.value, "due_at": None, "error": reason}
                values |= {**failed, "keep_until": until}
            if store.settle(tx, claimed, values) and gives_up:
                record_error(tx, replace(recording, error=reason), reason)

        await self._database.write(write)
