"""Where the files of recordings lie: in our store, or in a bucket that a room names."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.object_store import ObjectStore
from vestibule.foundation.sealed_files import open_part, seal_file
from vestibule.rooms.recordings.model import Recording


@dataclass(frozen=True)
class StoredFile:
    """One file of a recording."""

    key: str
    """As the API tells it."""
    size: int
    """Bytes before encryption."""
    file_key_sealed: str | None
    binds: str
    """What its own key is good for."""


class Storage:
    """Puts files in, reads and deletes them; what is written is encrypted if that is wished."""

    def __init__(
        self,
        ours: ObjectStore,
        *,
        bucket: Callable[[str, str], ObjectStore | None],
        keyring: Keyring,
        encrypts: bool,
    ) -> None:
        """`bucket` gives the store of a bucket and region; None if rooms may not name it."""
        self.ours = ours
        self._bucket = bucket
        self._keyring = keyring
        self._encrypts = encrypts

    def own_bucket(self, recording: Recording) -> ObjectStore | None:
        """The bucket that the room named, if it may."""
        if recording.bucket is None:
            return None
        return self._bucket(recording.bucket["bucket_name"], recording.bucket["bucket_region"])

    def name_of_place(self, recording: Recording) -> str:
        """The bucket, or the folder."""
        return (self.own_bucket(recording) or self.ours).place

    async def put(self, recording: Recording, file: Path, key: str, binds: str) -> StoredFile:
        """Store a file; TemporaryError if the store fails."""
        size, file_key_sealed = await asyncio.to_thread(_size, file), None
        if self._encrypts:
            file_key = secrets.token_bytes(KEY_BYTES)
            sealed_file = file.with_name(file.name + ".sealed")
            await asyncio.to_thread(seal_file, file, sealed_file, file_key)
            encoded = base64.b64encode(file_key).decode()
            file, file_key_sealed = sealed_file, self._keyring.seal(encoded, binds=binds)
        store, name = self._place(recording, key)
        await store.put(name, file)
        return StoredFile(key, size, file_key_sealed, binds)

    async def put_text(self, recording: Recording, text: str, key: str) -> None:
        """Store a small text as it is."""
        store, name = self._place(recording, key)
        await store.put_text(name, text)

    def read(
        self, recording: Recording, file: StoredFile, start: int, end: int
    ) -> AsyncIterator[bytes]:
        """The file's bytes from `start` up to, and without, `end`."""
        store, name = self._place(recording, file.key)
        if file.file_key_sealed is None:
            return store.read(name, start, end)
        opened = self._keyring.open(file.file_key_sealed, binds=file.binds)
        return open_part(
            lambda first, last: store.read(name, first, last),
            base64.b64decode(opened),
            size=file.size,
            start=start,
            end=end,
        )

    async def delete(self, recording: Recording, key: str) -> None:
        """Remove a file; that it is gone already is a success."""
        store, name = self._place(recording, key)
        await store.delete(name)

    def _place(self, recording: Recording, key: str) -> tuple[ObjectStore, str]:
        """The store, and the name there: in ours, no domain meets another's files."""
        own = self.own_bucket(recording)
        return (own, key) if own is not None else (self.ours, f"{recording.domain_id}/{key}")


async def digest_of(*files: Path) -> str:
    """The SHA-256 of a file; of several, that of their digests in this order, a line each."""
    digests = [await asyncio.to_thread(_digest, file) for file in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()


def _size(file: Path) -> int:
    return file.stat().st_size


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
