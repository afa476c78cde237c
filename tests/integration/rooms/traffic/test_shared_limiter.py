"""A limit that several processes count together, in a real Redis."""

import pytest
from redis.asyncio import Redis

from tests.doubles.clock import FakeClock
from tests.servers.redis import Redis as RedisServer
from vestibule.foundation.errors import TooMany
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.traffic.limiter import RateLimiter
from vestibule.rooms.traffic.model import Limit
from vestibule.rooms.traffic.shared_limiter import SharedRateLimiter

LIMIT = Limit(3, 60)


async def test_a_key_has_one_limit_whichever_processes_it_asks() -> None:
    server = RedisServer()
    server.start()
    redis = Redis.from_url(server.url, decode_responses=True)
    one, other = [
        SharedRateLimiter(redis, alone=RateLimiter(clock=FakeClock()), ids=SystemIds())
        for _ in range(2)
    ]
    try:
        for limiter in (one, other, one):
            await limiter.admit("key", "GET /rooms", LIMIT)
        with pytest.raises(TooMany) as refused:
            await other.admit("key", "GET /rooms", LIMIT)
        assert 0 < refused.value.retry_after_seconds <= 60
        await other.admit("key", "POST /rooms", LIMIT)
        await other.admit("another key", "GET /rooms", LIMIT)

        server.kill()
        for _ in range(3):  # each counts for itself
            await other.admit("key", "GET /rooms", LIMIT)
        with pytest.raises(TooMany):
            await other.admit("key", "GET /rooms", LIMIT)
    finally:
        await redis.aclose()
        server.stop()
