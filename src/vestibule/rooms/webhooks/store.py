"""The SQL of webhooks."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.outbox.model import EventType
from vestibule.rooms.schema import webhooks
from vestibule.rooms.webhooks.model import RetryType, Webhook, WebhookState

# Places of webhooks to this installation itself, one for each organization with rooms in a domain.
INSIDE_SLOTS: Final = range(1_000_001, 1_010_001)

# Two who create at once may both choose the same free slot; the constraint decides.
_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(webhooks)
    .on_conflict_do_nothing(index_elements=["domain_id", "slot"])
    .returning(webhooks.c.id)
    for dialect in (sqlite, postgresql)
}


def insert_webhook(tx: Transaction, webhook: Webhook, slots: range) -> bool:
    """Add a webhook in one of these places; False if its domain has filled all of them."""
    insert = _INSERT[tx.connection.dialect.name]
    return any(
        tx.run(insert, {"slot": slot, **_values(webhook)}).one_or_none()
        for slot in sorted(set(slots) - _taken(tx, webhook.domain_id, slots))
    )


def is_full(tx: Transaction, domain_id: str, slots: range) -> bool:
    """Whether all of these places of the domain are filled."""
    return len(_taken(tx, domain_id, slots)) == len(slots)


def _taken(tx: Transaction, domain_id: str, slots: range) -> set[int]:
    between = webhooks.c.slot.between(slots.start, slots.stop - 1)
    taken = select(webhooks.c.slot).where(webhooks.c.domain_id == domain_id, between)
    return set(tx.run(taken).scalars())


def list_webhooks(tx: Transaction, domain_id: str) -> list[Webhook]:
    """The domain's webhooks, the oldest first."""
    of_domain = select(webhooks).where(webhooks.c.domain_id == domain_id)
    return [_webhook(row) for row in tx.run(of_domain.order_by(webhooks.c.slot))]


def every_webhook(tx: Transaction) -> list[Webhook]:
    """The webhooks of all domains, the oldest first."""
    return [_webhook(row) for row in tx.run(select(webhooks).order_by(webhooks.c.created_at))]


def find_webhook(tx: Transaction, domain_id: str, webhook_id: str) -> Webhook | None:
    """The domain's webhook with this id."""
    same = (webhooks.c.id == webhook_id) & (webhooks.c.domain_id == domain_id)
    row = tx.run(select(webhooks).where(same)).one_or_none()
    return row and _webhook(row)


def lock_webhook(tx: Transaction, webhook_id: str) -> Webhook | None:
    """The webhook; until `tx` ends, others wait who want to change it or its deliveries."""
    same = webhooks.c.id == webhook_id
    row = tx.run(select(webhooks).where(same).with_for_update()).one_or_none()
    return row and _webhook(row)


def lock_webhooks_of(tx: Transaction, domain_ids: Collection[str]) -> list[Webhook]:
    """The webhooks of these domains, locked like `lock_webhook`, in one order for everybody."""
    of_domains = select(webhooks).where(webhooks.c.domain_id.in_(domain_ids))
    rows = tx.run(of_domains.order_by(webhooks.c.id).with_for_update())
    return [_webhook(row) for row in rows]


def sendable_webhooks(tx: Transaction, webhook_ids: Collection[str]) -> list[Webhook]:
    """Those of these webhooks that may be sent to now."""
    paused = webhooks.c.paused_until.is_not(None) & (webhooks.c.paused_until > tx.now)
    may = (webhooks.c.state == WebhookState.ACTIVE.value) & ~paused
    rows = tx.run(select(webhooks).where(webhooks.c.id.in_(webhook_ids), may))
    return [_webhook(row) for row in rows]


def update_webhook(tx: Transaction, webhook: Webhook) -> Webhook | None:
    """Write everything that an owner sets, and begin anew; None if it is gone."""
    statement = (
        update(webhooks)
        .where(webhooks.c.id == webhook.id)
        .values(
            url=webhook.url,
            hmac_sealed=webhook.hmac_sealed,
            basic_auth_sealed=webhook.basic_auth_sealed,
            retry_type=webhook.retry_type.value,
            event_types=_names(webhook.event_types),
            state=WebhookState.ACTIVE.value,
            failed_count=0,
            paused_until=None,
            updated_at=tx.now,
        )
        .returning(*webhooks.c)
    )
    row = tx.run(statement).one_or_none()
    return row and _webhook(row)


def write_success(tx: Transaction, webhook_id: str) -> None:
    """An event has just been delivered."""
    same = webhooks.c.id == webhook_id
    tx.run(update(webhooks).where(same).values(failed_count=0, last_pushed_at=tx.now))


def write_failure(tx: Transaction, webhook_id: str, state: WebhookState) -> None:
    """A try has failed, which leaves the webhook in this state."""
    same = webhooks.c.id == webhook_id
    raised = webhooks.c.failed_count + 1
    tx.run(update(webhooks).where(same).values(failed_count=raised, state=state.value))


def write_pause(tx: Transaction, webhook_id: str, until: datetime) -> None:
    """The receiver wishes to hear nothing until then."""
    tx.run(update(webhooks).where(webhooks.c.id == webhook_id).values(paused_until=until))


def delete_webhook(tx: Transaction, domain_id: str, webhook_id: str) -> bool:
    """Remove the webhook and its deliveries; False if it was not there."""
    same = (webhooks.c.id == webhook_id) & (webhooks.c.domain_id == domain_id)
    return tx.run(delete(webhooks).where(same)).rowcount == 1


def _values(webhook: Webhook) -> dict[str, Any]:
    return {**vars(webhook), "event_types": _names(webhook.event_types)}


def _names(event_types: Collection[EventType] | None) -> list[str] | None:
    return None if event_types is None else [event_type.value for event_type in event_types]


def _webhook(row: Row[Any]) -> Webhook:
    values = {name: value for name, value in row._mapping.items() if name != "slot"}
    types = values["event_types"]
    return Webhook(
        **{
            **values,
            "retry_type": RetryType(row.retry_type),
            "state": WebhookState(row.state),
            "event_types": types and tuple(EventType(name) for name in types),
        }
    )
