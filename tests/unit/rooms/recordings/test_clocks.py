"""Times of samples on the recorder's clock, from reports that arrive late and clocks that drift."""

import random

import pytest

from vestibule.rooms.recordings.clocks import TrackClock, clocks_of_connection, floor, straight
from vestibule.rooms.recordings.track_log import Packet, Record, SenderReport
from vestibule.rooms.recordings.track_scan import TrackScan, scan_track

BEGIN = 1_800_000_000.0
RATE = 48_000
DELAY = 0.03
NTP_EPOCH = 2_208_988_800


def sent(at: float, media: float, *, delay: float = DELAY, level: int = 30) -> Packet:
    arrival_us = round((BEGIN + at + delay) * 1e6)
    return Packet(arrival_us, round(media * RATE) % 2**32, 0, 96, True, level, b"opus")


def reported(at: float, media: float, *, ahead: float, delay: float = DELAY) -> SenderReport:
    arrival_us = round((BEGIN + at + delay) * 1e6)
    ntp = round((BEGIN + at + ahead + NTP_EPOCH) * 2**32)
    return SenderReport(arrival_us, ntp, round(media * RATE) % 2**32)


def scanned(records: list[Record]) -> TrackScan:
    scan = scan_track(records, clock_rate=RATE)
    assert scan is not None
    return scan


def clock_of(records: list[Record]) -> TrackClock:
    return clocks_of_connection([scanned(records)])[0]


def steady(
    seconds: int,
    *,
    ppm: float = 0.0,
    ahead: float = 0.0,
    first_media: float = 100.0,
    every: int = 5,
) -> list[Record]:
    """A track whose media clock runs `ppm` too fast and whose network is shaky."""
    chance = random.Random(7)
    records: list[Record] = []
    for number in range(seconds * 10):
        at = number / 10
        media = first_media + at * (1 + ppm / 1e6)
        records.append(sent(at, media, delay=DELAY + chance.expovariate(200)))
        if every and number % (every * 10) == 5:
            delay = DELAY + chance.expovariate(200)
            records.append(reported(at, media, ahead=ahead, delay=delay))
    return records


def error(clock: TrackClock, at: float, media: float) -> float:
    """How far the clock is off; the network's least delay cannot be known."""
    return clock.time_of(round(media * RATE)) - (BEGIN + at + DELAY)


@pytest.mark.parametrize("ahead", [0.0, -3600.0, 86_400.0])
def test_the_senders_wall_clock_may_be_wrong(ahead: float) -> None:
    clock = clock_of(steady(20, ahead=ahead))

    assert abs(error(clock, 0, 100.0)) < 0.008
    assert abs(error(clock, 19, 119.0)) < 0.008


@pytest.mark.parametrize("ppm", [-200, 50, 200])
def test_drift_is_followed_over_an_hour(ppm: float) -> None:
    clock = clock_of(steady(3600, ppm=ppm))

    for at in (0, 1800, 3599):
        assert abs(error(clock, at, 100 + at * (1 + ppm / 1e6))) < 0.008


def test_tracks_of_one_sender_are_in_step_though_one_is_always_late() -> None:
    """A large picture takes longer on its way than a word; the reports tell the truth of both."""
    sound = steady(20, first_media=5.0)
    late = [
        record._replace(arrival_us=record.arrival_us + 120_000)
        if isinstance(record, Packet)
        else record
        for record in steady(20, first_media=900.0)
    ]

    clocks = clocks_of_connection([scanned(sound), scanned(late)])

    at_ten = clocks[0].time_of(round(15.0 * RATE)), clocks[1].time_of(round(910.0 * RATE))
    assert abs(at_ten[0] - at_ten[1]) < 0.005


def test_without_reports_arrival_tells() -> None:
    clock = clock_of(steady(5, every=0))

    assert abs(error(clock, 3, 103.0)) < 0.01


def later(record: Record) -> Record:
    """The record of a track that goes on four seconds after ten seconds, its clock unmoved."""
    arrival_us, timestamp = record.arrival_us + 14_000_000, record.timestamp + 10 * RATE
    if isinstance(record, Packet):
        return record._replace(arrival_us=arrival_us, timestamp=timestamp)
    return SenderReport(arrival_us, record.ntp + (14 << 32), timestamp)


def test_a_media_clock_that_stood_still_in_a_pause_is_set_right() -> None:
    clock = clock_of([*steady(10), *(later(record) for record in steady(10))])

    assert abs(error(clock, 9, 109.0)) < 0.008
    assert abs(error(clock, 14, 110.0)) < 0.008
    assert abs(error(clock, 23, 119.0)) < 0.008


def test_it_is_set_right_even_before_the_first_report_after_the_pause() -> None:
    resumed = [sent(14 + n / 10, 110 + n / 10) for n in range(20)]

    clock = clock_of([*steady(10), *resumed])

    assert abs(error(clock, 15, 111.0)) < 0.01


def test_a_pause_in_which_the_media_clock_went_on_changes_nothing() -> None:
    resumed = [sent(14 + n / 10, 114 + n / 10, delay=0.08) for n in range(20)]

    clock = clock_of([*steady(10), *resumed])

    assert abs(error(clock, 15, 115.0)) < 0.008


def test_a_report_in_a_pause_is_not_believed() -> None:
    """It says that the media clock stands still, which it does only until the pause is over."""
    clock = clock_of([*steady(40), reported(60, 140, ahead=0)])

    assert abs(error(clock, 39, 139.0)) < 0.008


def test_a_media_clock_may_wrap() -> None:
    first_media = 2**32 / RATE - 5
    records = steady(20, first_media=first_media)
    assert {record.timestamp > 2**31 for record in records} == {True, False}

    assert abs(error(clock_of(records), 15, first_media + 15)) < 0.008


def test_a_track_without_packets_has_no_clock() -> None:
    assert scan_track([reported(0, 0, ahead=0)], clock_rate=RATE) is None


def test_the_loudest_of_each_tenth_is_kept() -> None:
    scan = scanned([sent(n / 50, n / 50, delay=0.01, level=100 - n) for n in range(10)])

    assert scan.levels == {18_000_000_000: 96, 18_000_000_001: 91}


def test_points_over_a_short_time_tell_no_drift() -> None:
    assert straight([(0.0, 0.0), (10.0, 1.0)]).slope == 0.0


def test_no_drift_is_faster_than_a_clock_can_be() -> None:
    assert straight([(0.0, 0.0), (100.0, 1.0)]).slope == pytest.approx(500e-6)


def test_the_floor_lies_under_all_points() -> None:
    chance = random.Random(3)
    points = [(float(x), 1.0 - x * 1e-4 + chance.expovariate(20)) for x in range(300)]

    line = floor(points)

    assert all(y - line.at(x) > -1e-9 for x, y in points)
    assert line.at(150) == pytest.approx(1.0 - 150e-4, abs=0.006)
