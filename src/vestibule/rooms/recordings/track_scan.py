"""A first pass over a track: what its clock, its length and its loudness can be told from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from vestibule.rooms.recordings.encoded_frames import Unwrap
from vestibule.rooms.recordings.track_log import NO_LEVEL, Packet, Record, SenderReport

# A pause longer than this may be a muted track, whose media clock may have stood still.
PAUSE_US = 200_000
NTP_TO_UNIX_SECONDS = 2_208_988_800
LEVEL_SECONDS = 0.1


@dataclass
class Report:
    """A sender report: three clocks at one moment, in seconds."""

    arrival: float
    ntp: float
    """The sender's wall clock, as unix time."""
    media: float


@dataclass
class Run:
    """Packets that came without a pause."""

    first_arrival: float
    first_media: float
    last_arrival: float
    skews: list[float]
    """For each second, the smallest difference between arrival and media clock, in seconds."""
    reports: list[Report] = field(default_factory=list)

    def extend(self, arrival: float, media: float) -> None:
        """Count one more packet in."""
        self.last_arrival = arrival
        if arrival - self.first_arrival >= len(self.skews):
            self.skews.append(arrival - media)
        else:
            self.skews[-1] = min(self.skews[-1], arrival - media)


@dataclass
class TrackScan:
    """What the pass found."""

    clock_rate: int
    first_timestamp: int
    runs: list[Run]
    levels: dict[int, int]
    """Loudest -dBov in each tenth of a second since 1970, where the sender told it."""

    @property
    def first_arrival(self) -> float:
        return self.runs[0].first_arrival

    @property
    def last_arrival(self) -> float:
        return self.runs[-1].last_arrival


def scan_track(records: Iterable[Record], *, clock_rate: int) -> TrackScan | None:
    """Read a track once; None if it has no packet."""
    scan: _Scanner | None = None
    for record in records:
        if isinstance(record, Packet):
            scan = scan or _Scanner(record, clock_rate)
            scan.packet(record)
        elif scan is not None:
            scan.report(record)
    return scan.result if scan is not None else None


class _Scanner:
    def __init__(self, first: Packet, clock_rate: int) -> None:
        self._unwrap = Unwrap(32, near=first.timestamp)
        self._run: Run | None = None
        self._last_us = 0
        self.result = TrackScan(clock_rate, first.timestamp, [], {})

    def packet(self, packet: Packet) -> None:
        arrival = packet.arrival_us / 1e6
        media = self._unwrap(packet.timestamp) / self.result.clock_rate
        if self._run is None or packet.arrival_us - self._last_us > PAUSE_US:
            self._run = Run(arrival, media, arrival, [])
            self.result.runs.append(self._run)
        self._last_us = packet.arrival_us
        self._run.extend(arrival, media)
        if packet.level != NO_LEVEL:
            tenth = int(arrival / LEVEL_SECONDS)
            self.result.levels[tenth] = min(packet.level, self.result.levels.get(tenth, NO_LEVEL))

    def report(self, report: SenderReport) -> None:
        """Keep it, unless it came in a pause: then it only guesses what the media clock shows."""
        if self._run is None or report.arrival_us - self._last_us > PAUSE_US:
            return
        media = self._unwrap(report.timestamp) / self.result.clock_rate
        ntp = report.ntp / 2**32 - NTP_TO_UNIX_SECONDS
        self._run.reports.append(Report(report.arrival_us / 1e6, ntp, media))
