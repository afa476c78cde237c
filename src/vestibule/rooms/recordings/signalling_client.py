"""Talks with the signalling server as docs/signalling.md says, and comes back when cut off."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from vestibule.rooms.calls.from_browser import FromBrowser, Hello, Leave
from vestibule.rooms.calls.messages import (
    PROTOCOL_VERSIONS,
    CloseCode,
    Ended,
    FromServer,
    Joined,
    Problem,
    Refused,
    from_server,
)

log = structlog.get_logger()

CONNECT_SECONDS: Final = 5.0
PING_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 5.0
# A call of two hundred fits; what browsers send has a limit of its own.
LARGEST_MESSAGE_BYTES: Final = 1 << 20
NO_RETURN: Final = (CloseCode.PROTOCOL_ERROR, CloseCode.TAKEN_OVER, CloseCode.TOO_FAST)


class Unreachable(Exception):
    """The server did not answer."""


class NotAdmitted(Exception):
    """The server does not let the recorder in."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class StayEnded(Exception):
    """The recorder's stay in the call is over."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class SignallingClient:
    """A recorder in a call, over as many sockets as it takes."""

    def __init__(self, url: str, *, room: str, recorder_pass: str) -> None:
        """`recorder_pass` is the server's own; with it, a process takes an earlier one's place."""
        self._url = url
        self._room = room
        self._pass = recorder_pass
        self._has_entered = False
        self._outbox: asyncio.Queue[FromBrowser] = asyncio.Queue()
        self._pause = FIRST_PAUSE_SECONDS
        self.lost_since: float | None = None
        """The loop's time when the connection was lost; None while there is one."""

    def send(self, message: FromBrowser) -> None:
        """Say something, now or as soon as there is a connection."""
        self._outbox.put_nowait(message)

    async def run(self, follow: Callable[[FromServer], None]) -> None:
        """Enter the call, and give `follow` all that the server says in it, until cancelled.

        Raises Unreachable if the first connection fails, NotAdmitted and StayEnded.
        """
        while True:
            try:
                await self._talk(follow)
            except (OSError, InvalidHandshake, ConnectionClosed) as error:
                log.info("signalling_lost", error=str(error))
            if not self._has_entered:
                raise Unreachable(f"the server at {self._url} does not answer")
            self.lost_since = self.lost_since or asyncio.get_running_loop().time()
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)

    async def _talk(self, follow: Callable[[FromServer], None]) -> None:
        async with connect(
            self._url,
            compression=None,
            max_size=LARGEST_MESSAGE_BYTES,
            open_timeout=CONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=1,
        ) as socket:
            await _say(socket, self._hello())
            speaking = asyncio.create_task(self._speak(socket))
            try:
                async for text in socket:
                    self._take(from_server.validate_json(text), follow)
            except asyncio.CancelledError:
                with contextlib.suppress(ConnectionClosed):
                    await _say(socket, Leave(type="leave"))
                raise
            finally:
                speaking.cancel()
        if socket.close_code in NO_RETURN:
            raise StayEnded("closed", f"the server closed the connection with {socket.close_code}")

    async def _speak(self, socket: ClientConnection) -> None:
        while True:
            await _say(socket, await self._outbox.get())

    def _hello(self) -> Hello:
        return Hello(
            type="hello",
            versions=list(PROTOCOL_VERSIONS),
            room=self._room,
            recorder=self._pass,
        )

    def _take(self, message: FromServer, follow: Callable[[FromServer], None]) -> None:
        match message:
            case Refused():
                raise NotAdmitted(message.reason, message.message)
            case Ended():
                raise StayEnded(message.reason, message.message)
            case Problem():
                log.warning("signalling_problem", code=message.code, message=message.message)
            case Joined():
                self._has_entered = True
                self._pause = FIRST_PAUSE_SECONDS
                self.lost_since = None
                follow(message)
            case _:
                follow(message)


async def _say(socket: ClientConnection, message: FromBrowser) -> None:
    await socket.send(message.model_dump_json())
