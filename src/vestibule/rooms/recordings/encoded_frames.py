"""From RTP packets, in whatever order they arrived, to what a decoder takes."""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from aiortc.codecs.h264 import h264_depayload
from aiortc.codecs.vpx import vp8_depayload

from vestibule.rooms.recordings.journal import MediaFormat
from vestibule.rooms.recordings.track_log import Packet

# A packet that was asked for again arrives within this time, or it is lost.
REPAIR_US = 2_000_000


class EncodedFrame(NamedTuple):
    """One picture, or one packet of sound."""

    timestamp: int
    """The media clock's, without its wrapping at 2^32."""
    codec: str
    data: bytes

    @property
    def is_key(self) -> bool:
        """Whether it depends on no other."""
        return self.codec == "opus" or IS_KEY[self.codec](self.data)


class Unwrap:
    """Continues a counter of `bits` bits past its wrapping; values may go back a little.

    `near` is a value close to the first one; counters with the same `near` agree.
    """

    def __init__(self, bits: int, *, near: int | None = None) -> None:
        self._size = 1 << bits
        self._last = near

    def __call__(self, value: int) -> int:
        if self._last is None:
            self._last = value
            return value
        step = (value - self._last) % self._size
        if step >= self._size // 2:
            step -= self._size
        self._last += step
        return self._last


class _Reordering:
    """Packets that wait for an earlier one."""

    def __init__(self) -> None:
        self._unwrap = Unwrap(16)
        self._waiting: list[tuple[int, Packet]] = []
        self._following: int | None = None

    def add(self, packet: Packet) -> None:
        heapq.heappush(self._waiting, (self._unwrap(packet.sequence), packet))

    def ready(self, oldest_us: float) -> Iterator[tuple[int, Packet]]:
        """What is next in order, or arrived before `oldest_us`; repetitions are passed over."""
        while self._waiting:
            sequence, packet = self._waiting[0]
            if sequence != self._following and packet.arrival_us >= oldest_us:
                return
            heapq.heappop(self._waiting)
            if self._following is None or sequence >= self._following:
                self._following = sequence + 1
                yield sequence, packet


def in_order(packets: Iterable[Packet]) -> Iterator[tuple[int, Packet]]:
    """The packets by their unwrapped sequence numbers, each once.

    Holds back what came too early until the missing one is there or too old to come.
    """
    reordering = _Reordering()
    for packet in packets:
        reordering.add(packet)
        yield from reordering.ready(packet.arrival_us - REPAIR_US)
    yield from reordering.ready(math.inf)


def sound_frames(
    packets: Iterable[Packet], formats: dict[int, MediaFormat], *, near: int
) -> Iterator[EncodedFrame]:
    """The packets of a sound track; lost ones are simply missing."""
    unwrap = Unwrap(32, near=near)
    for _, packet in in_order(packets):
        wire = formats.get(packet.payload_type)
        if wire is not None and packet.payload:
            yield EncodedFrame(unwrap(packet.timestamp), wire.codec, packet.payload)


def picture_frames(
    packets: Iterable[Packet], formats: dict[int, MediaFormat], *, near: int
) -> Iterator[EncodedFrame]:
    """The whole pictures of a video track.

    After a loss nothing until the next picture that needs no other: what lies between would be
    decoded to rubbish.
    """
    assembly = _Assembly(formats, Unwrap(32, near=near))
    for sequence, packet in in_order(packets):
        frame = assembly.add(sequence, packet)
        if frame is not None:
            yield frame


class _Assembly:
    """Joins the packets of a picture, and watches for losses."""

    def __init__(self, formats: dict[int, MediaFormat], unwrap: Unwrap) -> None:
        self._formats = formats
        self._unwrap = unwrap
        self._parts: list[bytes] = []
        self._timestamp = 0
        self._last_sequence = -1
        self._needs_key = True

    def add(self, sequence: int, packet: Packet) -> EncodedFrame | None:
        """The picture that this packet completes, if it can be decoded."""
        if sequence != self._last_sequence + 1:
            self._lose()
        self._last_sequence = sequence
        wire = self._formats.get(packet.payload_type)
        if wire is None or not packet.payload:
            return None
        timestamp = self._unwrap(packet.timestamp)
        if self._parts and timestamp != self._timestamp:
            self._lose()
        if self._needs_key and not self._parts and not BEGINS[wire.codec](packet.payload):
            return None
        self._timestamp = timestamp
        try:
            self._parts.append(PAYLOAD_OF[wire.codec](packet.payload))
        except ValueError:
            self._lose()
            return None
        return self._complete(wire.codec) if packet.marker else None

    def _complete(self, codec: str) -> EncodedFrame | None:
        data = b"".join(self._parts)
        self._parts = []
        if not data or (self._needs_key and not IS_KEY[codec](data)):
            return None
        self._needs_key = False
        return EncodedFrame(self._timestamp, codec, data)

    def _lose(self) -> None:
        self._parts = []
        self._needs_key = True


def vp9_payload(payload: bytes) -> bytes:
    """The part of a VP9 picture in an RTP payload (RFC 9628, 4.2).

    Raises ValueError if the payload is cut off.
    """
    try:
        return payload[_vp9_descriptor_size(payload) :]
    except IndexError:
        raise ValueError("the VP9 payload descriptor is cut off") from None


def _vp9_descriptor_size(payload: bytes) -> int:
    has_id, predicted, has_layers, flexible = (payload[0] & bit for bit in (128, 64, 32, 16))
    size = 1
    if has_id:
        size += 2 if payload[size] & 128 else 1
    if has_layers:
        size += 1 if flexible else 2
    if flexible and predicted:
        while payload[size] & 1:
            size += 1
        size += 1
    if payload[0] & 2:
        size += _vp9_structure_size(payload[size:])
    return size


def _vp9_structure_size(structure: bytes) -> int:
    size = 1
    if structure[0] & 16:
        size += 4 * ((structure[0] >> 5) + 1)
    if structure[0] & 8:
        pictures = structure[size]
        size += 1
        for _ in range(pictures):
            size += 1 + (structure[size] >> 2 & 3)
    return size


def _is_h264_key(data: bytes) -> bool:
    """True if the Annex B data holds parameters and an instantaneous refresh."""
    kinds = set()
    start = data.find(b"\0\0\1")
    while 0 <= start < len(data) - 3:
        kinds.add(data[start + 3] & 31)
        start = data.find(b"\0\0\1", start + 3)
    return {5, 7} <= kinds


PAYLOAD_OF: dict[str, Callable[[bytes], bytes]] = {
    "vp8": vp8_depayload,
    "vp9": vp9_payload,
    "h264": h264_depayload,
}
# Whether a payload is the first of a picture, or at least may be.
BEGINS: dict[str, Callable[[bytes], bool]] = {
    "vp8": lambda payload: payload[0] & 0b10111 == 0b10000,
    "vp9": lambda payload: bool(payload[0] & 0b1000),
    "h264": lambda payload: True,  # its key pictures tell by themselves whether they are whole
}
# Whether a whole picture depends on no other.
IS_KEY: dict[str, Callable[[bytes], bool]] = {
    "vp8": lambda data: not data[0] & 1,
    "vp9": lambda data: not data[0] & 0b1100,  # neither repeats a picture nor depends on one
    "h264": _is_h264_key,
}
