"""Measures an MP4 by the signs in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tests.integration.rooms.recordings.signs import (
    BITS,
    BRIGHT,
    DIM,
    HEIGHT,
    PATCH,
    RATE,
    WIDTH,
    Look,
)
from vestibule.rooms.recordings.layouts import Area

Sound = NDArray[np.float32]


@dataclass
class Tile:
    """What one part of the picture showed."""

    times: list[float] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    """The frame number; None where none could be read."""
    brightness: list[float] = field(default_factory=list)
    colours: list[tuple[float, float]] = field(default_factory=list)

    def flashes(self) -> list[float]:
        """When each flash began."""
        middle = (DIM + BRIGHT) / 2
        pairs = zip(self.times, self.brightness, [BRIGHT, *self.brightness], strict=False)
        return [at for at, now, before in pairs if now > middle >= before]

    def frames_per_second(self, start: float, end: float) -> float:
        """How many different frames of the source were seen in each second."""
        seen = {
            number
            for at, number in zip(self.times, self.numbers, strict=True)
            if start <= at < end and number is not None
        }
        return len(seen) / (end - start)

    def legible(self, start: float, end: float) -> float:
        """In which part of the pictures the number can be read: a busy browser blurs some."""
        read = [
            number is not None
            for at, number in zip(self.times, self.numbers, strict=True)
            if start <= at < end
        ]
        return sum(read) / max(1, len(read))

    def shows(self, look: Look, start: float, end: float) -> float:
        """The part of the time in which this person was seen."""
        colours = [
            colour for at, colour in zip(self.times, self.colours, strict=True) if start <= at < end
        ]
        near = [abs(blue - look.blue) < 20 and abs(red - look.red) < 20 for blue, red in colours]
        return sum(near) / max(1, len(near))


@dataclass
class Film:
    """A measured file."""

    seconds: float
    fps: float
    size: tuple[int, int]
    tiles: dict[str, Tile]
    sound: Sound

    def tones(self, look: Look) -> list[float]:
        """When each of a person's tones began."""
        strength = self._strength(look)
        is_on = strength > 0.5 * max(0.05, float(np.percentile(strength, 99.5)))
        starts = np.flatnonzero(is_on[1:] & ~is_on[:-1]) + 1
        kept: list[float] = []
        for start in starts / RATE:
            if not kept or start - kept[-1] > 0.5:
                kept.append(float(start))
        return kept

    def is_heard(self, look: Look, start: float, end: float) -> bool:
        """True if the person's tone is in this part."""
        part = self._strength(look)[int(start * RATE) : int(end * RATE)]
        return bool(part.max(initial=0) > 0.05)

    def _strength(self, look: Look) -> Sound:
        """How loud the person's tone is around each sample."""
        window = RATE // 100
        turns = np.exp(-2j * np.pi * look.hertz * np.arange(len(self.sound)) / RATE)
        sums = np.cumsum(np.concatenate([np.zeros(window), self.sound * turns]))
        return cast(Sound, np.abs(sums[window:] - sums[:-window]) / window * 2)


def sound_minus_picture(film: Film, name: str, look: Look) -> list[float]:
    """For each flash in a tile, how many seconds later its tone was heard."""
    tones = film.tones(look)
    assert tones, "no tone was heard"
    flashes = film.tiles[name].flashes()
    assert flashes, "no flash was seen"
    later = (min((tone - flash for tone in tones), key=abs) for flash in flashes)
    return [by for by in later if abs(by) < 0.5]


def measure(path: Path, areas: Mapping[str, Area]) -> Film:
    """Read a file, looking at the named parts of its picture."""
    tiles = {name: Tile() for name in areas}
    pieces: list[tuple[int, Sound]] = []
    with av.open(path) as file:
        assert file.duration is not None
        seconds = file.duration / av.time_base
        video = file.streams.video[0] if file.streams.video else None
        everything: Iterable[Any] = file.demux()
        for frame in (frame for packet in everything for frame in packet.decode()):
            if isinstance(frame, VideoFrame):
                for name, area in areas.items():
                    _look(frame, area, tiles[name])
            elif isinstance(frame, AudioFrame):
                left: Sound = frame.to_ndarray()[0]
                pieces.append((round((frame.time or 0.0) * RATE), left))
        fps = float(video.average_rate or 0) if video else 0.0
        size = (video.width, video.height) if video else (0, 0)
    return Film(seconds, fps, size, tiles, _joined(pieces, seconds))


def _joined(pieces: list[tuple[int, Sound]], seconds: float) -> Sound:
    sound = np.zeros(round(seconds * RATE) + RATE, np.float32)
    for place, samples in pieces:
        kept = samples[max(0, -place) :]
        sound[max(0, place) : max(0, place) + len(kept)] = kept
    return sound


def _look(frame: VideoFrame, area: Area, tile: Tile) -> None:
    planes = [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        for plane in frame.planes
    ]

    def at(x: float, y: float, plane: int = 0) -> float:
        left, top = area.x + x / WIDTH * area.width, area.y + y / HEIGHT * area.height
        scale = 2 if plane else 1
        row, column = int(top / scale), int(left / scale)
        return float(planes[plane][row - 1 : row + 2, column - 1 : column + 2].mean())

    blocks = [at((bit + 0.5) * WIDTH / BITS, WIDTH / BITS / 2) for bit in range(BITS)]
    number = sum(1 << (BITS - 1 - bit) for bit, bright in enumerate(blocks) if bright > 128)
    is_clear = all(bright < 80 or bright > 170 for bright in blocks)
    tile.times.append(frame.time)
    tile.numbers.append(number if is_clear else None)
    tile.brightness.append(at(WIDTH / 2, HEIGHT / 2))
    patch = WIDTH - PATCH / 2, HEIGHT - PATCH / 2
    tile.colours.append((at(*patch, 1), at(*patch, 2)))
