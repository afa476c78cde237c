"""A real call without browsers: two people enter a room of the server and hear each other."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from aiortc import (
    AudioStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from vestibule.assembly import build
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import VestibuleError
from vestibule.operations.doctor.model import Finding, failed, ok, reason
from vestibule.rooms.calls.from_browser import Description, FromBrowser, Hello, Join, Leave
from vestibule.rooms.calls.messages import (
    PROTOCOL_VERSIONS,
    DescriptionFrom,
    Ended,
    Joined,
    Refused,
    Welcome,
    from_server,
)
from vestibule.rooms.calls.views import DescriptionKind, Media
from vestibule.settings import Settings

PATIENCE_SECONDS: Final = 30.0
ROOM_SECONDS: Final = 300
FRAMES: Final = 25  # half a second of sound


class CallFailed(Exception):
    """The call did not come about; `fix` says what to do."""

    def __init__(self, said: str, fix: str) -> None:
        super().__init__(said)
        self.fix = fix


class Person:
    """One end of the call, over a socket of its own."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def say(self, message: FromBrowser) -> None:
        await self._socket.send(message.model_dump_json())

    async def hear(self, kind: type[Any]) -> Any:
        """The next message of this kind; CallFailed if the server ends the stay before."""
        async for text in self._socket:
            message = from_server.validate_json(text)
            if isinstance(message, kind):
                return message
            if isinstance(message, Refused | Ended):
                raise CallFailed(
                    f"the server refuses: {message.message}",
                    "see that all servers behind this address share one database and one clock",
                )
        raise CallFailed(
            "the server closed the connection", "look into the log of the server for the reason"
        )

    async def enter(self, room: str, token: str, name: str) -> Joined:
        """Go in as a browser does."""
        versions = list(PROTOCOL_VERSIONS)
        await self.say(Hello(type="hello", versions=versions, room=room, token=token))
        await self.hear(Welcome)
        media = Media(audio=True, video=False)
        await self.say(Join(type="join", user_name=name, media=media))
        joined: Joined = await self.hear(Joined)
        return joined


async def check_call(settings: Settings) -> AsyncIterator[Finding]:
    """Whether two people meet and hear each other through the public address."""
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await hold_call(settings)
    except CallFailed as error:
        yield failed("call", str(error), fix=error.fix)
    except TimeoutError:
        fix = "let UDP pass between the two people's networks, or set up a TURN server"
        yield failed("call", f"nobody was heard within {PATIENCE_SECONDS:g} seconds", fix=fix)
    except (OSError, WebSocketException) as error:
        fix = "let the web server before Vestibule pass WebSockets to /signalling (deploy/)"
        yield failed("call", f"no WebSocket: {reason(error)}", fix=fix)
    except VestibuleError as error:
        fix = "mend the domain's rules for rooms and meeting tokens, or its limit of rooms"
        yield failed("call", f"no room for the test: {error.info}", fix=fix)
    else:
        took = asyncio.get_running_loop().time() - began
        yield ok("call", f"two people heard each other, {took:.1f} s after asking for a room")


async def hold_call(settings: Settings) -> None:
    """Make a room that ends by itself, and meet in it."""
    url = f"{settings.public_url.replace('http', 'ws', 1)}/signalling"
    async with (
        room_with_tokens(settings) as (room, (first, second)),
        connect(url, compression=None) as one,
        connect(url, compression=None) as other,
    ):
        ada, ben = Person(one), Person(other)
        met = await ada.enter(room, first, "Doctor")
        joined = await ben.enter(room, second, "Patient")
        await meet(ada, ben, met, joined)
        await ben.say(Leave(type="leave"))
        await ada.say(Leave(type="leave"))


async def meet(ada: Person, ben: Person, met: Joined, joined: Joined) -> None:
    """Who came later offers (docs/signalling.md); return when the other one has heard sound."""
    here, there = connection(met), connection(joined)
    heard = asyncio.get_running_loop().create_future()

    @here.on("track")
    async def listen(track: Any) -> None:
        try:
            for _ in range(FRAMES):
                await track.recv()
        except MediaStreamError:
            return
        heard.set_result(None)

    try:
        there.addTrack(AudioStreamTrack())
        await there.setLocalDescription(await there.createOffer())
        await tell(ben, met.you.session_id, there)
        await take(here, await ada.hear(DescriptionFrom))
        await here.setLocalDescription(await here.createAnswer())
        await tell(ada, joined.you.session_id, here)
        await take(there, await ben.hear(DescriptionFrom))
        await heard
    finally:
        await here.close()
        await there.close()


def connection(joined: Joined) -> RTCPeerConnection:
    """As a browser would connect: with the servers that it is told of."""
    servers = [
        RTCIceServer(server.urls, server.username, server.credential)
        for server in joined.ice_servers
    ]
    return RTCPeerConnection(RTCConfiguration(iceServers=servers))


async def tell(person: Person, to: str, peer: RTCPeerConnection) -> None:
    local = peer.localDescription
    kind = cast(DescriptionKind, local.type)
    await person.say(Description(type="description", to=to, kind=kind, sdp=local.sdp))


async def take(peer: RTCPeerConnection, message: DescriptionFrom) -> None:
    await peer.setRemoteDescription(RTCSessionDescription(message.sdp, message.kind))


@asynccontextmanager
async def room_with_tokens(settings: Settings) -> AsyncIterator[tuple[str, list[str]]]:
    """A private room of the first domain with tokens of two people; gone at the end."""
    vestibule = build(settings)
    rooms, now = vestibule.rooms, unix_seconds(vestibule.shared.clock.now())
    try:
        domain = await rooms.domains.primary()
        name, ends = f"doctor-{secrets.token_hex(8)}", {"exp": now + ROOM_SECONDS}
        await rooms.definitions.create(domain.id, name=name, privacy="private", properties=ends)
        try:
            tokens = [
                await rooms.tokens.create(domain, {"room_name": name, **ends}) for _ in range(2)
            ]
            yield name, tokens
        finally:
            await rooms.definitions.delete(domain.id, name)
    finally:
        await vestibule.stop()
