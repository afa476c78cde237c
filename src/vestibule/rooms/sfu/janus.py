"""One connection to one Janus server: a session, handles of its videoroom plugin, and requests.

Janus's plain WebSocket API, as Debian's janus 1.1 has it. The secret never leaves this process.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

PLUGIN: Final = "janus.plugin.videoroom"
ANSWER_SECONDS: Final = 4.0
CONNECT_SECONDS: Final = 2.0
KEEP_ALIVE_SECONDS: Final = 10.0
PING_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 3.0
"""A server that answers no ping for so long counts as dead, so that its calls are rebuilt soon."""
LARGEST_MESSAGE_BYTES: Final = 4 << 20

log = structlog.get_logger()


class JanusError(Exception):
    """Janus could not do it; `code` is its own."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} ({code})")
        self.code = code


class JanusGone(Exception):
    """The server is not reached, or has forgotten us."""


@dataclass(frozen=True)
class Reply:
    """What the plugin said, and the session description that came with it."""

    data: dict[str, Any]
    sdp: str | None


class Janus:
    """A session with one server, for as long as its connection stands."""

    def __init__(self, url: str, secret: str | None, socket: ClientConnection) -> None:
        self.url = url
        self._secret = secret
        self._socket = socket
        self._session: int | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._hearers: dict[int, Callable[[dict[str, Any]], None]] = {}

    @classmethod
    async def open(cls, url: str, secret: str | None) -> "Janus":
        """Connect; OSError, InvalidHandshake or TimeoutError if nobody answers as Janus does."""
        socket = await connect(
            url,
            subprotocols=[Subprotocol("janus-protocol")],
            compression=None,
            proxy=None,
            open_timeout=CONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=SILENT_SECONDS,
            close_timeout=1,
            max_size=LARGEST_MESSAGE_BYTES,
        )
        return cls(url, secret, socket)

    async def begin(self) -> None:
        """Open the session; JanusError if the secret is not this server's."""
        self._session = int((await self._ask({"janus": "create"}))["data"]["id"])

    async def read(self) -> None:
        """Take what the server says until the connection ends; then nothing is answered."""
        keeping = asyncio.create_task(self._keep_alive())
        try:
            async for text in self._socket:
                message = json.loads(text)
                if message["janus"] == "timeout":  # our session is gone, and all that was in it
                    break
                self._take(message)
        except (ConnectionClosed, ValueError) as error:
            log.info("janus_lost", url=self.url, error=type(error).__name__)
        finally:
            keeping.cancel()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(JanusGone(self.url))
                    waiting.exception()  # nobody may be there to take it

    async def close(self) -> None:
        """End the connection. Media goes on for as long as the server is set to wait for us."""
        await self._socket.close()

    # Handles ------------------------------------------------------------------------------

    async def attach(self, on_event: Callable[[dict[str, Any]], None] | None = None) -> int:
        """A new handle; `on_event` gets what the server says of it unasked."""
        handle = int((await self._ask({"janus": "attach", "plugin": PLUGIN}))["data"]["id"])
        if on_event is not None:
            self._hearers[handle] = on_event
        return handle

    async def detach(self, handle: int) -> None:
        """Give a handle back, with its connection; one that is gone already is as well."""
        self._hearers.pop(handle, None)
        try:
            await self._ask({"janus": "detach", "handle_id": handle})
        except JanusError as error:
            log.debug("janus_handle_gone", code=error.code)

    async def say(
        self, handle: int, body: dict[str, Any], *, sdp: tuple[str, str] | None = None
    ) -> Reply:
        """Ask the plugin; `sdp` is a kind and a session description. JanusError, JanusGone."""
        message: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        if sdp is not None:
            message["jsep"] = {"type": sdp[0], "sdp": sdp[1]}
        answer = await self._ask(message)
        data: dict[str, Any] = answer.get("plugindata", {}).get("data", {})
        if "error_code" in data:
            raise JanusError(int(data["error_code"]), str(data.get("error", "refused")))
        return Reply(data, answer.get("jsep", {}).get("sdp"))

    async def trickle(self, handle: int, candidate: dict[str, Any]) -> None:
        """Hand on an ICE candidate, as browsers have them; nothing comes back."""
        await self._send({"janus": "trickle", "handle_id": handle, "candidate": candidate})

    async def info(self) -> dict[str, Any]:
        """What the server says of itself; to be asked before the session begins."""
        return await self._ask({"janus": "info"})

    # Inside -------------------------------------------------------------------------------

    async def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        number = str(next(self._numbers))
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._send(message, number)
                answer = await waiting
        except TimeoutError as error:
            raise JanusGone(self.url) from error
        finally:
            del self._waiting[number]
        if answer["janus"] == "error":
            refusal = answer["error"]
            raise JanusError(int(refusal["code"]), str(refusal["reason"]))
        return answer

    async def _send(self, message: dict[str, Any], transaction: str = "none") -> None:
        if self._secret is not None:
            message["apisecret"] = self._secret
        if self._session is not None:
            message["session_id"] = self._session
        try:
            await self._socket.send(json.dumps({**message, "transaction": transaction}))
        except ConnectionClosed as error:
            raise JanusGone(self.url) from error

    def _take(self, message: dict[str, Any]) -> None:
        waiting = self._waiting.get(message.get("transaction", ""))
        if waiting is not None:
            # A message to the plugin is acknowledged first; a keep-alive is only that.
            if not waiting.done() and message["janus"] != "ack":
                waiting.set_result(message)
            return
        hearer = self._hearers.get(message.get("sender", 0))
        if hearer is not None:
            hearer(message)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            try:
                await self._send({"janus": "keepalive"})
            except JanusGone:
                return


UNREACHED: Final = (OSError, InvalidHandshake, TimeoutError, JanusError, JanusGone)
"""Why a server cannot be used now."""
