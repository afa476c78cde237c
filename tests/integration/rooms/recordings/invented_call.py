"""Recordings of calls that never were: real encoded media, on any clocks and networks."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any

from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.signs import Look
from vestibule.rooms.recordings.journal import (
    Attendee,
    Joined,
    JournalEntry,
    Left,
    MediaFormat,
    Present,
    Source,
)
from vestibule.rooms.recordings.track_log import Packet, Record, SenderReport, TrackLog
from vestibule.rooms.recordings.track_store import RecorderClock, RecordingWriter

BEGIN = 1_800_000_000.0
VP8 = MediaFormat(payload_type=97, codec="vp8", clock_rate=90_000)
OPUS = MediaFormat(payload_type=96, codec="opus", clock_rate=48_000, channels=2)
NTP_EPOCH = 2_208_988_800


class TurnedClock(RecorderClock):
    """Shows what it is told."""

    def __init__(self) -> None:
        self.unix_us = round(BEGIN * 1e6)

    def now_us(self) -> int:
        return self.unix_us


@dataclass(frozen=True)
class Sender:
    """A person's browser."""

    attendee: Attendee
    look: Look
    comes: float = 0.0
    """Seconds after the recording began."""
    goes: float = 10.0
    clock_ahead: float = 0.0
    """By how many seconds its wall clock is ahead of the recorder's."""
    sound_ppm: float = 0.0
    """By how much its sound card counts too fast."""
    silent: tuple[float, float] = (0.0, 0.0)
    """When no sound is sent, while the sound's media clock stands still, as in Chromium."""
    reports: bool = True
    shares: Look | None = None
    """What their screen shows all the time."""
    delay: float = 0.02


def ada(**changes: Any) -> Sender:
    person = Attendee(session_id="ada", user_name="Ada", is_owner=True, audio=True, video=True)
    return Sender(person, signs.ADA, **changes)


def ben(**changes: Any) -> Sender:
    person = Attendee(session_id="ben", user_name="Ben", audio=True, video=True)
    return Sender(person, signs.BEN, **changes)


def cleo(**changes: Any) -> Sender:
    person = Attendee(session_id="cleo", user_name="Cleo", audio=True, video=True)
    return Sender(person, signs.CLEO, **changes)


def record(
    folder: Path,
    *senders: Sender,
    extra: Sequence[JournalEntry] = (),
    loses: Callable[[Source, int], bool] = lambda source, number: False,
    stops: float | None = 10.0,
) -> None:
    """Write the recording of a call; `loses` says which packets of a track never arrive.

    With `stops` None the recorder is killed at the end.
    """
    clock = TurnedClock()
    writer = RecordingWriter(folder, room="ward", clock=clock)
    notes = [*_comings_and_goings(senders), *extra]
    connections = {sender.attendee.session_id: writer.new_connection() for sender in senders}
    logs: dict[tuple[str, Source], TrackLog] = {}
    media = (sent for sender in senders for sent in _media(sender, loses))
    for arrival, what in sorted([*media, *((note.at, note) for note in notes)], key=itemgetter(0)):
        clock.unix_us = round(arrival * 1e6)
        if not isinstance(what, _Sent):
            writer.note(what)
            continue
        session_id, source = what.track
        if what.track not in logs:
            wire = OPUS if source == "microphone" else VP8
            logs[what.track] = writer.open_track(
                session_id, connection=connections[session_id], source=source, formats=[wire]
            )
        logs[what.track].append(what.record)
    if stops is not None:
        clock.unix_us = round((BEGIN + stops) * 1e6)
        writer.close("asked")
    else:
        writer.sync()


@dataclass(frozen=True)
class _Sent:
    track: tuple[str, Source]
    record: Record


Timed = tuple[float, _Sent]


def _comings_and_goings(senders: Sequence[Sender]) -> Iterator[JournalEntry]:
    yield Present(at=BEGIN, people=tuple(s.attendee for s in senders if not s.comes))
    for sender in senders:
        if sender.comes:
            yield Joined(at=BEGIN + sender.comes, person=sender.attendee)
        yield Left(at=BEGIN + sender.goes, session_id=sender.attendee.session_id)


def _media(sender: Sender, loses: Callable[[Source, int], bool]) -> Iterator[Timed]:
    screen = _pictures(sender, "screen", sender.shares) if sender.shares else ()
    for arrival, sent in [*_pictures(sender, "camera", sender.look), *_sound(sender), *screen]:
        is_lost = isinstance(sent.record, Packet) and loses(sent.track[1], sent.record.sequence)
        if not is_lost:
            yield arrival, sent


def _pictures(sender: Sender, source: Source, look: Look) -> Iterator[Timed]:
    track: tuple[str, Source] = (sender.attendee.session_id, source)
    encoder = Vp8Encoder()
    sequence = itertools.count()
    for number in range(round((sender.goes - sender.comes) * 30)):
        at = sender.comes + number / 30
        frame = VideoFrame.from_ndarray(
            signs.picture(number, flashes=signs.is_sign_time(at + 1e-6), look=look),
            format="yuv420p",
        )
        frame.pts, frame.time_base = round(at * 90_000), Fraction(1, 90_000)
        payloads, timestamp = encoder.encode(frame)
        for index, payload in enumerate(payloads):
            is_last = index == len(payloads) - 1
            yield _packet(sender, track, at, timestamp, next(sequence), 97, payload, is_last)
        if number % 30 == 15 and sender.reports:
            yield _report(sender, track, at, timestamp)


def _sound(sender: Sender) -> Iterator[Timed]:
    track: tuple[str, Source] = (sender.attendee.session_id, "microphone")
    encoder = OpusEncoder()
    pace = 1 + sender.sound_ppm / 1e6
    media = 0
    for number in range(round((sender.goes - sender.comes) * 50)):
        at = sender.comes + number / 50 / pace
        samples = signs.tone(round(at * signs.RATE), 960, look=sender.look)
        frame = AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, media, Fraction(1, 48_000)
        payloads, _ = encoder.encode(frame)
        if sender.silent[0] <= at < sender.silent[1]:
            continue
        for payload in payloads:
            yield _packet(sender, track, at + 0.02, media, media // 960, 96, payload, True)
        if number % 100 == 50 and sender.reports:
            yield _report(sender, track, at, media)
        media += 960


def _packet(
    sender: Sender,
    track: tuple[str, Source],
    at: float,
    timestamp: int,
    sequence: int,
    payload_type: int,
    payload: bytes,
    marker: bool,
) -> Timed:
    arrival = BEGIN + at + sender.delay
    level = 20 if signs.is_sign_time(at) else 127
    packet = Packet(
        round(arrival * 1e6), timestamp, sequence & 65_535, payload_type, marker, level, payload
    )
    return arrival, _Sent(track, packet)


def _report(sender: Sender, track: tuple[str, Source], at: float, timestamp: int) -> Timed:
    arrival = BEGIN + at + sender.delay
    ntp = round((BEGIN + at + sender.clock_ahead + NTP_EPOCH) * 2**32)
    return arrival, _Sent(track, SenderReport(round(arrival * 1e6), ntp, timestamp))
