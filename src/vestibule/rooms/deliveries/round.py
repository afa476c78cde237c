"""The transactions of delivering: hand out new events, take what is due, settle what was tried."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from vestibule.foundation.database import Transaction
from vestibule.rooms.deliveries import store
from vestibule.rooms.deliveries.model import (
    Delivered,
    Delivery,
    DeliveryState,
    Later,
    Pause,
    Quarantine,
    Verdict,
    ends_outage,
    judge,
    state_after_failure,
)
from vestibule.rooms.deliveries.store import Claim
from vestibule.rooms.outbox import service as outbox
from vestibule.rooms.outbox.model import Event
from vestibule.rooms.webhooks import service as webhooks_service
from vestibule.rooms.webhooks.model import Answer, Webhook

AT_ONCE: Final = 16
AT_ONCE_PER_WEBHOOK: Final = 8  # so that one dead receiver leaves places for the others
HANDED_OUT_AT_ONCE: Final = 200
LEASE_SECONDS: Final = 30.0  # two requests of at most 5 seconds, and the transactions around them

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """All that one try needs."""

    claim: Claim
    webhook: Webhook
    event: Event

    @property
    def delivery(self) -> Delivery:
        return self.claim.delivery


def hand_out(tx: Transaction) -> int:
    """Make a delivery of each new event for each webhook that wants it; how many events it were."""
    events = outbox.take_undistributed(tx, HANDED_OUT_AT_ONCE)
    webhooks = webhooks_service.lock_webhooks_of(tx, {event.domain_id for event in events})
    busy = store.busy_rooms(
        tx, {webhook.id for webhook in webhooks}, {event.room_id for event in events}
    )
    rows = []
    for event in events:
        for webhook in webhooks:
            if webhook.domain_id != event.domain_id or not webhook.wants(event):
                continue
            room = (webhook.id, event.room_id)
            rows.append(
                {
                    "webhook_id": webhook.id,
                    "event_number": event.number,
                    "room_id": event.room_id,
                    "sequence": event.sequence,
                    "due_at": None if room in busy else tx.now,
                }
            )
            busy.add(room)
    store.insert_deliveries(tx, rows)
    return len(events)


def take(tx: Transaction, lease: str, busy: Counter[str]) -> Sequence[Task]:
    """Claim due deliveries for the free places. `busy`: how many run now, for each webhook."""
    most_overdue_first = store.webhooks_with_due(tx)
    webhooks = webhooks_service.sendable_webhooks(tx, most_overdue_first)
    free = AT_ONCE - busy.total()
    claims: list[Claim] = []
    for webhook_id in most_overdue_first:
        limit = min(free - len(claims), AT_ONCE_PER_WEBHOOK - busy[webhook_id])
        if webhook_id in webhooks and limit > 0:
            claims += store.claim(
                tx, webhook_id, lease=lease, lease_seconds=LEASE_SECONDS, limit=limit
            )
    events = outbox.find_events(tx, {claim.delivery.event_number for claim in claims})
    return [
        Task(claim, webhooks[claim.delivery.webhook_id], events[claim.delivery.event_number])
        for claim in claims
    ]


def settle(tx: Transaction, task: Task, answer: Answer, *, receiver_is_well: bool) -> None:
    """Write down what came of a try."""
    webhook = webhooks_service.lock_webhook(tx, task.webhook.id)
    if webhook is None:  # deleted meanwhile, and its deliveries with it
        return
    store.insert_attempt(tx, task.delivery.id, answer)
    verdict = judge(
        task.delivery,
        answer,
        retry_type=webhook.retry_type,
        now=tx.now,
        receiver_is_well=receiver_is_well,
    )
    if _write_verdict(tx, task.claim, verdict, _reason(answer)):
        _note(tx, webhook, task, verdict)


def _write_verdict(tx: Transaction, claim: Claim, verdict: Verdict, error: str) -> bool:
    match verdict:
        case Delivered():
            return store.settle(tx, claim, DeliveryState.DELIVERED, error=None)
        case Quarantine(reason):
            error = f"{reason}; the last time: {error}"
            return store.settle(tx, claim, DeliveryState.QUARANTINED, error=error)
        case Later(at):
            return store.postpone(tx, claim, at, error=error, failed=True)
        case Pause(until):
            return store.postpone(tx, claim, until, error=error, failed=False)


def _note(tx: Transaction, webhook: Webhook, task: Task, verdict: Verdict) -> None:
    """What the verdict means for the webhook as a whole."""
    match verdict:
        case Delivered():
            webhooks_service.note_success(tx, webhook)
            if ends_outage(webhook):
                store.hasten(tx, webhook.id)
            return
        case Pause(until):
            webhooks_service.pause_webhook(tx, webhook, until)
            return
        case Quarantine(reason):
            _warn(tx, "webhook_event_quarantined", webhook, event_id=task.event.id, reason=reason)
        case Later():
            pass
    state = state_after_failure(webhook)
    if state is not webhook.state:
        _warn(tx, "webhook_failed", webhook)
    webhooks_service.note_failure(tx, webhook, state)


def _warn(tx: Transaction, what: str, webhook: Webhook, **more: str) -> None:
    tx.after_commit(lambda: log.warning(what, webhook=webhook.id, **more))


def _reason(answer: Answer) -> str:
    if answer.status is None:
        return answer.error or "no answer"
    redirects = "; redirects are not followed" if 300 <= answer.status < 400 else ""
    return f"answered with {answer.status}{redirects}"
