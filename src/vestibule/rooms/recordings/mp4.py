"""Encodes pictures and sound into an MP4 file."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from vestibule.rooms.definitions.shapes import RecordingOptions
from vestibule.rooms.recordings.sound import RATE, Samples

# Small enough for every player to seek well, large enough not to cost bits.
KEY_FRAME_SECONDS = 4
# Quality that people do not tell from the original; the bitrate asked for is only the upper limit.
CONSTANT_QUALITY = 23
# Beyond so many pixels encoding must not take longer than the call did: it looks for less.
MANY = 1280 * 720


class Mp4:
    """A file of H.264 and AAC whose index stands in front, so that it plays while it loads."""

    def __init__(self, path: Path, options: RecordingOptions, *, with_pictures: bool) -> None:
        self._file = av.open(path, "w", format="mp4", options={"movflags": "+faststart"})
        self._video = self._add_video(options) if with_pictures else None
        self._audio: AudioStream = self._file.add_stream("aac", rate=RATE, layout="stereo")
        self._audio.bit_rate = options.audioBitrate * 1000
        self._samples = 0
        self._pictures = 0

    def add_picture(self, picture: VideoFrame) -> None:
        """The next picture."""
        assert self._video is not None
        picture.pts = self._pictures
        self._pictures += 1
        self._file.mux(self._video.encode(picture))

    def add_sound(self, samples: Samples) -> None:
        """The next samples."""
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T), format="fltp", layout="stereo"
        )
        frame.sample_rate = RATE
        frame.pts = self._samples
        self._samples += len(samples)
        self._file.mux(self._audio.encode(frame))

    def finish(self) -> None:
        """Write what the encoders still hold, and the index."""
        if self._video is not None:
            self._file.mux(self._video.encode(None))
        self._file.mux(self._audio.encode(None))

    def __enter__(self) -> "Mp4":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _add_video(self, options: RecordingOptions) -> VideoStream:
        kbps = options.videoBitrate
        stream: VideoStream = self._file.add_stream(
            "libx264",
            rate=options.fps,
            options={
                "preset": "veryfast" if options.width * options.height <= MANY else "superfast",
                "crf": str(CONSTANT_QUALITY),
                "maxrate": f"{kbps}k",
                "bufsize": f"{2 * kbps}k",
            },
        )
        stream.width, stream.height, stream.pix_fmt = options.width, options.height, "yuv420p"
        stream.codec_context.gop_size = KEY_FRAME_SECONDS * options.fps
        stream.codec_context.time_base = Fraction(1, options.fps)
        return _tell_colours(stream)


def _tell_colours(stream: VideoStream) -> VideoStream:
    """Browsers send standard-definition colours at every size; players must not guess by size."""
    context = stream.codec_context
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.SMPTE170M
    context.color_primaries = ColorPrimaries.SMPTE170M
    context.color_trc = ColorTrc.SMPTE170M
    return stream
