"""Decodes all sound tracks and mixes them on the recording's clock."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from vestibule.rooms.recordings.encoded_frames import EncodedFrame

RATE = 48_000
CHANNELS = 2

Samples = NDArray[np.float32]
"""One row per sample, one column per channel."""

# Where sound should be and where it would be if just appended may differ so much; beyond, it jumps.
TOLERANCE = RATE // 50
# Drift is made good by stretching; four samples in a packet of 960 cannot be heard.
STRETCH_MOST = 4
# A lost packet or two is covered by the fading echo of the one before, so that there is no click.
COVERED_GAP = RATE // 20
# Softer than this stays as it is; louder is bent towards 1, never cut.
SOFT_LIMIT = 0.8


class SoundTrack:
    """Decodes one track, and puts each packet where its clock says."""

    def __init__(self, frames: Iterable[tuple[float, EncodedFrame]]) -> None:
        """`frames` come with their places, in seconds since the recording began."""
        self._frames = iter(frames)
        self._decoder = _Decoder()
        self._end: int | None = None  # where the last placed sample ended
        self._last: Samples = np.zeros((0, CHANNELS), np.float32)
        self._held: tuple[int, Samples] | None = None
        self._is_over = False

    def mix_into(self, block: Samples, *, start: int) -> None:
        """Add what belongs to the samples from `start` on; blocks are asked for in order."""
        end = start + len(block)
        while (piece := self._take()) is not None:
            place, samples = piece
            _add(block, samples, place - start)
            if place + len(samples) > end:
                self._held = piece
                return

    def _take(self) -> tuple[int, Samples] | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        for seconds, frame in self._frames:
            samples = self._decoder.decode(frame)
            if len(samples):
                piece = self._place(round(seconds * RATE), samples)
                if piece is not None:
                    return piece
        return None

    def _place(self, wanted: int, samples: Samples) -> tuple[int, Samples] | None:
        """The samples with the place where they begin; None for what is already past."""
        if self._end is None:
            self._end = wanted
        gap = wanted - self._end
        if gap < -TOLERANCE:
            return None
        if gap <= TOLERANCE:
            place, samples = self._end, _stretch(samples, _clip(gap // 8))
        else:
            place, samples = self._cover(wanted, gap, samples)
        self._last = samples
        self._end = place + len(samples)
        return place, samples

    def _cover(self, wanted: int, gap: int, samples: Samples) -> tuple[int, Samples]:
        """Fill a short gap before the samples."""
        if gap > COVERED_GAP or not len(self._last):
            return wanted, samples
        echo = np.resize(self._last[::-1], (gap, CHANNELS))
        fade = np.linspace(1, 0, gap, dtype=np.float32)[:, None]
        return wanted - gap, np.concatenate([echo * fade, samples])


class _Decoder:
    """Opus to stereo samples; a damaged packet gives none."""

    def __init__(self) -> None:
        self._context = av.CodecContext.create("libopus", "r")
        self._resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE)

    def decode(self, frame: EncodedFrame) -> Samples:
        packet = av.Packet(frame.data)
        try:
            decoded = self._context.decode(packet)
        except av.FFmpegError:
            decoded = []
        parts = [self._to_stereo(part) for part in decoded]
        return np.concatenate(parts) if parts else np.zeros((0, CHANNELS), np.float32)

    def _to_stereo(self, frame: AudioFrame) -> Samples:
        frame.pts = None
        resampled = self._resampler.resample(frame)
        return np.concatenate([cast(Samples, part.to_ndarray()).T for part in resampled])


def mixed(
    tracks: Sequence[SoundTrack], *, seconds: float, block_seconds: float = 1.0
) -> Iterator[Samples]:
    """Blocks of the mix until the recording's end; the last may be shorter."""
    total, block_size = round(seconds * RATE), round(block_seconds * RATE)
    for start in range(0, total, block_size):
        block = np.zeros((min(block_size, total - start), CHANNELS), np.float32)
        for track in tracks:
            track.mix_into(block, start=start)
        yield _limit(block)


def _add(block: Samples, samples: Samples, offset: int) -> None:
    first, last = max(0, offset), min(len(block), offset + len(samples))
    if first < last:
        block[first:last] += samples[first - offset : last - offset]


def _clip(stretch: int) -> int:
    return max(-STRETCH_MOST, min(STRETCH_MOST, stretch))


def _stretch(samples: Samples, by: int) -> Samples:
    """The same sound with `by` samples more."""
    if by == 0:
        return samples
    old = np.arange(len(samples), dtype=np.float32)
    new = np.linspace(0, len(samples) - 1, len(samples) + by, dtype=np.float32)
    columns = [np.interp(new, old, samples[:, channel]) for channel in range(CHANNELS)]
    return np.stack(columns, axis=1).astype(np.float32)


def _limit(block: Samples) -> Samples:
    loud = np.abs(block)
    if loud.max(initial=0) <= SOFT_LIMIT:
        return block
    room = 1 - SOFT_LIMIT
    bent = SOFT_LIMIT + room * np.tanh((loud - SOFT_LIMIT) / room)
    return np.where(loud > SOFT_LIMIT, np.sign(block) * bent, block).astype(np.float32)
