"""A client that costs little itself: prepared requests on a few connections, one after another."""

import asyncio
import itertools
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any, cast

import uvloop

CONNECTIONS = 16
PATIENCE_SECONDS = 30


@dataclass
class Measured:
    """What came of one round."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    """Seconds, of each answer."""

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.latencies) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds within which 99 of 100 were answered."""
        ordered = sorted(self.latencies)
        return ordered[math.ceil(0.99 * len(ordered)) - 1] * 1000


def request(method: str, path: str, *, key: str = "", body: Any = None) -> bytes:
    """A request as it goes over the wire."""
    content = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if key:
        head.append(f"Authorization: Bearer {key}")
    if content:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def load(port: int, requests: Iterable[bytes], *, seconds: float) -> Measured:
    """Ask as fast as the server answers; RuntimeError at the first answer that is not 200."""
    return uvloop.run(_load(port, iter(requests), seconds))


def always(one: bytes) -> Iterator[bytes]:
    """The same request for ever."""
    return itertools.repeat(one)


async def _load(port: int, requests: Iterator[bytes], seconds: float) -> Measured:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    measured = Measured(0)
    connections = [
        (
            await loop.create_connection(
                lambda: _Connection(requests, measured, began + seconds), "127.0.0.1", port
            )
        )[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.done for connection in connections))
    measured.seconds = time.perf_counter() - began
    return measured


class _Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next."""

    def __init__(self, requests: Iterator[bytes], measured: Measured, until: float) -> None:
        self._requests = requests
        self._latencies = measured.latencies
        self._until = until
        self._received = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or len(self._received) < end + 4 + self._length(end):
            return
        if not self._received.startswith(b"HTTP/1.1 200"):
            self._end(RuntimeError(self._received.decode(errors="replace")[:1000]))
            return
        now = time.perf_counter()
        self._latencies.append(now - self._sent_at)
        self._received = b""
        if now < self._until:
            self._send()
        else:
            self._end()

    def _length(self, end: int) -> int:
        head = self._received[:end].lower()
        _, _, rest = head.partition(b"content-length:")
        return int(rest.partition(b"\r\n")[0])

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or RuntimeError("the server closed the connection"))

    def _end(self, error: Exception | None = None) -> None:
        self._transport.close()
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


@dataclass
class Rounds:
    """Subject and floor, measured in turns so that what disturbs one disturbs both."""

    subject: list[Measured] = field(default_factory=list)
    floor: list[Measured] = field(default_factory=list)

    def middle(self, of: Callable[[Measured], float]) -> tuple[float, float, float]:
        """Medians over the rounds: of the subject, of the floor, and of their ratio."""
        pairs = [(of(a), of(b)) for a, b in zip(self.subject, self.floor, strict=True)]
        return (
            median(subject for subject, _ in pairs),
            median(floor for _, floor in pairs),
            median(subject / floor for subject, floor in pairs),
        )
