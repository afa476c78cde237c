"""Takes encoded media out of aiortc as it arrives, without decoding it.

aiortc 1.16 has no public way to do this. Each name of its inside that is touched here has a
contract test in tests/unit/rooms/recordings/test_receiving.py, and pyproject.toml pins the version.
"""

from collections.abc import Callable
from typing import Any

import aioice.ice
from aiortc import RTCRtpReceiver, RTCRtpTransceiver
from aiortc.codecs import CODECS, is_rtx
from aiortc.rtcrtpparameters import (
    RTCRtcpFeedback,
    RTCRtpCodecParameters,
    RTCRtpReceiveParameters,
)
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from vestibule.rooms.recordings.encoded_frames import BEGINS, IS_KEY, PAYLOAD_OF, Unwrap
from vestibule.rooms.recordings.journal import MediaFormat
from vestibule.rooms.recordings.track_log import NO_LEVEL, Packet, SenderReport

# Enough for a sharp picture of 1280x720; what the network cannot carry shows as loss, and browsers
# then send less of themselves. aiortc's own estimate climbs so slowly that the first half minute
# of each recording would be blurred.
WANTED_BITS_PER_SECOND = 2_500_000
RATE_INTERVAL_MS = 500
# A lost packet is asked for again by aiortc; when it does not come by then, a new picture is.
REPAIR_US = 400_000
REFRESH_INTERVAL_US = 500_000
MOST_MISSING = 200

VP9_PAYLOAD_TYPE = 110

Keep = Callable[[int, Packet | SenderReport], None]
"""Takes what arrived, with its synchronization source."""


class PacketTap:
    """Stands where aiortc has its jitter buffer: hands packets on, and gives no frames."""

    def __init__(
        self, keep: Keep, *, now_us: Callable[[], int], codecs: dict[int, MediaFormat] | None
    ) -> None:
        """`codecs` are those of a video track, whose pictures are watched; None for sound."""
        self._keep = keep
        self._now_us = now_us
        self._watch = PictureWatch(codecs) if codecs is not None else None

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """Whether a whole new picture shall be asked for, and never a frame."""
        level = packet.extensions.audio_level
        arrived = Packet(
            arrival_us=self._now_us(),
            timestamp=packet.timestamp,
            sequence=packet.sequence_number,
            payload_type=packet.payload_type,
            marker=bool(packet.marker),
            level=level[1] if level is not None else NO_LEVEL,
            payload=packet.payload,
        )
        self._keep(packet.ssrc, arrived)
        return self._watch is not None and self._watch.wants_refresh(arrived), None


class PictureWatch:
    """Notices when pictures cannot be shown until there is one that depends on no other."""

    def __init__(self, codecs: dict[int, MediaFormat]) -> None:
        self._codecs = codecs
        self._unwrap = Unwrap(16)
        self._following: int | None = None
        self._missing: dict[int, int] = {}  # sequence number, and since when
        self._needs_key = True
        self._asked_us = 0

    def wants_refresh(self, packet: Packet) -> bool:
        """True when the sender shall be asked for a whole picture now."""
        self._count(packet)
        if self._begins_key(packet):
            self._needs_key = False
            self._missing.clear()
        if self._is_beyond_repair(packet.arrival_us):
            self._needs_key = True
            self._missing.clear()
        if not self._needs_key or packet.arrival_us - self._asked_us < REFRESH_INTERVAL_US:
            return False
        self._asked_us = packet.arrival_us
        return True

    def _count(self, packet: Packet) -> None:
        sequence = self._unwrap(packet.sequence)
        if self._following is None or sequence >= self._following:
            for missing in range(self._following or sequence, sequence):
                self._missing[missing] = packet.arrival_us
            self._following = sequence + 1
        else:
            self._missing.pop(sequence, None)

    def _is_beyond_repair(self, now_us: int) -> bool:
        oldest_us = next(iter(self._missing.values()), now_us)
        return now_us - oldest_us > REPAIR_US or len(self._missing) > MOST_MISSING

    def _begins_key(self, packet: Packet) -> bool:
        wire = self._codecs.get(packet.payload_type)
        codec = wire.codec if wire and packet.payload else ""
        if codec == "h264":
            return _has_h264_parameters(packet.payload)
        if not codec or not BEGINS[codec](packet.payload):
            return False
        picture = PAYLOAD_OF[codec](packet.payload)
        return bool(picture) and IS_KEY[codec](picture)


class SteadyRate:
    """Stands where aiortc estimates the bitrate: asks for the same all the time."""

    def __init__(self) -> None:
        self._told_ms: int | None = None
        self._sources: set[int] = set()

    def add(
        self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int
    ) -> tuple[int, list[int]] | None:
        """The bitrate to ask for and its sources, when it is time to say so."""
        self._sources.add(ssrc)
        if self._told_ms is not None and arrival_time_ms - self._told_ms < RATE_INTERVAL_MS:
            return None
        self._told_ms = arrival_time_ms
        return WANTED_BITS_PER_SECOND, list(self._sources)


def tap(transceiver: RTCRtpTransceiver, keep: Keep, *, now_us: Callable[[], int]) -> None:
    """Have everything that arrives kept instead of decoded.

    Must be called when codecs have been negotiated and before media can flow. aiortc still
    repairs losses and reports them.
    """
    receiver = transceiver.receiver
    is_video = transceiver.kind == "video"
    codecs = {wire.payload_type: wire for wire in formats_of(transceiver)} if is_video else None
    _replace(receiver, "jitter_buffer", PacketTap(keep, now_us=now_us, codecs=codecs))
    if is_video:
        _replace(receiver, "remote_bitrate_estimator", SteadyRate())
    handle_rtcp = receiver._handle_rtcp_packet

    async def handle_and_keep(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            keep(packet.ssrc, SenderReport(now_us(), info.ntp_timestamp, info.rtp_timestamp))
        await handle_rtcp(packet)

    receiver._handle_rtcp_packet = handle_and_keep  # type: ignore[method-assign]
    receive = receiver.receive

    async def receive_repairs_too(parameters: RTCRtpReceiveParameters) -> None:
        """aiortc finds the receiver of a retransmission only if it has just one for video."""
        await receive(parameters)
        for ssrc in _part(receiver, "rtx_ssrc"):
            receiver.transport._rtp_router.ssrc_table[ssrc] = receiver

    receiver.receive = receive_repairs_too  # type: ignore[method-assign]


def formats_of(transceiver: RTCRtpTransceiver) -> list[MediaFormat]:
    """What was negotiated for a transceiver, without retransmissions."""
    return [
        MediaFormat(
            payload_type=codec.payloadType,
            codec=codec.name.lower(),
            clock_rate=codec.clockRate,
            channels=codec.channels or 1,
        )
        for codec in transceiver._codecs
        if codec.payloadType is not None and not is_rtx(codec)
    ]


def choose_codecs() -> None:
    """Have aiortc accept, in this process, what can be composed: Opus, VP8, H.264, and VP9.

    VP9 comes last; aiortc could not decode it, but need not.
    """
    CODECS["audio"][:] = [codec for codec in CODECS["audio"] if codec.name == "opus"]
    if any(codec.name == "VP9" for codec in CODECS["video"]):
        return
    feedback = [("nack", None), ("nack", "pli"), ("goog-remb", None)]
    CODECS["video"] += [
        RTCRtpCodecParameters(
            mimeType="video/VP9",
            clockRate=90_000,
            payloadType=VP9_PAYLOAD_TYPE,
            rtcpFeedback=[RTCRtcpFeedback(kind, parameter) for kind, parameter in feedback],
            parameters={"profile-id": "0"},
        ),
        RTCRtpCodecParameters(
            mimeType="video/rtx",
            clockRate=90_000,
            payloadType=VP9_PAYLOAD_TYPE + 1,
            parameters={"apt": VP9_PAYLOAD_TYPE},
        ),
    ]


def allow_loopback() -> None:
    """Have connections made over the loopback on a machine that has no other network."""
    only_real = aioice.ice.get_host_addresses

    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return only_real(use_ipv4, use_ipv6) or ["127.0.0.1"]

    aioice.ice.get_host_addresses = addresses


def _part(receiver: RTCRtpReceiver, name: str) -> Any:
    return getattr(receiver, _inner_name(receiver, name))


def _replace(receiver: RTCRtpReceiver, name: str, stand_in: Any) -> None:
    setattr(receiver, _inner_name(receiver, name), stand_in)


def _inner_name(receiver: RTCRtpReceiver, name: str) -> str:
    inner = f"_RTCRtpReceiver__{name}"
    if not hasattr(receiver, inner):
        raise RuntimeError(f"this aiortc has no {name} any more; it must be version 1.16")
    return inner


def _has_h264_parameters(payload: bytes) -> bool:
    """True for the packet that begins a refresh: sequence parameters, alone or before others."""
    kind = payload[0] & 31
    return kind == 7 or (kind == 24 and len(payload) > 3 and payload[3] & 31 == 7)
