"""Packets in the order and with the gaps of real networks become what decoders take."""

import random

import pytest

from vestibule.rooms.recordings.encoded_frames import (
    EncodedFrame,
    Unwrap,
    in_order,
    picture_frames,
    sound_frames,
    vp9_payload,
)
from vestibule.rooms.recordings.journal import MediaFormat
from vestibule.rooms.recordings.track_log import Packet

FORMATS = {
    96: MediaFormat(payload_type=96, codec="opus", clock_rate=48_000),
    97: MediaFormat(payload_type=97, codec="vp8", clock_rate=90_000),
    98: MediaFormat(payload_type=98, codec="vp9", clock_rate=90_000),
    99: MediaFormat(payload_type=99, codec="h264", clock_rate=90_000),
}
STEP_US = 10_000


def packets(count: int, *, first: int = 0) -> list[Packet]:
    return [
        Packet(n * STEP_US, 0, (first + n) % 65_536, 96, True, 0, bytes([n % 256]))
        for n in range(count)
    ]


def numbers(taken: list[Packet], first: int = 0) -> list[int]:
    return [sequence - first for sequence, _ in in_order(taken)]


def test_counters_go_on_past_their_wrapping_and_may_step_back() -> None:
    unwrap = Unwrap(16)

    assert [unwrap(n) for n in (65_533, 65_535, 2, 1, 65_534, 3)] == [
        65_533,
        65_535,
        65_538,
        65_537,
        65_534,
        65_539,
    ]


def test_counters_with_the_same_anchor_agree_wherever_they_begin() -> None:
    assert Unwrap(16, near=2)(65_534) == -2
    assert Unwrap(16, near=2)(5) == 5


def test_packets_that_overtook_each_other_are_put_in_order() -> None:
    shuffled = packets(300, first=65_400)
    chance = random.Random(1)
    for start in range(0, 300, 10):
        part = shuffled[start : start + 10]
        chance.shuffle(part)
        shuffled[start : start + 10] = part

    assert numbers(shuffled, 65_400) == list(range(300))


def test_a_packet_repaired_in_time_stands_where_it_belongs() -> None:
    late = packets(300)
    late.insert(150, late.pop(20)._replace(arrival_us=150 * STEP_US))

    assert numbers(late) == list(range(300))


def test_a_packet_that_never_comes_holds_nothing_up_for_long() -> None:
    taken: list[int] = []

    def arriving() -> list[Packet]:
        lossy = packets(500)
        del lossy[20]
        return lossy

    for sequence, _ in in_order(arriving()):
        taken.append(sequence)
    assert taken == [*range(20), *range(21, 500)]


def test_each_packet_comes_once() -> None:
    twice = [packet for packet in packets(50) for _ in range(2)]

    assert numbers(twice) == list(range(50))


def test_few_packets_are_held_back_for_a_missing_one() -> None:
    lossy = packets(2000)
    del lossy[20]
    read = iter(lossy)
    ordered = in_order(read)
    for _ in range(25):
        next(ordered)

    assert len(list(read)) > 1700


def sound(*timestamps: int) -> list[Packet]:
    return [
        Packet(n * STEP_US, timestamp, n, 96, False, 0, b"opus")
        for n, timestamp in enumerate(timestamps)
    ]


def test_sound_is_given_packet_by_packet_with_unwrapped_times() -> None:
    frames = list(sound_frames(sound(2**32 - 960, 0, 960), FORMATS, near=2**32 - 960))

    assert [frame.timestamp for frame in frames] == [2**32 - 960, 2**32, 2**32 + 960]


def test_empty_and_unknown_packets_are_passed_over() -> None:
    taken = sound(0, 960, 1920, 2880)
    taken[1] = taken[1]._replace(payload=b"")
    taken[2] = taken[2]._replace(payload_type=13)

    frames = list(sound_frames(taken, FORMATS, near=0))

    assert [frame.timestamp for frame in frames] == [0, 2880]


KEY, DELTA = b"\x10", b"\x11"  # the first byte of a VP8 picture
VP8_START, VP8_MORE = b"\x10", b"\x00"  # payload descriptors


def vp8(*pictures: bytes) -> list[Packet]:
    """Each picture in two packets."""
    found = []
    for number, first in enumerate(pictures):
        for half in (0, 1):
            payload = VP8_MORE + b"tail" if half else VP8_START + first + b"head"
            sequence = 2 * number + half
            found.append(
                Packet(sequence * STEP_US, 3000 * number, sequence, 97, bool(half), 0, payload)
            )
    return found


def seen(taken: list[Packet]) -> list[int]:
    return [frame.timestamp // 3000 for frame in picture_frames(taken, FORMATS, near=0)]


def test_packets_of_a_picture_are_joined() -> None:
    [frame] = picture_frames(vp8(KEY), FORMATS, near=0)

    assert frame == EncodedFrame(0, "vp8", KEY + b"headtail")


def test_nothing_is_shown_before_the_first_picture_that_stands_alone() -> None:
    assert seen(vp8(DELTA, DELTA, KEY, DELTA)) == [2, 3]


@pytest.mark.parametrize("lost", [4, 5])
def test_after_a_loss_nothing_is_shown_until_a_picture_that_stands_alone(lost: int) -> None:
    taken = vp8(KEY, DELTA, DELTA, DELTA, KEY, DELTA)
    del taken[lost]

    assert seen(taken) == [0, 1, 4, 5]


def test_padding_between_pictures_is_not_a_loss() -> None:
    taken = vp8(KEY, DELTA, DELTA)
    padded = [
        packet._replace(sequence=packet.sequence + (packet.sequence >= 4)) for packet in taken
    ]
    padded.insert(4, taken[3]._replace(sequence=4, payload=b"", marker=False))

    assert seen(padded) == [0, 1, 2]


def test_a_damaged_packet_counts_as_lost() -> None:
    taken = vp8(KEY, DELTA, KEY)
    taken[2] = taken[2]._replace(payload=b"\x80")

    assert seen(taken) == [0, 2]


def h264(*units: bytes) -> list[Packet]:
    return [Packet(n * STEP_US, 3000 * n, n, 99, True, 0, unit) for n, unit in enumerate(units)]


def test_a_refresh_of_h264_stands_alone_with_its_parameters() -> None:
    parameters, refresh, other = b"\x67sps", b"\x65idr", b"\x41slice"
    together = b"\x78" + b"".join(
        len(unit).to_bytes(2, "big") + unit for unit in (parameters, refresh)
    )

    frames = list(picture_frames(h264(refresh, together, other), FORMATS, near=0))

    assert [frame.timestamp for frame in frames] == [3000, 6000]
    assert frames[0].data == b"\0\0\0\1" + parameters + b"\0\0\0\1" + refresh


@pytest.mark.parametrize(
    "descriptor",
    [
        pytest.param("0c", id="nothing but start and end of a picture"),
        pytest.param("8c 12", id="short picture number"),
        pytest.param("8c 92 34", id="long picture number"),
        pytest.param("ac 12 00 07", id="layer and its counter"),
        pytest.param("bc 12 00", id="layer in flexible mode"),
        pytest.param("dc 12 03 05 04", id="three references, flexible"),
        pytest.param("8e 12 08 01 04 01", id="structure with a group of one picture"),
        pytest.param("8e 12 30 01 40 00 b4 02 80 01 68", id="structure with two sizes"),
    ],
)
def test_the_descriptor_before_a_vp9_picture_is_taken_off(descriptor: str) -> None:
    assert vp9_payload(bytes.fromhex(descriptor) + b"picture") == b"picture"


def test_a_vp9_descriptor_that_is_cut_off_is_an_error() -> None:
    with pytest.raises(ValueError, match="cut off"):
        vp9_payload(b"\x80")


def test_a_vp9_picture_that_depends_on_none_stands_alone() -> None:
    key, dependent, repeated = b"\x82", b"\x86", b"\x88"
    taken = [
        Packet(n * STEP_US, 3000 * n, n, 98, True, 0, b"\x0c" + first)
        for n, first in enumerate([dependent, repeated, key, dependent])
    ]

    assert seen(taken) == [2, 3]
