"""What follows from each try, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.rooms.webhooks.test_model import WEBHOOK
from vestibule.rooms.deliveries.model import (
    FAILURES_BEFORE_CHECKUP,
    PERSISTENCE,
    Delivered,
    Delivery,
    DeliveryState,
    Later,
    Pause,
    Quarantine,
    Verdict,
    judge,
    needs_checkup,
    state_after_failure,
    wait,
)
from vestibule.rooms.webhooks.model import Answer, RetryType, WebhookState

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERSISTENT, BREAKER, EXPONENTIAL = (
    RetryType.PERSISTENT,
    RetryType.CIRCUIT_BREAKER,
    RetryType.EXPONENTIAL,
)


def delivery(failures: int = 0, age: timedelta = timedelta()) -> Delivery:
    return Delivery(
        id=1,
        webhook_id="w",
        event_number=1,
        room_id="r",
        sequence=1,
        state=DeliveryState.WAITING,
        in_order=True,
        failures=failures,
        waiting_since=NOW - age,
        settled_at=None,
        due_at=NOW,
        last_error=None,
    )


def answer(status: int | None = 500, wait_seconds: float | None = None) -> Answer:
    return Answer(at=NOW, milliseconds=1, status=status, error=None, wait_seconds=wait_seconds)


def verdict(
    retry_type: RetryType,
    failures: int = 0,
    *,
    age: timedelta = timedelta(),
    given: Answer | None = None,
    well: bool = False,
) -> Verdict:
    return judge(
        delivery(failures, age),
        given or answer(),
        retry_type=retry_type,
        now=NOW,
        receiver_is_well=well,
    )


@pytest.mark.parametrize("retry_type", RetryType)
def test_what_was_accepted_is_delivered_however_late(retry_type: RetryType) -> None:
    accepted = answer(204)
    assert verdict(retry_type, 50, age=PERSISTENCE * 2, given=accepted) == Delivered()


def test_persistent_waits_double_up_to_an_hour() -> None:
    waits = [wait(PERSISTENT, failures).total_seconds() for failures in range(1, 14)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    assert wait(PERSISTENT, 100_000) == timedelta(hours=1)


def test_exponential_waits_grow_to_a_quarter_of_an_hour() -> None:
    waits = [wait(EXPONENTIAL, failures).total_seconds() for failures in range(1, 6)]
    assert waits == [15, 60, 240, 900, 900]


def test_exponential_tries_five_times() -> None:
    assert verdict(EXPONENTIAL, 3) == Later(NOW + timedelta(minutes=15))
    assert verdict(EXPONENTIAL, 4) == Quarantine("not accepted in 5 tries")


def test_a_circuit_breaker_tries_each_event_once() -> None:
    assert isinstance(verdict(BREAKER), Quarantine)


def test_persistent_goes_on_for_72_hours_while_the_receiver_is_ill() -> None:
    assert verdict(PERSISTENT, 80, age=PERSISTENCE - SECOND) == Later(NOW + SECOND)
    assert verdict(PERSISTENT, 80, age=PERSISTENCE) == Quarantine("not accepted within 72 hours")


def test_persistent_tries_at_least_once_however_old_the_event() -> None:
    """Nothing is given up before its first try: the rule is asked only after a failure."""
    assert isinstance(verdict(PERSISTENT, 0, age=PERSISTENCE * 3), Quarantine)
    assert verdict(PERSISTENT, 0, age=PERSISTENCE * 3, given=answer(200)) == Delivered()


def test_an_outage_of_72_hours_ends_with_a_try_at_its_very_end() -> None:
    at, failures, tries = NOW, 0, 0
    while True:
        tries += 1
        outcome = judge(
            delivery(failures),
            answer(None),
            retry_type=PERSISTENT,
            now=at,
            receiver_is_well=False,
        )
        if not isinstance(outcome, Later):
            break
        at, failures = outcome.at, failures + 1
    assert at == NOW + PERSISTENCE
    assert tries == 1 + 10 + 70 + 1  # doubling waits, then hours, then what is left


def test_an_event_that_a_healthy_receiver_refuses_is_given_up_after_ten_minutes() -> None:
    before, after = FAILURES_BEFORE_CHECKUP - 2, FAILURES_BEFORE_CHECKUP - 1
    assert verdict(PERSISTENT, before, well=True) == Later(NOW + 320 * SECOND)
    assert isinstance(verdict(PERSISTENT, after, well=True), Quarantine)
    assert verdict(PERSISTENT, after, well=False) == Later(NOW + 640 * SECOND)
    blocked = [wait(PERSISTENT, failures) for failures in range(1, FAILURES_BEFORE_CHECKUP)]
    assert sum(blocked, timedelta()) == timedelta(minutes=10, seconds=35)


@pytest.mark.parametrize("retry_type", RetryType)
@pytest.mark.parametrize(
    ("asked", "given"), [(0, 5), (4, 5), (120, 120), (86400, 86400), (10**9, 86400)]
)
def test_a_receiver_that_asks_to_wait_is_left_alone_within_reason(
    retry_type: RetryType, asked: float, given: float
) -> None:
    outcome = verdict(retry_type, given=answer(429, wait_seconds=asked))
    assert outcome == Pause(NOW + timedelta(seconds=given))


@pytest.mark.parametrize("retry_type", RetryType)
def test_asking_to_wait_does_not_go_on_for_ever(retry_type: RetryType) -> None:
    asked = answer(429, wait_seconds=1)
    outcome = verdict(retry_type, age=PERSISTENCE, given=asked)
    assert not isinstance(outcome, Pause)


@pytest.mark.parametrize(
    ("failures", "status", "retry_type", "expected"),
    [
        (7, 500, PERSISTENT, True),
        (70, None, PERSISTENT, True),
        (6, 500, PERSISTENT, False),
        (7, 200, PERSISTENT, False),
        (7, 500, EXPONENTIAL, False),
        (7, 500, BREAKER, False),
    ],
)
def test_the_receiver_is_looked_at_once_an_event_has_failed_often(
    failures: int, status: int | None, retry_type: RetryType, *, expected: bool
) -> None:
    assert needs_checkup(delivery(failures), answer(status), retry_type) is expected


@pytest.mark.parametrize("retry_type", RetryType)
@pytest.mark.parametrize("failed", [0, 1, 2, 3, 99])
def test_only_the_circuit_breaker_switches_a_webhook_off_at_the_third_failure(
    retry_type: RetryType, failed: int
) -> None:
    state = state_after_failure(replace(WEBHOOK, retry_type=retry_type, failed_count=failed))
    off = retry_type is BREAKER and failed + 1 >= 3
    assert state is (WebhookState.FAILED if off else WebhookState.ACTIVE)
