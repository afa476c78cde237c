"""Counts requests per key and route, in this process (decision 0013)."""

import math
from collections import OrderedDict, deque
from typing import Final

from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import TooMany
from vestibule.rooms.traffic.model import Limit

REMEMBERED_ROUTES: Final = 10_000


class RateLimiter:
    """Lets through at most what a limit allows in any span of its length."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._sent: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

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
            raise TooMany(
                f"this key has sent {limit.count} requests of this kind within {limit.seconds} "
                f"seconds, which is the limit; try again in {wait} s",
                retry_after_seconds=wait,
            )
        sent.append(now)
        if len(self._sent) > REMEMBERED_ROUTES:
            self._sent.popitem(last=False)
