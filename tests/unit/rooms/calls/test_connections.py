"""How fast a client may speak, and what it may say."""

import json

import pytest

from vestibule.rooms.calls.connections import ProtocolError, RateLimit, parsed
from vestibule.rooms.calls.messages import Ping


def exceeded(limit: RateLimit, count: int, *, at: float, every: float = 0.0) -> int:
    """How many of so many messages were too many."""
    too_many = 0
    for number in range(count):
        limit.count(at + number * every)
        too_many += limit.is_exceeded
    return too_many


def test_two_hundred_messages_may_come_at_once() -> None:
    limit = RateLimit(0)

    assert exceeded(limit, 200, at=0) == 0
    assert exceeded(limit, 1, at=0) == 1


def test_fifty_messages_a_second_may_come_for_ever() -> None:
    assert exceeded(RateLimit(0), 5000, at=0, every=1 / 50) == 0
    assert exceeded(RateLimit(0), 5000, at=0, every=1 / 60) > 0


@pytest.mark.parametrize(("too_many", "cut_off"), [(200, False), (201, True)])
def test_whoever_goes_on_when_told_is_cut_off(too_many: int, cut_off: bool) -> None:
    limit = RateLimit(0)

    exceeded(limit, 200 + too_many, at=0)

    assert limit.is_ignored is cut_off


def test_whoever_stops_when_told_may_speak_again() -> None:
    limit = RateLimit(0)
    exceeded(limit, 400, at=0)

    assert exceeded(limit, 1, at=10) == 0


def test_a_message_is_read() -> None:
    assert parsed('{"type": "ping"}') == Ping(type="ping")


def test_a_protocol_error_does_not_repeat_a_secret() -> None:
    hello = {"type": "hello", "versions": [1], "room": "consult", "token": ["secret-value"]}

    with pytest.raises(ProtocolError) as error:
        parsed(json.dumps(hello))

    assert "hello.token" in str(error.value)
    assert "secret-value" not in str(error.value)
