"""One clock for all tracks.

Each track counts media samples; its sender's reports say what the sender's wall clock showed at
a sample; and when those reports arrived says what the recorder's clock showed then. Both steps
are straight lines over the whole call, so that drift is followed and jitter is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from vestibule.rooms.recordings.track_scan import Report, Run, TrackScan

# Reports of one unbroken media clock agree within this.
SAME_CLOCK_SECONDS = 0.04
# Without reports only arrival tells whether the media clock stood still in a pause.
SAME_ARRIVAL_SECONDS = 0.15
DRIFT_NEEDS_SECONDS = 30.0
FASTEST_DRIFT = 500e-6
FLOOR_WINDOW_SECONDS = 10.0


@dataclass(frozen=True)
class Line:
    """y = y0 + slope * (x - x0)."""

    x0: float
    y0: float
    slope: float = 0.0

    def at(self, x: float) -> float:
        return self.y0 + self.slope * (x - self.x0)


def straight(points: Sequence[tuple[float, float]]) -> Line:
    """The line through the middle of the points; level if they span too little to tell drift."""
    x, y = np.array(points).T
    middle = float(np.median(x))
    if x.max() - x.min() < DRIFT_NEEDS_SECONDS:
        return Line(middle, float(np.median(y)))
    slope, height = np.polyfit(x - middle, y, 1)
    return Line(middle, float(height), float(np.clip(slope, -FASTEST_DRIFT, FASTEST_DRIFT)))


def floor(points: Sequence[tuple[float, float]]) -> Line:
    """The line under the points: what is least delayed tells the true difference of two clocks."""
    lowest: dict[int, tuple[float, float]] = {}
    for x, y in points:
        window = int(x / FLOOR_WINDOW_SECONDS)
        if window not in lowest or y < lowest[window][1]:
            lowest[window] = (x, y)
    line = straight(list(lowest.values()))
    if line.slope == 0.0:
        return Line(line.x0, min(y for _, y in lowest.values()))
    depth = min(y - line.at(x) for x, y in lowest.values())
    return Line(line.x0, line.y0 + depth, line.slope)


@dataclass(frozen=True)
class Stretch:
    """A part of a track in which its media clock never stood still."""

    first_media: float
    skew: float
    to_sender: Line | None
    """Media seconds to what must be added for the sender's clock; None without reports."""


class TrackClock:
    """Tells when the samples of a track were taken, on the recorder's clock."""

    def __init__(
        self, scan: TrackScan, *, stretches: Sequence[Stretch], to_recorder: Line | None
    ) -> None:
        self._rate = scan.clock_rate
        self._stretches = stretches
        self._to_recorder = to_recorder

    def time_of(self, timestamp: int) -> float:
        """Unix seconds of an unwrapped media timestamp."""
        media = timestamp / self._rate
        stretch = self._stretch_of(media)
        if stretch.to_sender is None or self._to_recorder is None:
            return media + stretch.skew
        sender = media + stretch.to_sender.at(media)
        return sender + self._to_recorder.at(sender)

    def _stretch_of(self, media: float) -> Stretch:
        for stretch in reversed(self._stretches):
            if media >= stretch.first_media:
                return stretch
        return self._stretches[0]


def clocks_of_connection(scans: Sequence[TrackScan]) -> list[TrackClock]:
    """The clocks of tracks that came over one connection, so from one sender's clock."""
    reports = [report for scan in scans for run in scan.runs for report in run.reports]
    to_recorder = floor([(r.ntp, r.arrival - r.ntp) for r in reports]) if reports else None
    return [
        TrackClock(scan, stretches=_stretches(scan.runs), to_recorder=to_recorder) for scan in scans
    ]


def _stretches(runs: Iterable[Run]) -> list[Stretch]:
    groups: list[list[Run]] = []
    for run in runs:
        if groups and _continues(groups[-1], run):
            groups[-1].append(run)
        else:
            groups.append([run])
    return [_stretch(group) for group in groups]


def _stretch(group: Sequence[Run]) -> Stretch:
    reports = [report for run in group for report in run.reports]
    to_sender = straight([(r.media, _offset(r)) for r in reports]) if reports else None
    return Stretch(group[0].first_media, min(min(run.skews) for run in group), to_sender)


def _continues(group: Sequence[Run], run: Run) -> bool:
    """True if the media clock went on during the pause before this run."""
    earlier = next((other.reports[-1] for other in reversed(group) if other.reports), None)
    if earlier and run.reports:
        step = _offset(run.reports[0]) - _offset(earlier)
        drift = FASTEST_DRIFT * abs(run.reports[0].ntp - earlier.ntp)
        return abs(step) < SAME_CLOCK_SECONDS + drift
    return abs(run.skews[0] - min(group[-1].skews[-2:])) < SAME_ARRIVAL_SECONDS


def _offset(report: Report) -> float:
    return report.ntp - report.media
