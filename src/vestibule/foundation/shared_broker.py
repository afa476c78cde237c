"""A broker for several processes: tells the others through Redis what has just happened."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vestibule.foundation.broker import Listener, LocalBroker

CHANNEL: Final = "vestibule:news"
UNSENT: Final = 10_000
RETRY_SECONDS: Final = 0.5
LISTEN_SECONDS: Final = 1.0

log = structlog.get_logger()


class SharedBroker:
    """Calls this process's listeners at once, and those of the other processes soon.

    What is said while Redis is away is sent when it is back, the newest 10,000 of it. A process
    that could not listen for a while has missed something: `on_gap` is called each time it begins
    to listen, so that who must not miss anything looks for itself.
    """

    def __init__(self, redis: "Redis", *, process: str) -> None:
        self._redis = redis
        self._process = process
        self._local = LocalBroker()
        self._unsent: deque[str] = deque(maxlen=UNSENT)
        self._wake = asyncio.Event()
        self._gap_listeners: list[Callable[[], None]] = []
        self._running: list[asyncio.Task[None]] = []
        number = redis.connection_pool.connection_kwargs.get("db") or 0
        self._channel = f"{CHANNEL}:{number}"

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        """Tell every listener of the topic."""
        self._local.publish(topic, message)
        self._unsent.append(json.dumps([self._process, topic, message]))
        self._wake.set()

    def subscribe(self, topic: str, listener: Listener) -> None:
        """Be told of this topic, from now on."""
        self._local.subscribe(topic, listener)

    def on_gap(self, listener: Callable[[], None]) -> None:
        """Be told when something may have been missed."""
        self._gap_listeners.append(listener)

    def start(self) -> None:
        """Begin to send and to listen. Call on the event loop."""
        self._running = [
            asyncio.create_task(self._send(), name="broker-sends"),
            asyncio.create_task(self._listen(), name="broker-listens"),
        ]

    async def close(self) -> None:
        """Send what is left, if Redis takes it, and end."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(LISTEN_SECONDS):
                await self._send_all()

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._send_all()
            except (RedisError, OSError):
                self._wake.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _send_all(self) -> None:
        while self._unsent:
            await self._redis.publish(self._channel, self._unsent[0])
            self._unsent.popleft()

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                log.debug("broker_does_not_hear", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        async with self._redis.pubsub() as listening:
            await listening.subscribe(self._channel)
            while True:
                heard = await listening.get_message(timeout=LISTEN_SECONDS)
                if heard is None:
                    continue
                if heard["type"] == "subscribe":
                    for listener in self._gap_listeners:
                        listener()
                elif heard["type"] == "message":
                    self._take(heard["data"])

    def _take(self, text: str) -> None:
        try:
            sender, topic, message = json.loads(text)
            if sender != self._process:
                self._local.publish(topic, message)
        except Exception:  # one that cannot be taken must not end the listening
            log.exception("news_not_taken")
