"""A recording on disk: a folder with a journal and one file per track, written as the call goes."""

import fcntl
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vestibule.foundation.errors import Conflict, NotFound
from vestibule.rooms.recordings.journal import (
    FORMAT_VERSION,
    Begun,
    Journal,
    JournalEntry,
    MediaFormat,
    Source,
    Stopped,
    TrackOpened,
    read_journal,
)
from vestibule.rooms.recordings.track_log import TrackLog

JOURNAL = "journal.jsonl"
TRACKS = "tracks"


class AlreadyRecording(Conflict):
    """Another recorder writes to this folder now."""


class NoRecording(NotFound):
    """There is no recording in this folder."""


class RecorderClock:
    """Unix time that never steps: the machine's time at the start plus what passed since."""

    def __init__(self) -> None:
        self._origin_us = time.time_ns() // 1000 - time.monotonic_ns() // 1000

    def now_us(self) -> int:
        """Unix microseconds."""
        return self._origin_us + time.monotonic_ns() // 1000

    def now(self) -> float:
        """Unix seconds."""
        return self.now_us() / 1e6


class RecordingWriter:
    """Writes a recording, new or begun by a recorder that ended. One at a time may.

    Raises AlreadyRecording, and OSError when the folder cannot be written.
    """

    def __init__(self, folder: Path, *, room: str, clock: RecorderClock) -> None:
        self.clock = clock
        self._tracks = folder / TRACKS
        self._tracks.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self._journal = Journal(folder / JOURNAL)
        self._logs: list[TrackLog] = []
        self._closing = threading.Lock()
        earlier = list(read_journal(folder / JOURNAL))
        opened = [entry for entry in earlier if isinstance(entry, TrackOpened)]
        self._next_track = 1 + max((int(path.stem) for path in self._tracks.iterdir()), default=0)
        self._next_connection = 1 + max((entry.connection for entry in opened), default=0)
        self.note(Begun(at=clock.now(), room=room))

    def note(self, entry: JournalEntry) -> None:
        """Add an entry to the journal."""
        self._journal.append(entry)

    def new_connection(self) -> int:
        """A number for tracks that will share one clock."""
        self._next_connection += 1
        return self._next_connection - 1

    def open_track(
        self, session_id: str, *, connection: int, source: Source, formats: Sequence[MediaFormat]
    ) -> TrackLog:
        """A new track of a participant."""
        number = self._next_track
        self._next_track += 1
        self.note(
            TrackOpened(
                at=self.clock.now(),
                number=number,
                session_id=session_id,
                connection=connection,
                source=source,
                formats=tuple(formats),
            )
        )
        log = TrackLog(_track_path(self._tracks, number))
        with self._closing:
            self._logs.append(log)
        return log

    def sync(self) -> None:
        """Wait until the disk has everything; a power cut then takes only what comes later.

        May be called on another thread than the rest.
        """
        with self._closing:
            self._journal.sync()
            for log in self._logs:
                log.sync()

    def close_track(self, log: TrackLog) -> None:
        """No more packets will come for this track."""
        with self._closing:
            self._logs.remove(log)
            log.sync()
            log.close()

    def close(self, reason: str) -> None:
        """End the recording; `reason` goes into the journal."""
        self.note(Stopped(at=self.clock.now(), reason=reason))
        for log in list(self._logs):
            self.close_track(log)
        self._journal.sync()
        self._journal.close()
        os.close(self._lock)


@dataclass(frozen=True)
class RecordedTrack:
    """A track of a recording, and where its packets are."""

    path: Path
    session_id: str
    connection: int
    source: Source
    formats: dict[int, MediaFormat]
    """By RTP payload type."""


@dataclass(frozen=True)
class Recording:
    """A recording as it lies on disk, whether ended, cut off or still being written."""

    folder: Path
    room: str
    entries: tuple[JournalEntry, ...]
    tracks: tuple[RecordedTrack, ...]


def read_recording(folder: Path) -> Recording:
    """What the folder holds.

    Raises NoRecording if it holds none, or one that only a newer version can read.
    """
    journal = folder / JOURNAL
    entries = tuple(read_journal(journal)) if journal.is_file() else ()
    begun = next((entry for entry in entries if isinstance(entry, Begun)), None)
    if begun is None:
        raise NoRecording(f"there is no recording in {folder}")
    if begun.version > FORMAT_VERSION:
        raise NoRecording(f"the recording in {folder} was made by a newer Vestibule; update first")
    opened = (entry for entry in entries if isinstance(entry, TrackOpened))
    tracks = tuple(_recorded(folder, entry) for entry in opened)
    return Recording(
        folder, begun.room, entries, tuple(track for track in tracks if track.path.is_file())
    )


def _recorded(folder: Path, entry: TrackOpened) -> RecordedTrack:
    return RecordedTrack(
        path=_track_path(folder / TRACKS, entry.number),
        session_id=entry.session_id,
        connection=entry.connection,
        source=entry.source,
        formats={wire.payload_type: wire for wire in entry.formats},
    )


def _track_path(folder: Path, number: int) -> Path:
    return folder / f"{number:04}.rtp"


def _lock(folder: Path) -> int:
    """A lock that ends with this process, however it ends."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise AlreadyRecording(f"another recorder already writes to {folder}") from None
    os.truncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def recorder_of(folder: Path) -> int | None:
    """The process that writes to this folder now; None if there is none."""
    try:
        handle = os.open(folder / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(handle, 20) or 0) or None
    finally:
        os.close(handle)
    return None
