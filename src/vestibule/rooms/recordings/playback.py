"""A recording with all its tracks on one clock that begins at zero."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vestibule.rooms.recordings.clocks import TrackClock, clocks_of_connection
from vestibule.rooms.recordings.encoded_frames import EncodedFrame, picture_frames, sound_frames
from vestibule.rooms.recordings.journal import Source, Stopped
from vestibule.rooms.recordings.pictures import VideoSource
from vestibule.rooms.recordings.sound import SoundTrack
from vestibule.rooms.recordings.timeline import Scene, moments, scenes, turns
from vestibule.rooms.recordings.track_log import Packet, read_track_log
from vestibule.rooms.recordings.track_scan import TrackScan, scan_track
from vestibule.rooms.recordings.track_store import RecordedTrack, Recording

PICTURES: frozenset[Source] = frozenset({"camera", "screen"})


@dataclass(frozen=True)
class _Track:
    recorded: RecordedTrack
    scan: TrackScan
    clock: TrackClock


@dataclass(frozen=True)
class EncodedTrack:
    """One track as it was sent."""

    session_id: str
    source: Source
    frames: Iterator[tuple[float, EncodedFrame]]
    """Each with its seconds since the recording began."""


class Playback:
    """Reads a recording once to learn its clocks, and again to play it."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._tracks = list(_clocked(recording.tracks))
        self.started_at = min((track.scan.first_arrival for track in self._tracks), default=0.0)
        """Unix seconds of the moment zero: the first media arrived."""
        self.seconds = self._ended_at() - self.started_at
        """Length of the recording; 0 if it holds no media."""

    def scenes(self) -> list[Scene]:
        """Who was there and who spoke, with times since the recording began."""
        levels: dict[str, dict[int, int]] = defaultdict(dict)
        for track in self._tracks:
            if track.recorded.source == "microphone":
                levels[track.recorded.session_id].update(track.scan.levels)
        states = moments(self._recording.entries)
        return scenes(states, turns(levels), started_at=self.started_at)

    def sounds(self, wanted: Callable[[str], bool]) -> list[SoundTrack]:
        """The sound tracks of the people whose session ids are wanted."""
        return [
            SoundTrack(self._frames(track))
            for track in self._tracks
            if track.recorded.source not in PICTURES and wanted(track.recorded.session_id)
        ]

    def pictures(self) -> dict[tuple[str, Source], VideoSource]:
        """What each person's camera and screen showed."""
        found: dict[tuple[str, Source], list[_Track]] = defaultdict(list)
        for track in self._tracks:
            if track.recorded.source in PICTURES:
                found[track.recorded.session_id, track.recorded.source].append(track)
        return {
            who: VideoSource([self._frames(track) for track in tracks])
            for who, tracks in found.items()
        }

    def encoded(self) -> Iterator[EncodedTrack]:
        """Every track, as it was sent."""
        for track in self._tracks:
            recorded = track.recorded
            yield EncodedTrack(recorded.session_id, recorded.source, self._frames(track))

    def _frames(self, track: _Track) -> Iterator[tuple[float, EncodedFrame]]:
        read = picture_frames if track.recorded.source in PICTURES else sound_frames
        packets = _packets(track.recorded)
        for frame in read(packets, track.recorded.formats, near=track.scan.first_timestamp):
            yield track.clock.time_of(frame.timestamp) - self.started_at, frame

    def _ended_at(self) -> float:
        stops = (entry.at for entry in self._recording.entries if isinstance(entry, Stopped))
        arrivals = [track.scan.last_arrival for track in self._tracks]
        return max([*stops, *arrivals]) if arrivals else self.started_at


def _packets(track: RecordedTrack) -> Iterator[Packet]:
    return (record for record in read_track_log(track.path) if isinstance(record, Packet))


def _clocked(tracks: Sequence[RecordedTrack]) -> Iterator[_Track]:
    connections: dict[int, list[tuple[RecordedTrack, TrackScan]]] = defaultdict(list)
    for track in tracks:
        scan = scan_track(read_track_log(track.path), clock_rate=_clock_rate(track))
        if scan is not None:
            connections[track.connection].append((track, scan))
    for members in connections.values():
        clocks = clocks_of_connection([scan for _, scan in members])
        for (track, scan), clock in zip(members, clocks, strict=True):
            yield _Track(track, scan, clock)


def _clock_rate(track: RecordedTrack) -> int:
    """All codecs of a kind of media have the same."""
    return next(iter(track.formats.values())).clock_rate
