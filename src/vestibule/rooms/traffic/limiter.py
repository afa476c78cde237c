"""Counts requests per key and route, in this process (decision 0013)."""

import math
from collections import OrderedDict, deque
from typing import Final, Protocol

from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import TooMany
from vestibule.rooms.traffic.model import Limit

REMEMBERED_ROUTES: Final = 10_000


class Limiter(Protocol):
    """Counts requests, here or for several processes together."""

    async def admit(self, key: str, route: str, limit: Limit) -> None: ...


class RateLimiter:
    """Lets through at most what a limit allows in any span of its length."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._sent: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    async def admit(self, key: str, route: str, limit: Limit) -> None:
        """What `count` does."""
        self.count(key, route, limit)

    def count(self, key: str, route: str, limit: Limit) -> None:
        """Count one request of this key; TooMany if it is over the limit, and then it is not."""
        now = self._clock.now().timestamp()
        sent = self._sent.setdefault((key, route), deque())
        self._sent.move_to_end((key, route))
        # The clock may have been set back: what seems to lie ahead would never pass.
        while sent and not now - limit.seconds < sent[0] <= now:
            sent.popleft()
        if len(sent) >= limit.count:
            wait = max(1, math.ceil(sent[0] + limit.seconds - now))
            raise too_many(limit, wait)
        sent.append(now)
        if len(self._sent) > REMEMBERED_ROUTES:
            self._sent.popitem(last=False)


def too_many(limit: Limit, wait_seconds: int) -> TooMany:
    """What whoever is over a limit is told."""
    return TooMany(
        f"this key has sent {limit.count} requests of this kind within {limit.seconds} "
        f"seconds, which is the limit; try again in {wait_seconds} s",
        retry_after_seconds=wait_seconds,
    )
