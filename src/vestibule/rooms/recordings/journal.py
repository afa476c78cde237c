"""What happened in a recorded call besides the media: who came, went, muted; whose track is which.

One JSON object per line, appended as the call goes. docs/recording-format.md explains them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

FORMAT_VERSION = 1

Source = Literal["microphone", "camera", "screen", "screen-sound"]
SOURCES: tuple[Source, ...] = get_args(Source)


class Entry(BaseModel):
    """A part of the journal. Unknown fields are passed over, so that newer files can be read."""

    model_config = ConfigDict(frozen=True)


class Attendee(Entry):
    """A person in the call, and what they send at this moment."""

    session_id: str
    user_id: str | None = None
    user_name: str = ""
    is_owner: bool = False
    audio: bool = False
    video: bool = False
    screen: bool = False


class MediaFormat(Entry):
    """How the packets with one RTP payload type are encoded."""

    payload_type: int
    codec: str
    """In lower case: vp8, vp9, h264, opus."""
    clock_rate: int
    channels: int = 1


class Begun(Entry):
    """A recorder began to write here: the first, or one that goes on after another's end."""

    event: Literal["begun"] = "begun"
    at: float
    """Unix seconds on the recorder's clock, in every entry."""
    version: int = FORMAT_VERSION
    room: str


class Present(Entry):
    """These people are in the call, and nobody else."""

    event: Literal["present"] = "present"
    at: float
    people: tuple[Attendee, ...]


class Joined(Entry):
    """Somebody came."""

    event: Literal["joined"] = "joined"
    at: float
    person: Attendee


class Updated(Entry):
    """Somebody's name or media changed."""

    event: Literal["updated"] = "updated"
    at: float
    person: Attendee


class Left(Entry):
    """Somebody went."""

    event: Literal["left"] = "left"
    at: float
    session_id: str


class TrackOpened(Entry):
    """The first packet of a track arrived; its file is tracks/<number>.rtp."""

    event: Literal["track"] = "track"
    at: float
    number: int
    session_id: str
    connection: int
    """Tracks with the same number came over one connection, so from one clock."""
    source: Source
    formats: tuple[MediaFormat, ...]


class Stopped(Entry):
    """The recorder ended in order. Missing if it was killed."""

    event: Literal["stopped"] = "stopped"
    at: float
    reason: str


JournalEntry = Begun | Present | Joined | Updated | Left | TrackOpened | Stopped
_entry: TypeAdapter[JournalEntry] = TypeAdapter(
    Annotated[JournalEntry, Field(discriminator="event")]
)


class Journal:
    """Appends entries to a file. What `append` has taken survives the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._end_torn_line()

    def append(self, entry: JournalEntry) -> None:
        os.write(self._file, entry.model_dump_json().encode() + b"\n")

    def sync(self) -> None:
        """Wait until the disk has everything that was appended."""
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)

    def _end_torn_line(self) -> None:
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def read_journal(path: Path) -> Iterator[JournalEntry]:
    """The entries in order. What a crash cut off, and kinds of newer versions, are passed over."""
    with path.open("rb") as lines:
        for line in lines:
            try:
                yield _entry.validate_json(line)
            except ValidationError:
                continue
