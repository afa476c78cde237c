"""Counts requests per key and route for several processes together, in Redis (decision 0013)."""

from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vestibule.foundation.ids import Ids
from vestibule.rooms.traffic.limiter import RateLimiter, too_many
from vestibule.rooms.traffic.model import Limit

# key; the count, milliseconds, an id of the request. Answers 0, or in how many milliseconds to
# come back. The times are Redis's own, so that the clocks of the processes need not agree.
COUNT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return math.max(1, first[2] + ARGV[2] - now)
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""

log = structlog.get_logger()


class SharedRateLimiter:
    """Lets through at most what a limit allows, whichever processes are asked.

    While Redis is away, each process counts for itself.
    """

    def __init__(self, redis: "Redis", *, alone: RateLimiter, ids: Ids) -> None:
        self._redis = redis
        self._alone = alone
        self._ids = ids

    async def admit(self, key: str, route: str, limit: Limit) -> None:
        """Count one request of this key; TooMany if it is over the limit, and then it is not."""
        name = f"vestibule:limit:{key}:{route}"
        try:
            wait = await self._redis.eval(
                COUNT, 1, name, limit.count, limit.seconds * 1000, self._ids.uuid()
            )
        except (RedisError, OSError) as error:
            log.warning("limits_counted_alone", error=type(error).__name__)
            self._alone.count(key, route, limit)
            return
        if wait:
            raise too_many(limit, -(-int(wait) // 1000))
