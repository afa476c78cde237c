"""How fast a client may speak, and what it may say."""

import json

import pytest

from vestibule.rooms.calls.allowance import Allowance
from vestibule.rooms.calls.connections import (
    MESSAGES_AT_ONCE,
    MESSAGES_PER_SECOND,
    ProtocolError,
    parsed,
)
from vestibule.rooms.calls.from_browser import Ping


def allowance() -> Allowance:
    """As a connection has it."""
    return Allowance(per_second=MESSAGES_PER_SECOND, at_once=MESSAGES_AT_ONCE)


def exceeded(limit: Allowance, count: int, *, at: float, every: float = 0.0) -> int:
    """How many of so many messages were too many."""
    return sum(not limit.count(at + number * every) for number in range(count))


def test_two_hundred_messages_may_come_at_once() -> None:
    limit = allowance()

    assert exceeded(limit, 200, at=0) == 0
    assert exceeded(limit, 1, at=0) == 1


def test_fifty_messages_a_second_may_come_for_ever() -> None:
    assert exceeded(allowance(), 5000, at=0, every=1 / 50) == 0
    assert exceeded(allowance(), 5000, at=0, every=1 / 60) > 0


def test_how_far_somebody_went_on_who_was_told_is_known() -> None:
    limit = allowance()

    exceeded(limit, 200 + 201, at=0)

    assert limit.overdrawn == 201


def test_whoever_stops_when_told_may_speak_again() -> None:
    limit = allowance()
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
