"""One WebSocket: reads checked messages, and writes without ever making a sender wait.

A client that does not read loses its own connection; its room goes on (reference stack 1).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from pydantic import BaseModel, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from vestibule.foundation.errors import MalformedJson
from vestibule.foundation.json_text import check_json, whole_characters
from vestibule.rooms.calls.allowance import Allowance
from vestibule.rooms.calls.from_browser import FromBrowser, from_browser
from vestibule.rooms.calls.messages import CloseCode, FromServer, Problem

MAX_UNSENT_BYTES: Final = 256 * 1024
HELLO_SECONDS: Final = 10.0
CLOSE_SECONDS: Final = 5.0
"""How long a connection that is being closed may take to read what was sent before."""
HOLD_SECONDS: Final = 2.0
"""How long words wait for the database before they go out all the same."""
MESSAGES_PER_SECOND: Final = 50.0
MESSAGES_AT_ONCE: Final = 200
LOST: Final = 1006

Take = Callable[[FromBrowser], Awaitable[None]]


class ProtocolError(Exception):
    """The client sent what no correct client sends; the text says what."""


class Connection:
    """The server's end of one socket."""

    def __init__(self, socket: WebSocket, *, hello_seconds: float = HELLO_SECONDS) -> None:
        self._socket = socket
        self._hello_seconds = hello_seconds
        self._outbox: deque[str] = deque()
        self._unsent_bytes = 0
        self._writer: asyncio.Task[None] | None = None
        self._close_code: int | None = None
        self._is_gone = False
        self._held: asyncio.Future[None] | None = None
        self._reading: asyncio.Timeout | None = None

    @property
    def is_closing(self) -> bool:
        """Whether it was closed from here, or found broken."""
        return self._close_code is not None or self._is_gone

    def send(self, message: FromServer) -> bool:
        """Send later, in order. False if the client is too slow or gone: it is cut off."""
        return self.send_text(encoded(message))

    def send_text(self, text: str) -> bool:
        """`send` for a message that is encoded already."""
        if self.is_closing:
            return False
        if self._unsent_bytes + len(text) > MAX_UNSENT_BYTES:
            self._outbox.clear()
            self.close(CloseCode.TOO_SLOW)
            return False
        self._outbox.append(text)
        self._unsent_bytes += len(text)
        self._wake_writer()
        return True

    def hold(self, until: asyncio.Future[None]) -> None:
        """Say nothing more, and do not close, before this is done; or 2 seconds later.

        Whoever sends does not wait.
        """
        self._held = until

    def close(self, code: int) -> None:
        """Close after what was sent before; at most 5 seconds later."""
        if self.is_closing:
            return
        self._close_code = code
        self._read_for(CLOSE_SECONDS)
        self._wake_writer()

    def fail(self, what: str) -> None:
        """Tell the client of its defect, and close."""
        self.send(Problem(code="protocol-error", message=what))
        self.close(CloseCode.PROTOCOL_ERROR)

    async def talk(self, take: Take) -> int:
        """Hand each message to `take` until the connection ends; return its close code.

        The first message must come within 10 seconds.
        """
        code = LOST
        try:
            async with asyncio.timeout(self._hello_seconds) as self._reading:
                code = await self._read(take)
        except TimeoutError:
            self._time_out()
        except ProtocolError as error:
            self._reading = None
            self.fail(str(error))
        finally:
            self._reading = None
            await self._finish()
        return code

    async def _read(self, take: Take) -> int:
        loop = asyncio.get_running_loop()
        allowed = Allowance(per_second=MESSAGES_PER_SECOND, at_once=MESSAGES_AT_ONCE)
        while self._close_code is None:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return event.get("code") or LOST
            if self._close_code is None:
                self._read_for(None)
            if not allowed.count(loop.time()):
                # Whoever goes on long after being told is cut off.
                self._slow_down(final=allowed.overdrawn > MESSAGES_AT_ONCE)
                continue
            await take(parsed(event.get("text")))
        return LOST

    def _slow_down(self, *, final: bool) -> None:
        self.send(Problem(code="too-fast", message="Too many messages; this one was not read."))
        if final:
            self.close(CloseCode.TOO_FAST)

    def _read_for(self, seconds: float | None) -> None:
        """Stop reading so long from now; None: when the connection ends."""
        if self._reading is not None and not self._reading.expired():
            now = asyncio.get_running_loop().time()
            self._reading.reschedule(None if seconds is None else now + seconds)

    def _time_out(self) -> None:
        self._reading = None
        if self._close_code is None:
            self.fail(f"the first message did not come within {self._hello_seconds:g} seconds")
        elif self._writer is not None:
            self._writer.cancel()

    def _wake_writer(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        try:
            while await self._has_something_to_say():
                text = self._outbox.popleft()
                self._unsent_bytes -= len(text)
                await self._socket.send_text(text)
            if self._close_code is not None:
                await self._socket.close(self._close_code)
        except (WebSocketDisconnect, RuntimeError):
            self._is_gone = True
        finally:
            self._writer = None

    async def _has_something_to_say(self) -> bool:
        while (held := self._held) is not None:
            await asyncio.wait({held}, timeout=HOLD_SECONDS)
            if self._held is held:
                self._held = None
        return bool(self._outbox)

    async def _finish(self) -> None:
        """Let the writer end, but not for ever: a client that does not read would keep it."""
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)
        if self._writer is not None:
            self._writer.cancel()


def parsed(text: str | None) -> FromBrowser:
    """The message in a text frame; ProtocolError if it is none, or not of version 1."""
    if text is None:
        raise ProtocolError("messages are text frames; a binary one came")
    try:
        # Half an emoji in what somebody wrote is a mishap, no reason to end their call.
        text = whole_characters(text)
        check_json(text.encode())
        return from_browser.validate_json(text)
    except MalformedJson as error:
        raise ProtocolError(error.info) from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise ProtocolError(f"{place or 'the message'}: {problem['msg'][:200]}") from error


def encoded(message: FromServer) -> str:
    """The message as it is sent."""
    assert isinstance(message, BaseModel)
    return message.model_dump_json()
