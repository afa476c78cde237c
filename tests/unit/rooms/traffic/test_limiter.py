"""Requests of a key are counted in any span of time."""

from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.errors import TooMany
from vestibule.rooms.traffic.limiter import REMEMBERED_ROUTES, RateLimiter
from vestibule.rooms.traffic.model import Limit

THREE = Limit(3, 10)


def wait_of(limiter: RateLimiter, key: str = "k", route: str = "r") -> int:
    """How long the limiter says to wait; 0: it lets the request through."""
    try:
        limiter.count(key, route, THREE)
    except TooMany as error:
        return error.retry_after_seconds
    return 0


def test_the_limit_holds_in_any_span_of_its_length() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock=clock)
    waits = []
    for seconds in (0, 6, 0, 3, 0.5, 0.5, 0, 6, 0):
        clock.advance(timedelta(seconds=seconds))
        waits.append(wait_of(limiter))
    # Sent at 0, 6, 6; refused at 9 and 9.5; sent at 10; refused at 10; sent at 16 twice.
    assert waits == [0, 0, 0, 1, 1, 0, 6, 0, 0]


def test_keys_and_routes_have_limits_of_their_own() -> None:
    limiter = RateLimiter(clock=FakeClock())
    assert [wait_of(limiter) for _ in range(4)] == [0, 0, 0, 10]
    assert wait_of(limiter, key="other") == 0
    assert wait_of(limiter, route="other") == 0


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock=clock)
    for _ in range(3):
        assert wait_of(limiter) == 0
    clock.advance(timedelta(hours=-1))
    assert wait_of(limiter) == 0


def test_what_is_remembered_is_bounded() -> None:
    limiter = RateLimiter(clock=FakeClock())
    for number in range(REMEMBERED_ROUTES + 5):
        limiter.count(str(number), "r", THREE)
    assert len(limiter._sent) == REMEMBERED_ROUTES
    with pytest.raises(TooMany):
        for _ in range(3):
            limiter.count(str(REMEMBERED_ROUTES), "r", THREE)
