"""People at the door of a real server, each with a real WebSocket."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE_SECONDS = 30
MEDIA = {"audio": True, "video": True, "screen": False}


class Person:
    """One person's socket: says messages, and hears the answers in their order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session_id = ""
        self.ticket = ""

    async def say(self, kind: str, /, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next message, which must be of this kind."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: dict[str, Any] = json.loads(await self.socket.recv())
        assert message["type"] == kind, message
        return message

    async def hears_nothing(self) -> None:
        """Nothing was on its way: the answer to a ping comes first."""
        await self.say("ping")
        await self.hear("pong")

    async def closed(self) -> int:
        """The code that the server closed with, after nothing more was said."""
        with pytest.raises(ConnectionClosed) as end:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.socket.recv()
        assert end.value.rcvd is not None
        return end.value.rcvd.code

    async def says_hello(
        self, room: str = "consult", *, token: str | None = None, resume: str | None = None
    ) -> None:
        await self.say("hello", versions=[1], room=room, token=token, resume=resume)

    async def asks_to_join(
        self, name: str, *, room: str = "consult", token: str | None = None
    ) -> None:
        """Say hello, be welcome, and join; the answer to that is still to be heard."""
        await self.says_hello(room, token=token)
        await self.hear("welcome")
        await self.say("join", user_name=name, media=MEDIA)

    async def joins(
        self, name: str, *, room: str = "consult", token: str | None = None
    ) -> dict[str, Any]:
        """Come all the way into the call."""
        await self.asks_to_join(name, room=room, token=token)
        return await self.is_in()

    async def is_in(self) -> dict[str, Any]:
        joined = await self.hear("joined")
        self.session_id, self.ticket = joined["you"]["session_id"], joined["resume"]
        return joined

    async def waits(self) -> dict[str, Any]:
        waiting = await self.hear("waiting")
        self.session_id, self.ticket = waiting["session_id"], waiting["resume"]
        return waiting

    async def comes_back(self, ticket: str, *, room: str = "consult") -> None:
        """Say hello with a ticket."""
        await self.says_hello(room, resume=ticket)

    async def loses_the_connection(self) -> None:
        """The socket breaks, without a goodbye."""
        self.socket.transport.abort()
        await self.socket.wait_closed()


class Visitors:
    """Lets people come to one server, or to each of several in turn; sees them off at the end."""

    def __init__(self, port: int, *others: int) -> None:
        self._ports = [port, *others]
        self._come = 0
        self._sockets: list[ClientConnection] = []

    @property
    def port(self) -> int:
        """Where the next one comes."""
        return self._ports[self._come % len(self._ports)]

    async def __call__(self, *, host: str = "127.0.0.1", **options: Any) -> Person:
        port = self.port
        self._come += 1
        reached: dict[str, Any] = {"host": "127.0.0.1", "port": port}
        if "sock" in options:
            reached = {}
        address = f"ws://{host}:{port}/signalling"
        socket = await connect(address, open_timeout=PATIENCE_SECONDS, **reached, **options)
        self._sockets.append(socket)
        return Person(socket)

    async def see_off(self) -> None:
        for socket in self._sockets:
            socket.transport.abort()
