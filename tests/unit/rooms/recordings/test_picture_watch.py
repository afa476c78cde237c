"""When the recorder asks for a whole new picture, and when it does not."""

from vestibule.rooms.recordings.journal import MediaFormat
from vestibule.rooms.recordings.receiving import REFRESH_INTERVAL_US, REPAIR_US, PictureWatch
from vestibule.rooms.recordings.track_log import Packet

VP8, VP9, H264 = 97, 98, 99
FORMATS = {
    number: MediaFormat(payload_type=number, codec=codec, clock_rate=90_000)
    for number, codec in ((VP8, "vp8"), (VP9, "vp9"), (H264, "h264"))
}
KEY, DELTA, MORE = b"\x10\x10", b"\x10\x11", b"\x00\x10"
STEP_US = 10_000


def packet(
    sequence: int, payload: bytes = DELTA, *, at_us: int | None = None, kind: int = VP8
) -> Packet:
    arrival_us = 10**12 + (sequence * STEP_US if at_us is None else at_us)
    return Packet(arrival_us, 0, sequence % 65_536, kind, True, 255, payload)


def asks(*packets: Packet) -> list[bool]:
    watch = PictureWatch(FORMATS)
    return [watch.wants_refresh(each) for each in packets]


def test_a_track_that_begins_with_a_whole_picture_is_left_alone() -> None:
    assert (
        asks(packet(0, KEY), packet(1, MORE), *(packet(n) for n in range(2, 200))) == [False] * 200
    )


def test_a_track_that_begins_in_the_middle_is_asked_now_and_then() -> None:
    asked = asks(*(packet(n) for n in range(120)))

    assert [n for n, wanted in enumerate(asked) if wanted] == [
        n * REFRESH_INTERVAL_US // STEP_US for n in range(3)
    ]


def test_a_later_part_of_a_whole_picture_is_not_its_beginning() -> None:
    assert asks(packet(0, MORE)) == [True]


def test_a_loss_that_is_repaired_in_time_is_left_alone() -> None:
    late = [packet(0, KEY), *(packet(n) for n in (1, 3, 4, 5)), packet(2, at_us=60_000)]

    assert not any(asks(*late, *(packet(n) for n in range(6, 200))))


def test_a_loss_that_is_not_repaired_is_asked_for_once() -> None:
    rest = [packet(n) for n in range(3, 3 + 3 * REPAIR_US // STEP_US // 2)]

    asked = asks(packet(0, KEY), packet(1), *rest)

    assert asked.count(True) == 1
    assert asked.index(True) == 2 + REPAIR_US // STEP_US + 1


def test_the_new_picture_settles_it() -> None:
    lost = [packet(0, KEY), packet(2), packet(2 + REPAIR_US // STEP_US + 1)]
    settled = [packet(50, KEY), *(packet(n) for n in range(51, 300))]

    asked = asks(*lost, *settled)

    assert asked[: len(lost)] == [False, False, True]
    assert not any(asked[len(lost) :])


def test_sequence_numbers_may_wrap() -> None:
    assert not any(asks(packet(65_534, KEY), packet(65_535), packet(65_536), packet(65_537)))


def test_whole_pictures_are_known_in_every_codec() -> None:
    assert asks(packet(0, b"\x08\x82", kind=VP9)) == [False]
    assert asks(packet(0, b"\x08\x86", kind=VP9)) == [True]
    assert asks(packet(0, b"\x67sps", kind=H264)) == [False]
    assert asks(packet(0, b"\x78\x00\x04\x67sps", kind=H264)) == [False]
    assert asks(packet(0, b"\x41slice", kind=H264)) == [True]
    assert asks(packet(0, b"whatever", kind=111)) == [True]
