"""What follows from each try to deliver an event (decision 0009)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from vestibule.rooms.outbox.model import Event
from vestibule.rooms.webhooks.model import Answer, RetryType, Webhook, WebhookState

PERSISTENCE: Final = timedelta(hours=72)
FAILURES_BEFORE_CHECKUP: Final = 8  # about ten minutes after the first one
EXPONENTIAL_TRIES: Final = 5  # reference 10.2, and the next one
CIRCUIT_BREAKER_FAILURES: Final = 3

# The first wait, by how much each is longer than the one before, and the longest.
WAITS: Final = {
    RetryType.PERSISTENT: (timedelta(seconds=5), 2, timedelta(hours=1)),
    RetryType.EXPONENTIAL: (timedelta(seconds=15), 4, timedelta(minutes=15)),  # reference 10.2
}
MANY_FAILURES: Final = 16  # every wait is the longest by then

OUTAGE_FAILURES: Final = 5
"""So many failures in a row are an outage: the first success after it hastens what waits."""

SHORTEST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=24)


class DeliveryState(StrEnum):
    """How far an event has come on its way to a webhook."""

    WAITING = "waiting"  # -> delivered, or -> quarantined
    DELIVERED = "delivered"  # -> waiting, by a replay
    QUARANTINED = "quarantined"  # given up; -> waiting, by a replay


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one webhook."""

    id: int
    webhook_id: str
    event_number: int
    room_id: str
    sequence: int
    state: DeliveryState
    in_order: bool
    """False for a replay, which neither waits for others of its room nor holds them up."""
    failures: int
    waiting_since: datetime
    settled_at: datetime | None
    due_at: datetime | None
    """When it is tried next; None if it waits for an earlier one of its room, or for nothing."""
    last_error: str | None


@dataclass(frozen=True)
class Page:
    """Which part of the list is wanted, in terms of delivery ids."""

    limit: int
    state: DeliveryState | None = None
    before: int | None = None
    after: int | None = None
    from_oldest: bool = False
    """Those that follow `after` (or the oldest ones), not those at the newest end."""


@dataclass(frozen=True)
class Attempt:
    """One try that is over."""

    at: datetime
    milliseconds: int
    status: int | None
    error: str | None
    response: str | None


@dataclass(frozen=True)
class Delivered:
    """It has arrived."""


@dataclass(frozen=True)
class Later:
    """It failed and is tried again at this time."""

    at: datetime


@dataclass(frozen=True)
class Pause:
    """The receiver wishes to hear nothing until then. That is no failure."""

    until: datetime


@dataclass(frozen=True)
class Quarantine:
    """It failed and is given up, so that the next one of the room can go; it can be replayed."""

    reason: str


Verdict = Delivered | Later | Pause | Quarantine


def judge(
    delivery: Delivery,
    answer: Answer,
    *,
    retry_type: RetryType,
    now: datetime,
    receiver_is_well: bool,
) -> Verdict:
    """What follows from this answer.

    `receiver_is_well`: it has just answered the check request, so this event itself is the trouble.
    """
    if answer.is_success:
        return Delivered()
    time_left = delivery.waiting_since + PERSISTENCE - now
    if answer.wait_seconds is not None and time_left > timedelta():
        asked = timedelta(seconds=answer.wait_seconds)
        return Pause(now + min(max(asked, SHORTEST_PAUSE), LONGEST_PAUSE))
    failures = delivery.failures + 1
    reason = reason_to_give_up(
        retry_type, failures=failures, time_left=time_left, receiver_is_well=receiver_is_well
    )
    if reason is not None:
        return Quarantine(reason)
    pause = wait(retry_type, failures)
    return Later(now + (min(pause, time_left) if retry_type is RetryType.PERSISTENT else pause))


def reason_to_give_up(
    retry_type: RetryType, *, failures: int, time_left: timedelta, receiver_is_well: bool
) -> str | None:
    """Why an event is not tried again after this many failures; None if it is."""
    match retry_type:
        case RetryType.CIRCUIT_BREAKER:
            return "a circuit-breaker webhook gets each event once"
        case RetryType.EXPONENTIAL if failures >= EXPONENTIAL_TRIES:
            return f"not accepted in {EXPONENTIAL_TRIES} tries"
        case RetryType.PERSISTENT if time_left <= timedelta():
            return "not accepted within 72 hours"
        case RetryType.PERSISTENT if failures >= FAILURES_BEFORE_CHECKUP and receiver_is_well:
            return f"failed {failures} times, while the receiver is well otherwise"
        case _:
            return None


def wait(retry_type: RetryType, failures: int) -> timedelta:
    """The time between the failure with this number, from 1 on, and the next try."""
    first, factor, longest = WAITS[retry_type]
    times_longer: int = factor ** min(failures - 1, MANY_FAILURES)
    return min(first * times_longer, longest)


def needs_checkup(delivery: Delivery, answer: Answer, retry_type: RetryType) -> bool:
    """Whether `judge` wants to know if the receiver is well."""
    if answer.is_success or retry_type is not RetryType.PERSISTENT:
        return False
    return delivery.failures + 1 >= FAILURES_BEFORE_CHECKUP


def state_after_failure(webhook: Webhook) -> WebhookState:
    """The webhook's state after one failure more; only the circuit breaker switches it off."""
    tripped = webhook.failed_count + 1 >= CIRCUIT_BREAKER_FAILURES
    if webhook.retry_type is RetryType.CIRCUIT_BREAKER and tripped:
        return WebhookState.FAILED
    return webhook.state


def ends_outage(webhook: Webhook) -> bool:
    """Whether a success now is the first one after an outage."""
    return webhook.failed_count >= OUTAGE_FAILURES


def envelope(event: Event, sent_at: datetime) -> Mapping[str, Any]:
    """What the receiver gets (reference 10.4). `event_ts` is the time of sending."""
    return {
        "version": "1.0.0",
        "type": event.type.value,
        "id": event.id,
        "payload": event.payload,
        "event_ts": sent_at.timestamp(),
    }
