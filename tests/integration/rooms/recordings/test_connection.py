"""What the recorder relies on inside aiortc, and its rules, against a sender of aiortc's own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, RtpPacket, unpack_remb_fci

from vestibule.rooms.recordings.connection import MediaConnection
from vestibule.rooms.recordings.encoded_frames import in_order, picture_frames
from vestibule.rooms.recordings.journal import SOURCES, MediaFormat, Source
from vestibule.rooms.recordings.receiving import (
    WANTED_BITS_PER_SECOND,
    allow_loopback,
    choose_codecs,
)
from vestibule.rooms.recordings.track_log import Packet, SenderReport
from vestibule.rooms.recordings.track_store import RecorderClock

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 20


@dataclass
class Kept:
    """A keeper that keeps in memory."""

    records: dict[Source, list[Packet | SenderReport]] = field(
        default_factory=lambda: {source: [] for source in SOURCES}
    )
    formats: dict[Source, dict[int, MediaFormat]] = field(default_factory=dict)
    is_closed: bool = False

    def keep(
        self,
        source: Source,
        formats: Sequence[MediaFormat],
        ssrc: int,
        record: Packet | SenderReport,
    ) -> None:
        assert not self.is_closed
        self.formats[source] = {wire.payload_type: wire for wire in formats}
        self.records[source].append(record)

    def close(self) -> None:
        self.is_closed = True

    def packets(self, source: Source) -> list[Packet]:
        return [record for record in self.records[source] if isinstance(record, Packet)]

    def reports(self, source: Source) -> list[SenderReport]:
        return [record for record in self.records[source] if isinstance(record, SenderReport)]


class Pair:
    """A sender of everything, and the recorder's connection to it."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.sender = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self.tracks = [
            AudioStreamTrack(),
            VideoStreamTrack(),
            VideoStreamTrack(),
            AudioStreamTrack(),
        ]
        self.sent: set[Source] = set(SOURCES)
        self.connection = MediaConnection(
            ice_servers=[],
            keeper=self.kept,
            now_us=RecorderClock().now_us,
            on_change=lambda: None,
        )

    async def connect(self) -> None:
        """The recorder offers, as who comes later."""
        offer = await self.connection.offer()
        await self.sender.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        transceivers = self.sender.getTransceivers()
        for source, transceiver, track in zip(SOURCES, transceivers, self.tracks, strict=True):
            if source in self.sent:
                transceiver.sender.replaceTrack(track)
            transceiver.direction = "sendonly"
        await self.sender.setLocalDescription(await self.sender.createAnswer())
        await self.connection.take_answer(self.sender.localDescription.sdp)

    async def be_called(self) -> None:
        """The sender offers."""
        for track in self.tracks:
            self.sender.addTransceiver(track, direction="sendonly")
        await self.sender.setLocalDescription(await self.sender.createOffer())
        answer = await self.connection.answer(self.sender.localDescription.sdp)
        await self.sender.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def receiver(self, source: Source) -> Any:
        peer: RTCPeerConnection = self.connection._peer
        return peer.getTransceivers()[SOURCES.index(source)].receiver

    async def close(self) -> None:
        await self.connection.close()
        await self.sender.close()


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    allow_loopback()
    choose_codecs()
    pair = Pair()
    yield pair
    await pair.close()


async def until(fact: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not fact():  # noqa: ASYNC110 - what is kept says nothing by itself
            await asyncio.sleep(0.02)


def drop(pair: Pair, source: Source, is_dropped: Callable[[int], bool]) -> None:
    """Lose those packets of a source, counted from the first, on their way."""
    receiver = pair.receiver(source)
    handle, count = receiver._handle_rtp_packet, iter(range(10**9))

    async def handle_some(packet: RtpPacket, arrival_time_ms: int) -> None:
        if not is_dropped(next(count)):
            await handle(packet, arrival_time_ms=arrival_time_ms)

    receiver._handle_rtp_packet = handle_some


@pytest.mark.parametrize("way", [Pair.connect, Pair.be_called])
async def test_all_four_tracks_are_kept_with_reports(pair: Pair, way: Any) -> None:
    await way(pair)

    await until(lambda: all(pair.kept.reports(source) for source in SOURCES))

    for source in SOURCES:
        [*_, last] = pair.kept.packets(source)
        report = pair.kept.reports(source)[-1]
        wire = pair.kept.formats[source][last.payload_type]
        assert wire.codec == ("vp8" if source in ("camera", "screen") else "opus")
        assert abs(last.timestamp - report.timestamp) < 3 * wire.clock_rate
    assert pair.connection.state == "connected"


async def test_sound_comes_with_its_loudness(pair: Pair) -> None:
    await pair.connect()

    await until(lambda: pair.kept.packets("microphone"))

    assert pair.kept.packets("microphone")[0].level == 127  # aiortc's test track is silent


async def test_a_track_that_cannot_be_shown_is_asked_for_a_whole_picture(pair: Pair) -> None:
    """aiortc's encoder makes one, at the beginning, unless it is asked for another."""
    await pair.connect()
    drop(pair, "camera", lambda number: number < 15)

    def frames() -> list[Any]:
        formats = pair.kept.formats["camera"]
        return list(picture_frames(pair.kept.packets("camera"), formats, near=0))

    await until(lambda: len(pair.kept.packets("camera")) > 5)
    await until(lambda: len(frames()) > 5)


async def test_losses_are_repaired_on_both_video_tracks(pair: Pair) -> None:
    await pair.connect()
    videos: list[Source] = ["camera", "screen"]
    for source in videos:
        drop(pair, source, lambda number: number % 10 == 9)

    await until(lambda: all(len(pair.kept.packets(source)) > 60 for source in videos))

    for source in videos:
        sequences = [number for number, _ in in_order(pair.kept.packets(source))][:50]
        assert sequences == list(range(sequences[0], sequences[0] + 50))


async def test_the_sender_is_asked_for_a_steady_bitrate(pair: Pair) -> None:
    await pair.connect()
    asked: list[int] = []
    sender = pair.sender.getTransceivers()[1].sender
    handle = sender._handle_rtcp_packet

    async def listen(packet: Any) -> None:
        if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
            asked.append(unpack_remb_fci(packet.fci)[0])
        await handle(packet)

    sender._handle_rtcp_packet = listen  # type: ignore[method-assign]

    await until(lambda: len(asked) >= 3)

    assert all(abs(rate - WANTED_BITS_PER_SECOND) < 0.01 * WANTED_BITS_PER_SECOND for rate in asked)


async def test_nothing_is_kept_after_the_end(pair: Pair) -> None:
    await pair.connect()
    await until(lambda: all(pair.kept.packets(source) for source in SOURCES))

    await pair.connection.close()

    assert pair.kept.is_closed
    await asyncio.sleep(0.1)  # the keeper would complain


async def test_the_end_mixes_nothing_up(pair: Pair) -> None:
    """aiortc gives the packets of receivers that it has ended to those of the same kind."""
    pair.sent = {"microphone", "camera"}
    await pair.connect()
    await until(lambda: pair.kept.packets("microphone") and pair.kept.packets("camera"))

    await pair.connection.close()

    assert pair.kept.records["screen"] == pair.kept.records["screen-sound"] == []


async def test_another_connection_of_the_other_side_is_told_from_the_same_one(pair: Pair) -> None:
    await pair.be_called()
    other = Pair()
    for kind in ("audio", "video", "video", "audio"):
        other.sender.addTransceiver(kind, direction="sendonly")
    await other.sender.setLocalDescription(await other.sender.createOffer())

    await until(lambda: pair.connection.state == "connected")

    assert pair.connection.is_continued_by(pair.sender.localDescription.sdp)
    assert not pair.connection.is_continued_by(other.sender.localDescription.sdp)
    await other.close()


async def test_a_connection_has_one_name_of_its_own_in_all_descriptions(pair: Pair) -> None:
    await pair.be_called()
    await until(lambda: pair.connection.state == "connected")
    again = await pair.connection.answer(pair.sender.localDescription.sdp)
    first = pair.sender.remoteDescription.sdp
    other = Pair()

    assert name_in(first) == name_in(again) != name_in(await other.connection.offer())
    await other.close()


def name_in(description: str) -> str:
    [line] = [line for line in description.splitlines() if line.startswith("o=")]
    return line.split()[1]
