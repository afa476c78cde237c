"""The worker processes that record, each with a folder; they outlive this process and its end.

What a worker says stands in a file of its folder, and its lock says that it lives: so a server that
was just started knows of its predecessor's workers all that matters.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from pydantic import TypeAdapter

from vestibule.foundation.errors import Unavailable
from vestibule.rooms.calls.passes import Passes, RecorderPass
from vestibule.rooms.recordings.job import LOG, STATUS, Job
from vestibule.rooms.recordings.model import START_SECONDS, Recording
from vestibule.rooms.recordings.track_store import recorder_of

PASS_SPARE_SECONDS: Final = 3600
LAST_WORDS_BYTES: Final = 2000
MEGABYTE: Final = 1_000_000
KEEPER: Final = "keeper"


class DiskNearlyFull(Unavailable):
    """There is too little room for a recording."""


class Closed(Unavailable):
    """Whoever runs this installation wants nothing recorded."""


@dataclass(frozen=True)
class Status:
    """The last thing that a worker said."""

    event: str
    """`started`, `stopped` or `failed`; empty if it has said nothing yet."""
    at: float = 0.0
    """Unix seconds of the first media."""
    reason: str = ""
    message: str = ""


class Studio:
    """Sends workers, watches them, and ends them."""

    def __init__(
        self,
        folder: Path,
        *,
        passes: Passes,
        signalling_url: str,
        least_free_bytes: int,
        is_open: bool,
    ) -> None:
        """Not `is_open`: this installation does not record."""
        self.is_open = is_open
        self._folder = folder
        self._passes = passes
        self._url = signalling_url
        self._least_free_bytes = least_free_bytes
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._spare: subprocess.Popen[bytes] | None = None
        self._watched: dict[int, int] = {}
        self._place: int | None = None

    @cached_property
    def keeper(self) -> str:
        """What this server is called among those that share the database.

        The next one on the same folder has the same name, once this one is dead: it can look after
        the same workers at once.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / KEEPER, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another server uses this folder too
            os.close(handle)
            return str(uuid4())
        self._place = handle
        name = os.read(handle, 36).decode()
        if not name:
            name = str(uuid4())
            os.write(handle, name.encode())
        return name

    def folder_of(self, recording_id: str) -> Path:
        """Where a worker writes."""
        return self._folder / recording_id

    def check_disk(self) -> None:
        """Raise DiskNearlyFull if a recording should not begin now, Closed if none ever should."""
        if not self.is_open:
            raise Closed("this installation does not record calls (setting 'recordings')")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(self._folder).free
        if free < self._least_free_bytes:
            raise DiskNearlyFull(
                f"only {free // MEGABYTE} MB are free on the disk of recordings, and "
                f"{self._least_free_bytes // MEGABYTE} MB are needed to begin one"
            )

    def send(self, recording: Recording, *, seconds_left: float) -> None:
        """Have a worker record, or go on where another was killed."""
        since = recording.created_at.timestamp()
        granted = RecorderPass(recording.id, recording.room_id, since)
        until = since + recording.options.maxDuration + PASS_SPARE_SECONDS
        recorder_pass = self._passes.sign(granted, until=until)
        job = Job(
            url=self._url,
            room=recording.room_name,
            recorder_pass=recorder_pass,
            folder=self.folder_of(recording.id),
            start_seconds=START_SECONDS,
            goes_on=recording.started_at is not None,
            idle_seconds=recording.options.minIdleTimeOut,
            most_seconds=seconds_left,
            least_free_bytes=self._least_free_bytes,
        )
        spare, self._spare = self._spare, None
        if spare is None or spare.poll() is not None:
            spare = _worker()
        assert spare.stdin is not None
        spare.stdin.write(_job.dump_json(job) + b"\n")
        spare.stdin.close()
        self._children[recording.id] = spare
        self.prepare()

    def prepare(self) -> None:
        """Have a worker ready: to load all that it needs takes longer than to connect."""
        if self.is_open and self._spare is None:
            self._spare = _worker()

    def close(self) -> None:
        """Let the worker go that has nothing to do; the others work on."""
        self.is_open = False
        loop = asyncio.get_running_loop()
        for handle in self._watched.values():
            loop.remove_reader(handle)
            os.close(handle)
        self._watched.clear()
        if self._place is not None:
            os.close(self._place)
            self._place = None
        if self._spare is not None and self._spare.stdin is not None:
            self._spare.stdin.close()
            self._spare.wait()

    def is_at_work(self, recording_id: str) -> bool:
        """Whether a worker of this server or of an earlier one lives."""
        return self._process_of(recording_id) is not None

    def watch(self, recording_id: str, on_end: Callable[[], None]) -> None:
        """Have `on_end` called as soon as the worker ends, on systems that tell of it."""
        number = self._process_of(recording_id)
        if number is None or number in self._watched or not hasattr(os, "pidfd_open"):
            return
        loop = asyncio.get_running_loop()

        def ended() -> None:
            handle = self._watched.pop(number)
            loop.remove_reader(handle)
            os.close(handle)
            on_end()

        with contextlib.suppress(ProcessLookupError):  # the next look finds that it has ended
            self._watched[number] = handle = os.pidfd_open(number)
            loop.add_reader(handle, ended)

    def status(self, recording_id: str) -> Status:
        """What the worker said last."""
        try:
            lines = (self.folder_of(recording_id) / STATUS).read_bytes().splitlines()
            said: dict[str, Any] = json.loads(lines[-1])
        except (FileNotFoundError, IndexError, ValueError):
            return Status("")
        return Status(
            said.get("event", ""),
            said.get("at", 0.0),
            said.get("reason", ""),
            said.get("message", ""),
        )

    def last_words(self, recording_id: str) -> str:
        """The end of the worker's log."""
        try:
            written = (self.folder_of(recording_id) / LOG).read_bytes()
        except FileNotFoundError:
            return ""
        return written[-LAST_WORDS_BYTES:].decode(errors="replace")

    def stop(self, recording_id: str, *, at_once: bool = False) -> None:
        """Ask a worker to end; `at_once`: end it like a crash, which loses next to nothing."""
        number = self._process_of(recording_id)
        if number is not None:
            os.kill(number, signal.SIGKILL if at_once else signal.SIGTERM)

    def _process_of(self, recording_id: str) -> int | None:
        child = self._children.get(recording_id)
        if child is not None and child.poll() is None:
            return child.pid
        return recorder_of(self.folder_of(recording_id))

    def forget(self, recording_id: str) -> None:
        """The worker's way is over."""
        child = self._children.pop(recording_id, None)
        if child is not None:
            child.poll()

    def discard(self, recording_id: str) -> None:
        """Remove what was written."""
        shutil.rmtree(self.folder_of(recording_id), ignore_errors=True)


def _worker() -> subprocess.Popen[bytes]:
    """A process that records what it is told, and that the end of this one does not end."""
    return subprocess.Popen(
        [sys.executable, "-m", "vestibule.rooms.recordings", "await-job"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


_job: Final = TypeAdapter(Job)
