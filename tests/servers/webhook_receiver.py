"""A real HTTP server that receives webhooks, well or badly, inside the test or as a process."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Received:
    """One request as it came over the socket; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> Any:
        return json.loads(self.body)

    @property
    def is_check(self) -> bool:
        return bool(self.message == {"test": "test"})


Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: bytes = b"ok", **headers: str) -> Behaviour:
    """Answer at once. Header names are written with underscores."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()

    return behave


def answer_after(release: asyncio.Event, then: Behaviour) -> Behaviour:
    """Hold the request until released."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        await release.wait()
        await then(writer)

    return behave


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Die before answering."""
    writer.transport.abort()


async def never_answer(writer: asyncio.StreamWriter) -> None:
    """Keep the connection and say nothing."""
    await writer.wait_closed()


async def answer_without_end(writer: asyncio.StreamWriter) -> None:
    """Answer 200 with a body that goes on for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()


async def answer_and_stall(writer: asyncio.StreamWriter) -> None:
    """Answer 200, but leave the promised body out."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    await writer.wait_closed()


class WebhookReceiver:
    """Keeps every request and behaves as `behave` says; answers 200 unless told otherwise."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        self.behave: Callable[[Received], Behaviour] = lambda _received: answer()
        self.port = 0
        self.at_once = 0
        self.most_at_once = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._conversations: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}
        self._arrived = asyncio.Event()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/hook?from=vestibule"

    @property
    def events(self) -> list[Received]:
        """What came, without check requests."""
        return [received for received in self.received if not received.is_check]

    @property
    def ids(self) -> list[str]:
        """The ids of the events, in the order in which they came."""
        return [received.message["id"] for received in self.events]

    async def start(self) -> None:
        """Listen, on the same port as before if it was stopped."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Die: stop listening, and break every conversation off."""
        assert self._server is not None
        self._server.close()
        await asyncio.sleep(0)  # whoever has just been let in is met first
        conversations = dict(self._conversations)
        for conversation, writer in conversations.items():
            writer.transport.abort()
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await self._server.wait_closed()

    async def arrival(self, count: int) -> None:
        """Wait until this many requests have come; TimeoutError if they do not come at all."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.received) < count:
                self._arrived.clear()
                await self._arrived.wait()

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._conversations[conversation] = writer
        conversation.add_done_callback(self._conversations.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            received = await self._read(reader)
            self.received.append(received)
            self._arrived.set()
            await self.behave(received)(writer)
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.at_once -= 1

    async def _read(self, reader: asyncio.StreamReader) -> Received:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Received(path=first.split(" ")[1], headers=headers, body=body)


def is_signed(received: Received, secret: str) -> bool:
    """Check the signature as the documentation says, without any code of the product."""
    signed = f"{received.headers['x-webhook-timestamp']}.".encode() + received.body
    digest = hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()
    given = received.headers["x-webhook-signature"]
    return hmac.compare_digest(base64.b64encode(digest).decode(), given)


async def _run(port: int, log: Path) -> None:
    """Write down the id of each event before answering 200; behaves as a careful receiver does."""
    receiver = WebhookReceiver()
    receiver.port = port

    def write_down(received: Received) -> Behaviour:
        with log.open("a") as file:
            file.write(received.message.get("id", "check") + "\n")
        return answer()

    receiver.behave = write_down
    await receiver.start()
    print(receiver.port, flush=True)  # noqa: T201 - tells the parent that it is ready
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), Path(sys.argv[2])))
