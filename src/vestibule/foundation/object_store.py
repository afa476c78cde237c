"""Where large files are kept: a folder of this machine, or an S3 bucket, used in the same way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from vestibule.foundation.errors import TemporaryError

PIECE_BYTES: Final = 256 * 1024


@dataclass(frozen=True)
class S3Access:
    """How to reach a bucket; what is None, the machine's own AWS environment says."""

    endpoint: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None


class ObjectStore:
    """Files by key. Every failure of the store is a TemporaryError."""

    def __init__(self, store: LocalStore | S3Store, place: str) -> None:
        self._store = store
        self.place = place
        """The bucket's name, or the folder."""

    async def put(self, key: str, file: Path) -> None:
        """Store the file; whoever reads meanwhile gets the old one or the new one, whole."""
        try:
            await obstore.put_async(self._store, key, file)
        except (BaseError, OSError) as error:
            raise TemporaryError(f"{key} cannot be stored: {error}") from error

    async def put_text(self, key: str, text: str) -> None:
        """Store a small text."""
        try:
            await obstore.put_async(self._store, key, text.encode())
        except (BaseError, OSError) as error:
            raise TemporaryError(f"{key} cannot be stored: {error}") from error

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, and without, `end`."""
        while start < end:
            stop = min(end, start + PIECE_BYTES)
            try:
                piece = await obstore.get_range_async(self._store, key, start=start, end=stop)
            except (BaseError, OSError) as error:
                raise TemporaryError(f"{key} cannot be read: {error}") from error
            yield bytes(piece)
            start = stop

    async def delete(self, key: str) -> None:
        """Remove the file; that it is gone already is a success."""
        try:
            await obstore.delete_async(self._store, key)
        except (FileNotFoundError, obstore.exceptions.NotFoundError):
            return
        except (BaseError, OSError) as error:
            raise TemporaryError(f"{key} cannot be deleted: {error}") from error


def object_store(place: str, access: S3Access) -> ObjectStore:
    """The store at `s3://bucket/prefix`, or in a folder, which is made if it is not there."""
    if not place.startswith("s3://"):
        Path(place).mkdir(mode=0o700, parents=True, exist_ok=True)
        return ObjectStore(LocalStore(place, mkdir=True), place)
    parts = urlsplit(place)
    given = {
        "endpoint": access.endpoint,
        "region": access.region,
        "access_key_id": access.access_key_id,
        "secret_access_key": access.secret_access_key,
    }
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"allow_http": bool(access.endpoint)},
        **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
    )
    return ObjectStore(store, parts.netloc)
