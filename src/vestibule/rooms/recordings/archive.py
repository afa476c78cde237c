"""The files of recordings: stored, found, handed out by links that end, and deleted with proof."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.errors import Invalid
from vestibule.foundation.loops import Loop
from vestibule.foundation.object_store import ObjectStore
from vestibule.foundation.sealed_files import open_part, seal_file
from vestibule.foundation.signed_texts import SignedTexts
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.recordings import store
from vestibule.rooms.recordings.model import (
    RECORDING_CHANGED,
    NotReady,
    Recording,
    RecordingNotFound,
    State,
)
from vestibule.rooms.recordings.receipts import receipt

LINK_PURPOSE: Final = "recording-link"
DEFAULT_LINK_SECONDS: Final = 3600
SWEEP_SECONDS: Final = 600.0
SWEPT_AT_ONCE: Final = 50

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """A file that was put into the store."""

    key: str
    size: int
    file_key_sealed: str | None
    keep_until: datetime | None


class Archive:
    """The finished recordings of every domain."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        clock: Clock,
        keyring: Keyring,
        objects: ObjectStore,
        configurations: ConfigurationService,
        public_url: str,
        encrypts: bool,
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._keyring = keyring
        self._links = SignedTexts(keyring, LINK_PURPOSE)
        self._configurations = configurations
        self._public_url = public_url
        self._encrypts = encrypts
        self.objects = objects
        self.bucket = objects.place
        self.sweep_loop = Loop("recordings-sweep", self.sweep, idle_seconds=SWEEP_SECONDS)

    async def list(
        self,
        domain_id: str,
        *,
        room_name: str | None,
        limit: int,
        starting_after: str | None = None,
        ending_before: str | None = None,
    ) -> tuple[int, list[Recording]]:
        """How many recordings match, and those of one page, newest first (reference 8)."""
        if starting_after is not None and ending_before is not None:
            raise Invalid("give starting_after or ending_before, not both")

        def look(tx: Transaction) -> tuple[int, list[Recording]]:
            which = store.listed(domain_id, room_name)
            after = _place(tx, domain_id, "starting_after", starting_after)
            before = _place(tx, domain_id, "ending_before", ending_before)
            found = store.page(tx, which, limit=limit, older_than=after, newer_than=before)
            return store.count(tx, which), found

        return await self._database.read(look)

    async def get(self, domain_id: str, recording_id: str) -> Recording:
        """One recording; RecordingNotFound if the domain has none, or no longer."""
        found = await self._database.read(lambda tx: store.find(tx, recording_id))
        if found is None or found.domain_id != domain_id or found.state is State.DELETED:
            raise RecordingNotFound(recording_id)
        return found

    async def delete(self, domain_id: str, recording_id: str) -> Recording:
        """Remove a recording and its file; the row stays as proof. NotReady while it is made."""
        recording = await self.get(domain_id, recording_id)
        if recording.is_live:
            raise NotReady("the recording is still being made; stop it first")
        await self._delete(recording, "asked")
        return recording

    async def access_link(
        self, domain_id: str, recording_id: str, *, valid_for_secs: int
    ) -> tuple[str, int]:
        """A link to the file that works without a key, and until when (unix seconds)."""
        recording = await self.get(domain_id, recording_id)
        if recording.state is not State.FINISHED:
            raise NotReady("the recording has no file yet; wait until its status is 'finished'")
        expires = int(self._clock.now().timestamp()) + valid_for_secs
        proof = self._links.sign(recording.id, until=expires)
        return f"{self._public_url}/recordings/{proof}", expires

    async def by_link(self, proof: str) -> Recording:
        """The recording that a link leads to; RecordingNotFound when its time is over."""
        recording_id = self._links.read(proof, self._clock.now().timestamp())
        if recording_id is None:
            raise RecordingNotFound("of this link")
        found = await self._database.read(lambda tx: store.find(tx, recording_id))
        if found is None or found.state is not State.FINISHED:
            raise RecordingNotFound(recording_id)
        return found

    def read(self, recording: Recording, start: int, end: int) -> AsyncIterator[bytes]:
        """The file's bytes from `start` up to, and without, `end`."""
        assert recording.key is not None
        key = object_key(recording.domain_id, recording.key)
        if recording.file_key_sealed is None:
            return self.objects.read(key, start, end)
        opened = self._keyring.open(recording.file_key_sealed, binds=_binds(recording.id))
        return open_part(
            lambda first, last: self.objects.read(key, first, last),
            base64.b64decode(opened),
            size=recording.size or 0,
            start=start,
            end=end,
        )

    async def keep(self, recording: Recording, file: Path, key: str) -> Kept:
        """Put a composed file into the store, with the receipt of consent beside it."""
        name = object_key(recording.domain_id, key)
        size, digest = await asyncio.to_thread(_measured, file)
        sealed_key = None
        if self._encrypts:
            file_key = secrets.token_bytes(KEY_BYTES)
            sealed_file = file.with_suffix(".sealed")
            await asyncio.to_thread(seal_file, file, sealed_file, file_key)
            sealed_key = self._keyring.seal(
                base64.b64encode(file_key).decode(), binds=_binds(recording.id)
            )
            file = sealed_file
        await self.objects.put(name, file)
        if recording.consents is not None:
            proof = receipt(recording, sha256=digest, keyring=self._keyring)
            await self.objects.put_text(receipt_key(name), proof)
        days = (await self._configurations.given(recording.domain_id)).get("recordings_keep_days")
        until = self._clock.now() + timedelta(days=days) if days is not None else None
        return Kept(key, size, sealed_key, until)

    async def sweep(self) -> bool:
        """Delete some whose time is over; True if there may be more."""
        over = await self._database.read(lambda tx: store.expired(tx, SWEPT_AT_ONCE))
        for recording in over:
            await self._delete(recording, "retention")
        return len(over) == SWEPT_AT_ONCE

    async def _delete(self, recording: Recording, because: str) -> None:
        """The file first: a crash in between leaves a row that is deleted again."""
        if recording.key is not None:
            name = object_key(recording.domain_id, recording.key)
            for key in (name, receipt_key(name), *_track_keys(recording)):
                await self.objects.delete(key)

        def write(tx: Transaction) -> None:
            proof = {"deleted_at": tx.now, "deleted_because": because, "file_key_sealed": None}
            if store.move(tx, recording, State.DELETED, due_at=None, **proof):
                tx.after_commit(lambda: self._broker.publish(RECORDING_CHANGED, {}))

        await self._database.write(write)
        log.info("recording_deleted", recording=recording.id, because=because)


def object_key(domain_id: str, key: str) -> str:
    """Where it is in the store: whatever the pattern, one domain never meets another's files."""
    return f"{domain_id}/{key}"


def receipt_key(name: str) -> str:
    """Where the receipt of consent is, beside the file."""
    return f"{name.removesuffix('.mp4')}.consent.json"


def _track_keys(recording: Recording) -> list[str]:
    return [object_key(recording.domain_id, str(track["s3Key"])) for track in recording.tracks]


def _place(
    tx: Transaction, domain_id: str, parameter: str, recording_id: str | None
) -> Recording | None:
    """Deleted ones keep their place in the list."""
    if recording_id is None:
        return None
    found = store.find(tx, recording_id)
    if found is None or found.domain_id != domain_id:
        raise Invalid(f"{parameter} must be the id of a recording")
    return found


def _binds(recording_id: str) -> str:
    return f"recordings/{recording_id}/file_key"


def _measured(file: Path) -> tuple[int, str]:
    """Its bytes, and their SHA-256."""
    with file.open("rb") as content:
        return file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest()
