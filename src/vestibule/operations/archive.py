"""A backup is one tar file: the database as SQLite, the key and other files, and their sums.

The manifest comes last, so a file that was cut off has none and is no backup.
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from vestibule.foundation.errors import VestibuleError
from vestibule.migrations import revisions, upgrade
from vestibule.operations.copying import (
    Content,
    contents,
    copy,
    counts,
    require_newest,
    require_same,
    snapshot,
)

DATABASE: Final = "vestibule.sqlite3"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
LEFT_OUT: Final = {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "server.lock"}
CHUNK_BYTES: Final = 1 << 20

Advance = Callable[[str, int], None]


class BadBackup(VestibuleError):
    """The file is no whole backup; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    revision: str
    tables: dict[str, Content]
    files: dict[str, str]
    """SHA-256 of each file, the database included."""

    def as_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()

    @classmethod
    def of(cls, text: bytes) -> "Manifest":
        """BadBackup if it is none."""
        try:
            read = json.loads(text)
            if read.pop("format") != FORMAT:
                raise BadBackup("a newer version has made this backup; restore it with that one")
            tables = {name: Content(**content) for name, content in read.pop("tables").items()}
            return cls(**read, tables=tables)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadBackup("the manifest of this backup cannot be read") from error


def files_of(data: Path) -> list[Path]:
    """What lies in the data folder besides the database."""
    found = (path for path in sorted(data.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in found if path.relative_to(data).as_posix() not in LEFT_OUT]


def copy_database(url: str, file: Path, advance: Advance) -> None:
    """The database at one moment, as a new SQLite file, while others go on writing."""
    require_newest(url, "the database")
    if not url.startswith("sqlite"):
        upgrade(f"sqlite:///{file}")
        with snapshot(url) as source:
            copy(source, f"sqlite:///{file}", advance)
        return
    source_file = url.removeprefix("sqlite:///")
    source_connection = sqlite3.connect(f"file:{source_file}?mode=ro", uri=True, timeout=30)
    target = sqlite3.connect(file)
    try:
        # Within a transaction the pages stay as they are; otherwise each write of somebody else
        # would make the copy begin again.
        source_connection.execute("BEGIN")
        source_connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        done = 0

        def report(_status: int, remaining: int, total: int) -> None:
            nonlocal done
            advance("database", total - remaining - done)
            done = total - remaining

        source_connection.backup(target, pages=256, progress=report)
    finally:
        target.close()
        source_connection.close()


def units(url: str, data: Path) -> int:
    """How many steps a backup takes: pages or rows of the database, and kilobytes of files."""
    sizes = sum(file.stat().st_size >> 10 for file in files_of(data))
    if url.startswith("sqlite"):
        with snapshot(url) as connection:
            pages: int = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return pages + sizes
    with snapshot(url) as connection:
        return 2 * sum(counts(connection).values()) + sizes


def write_backup(url: str, data: Path, target: Path, advance: Advance) -> Manifest:
    """Write a backup; it appears under its name only when it is whole.

    The database comes first: a recording that it knows is there, or was deleted meanwhile.
    """
    copied = target.with_name(f".{target.name}.database")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        copy_database(url, copied, advance)
        tables = inspect(copied)
        revision = revisions(f"sqlite:///{copied}")[1]
        with _private(unfinished) as file, tarfile.open(fileobj=file, mode="w") as archive:
            sums = {DATABASE: _add(archive, copied, DATABASE)}
            for path in files_of(data):
                name = path.relative_to(data).as_posix()
                sums |= {name: added} if (added := _add(archive, path, name)) else {}
                advance("files", path.stat().st_size >> 10 if path.exists() else 0)
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            manifest = Manifest(made_at, revision, tables, sums)
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(manifest.as_json())
            archive.addfile(entry, io.BytesIO(manifest.as_json()))
        unfinished.rename(target)
    finally:
        for left in (copied, unfinished):
            left.unlink(missing_ok=True)
    return manifest


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file as long as it is now; its sum. Empty if it has gone, or is being cut short."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = size, 0o600
            summed = _Summed(file)
            archive.addfile(entry, summed)
    except FileNotFoundError:
        return ""
    return summed.sum.hexdigest()


class _Summed(io.RawIOBase):
    """Sums up what is read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        read: bytes = self._file.read(size)
        self.sum.update(read)
        return read


def inspect(database: Path) -> dict[str, Content]:
    """What a database file holds; BadBackup if it is damaged."""
    with snapshot(f"sqlite:///{database}") as connection:
        try:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        except Exception as error:
            raise BadBackup(f"the database in it is damaged: {error}") from error
        if found != "ok":
            raise BadBackup(f"the database in it is damaged: {found}")
        return contents(connection, lambda _table, _rows: None)


def unpack(backup: Path, folder: Path, advance: Advance) -> Manifest:
    """Unpack a backup into an empty folder and prove all of it; BadBackup, FileNotFoundError."""
    try:
        with tarfile.open(backup, "r:") as archive:
            sums = dict(_unpacked(archive, folder, advance))
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise BadBackup(f"there is no file {backup}") from error
        raise BadBackup(f"{backup} is no backup, or was cut off: {error}") from error
    if sums.pop(MANIFEST, None) is None:
        raise BadBackup(f"{backup} has no manifest: it was cut off, or is no backup")
    manifest = Manifest.of((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).unlink()
    different = sorted(
        name for name in {*sums, *manifest.files} if sums.get(name) != manifest.files.get(name)
    )
    if different:
        raise BadBackup(f"these files are not what was backed up: {', '.join(different[:5])}")
    current, newest = revisions(f"sqlite:///{folder / DATABASE}")
    if current == newest:
        require_same(manifest.tables, inspect(folder / DATABASE))
    elif current is None or current > newest:
        raise BadBackup(f"its schema is {current}; a newer version of Vestibule has made it")
    return manifest


def _unpacked(
    archive: tarfile.TarFile, folder: Path, advance: Advance
) -> Iterator[tuple[str, str]]:
    for entry in archive:
        path = PurePosixPath(entry.name)
        if not entry.isfile() or path.is_absolute() or ".." in path.parts:
            raise BadBackup(f"it holds {entry.name!r}, which no backup of ours holds")
        file = archive.extractfile(entry)
        assert file is not None
        target = folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        summed = hashlib.sha256()
        with _private(target) as written:
            while chunk := file.read(CHUNK_BYTES):
                summed.update(chunk)
                written.write(chunk)
        advance("files", entry.size >> 10)
        yield entry.name, summed.hexdigest()
