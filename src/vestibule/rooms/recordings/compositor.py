"""Composes a recording into one MP4, as long after the call as one likes."""

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from av.video.frame import VideoFrame

from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.shapes import RecordingOptions
from vestibule.rooms.recordings.director import Director, Rearranged
from vestibule.rooms.recordings.layouts import has_pictures, heard
from vestibule.rooms.recordings.mp4 import Mp4
from vestibule.rooms.recordings.playback import Playback
from vestibule.rooms.recordings.sound import mixed
from vestibule.rooms.recordings.track_store import read_recording


class NothingRecorded(Invalid):
    """The recording holds no media."""


@dataclass(frozen=True)
class Composed:
    """The finished file."""

    path: Path
    seconds: float
    started_at: float
    """Unix seconds of the file's first moment."""


def compose(
    folder: Path,
    output: Path,
    options: RecordingOptions,
    *,
    layouts: Sequence[Rearranged] = (),
    progress: Callable[[float], None] = lambda done: None,
) -> Composed:
    """Make the MP4 of the recording in `folder`; `layouts` follow that of `options`.

    Calls `progress` with the part done, 0 to 1, after each second of the recording; whatever it
    raises ends the work. The file appears when it is complete, so that interrupted work leaves
    none and can be repeated. Raises NothingRecorded, NoRecording, and OSError if the disk is full.
    """
    playback = Playback(read_recording(folder))
    if not playback.seconds:
        raise NothingRecorded(f"the recording in {folder} holds no media")
    unfinished = output.with_name(output.name + ".part")
    try:
        with Mp4(unfinished, options, with_pictures=has_pictures(options.layout)) as mp4:
            pictures = (
                iter(Director(playback, options, layouts))
                if has_pictures(options.layout)
                else iter(())
            )
            _write(mp4, playback, options, pictures, progress)
        os.replace(unfinished, output)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()
    return Composed(output, playback.seconds, playback.started_at)


def _write(
    mp4: Mp4,
    playback: Playback,
    options: RecordingOptions,
    pictures: Iterator[VideoFrame],
    progress: Callable[[float], None],
) -> None:
    layout = options.layout
    sounds = playback.sounds(lambda session_id: heard(layout, session_id))
    for second, block in enumerate(mixed(sounds, seconds=playback.seconds), start=1):
        for picture in itertools.islice(pictures, options.fps):
            mp4.add_picture(picture)
        mp4.add_sound(block)
        progress(min(1.0, second / playback.seconds))
    mp4.finish()
