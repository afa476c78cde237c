"""One WebRTC connection over which a participant's media arrives, to be kept."""

import re
import secrets
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.sdp import candidate_from_sdp

from vestibule.rooms.calls.messages import CandidateFrom
from vestibule.rooms.calls.views import IceServer
from vestibule.rooms.recordings.journal import SOURCES, MediaFormat, Source
from vestibule.rooms.recordings.receiving import formats_of, tap
from vestibule.rooms.recordings.track_log import Packet, SenderReport

KINDS: dict[Source, Literal["audio", "video"]] = {
    "microphone": "audio",
    "camera": "video",
    "screen": "video",
    "screen-sound": "audio",
}


class MediaKeeper(Protocol):
    """Takes the media of one connection."""

    def keep(
        self,
        source: Source,
        formats: Sequence[MediaFormat],
        ssrc: int,
        record: Packet | SenderReport,
    ) -> None: ...

    def close(self) -> None: ...


class MediaConnection:
    """Receives over four transceivers, in the order of docs/signalling.md, and sends nothing."""

    def __init__(
        self,
        *,
        ice_servers: Sequence[IceServer],
        keeper: MediaKeeper,
        now_us: Callable[[], int],
        on_change: Callable[[], None],
    ) -> None:
        """`on_change` is called when `state` changes."""
        # MAX_BUNDLE: with another policy aiortc 1.16 never starts the second receiver of a kind.
        self._peer = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[_ice_server(server) for server in ice_servers],
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
            )
        )
        self._peer.on("connectionstatechange", on_change)
        self._keeper = keeper
        self._now_us = now_us
        self._id = secrets.randbits(62)
        self._tapped: set[Source] = set()
        self._remote = ("", "")

    @property
    def state(self) -> str:
        """As `connectionState` in browsers."""
        return str(self._peer.connectionState)

    @property
    def is_fresh(self) -> bool:
        """True before anything was offered or answered."""
        return not self._peer.getTransceivers()

    @property
    def awaits_answer(self) -> bool:
        """True after an offer that was not answered yet."""
        return str(self._peer.signalingState) == "have-local-offer"

    def is_continued_by(self, offer: str) -> bool:
        """False for an offer that needs a fresh connection: the other side's is another, or new."""
        return self._remote in (("", ""), _identity(offer))

    async def offer(self) -> str:
        """An offer for a fresh connection."""
        for source in SOURCES:
            self._peer.addTransceiver(KINDS[source], direction="recvonly")
        await self._peer.setLocalDescription(await self._peer.createOffer())
        self._tap()
        return self._description()

    async def answer(self, offer: str) -> str:
        """Take an offer, and answer it."""
        await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self._remote = _identity(offer)
        self._tap()
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        return self._description()

    async def take_answer(self, answer: str) -> None:
        """Take the answer to our offer."""
        self._remote = _identity(answer)
        await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def add_candidate(self, message: CandidateFrom) -> None:
        """Try this way too; ways of an earlier connection are passed over."""
        if message.username_fragment not in (None, self._remote[1]) or self._remote == ("", ""):
            return
        if not message.candidate:
            await self._peer.addIceCandidate(None)
            return
        candidate = candidate_from_sdp(message.candidate.removeprefix("candidate:"))
        candidate.sdpMid = message.sdp_mid
        candidate.sdpMLineIndex = message.sdp_m_line_index
        await self._peer.addIceCandidate(candidate)

    async def close(self) -> None:
        """End it; nothing more is kept."""
        # First of all: while aiortc ends one receiver after the other, it gives the packets of
        # those that are gone to those that are left.
        self._keeper.close()
        self._peer.remove_all_listeners()
        await self._peer.close()

    def _tap(self) -> None:
        for source, transceiver in zip(SOURCES, self._peer.getTransceivers(), strict=False):
            if source in self._tapped or transceiver.kind != KINDS[source]:
                continue
            self._tapped.add(source)
            tap(transceiver, self._keep(source, formats_of(transceiver)), now_us=self._now_us)

    def _keep(
        self, source: Source, formats: Sequence[MediaFormat]
    ) -> Callable[[int, Packet | SenderReport], None]:
        return lambda ssrc, record: self._keeper.keep(source, formats, ssrc, record)

    def _description(self) -> str:
        """Our description with one id for this connection; aiortc would give it the time of day."""
        return re.sub(r"^o=- \S+", f"o=- {self._id}", self._peer.localDescription.sdp, flags=re.M)


def _identity(description: str) -> tuple[str, str]:
    """Which connection of the other side this describes, and which of its ICE sessions."""
    session = re.search(r"^o=\S+ (\S+)", description, re.M)
    fragment = re.search(r"^a=ice-ufrag:(\S+)", description, re.M)
    return session[1] if session else "", fragment[1] if fragment else ""


def _ice_server(server: IceServer) -> RTCIceServer:
    return RTCIceServer(server.urls, server.username, server.credential)
