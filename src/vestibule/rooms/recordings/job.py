"""What a worker is told to do; apart from it, for the server loads nothing of what records."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATUS: Final = "status.jsonl"
LOG: Final = "recorder.log"


@dataclass(frozen=True)
class Job:
    """What to record, where to, and for how long."""

    url: str
    """The signalling server's WebSocket address."""
    room: str
    recorder_pass: str
    """The server's leave to record this room."""
    folder: Path
    start_seconds: float = 10.0
    """If no media is written by then, the recording has failed."""
    goes_on: bool = False
    """An earlier process has begun this: however long it takes to connect, it has not failed."""
    idle_seconds: float = 300.0
    """After so long without any media it ends."""
    most_seconds: float = 10_800.0
    """After so long it ends in any case."""
    least_free_bytes: int = 500_000_000
    """It does not begin, and ends in order, when the disk has less."""
