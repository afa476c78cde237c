"""The worker processes that record, each with a folder; they outlive this process and its end.

What a worker says stands in a file of its folder, and its lock says that it lives: so a server that
was just started knows of its predecessor's workers all that matters.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vestibule.foundation.errors import Unavailable
from vestibule.rooms.calls.passes import Passes, RecorderPass
from vestibule.rooms.recordings.model import START_SECONDS, Recording
from vestibule.rooms.recordings.track_store import recorder_of

STATUS: Final = "status.jsonl"
LOG: Final = "recorder.log"
PASS_SPARE_SECONDS: Final = 3600
LAST_WORDS_BYTES: Final = 2000
MEGABYTE: Final = 1_000_000


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
        folder = self.folder_of(recording.id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / STATUS).open("ab") as status, (folder / LOG).open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own program
                [
                    *(sys.executable, "-m", "vestibule.rooms.recordings", "record"),
                    str(folder),
                    *("--url", self._url, "--room", recording.room_name),
                    *("--start-seconds", str(START_SECONDS)),
                    *("--idle-seconds", str(recording.options.minIdleTimeOut)),
                    *("--most-seconds", str(seconds_left)),
                    *("--least-free-mb", str(self._least_free_bytes // MEGABYTE)),
                ],
                stdin=subprocess.PIPE,
                stdout=status,
                stderr=log,
                start_new_session=True,  # the end of the server is not the end of its recordings
            )
        assert child.stdin is not None
        child.stdin.write(recorder_pass.encode() + b"\n")
        child.stdin.close()
        self._children[recording.id] = child

    def is_at_work(self, recording_id: str) -> bool:
        """Whether a worker of this server or of an earlier one lives."""
        child = self._children.get(recording_id)
        if child is not None and child.poll() is None:
            return True
        return recorder_of(self.folder_of(recording_id)) is not None

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
        child = self._children.get(recording_id)
        is_ours = child is not None and child.poll() is None
        number = child.pid if child is not None and is_ours else None
        number = number or recorder_of(self.folder_of(recording_id))
        if number is not None:
            os.kill(number, signal.SIGKILL if at_once else signal.SIGTERM)

    def forget(self, recording_id: str) -> None:
        """The worker's way is over."""
        child = self._children.pop(recording_id, None)
        if child is not None:
            child.poll()

    def discard(self, recording_id: str) -> None:
        """Remove what was written."""
        shutil.rmtree(self.folder_of(recording_id), ignore_errors=True)
