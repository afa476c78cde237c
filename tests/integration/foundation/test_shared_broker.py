"""News between processes, through a real Redis that may be away."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.servers.redis import Redis as RedisServer
from vestibule.foundation.shared_broker import SharedBroker

PATIENCE_SECONDS = 60


class Process:
    """One process's broker, and what it heard."""

    def __init__(self, url: str, name: str) -> None:
        self._redis = Redis.from_url(url, decode_responses=True)
        self.broker = SharedBroker(self._redis, process=name)
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.gaps: asyncio.Queue[None] = asyncio.Queue()
        self.broker.subscribe("room-deleted", self.heard.put_nowait)
        self.broker.on_gap(lambda: self.gaps.put_nowait(None))
        self.broker.start()

    async def listens(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.gaps.get()

    async def hears(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found: str = (await self.heard.get())["room_id"]
        return found

    async def close(self) -> None:
        await self.broker.close()
        await self._redis.aclose()


@pytest.fixture
async def both() -> AsyncIterator[tuple[RedisServer, Process, Process]]:
    server = RedisServer()
    server.start()
    one, other = Process(server.url, "one"), Process(server.url, "other")
    yield server, one, other
    await one.close()
    await other.close()
    server.stop()


async def test_news_reach_every_process_once_and_what_was_missed_is_known(
    both: tuple[RedisServer, Process, Process],
) -> None:
    server, one, other = both
    await one.listens()
    await other.listens()

    one.broker.publish("room-deleted", {"room_id": "a"})
    one.broker.publish("another-topic", {"room_id": "b"})
    one.broker.publish("room-deleted", {"room_id": "c"})
    assert [await each.hears() for each in (one, other, one, other)] == ["a", "a", "c", "c"]

    server.kill()
    one.broker.publish("room-deleted", {"room_id": "d"})
    assert await one.hears() == "d"  # at once, whatever Redis does
    server.start()
    await one.listens()
    await other.listens()  # and looks at all of its rooms now, or hears it yet
    one.broker.publish("room-deleted", {"room_id": "e"})
    assert await one.hears() == "e"
    last = ""
    while last != "e":
        last = await other.hears()
    assert one.heard.empty()
    assert other.heard.empty()
