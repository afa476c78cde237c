"""Decodes video tracks and draws them into the recording's picture."""

import heapq
from collections.abc import Iterable, Sequence
from typing import cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from vestibule.rooms.recordings.encoded_frames import EncodedFrame
from vestibule.rooms.recordings.layouts import Area, Tile
from vestibule.rooms.recordings.name_tags import Tag, name_tag

Plane = NDArray[np.uint8]

TimedFrame = tuple[float, EncodedFrame]
Colour = tuple[int, int, int]
"""Brightness 16..235 and the two colour differences, where 128 is none."""

GREY = 128
DARK: Colour = (40, GREY, GREY)
TAG_PART = 14
SMALLEST_TAG = 16


class VideoSource:
    """What a person's camera or screen showed, over all the tracks that brought it."""

    def __init__(self, tracks: Sequence[Iterable[TimedFrame]]) -> None:
        """Each track's frames come with their seconds since the recording began."""
        numbered = (
            ((seconds, number, frame) for seconds, frame in track)
            for number, track in enumerate(tracks)
        )
        self._frames = heapq.merge(*numbered, key=lambda item: item[0])
        self._next = next(self._frames, None)
        self._decoders: dict[int, _Decoder] = {}
        self._shown: VideoFrame | None = None

    def at(self, seconds: float) -> VideoFrame | None:
        """The newest picture at that moment; moments are asked for in order."""
        while self._next is not None and self._next[0] <= seconds:
            _, number, frame = self._next
            decoder = self._decoders.setdefault(number, _Decoder())
            self._shown = decoder.decode(frame) or self._shown
            self._next = next(self._frames, None)
        return self._shown


class _Decoder:
    """Decodes one track; a damaged frame gives no picture."""

    def __init__(self) -> None:
        self._codec = ""
        self._context: VideoCodecContext | None = None

    def decode(self, frame: EncodedFrame) -> VideoFrame | None:
        if self._context is None or frame.codec != self._codec:
            self._codec = frame.codec
            self._context = cast(VideoCodecContext, av.CodecContext.create(frame.codec, "r"))
            self._context.thread_count = 1
        try:
            pictures = self._context.decode(av.Packet(frame.data))
        except av.FFmpegError:
            return None
        return pictures[-1] if pictures else None


class Picture:
    """The recording's picture, drawn tile by tile."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._background = background
        self._all = np.empty((height * 3 // 2, width), np.uint8)
        flat = self._all.reshape(-1)
        size = width * height
        self._planes: tuple[Plane, Plane, Plane] = (
            flat[:size].reshape(height, width),
            flat[size : size * 5 // 4].reshape(height // 2, width // 2),
            flat[size * 5 // 4 :].reshape(height // 2, width // 2),
        )
        self._whole = Area(0, 0, width, height)
        self.clear()

    def frame(self) -> VideoFrame:
        """A copy for the encoder."""
        return VideoFrame.from_ndarray(self._all, format="yuv420p")

    def clear(self, area: Area | None = None) -> None:
        """Fill the area, or everything, with the background."""
        self.fill(area or self._whole, self._background)

    def fill(self, area: Area, colour: Colour) -> None:
        """One colour all over the area."""
        for plane, value, divisor in zip(self._planes, colour, (1, 2, 2), strict=True):
            _part(plane, area, divisor)[:] = value

    def paste(self, frame: VideoFrame, area: Area, *, left: int, top: int) -> None:
        """Lay the part of a yuv420p picture that begins at `left` and `top` over the area."""
        for plane, source, divisor in zip(self._planes, frame.planes, (1, 2, 2), strict=True):
            rows = np.frombuffer(memoryview(source), np.uint8).reshape(-1, source.line_size)
            cut = Area(left, top, area.width, area.height)
            _part(plane, area, divisor)[:] = _part(rows, cut, divisor)

    def stamp(self, tag: Tag, x: int, y: int) -> None:
        """Lay a name over the picture; all four numbers are even."""
        height, width = tag.brightness.shape
        area = Area(x, y, width, height)
        bright = _part(self._planes[0], area, 1)
        bright[:] = bright + (tag.brightness - bright) * tag.opacity
        for plane in self._planes[1:]:
            colour = _part(plane, area, 2)
            colour[:] = colour + (GREY - colour.astype(np.float32)) * tag.opacity[::2, ::2]


class TilePainter:
    """Keeps one tile up to date in the picture."""

    def __init__(self, tile: Tile, picture: Picture) -> None:
        self._tile = tile
        self._picture = picture
        self._scaler = VideoReformatter()
        self._shown: VideoFrame | None = None
        self._covered: Area | None = None

    def paint(self, frame: VideoFrame | None) -> bool:
        """Show this picture, or the name alone without one. False if nothing had to be drawn."""
        if self._covered is not None and frame is self._shown:
            return False
        self._shown = frame
        covered = self._draw_name() if frame is None else self._draw(frame)
        self._covered = covered
        return True

    def _draw(self, frame: VideoFrame) -> Area:
        covered, width, height = fitted(frame.width, frame.height, self._tile)
        if covered != self._covered:
            self._picture.clear(self._tile.area)
        scaled = self._scaler.reformat(
            frame, width, height, "yuv420p", interpolation=Interpolation.BILINEAR
        )
        left, top = _even((width - covered.width) / 2), _even((height - covered.height) / 2)
        self._picture.paste(scaled, covered, left=left, top=top)
        self._stamp(covered, in_middle=False)
        return covered

    def _draw_name(self) -> Area:
        self._picture.fill(self._tile.area, DARK)
        self._stamp(self._tile.area, in_middle=True)
        return self._tile.area

    def _stamp(self, covered: Area, *, in_middle: bool) -> None:
        height = max(SMALLEST_TAG, _even(covered.height / TAG_PART))
        if height > covered.height:
            return
        tag = name_tag(self._tile.label, height=height, max_width=covered.width)
        if tag is None:
            return
        left = _even((covered.width - tag.brightness.shape[1]) / 2) if in_middle else 0
        top = _even((covered.height - height) / 2) if in_middle else covered.height - height
        self._picture.stamp(tag, covered.x + left, covered.y + top)


def fitted(width: int, height: int, tile: Tile) -> tuple[Area, int, int]:
    """The part of the tile that a picture of this size covers, and the size it is scaled to."""
    area = tile.area
    ratios = area.width / width, area.height / height
    if tile.fit == "fill":
        ratio = max(ratios)
        scaled = max(area.width, _even(width * ratio)), max(area.height, _even(height * ratio))
        return area, *scaled
    ratio = min(ratios)
    scaled = max(2, _even(width * ratio + 1)), max(2, _even(height * ratio + 1))
    covered_width, covered_height = min(scaled[0], area.width), min(scaled[1], area.height)
    left, top = (area.width - covered_width) / 2, (area.height - covered_height) / 2
    covered = Area(area.x + _even(left), area.y + _even(top), covered_width, covered_height)
    return covered, covered_width, covered_height


def _part(plane: Plane, area: Area, divisor: int) -> Plane:
    rows = slice(area.y // divisor, (area.y + area.height) // divisor)
    columns = slice(area.x // divisor, (area.x + area.width) // divisor)
    return plane[rows, columns]


def _even(size: float) -> int:
    return int(size / 2) * 2
