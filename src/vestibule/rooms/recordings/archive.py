"""The files of recordings: stored, found, handed out by links that end, and deleted with proof."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Invalid
from vestibule.foundation.loops import Loop
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
from vestibule.rooms.recordings.storage import Storage, StoredFile, digest_of

LINK_PURPOSE: Final = "recording-link"
DEFAULT_LINK_SECONDS: Final = 3600
SWEEP_SECONDS: Final = 600.0
SWEPT_AT_ONCE: Final = 50

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """What was put into the store."""

    key: str
    size: int
    file_key_sealed: str | None
    keep_until: datetime | None
    tracks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Linked:
    """What a link leads to."""

    recording: Recording
    file: StoredFile

    @property
    def name(self) -> str:
        """What a browser calls it."""
        ending = self.file.key.rpartition("/")[2]
        return ending if self.recording.tracks else f"{self.recording.room_name}.mp4"

    @property
    def is_shown(self) -> bool:
        """Whether a browser plays it in place, instead of keeping it."""
        bucket = self.recording.bucket or {}
        return bucket.get("allow_streaming_from_bucket") is True


class Archive:
    """The finished recordings of every domain."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        clock: Clock,
        keyring: Keyring,
        storage: Storage,
        configurations: ConfigurationService,
        public_url: str,
        discard: Callable[[str], None],
    ) -> None:
        """`discard` removes what a recorder has written of a recording."""
        self._database = database
        self._broker = broker
        self._clock = clock
        self._keyring = keyring
        self._links = SignedTexts(keyring, LINK_PURPOSE)
        self._configurations = configurations
        self._public_url = public_url
        self._discard = discard
        self.storage = storage
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
        self, domain_id: str, recording_id: str, *, valid_for_secs: int, track: int | None = None
    ) -> tuple[str, int]:
        """A link to the file that works without a key, and until when (unix seconds).

        NotReady while there is none; Invalid where a bucket of the room's own forbids it, or if
        `track` does not say which one of raw tracks is meant.
        """
        recording = await self.get(domain_id, recording_id)
        if recording.state is not State.FINISHED:
            raise NotReady("the recording has no file yet; wait until its status is 'finished'")
        if self.storage.own_bucket(recording) and not (recording.bucket or {})["allow_api_access"]:
            raise Invalid("recordings_bucket.allow_api_access of the room is not set")
        if track not in (range(len(recording.tracks)) if recording.tracks else (None,)):
            raise NoSuchTrack(len(recording.tracks))
        expires = int(self._clock.now().timestamp()) + valid_for_secs
        which = recording.id if track is None else f"{recording.id}/{track}"
        proof = self._links.sign(which, until=expires)
        return f"{self._public_url}/recordings/{proof}", expires

    async def by_link(self, proof: str) -> Linked:
        """What a link leads to; RecordingNotFound when its time is over."""
        which = self._links.read(proof, self._clock.now().timestamp())
        if which is None:
            raise RecordingNotFound("of this link")
        recording_id, _, track = which.partition("/")
        found = await self._database.read(lambda tx: store.find(tx, recording_id))
        if found is None or found.state is not State.FINISHED:
            raise RecordingNotFound(recording_id)
        return Linked(found, _track_file(found, int(track)) if track else _only_file(found))

    def read(self, linked: Linked, start: int, end: int) -> AsyncIterator[bytes]:
        """The file's bytes from `start` up to, and without, `end`."""
        return self.storage.read(linked.recording, linked.file, start, end)

    async def keep(self, recording: Recording, file: Path, key: str) -> Kept:
        """Put a composed file into the store, with the receipt of consent beside it."""
        await self._keep_receipt(recording, key, [file])
        stored = await self.storage.put(recording, file, key, _binds(recording.id))
        until = await self.keep_until(recording)
        return Kept(key, stored.size, stored.file_key_sealed, until)

    async def keep_tracks(
        self, recording: Recording, folder: Path, tracks: Sequence[Mapping[str, Any]], key: str
    ) -> Kept:
        """Put raw tracks into the store, below this key, with the receipt of consent."""
        files = [folder / track["file"] for track in tracks]
        await self._keep_receipt(recording, key, files)
        kept: list[Mapping[str, Any]] = []
        for track, file in zip(tracks, files, strict=True):
            binds = _binds(recording.id, file.name)
            stored = await self.storage.put(recording, file, f"{key}/{file.name}", binds)
            shown = {"s3Key": stored.key, "type": track["type"], "size": stored.size}
            kept.append({**shown, "file_key_sealed": stored.file_key_sealed})
        size = sum(track["size"] for track in kept)
        return Kept(key, size, None, await self.keep_until(recording), tuple(kept))

    async def _keep_receipt(self, recording: Recording, key: str, files: Sequence[Path]) -> None:
        if recording.consents is not None:
            proof = receipt(recording, sha256=await digest_of(*files), keyring=self._keyring)
            await self.storage.put_text(recording, proof, receipt_key(key))

    async def keep_until(self, recording: Recording) -> datetime | None:
        """When a recording that ends now goes by itself, if it does."""
        days = (await self._configurations.given(recording.domain_id)).get("recordings_keep_days")
        return self._clock.now() + timedelta(days=days) if days is not None else None

    async def sweep(self) -> bool:
        """Delete some whose time is over; True if there may be more."""
        over = await self._database.read(lambda tx: store.expired(tx, SWEPT_AT_ONCE))
        for recording in over:
            await self._delete(recording, "retention")
        return len(over) == SWEPT_AT_ONCE

    async def _delete(self, recording: Recording, because: str) -> None:
        """The file first: a crash in between leaves a row that is deleted again."""
        if recording.key is not None:
            tracks = [str(track["s3Key"]) for track in recording.tracks]
            for key in tracks or [recording.key]:
                await self.storage.delete(recording, key)
            await self.storage.delete(recording, receipt_key(recording.key))
        self._discard(recording.id)  # of one that failed, all that was recorded

        def write(tx: Transaction) -> None:
            proof = {"deleted_at": tx.now, "deleted_because": because, "file_key_sealed": None}
            tracks = recording.shown_tracks  # without the keys that open them
            if store.move(tx, recording, State.DELETED, due_at=None, tracks=tracks, **proof):
                tx.after_commit(lambda: self._broker.publish(RECORDING_CHANGED, {}))

        await self._database.write(write)
        log.info("recording_deleted", recording=recording.id, because=because)


class NoSuchTrack(Invalid):
    """A recording of raw tracks has several files, any other has one."""

    def __init__(self, tracks: int) -> None:
        super().__init__(
            f"the recording has {tracks} tracks; say with track=0 to {tracks - 1} which one"
            if tracks
            else "the recording has no tracks; leave out track"
        )


def receipt_key(key: str) -> str:
    """Where the receipt of consent is, beside the file."""
    return f"{key.removesuffix('.mp4')}.consent.json"


def _only_file(recording: Recording) -> StoredFile:
    assert recording.key is not None
    sealed = recording.file_key_sealed
    return StoredFile(recording.key, recording.size or 0, sealed, _binds(recording.id))


def _track_file(recording: Recording, number: int) -> StoredFile:
    track = recording.tracks[number]
    key = str(track["s3Key"])
    binds = _binds(recording.id, key.rpartition("/")[2])
    return StoredFile(key, track["size"], track["file_key_sealed"], binds)


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


def _binds(recording_id: str, file: str = "") -> str:
    return "/".join(("recordings", recording_id, *((file,) if file else ()), "file_key"))
