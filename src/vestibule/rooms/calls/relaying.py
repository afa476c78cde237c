"""Carries a connection to the process that keeps the call, as if the browser had come there."""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from vestibule.rooms.calls.connections import LOST
from vestibule.rooms.calls.messages import CloseCode
from vestibule.rooms.ownership.model import Holder
from vestibule.rooms.ownership.peers import MINE, NOT_MINE, RELAY_PATH

REACH_SECONDS: Final = 1.0
PING_SECONDS: Final = 3.0
TALKS_SECONDS: Final = 4.0
"""An owner that does not answer a ping for so long is given up."""
LEAST_OWN_CODE: Final = 3000
CODES: Final = frozenset(CloseCode)


class Gone(Exception):
    """Nobody is there any more, or who is there does not keep the call."""


class Unreachable(Exception):
    """No answer came: the process may be dead, busy, or cut off."""


def continued(
    socket: WebSocket, said: Iterable[Any], *, scope: dict[str, Any] | None = None
) -> WebSocket:
    """The socket as it was before these frames were read from it; with other details, if given."""
    waiting = list(said)

    async def receive() -> Any:
        return waiting.pop(0) if waiting else await socket.receive()

    async def send(message: Any) -> None:
        await socket.send(message)

    same = WebSocket({**socket.scope, **(scope or {})}, receive, send)
    same.client_state = same.application_state = WebSocketState.CONNECTED
    return same


async def reach(holder: Holder, proof: str) -> ClientConnection:
    """A connection to whoever keeps the call, for whom `proof` introduces. Gone, Unreachable."""
    url = holder.url.replace("http", "ws", 1) + RELAY_PATH
    try:
        async with asyncio.timeout(REACH_SECONDS):
            relay = await connect(
                url,
                compression=None,
                max_size=None,
                proxy=None,
                ping_interval=PING_SECONDS,
                ping_timeout=TALKS_SECONDS,
                close_timeout=1,
            )
            await relay.send(proof)
            if await relay.recv() != MINE:
                raise Unreachable
    except (ConnectionRefusedError, ConnectionResetError, InvalidMessage) as error:
        raise Gone from error
    except ConnectionClosed as error:
        if error.rcvd is not None and error.rcvd.code != NOT_MINE:
            raise Unreachable from error
        raise Gone from error  # it ended, or said that it keeps no such call
    except (OSError, InvalidHandshake) as error:  # a timeout is one
        raise Unreachable from error
    return relay


async def carry(socket: WebSocket, relay: ClientConnection) -> None:
    """Pass on what both sides say, in order, until one ends; the other is told how.

    Neither is read while what it said has not been taken by the other side.
    """
    inward = asyncio.create_task(_inward(socket, relay))
    outward = asyncio.create_task(_outward(socket, relay))
    try:
        await asyncio.wait({inward, outward}, return_when=asyncio.FIRST_COMPLETED)
        if inward.done():
            await _end_relay(relay, inward.result())
        else:
            await end(socket, outward.result())
    finally:
        for task in (inward, outward):
            task.cancel()
        await asyncio.gather(inward, outward, return_exceptions=True)
        relay.transport.abort()


async def end(socket: WebSocket, code: int) -> None:
    """Close the socket, if it is still open."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code)


async def _inward(socket: WebSocket, relay: ClientConnection) -> int:
    """How the browser's connection ended."""
    while True:
        event = await socket.receive()
        if event["type"] == "websocket.disconnect":
            return event.get("code") or LOST
        said = event.get("text")
        try:
            await relay.send(event["bytes"] if said is None else said)
        except ConnectionClosed:
            await relay.wait_closed()
            await asyncio.Event().wait()  # the other direction says how it ended


async def _outward(socket: WebSocket, relay: ClientConnection) -> int:
    """How the owner's connection ended; lost without a goodbye, the page comes back at once."""
    code: int | None = None
    try:
        async for said in relay:
            assert isinstance(said, str)
            await socket.send_text(said)
        code = relay.close_code
    except (WebSocketDisconnect, RuntimeError):
        return LOST
    except ConnectionClosed as error:
        code = error.rcvd.code if error.rcvd else None
    return code if code in CODES else CloseCode.RESTART


async def _end_relay(relay: ClientConnection, code: int) -> None:
    """Tell the owner how the browser went; a lost connection breaks off here too."""
    if code == LOST:
        return
    with contextlib.suppress(ConnectionClosed, ValueError, TimeoutError):
        async with asyncio.timeout(REACH_SECONDS):
            await relay.close(code if code in {1000, 1001} or code >= LEAST_OWN_CODE else 1011)
