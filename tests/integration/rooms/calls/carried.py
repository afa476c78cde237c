"""People whose media goes over a real media server: real connections, and no browser."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from aiortc import (
    AudioStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.stats import RTCInboundRtpStreamStats

from tests.integration.rooms.calls.people import PATIENCE_SECONDS, Person

SLOTS: Final = ("audio", "video", "video", "audio")
ENOUGH: Final = 10
"""Packets after which sound counts as flowing; a fifth of a second has them."""


class Carried:
    """One person in the call, who sends sound and follows the server from path to path."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.heard: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.path: str | None = None
        self.paths: list[str | None] = []
        self._out: RTCPeerConnection | None = None
        self._in: RTCPeerConnection | None = None
        self._tracks: list[dict[str, str]] = []
        self._following = asyncio.create_task(self._follow())

    @property
    def id(self) -> str:
        return self.person.session_id

    async def close(self) -> None:
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)
        await self._part()

    async def goes_to(self, path: str | None) -> None:
        """Send to this path, as a page does when it is told to."""
        await self._part()
        self.path = path
        self.paths.append(path)
        if path is None:
            return
        self._out = connection()
        for kind in SLOTS:
            self._out.addTransceiver(
                AudioStreamTrack() if kind == "audio" else kind, direction="sendonly"
            )
        await self._out.setLocalDescription(await self._out.createOffer())
        await self.person.say("publish", path=path, sdp=self._out.localDescription.sdp)

    def gets(self) -> set[tuple[str, str]]:
        """Whose tracks the server says that it sends."""
        return {(track["session_id"], track["slot"]) for track in self._tracks}

    async def packets_of(self, other: "Carried") -> int:
        """How many packets of somebody's microphone have arrived."""
        mids = [
            track["mid"]
            for track in self._tracks
            if track["session_id"] == other.id and track["slot"] == "microphone"
        ]
        found = 0
        for transceiver in self._in.getTransceivers() if self._in else []:
            if transceiver.mid in mids:
                reports = await transceiver.receiver.getStats()
                found += sum(
                    report.packetsReceived
                    for report in reports.values()
                    if isinstance(report, RTCInboundRtpStreamStats)
                )
        return found

    async def hears(self, other: "Carried") -> None:
        """Wait until the other's sound goes on arriving."""
        wanted = await self.packets_of(other) + ENOUGH
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.packets_of(other) < wanted:  # noqa: ASYNC110 - aiortc tells nobody
                await asyncio.sleep(0.02)

    async def hears_no_more_of(self, other: "Carried", witness: "Carried") -> None:
        """Wait until nothing arrives of the other, while of a witness so much does."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                before = await self.packets_of(other)
                await self.hears(witness)
                if await self.packets_of(other) == before:
                    return

    async def hear(self, kind: str) -> dict[str, Any]:
        """Wait for a message of this kind, and take it."""
        await until(lambda: bool(self.heard[kind]))
        return self.heard[kind].pop(0)

    async def _follow(self) -> None:
        async for text in self.person.socket:
            message: dict[str, Any] = json.loads(text)
            self.heard[message["type"]].append(message)
            if message["type"] == "media-server":
                await self.goes_to(message["path"])
            elif message.get("path") == self.path and message["type"] == "published":
                await self._take(self._out, "answer", message["sdp"])
            elif message.get("path") == self.path and message["type"] == "subscription":
                await self._subscribe(message)

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if message["is_new"]:
            if self._in is not None:
                await self._in.close()
            self._in = connection()
        assert self._in is not None
        await self._take(self._in, "offer", message["sdp"])
        await self._in.setLocalDescription(await self._in.createAnswer())
        self._tracks = message["tracks"]
        await self.person.say("subscribed", path=self.path, sdp=self._in.localDescription.sdp)

    async def _take(self, peer: RTCPeerConnection | None, kind: str, sdp: str) -> None:
        assert peer is not None
        await peer.setRemoteDescription(RTCSessionDescription(sdp, kind))

    async def _part(self) -> None:
        for peer in (self._out, self._in):
            if peer is not None:
                await peer.close()
        self._out = self._in = None
        self._tracks = []


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that nothing tells of."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def connection() -> RTCPeerConnection:
    return RTCPeerConnection(
        RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
    )
