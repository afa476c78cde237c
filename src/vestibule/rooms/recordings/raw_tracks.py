"""Recordings of the type raw-tracks: what each person sent, in files of its own, as it was sent."""

import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import av
from av.container import OutputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from vestibule.rooms.recordings.compositor import NothingRecorded
from vestibule.rooms.recordings.encoded_frames import EncodedFrame
from vestibule.rooms.recordings.journal import Source
from vestibule.rooms.recordings.playback import PICTURES, EncodedTrack, Playback
from vestibule.rooms.recordings.track_store import read_recording

NAMES: Final[dict[Source, str]] = {
    "microphone": "cam-audio",
    "camera": "cam-video",
    "screen": "screen-video",
    "screen-sound": "screen-audio",
}
ENCODERS: Final = {"vp8": "libvpx", "vp9": "libvpx-vp9", "opus": "libopus"}
# WebM has no place for H.264.
CONTAINERS: Final = {"h264": ("matroska", "mkv")}
MILLISECOND: Final = Fraction(1, 1000)


@dataclass(frozen=True)
class RawTrack:
    """One file."""

    file: str
    """Its name: when the recording began, whose it is, what it is, when it began (unix ms)."""
    type: Literal["audio", "video"]


@dataclass(frozen=True)
class RawTracks:
    """The files of one recording."""

    seconds: float
    started_at: float
    """Unix seconds of the first moment."""
    tracks: tuple[RawTrack, ...]


def write_raw_tracks(
    folder: Path, output: Path, *, progress: Callable[[float], None] = lambda done: None
) -> RawTracks:
    """Put every track of the recording in `folder` into a file in `output`, without encoding again.

    Raises NothingRecorded, NoRecording, and OSError if the disk is full.
    """
    playback = Playback(read_recording(folder))
    tracks = list(playback.encoded())
    output.mkdir(mode=0o700, exist_ok=True)
    written: list[RawTrack] = []
    for number, track in enumerate(tracks, start=1):
        written.extend(_write(track, output, playback.started_at))
        progress(number / len(tracks))
    if not written:
        raise NothingRecorded(f"the recording in {folder} holds no media")
    return RawTracks(playback.seconds, playback.started_at, tuple(written))


def _write(track: EncodedTrack, output: Path, began: float) -> Iterator[RawTrack]:
    """One file, or one more wherever the sender went over to another codec."""
    is_video = track.source in PICTURES
    for codec, group in itertools.groupby(track.frames, key=lambda timed: timed[1].codec):
        frames = iter(group)
        first = next(frames)
        form, ending = CONTAINERS.get(codec, ("webm", "webm"))
        times = [round((began + seconds) * 1000) for seconds in (0, first[0])]
        name = f"{times[0]}-{track.session_id}-{NAMES[track.source]}-{times[1]}.{ending}"
        with av.open(output / name, "w", format=form) as file:
            stream = _add_stream(file, first[1])
            _mux(file, stream, itertools.chain([first], frames), begins=first[0])
        yield RawTrack(name, "video" if is_video else "audio")


def _add_stream(file: OutputContainer, first: EncodedFrame) -> Stream:
    """A stream with the head that its codec needs; nothing is ever encoded."""
    if first.codec == "opus":
        return file.add_stream("libopus", rate=48_000, layout="stereo")
    if first.codec == "h264":
        with av.open(io.BytesIO(first.data), format="h264") as source:
            return file.add_stream_from_template(source.streams.video[0])
    width, height = _size(first)
    stream = file.add_stream(ENCODERS[first.codec], rate=30)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    return stream


def _size(first: EncodedFrame) -> tuple[int, int]:
    """Of the first picture; a later one may have another, which players find in the picture."""
    decoder = av.CodecContext.create(first.codec, "r")
    assert isinstance(decoder, av.VideoCodecContext)
    pictures = decoder.decode(av.Packet(first.data)) + decoder.decode(None)
    return (pictures[0].width, pictures[0].height) if pictures else (640, 480)


def _mux(
    file: OutputContainer,
    stream: Stream,
    frames: Iterable[tuple[float, EncodedFrame]],
    *,
    begins: float,
) -> None:
    last = -1
    for seconds, frame in frames:
        packet = av.Packet(frame.data)
        packet.stream = stream
        packet.time_base = MILLISECOND
        last = max(last + 1, round((seconds - begins) * 1000))
        packet.pts = packet.dts = last
        packet.is_keyframe = frame.is_key
        file.mux(packet)
