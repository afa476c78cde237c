"""The SQL of deliveries.

Of one room, only the oldest waiting delivery to a webhook is ever due. Whoever adds or settles one
holds the webhook's lock, or two processes could leave a room with no delivery due at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, exists, func, insert, select, update

from vestibule.foundation import loops
from vestibule.foundation.database import Transaction
from vestibule.rooms.deliveries.model import Attempt, Delivery, DeliveryState, Page
from vestibule.rooms.schema import webhook_attempts as attempts
from vestibule.rooms.schema import webhook_deliveries as deliveries
from vestibule.rooms.webhooks.model import Answer

LISTED_ATTEMPTS: Final = 10

_WAITING: Final = deliveries.c.state == DeliveryState.WAITING.value
_IN_ORDER: Final = _WAITING & deliveries.c.in_order


@dataclass(frozen=True)
class Claim:
    """A delivery that this process alone may try, until its lease ends."""

    delivery: Delivery
    row: Row[Any]


def busy_rooms(
    tx: Transaction, webhook_ids: Collection[str], room_ids: Collection[str]
) -> set[tuple[str, str]]:
    """The pairs of webhook and room in which a delivery waits already."""
    of_these = deliveries.c.webhook_id.in_(webhook_ids) & deliveries.c.room_id.in_(room_ids)
    pairs = select(deliveries.c.webhook_id, deliveries.c.room_id).where(_IN_ORDER, of_these)
    return {(row.webhook_id, row.room_id) for row in tx.run(pairs.distinct())}


def insert_deliveries(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add waiting deliveries."""
    same = {
        "state": DeliveryState.WAITING.value,
        "in_order": True,
        "waiting_since": tx.now,
    }
    if rows:
        tx.run(insert(deliveries), [{**same, **row} for row in rows])


def has_due(tx: Transaction) -> bool:
    """Whether anything is due, though its webhook may not be sendable."""
    return bool(tx.run(select(exists().where(deliveries.c.due_at <= tx.now))).scalar_one())


def webhooks_with_due(tx: Transaction) -> list[str]:
    """The webhooks to which something is due, the most overdue first."""
    statement = (
        select(deliveries.c.webhook_id)
        .where(deliveries.c.due_at <= tx.now)
        .group_by(deliveries.c.webhook_id)
        .order_by(func.min(deliveries.c.due_at))
    )
    return list(tx.run(statement).scalars())


def claim(
    tx: Transaction, webhook_id: str, *, lease: str, lease_seconds: float, limit: int
) -> list[Claim]:
    """Take up to `limit` of the webhook's most overdue deliveries."""
    rows = loops.claim_due(
        tx,
        deliveries,
        lease=lease,
        lease_seconds=lease_seconds,
        limit=limit,
        only=deliveries.c.webhook_id == webhook_id,
    )
    return [Claim(_delivery(row), row) for row in rows]


def settle(tx: Transaction, claim: Claim, state: DeliveryState, *, error: str | None) -> bool:
    """End a delivery, and let the next one of its room go; False if the lease was lost."""
    values = {
        "state": state.value,
        "due_at": None,
        "settled_at": tx.now,
        "last_error": error,
        "failures": claim.delivery.failures + (error is not None),
    }
    if not loops.finish(tx, claim.row, deliveries, values):
        return False
    if claim.delivery.in_order:
        _release_next(tx, claim.delivery.webhook_id, claim.delivery.room_id)
    return True


def postpone(
    tx: Transaction, claim: Claim, until: datetime, *, error: str | None, failed: bool
) -> bool:
    """Have a delivery tried again at this time; False if the lease was lost."""
    values = {
        "due_at": until,
        "last_error": error,
        "failures": claim.delivery.failures + failed,
    }
    return loops.finish(tx, claim.row, deliveries, values)


def _release_next(tx: Transaction, webhook_id: str, room_id: str) -> None:
    of_room = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.room_id == room_id)
    oldest = (
        select(deliveries.c.id)
        .where(_IN_ORDER, of_room)
        .order_by(deliveries.c.sequence)
        .limit(1)
        .scalar_subquery()
    )
    blocked = deliveries.c.due_at.is_(None)
    tx.run(update(deliveries).where(deliveries.c.id == oldest, blocked).values(due_at=tx.now))


def release_stranded(tx: Transaction) -> None:
    """Let the oldest waiting delivery of each room go where something has removed the one due."""
    earlier = deliveries.alias()
    is_first = ~exists().where(
        earlier.c.state == DeliveryState.WAITING.value,
        earlier.c.in_order,
        earlier.c.webhook_id == deliveries.c.webhook_id,
        earlier.c.room_id == deliveries.c.room_id,
        earlier.c.sequence < deliveries.c.sequence,
    )
    stranded = _IN_ORDER & deliveries.c.due_at.is_(None) & is_first
    tx.run(update(deliveries).where(stranded).values(due_at=tx.now))


def hasten(tx: Transaction, webhook_id: str) -> None:
    """Try again now what waits after a failure."""
    retried = (deliveries.c.failures > 0) & (deliveries.c.due_at > tx.now) & _is_free(tx)
    of_webhook = deliveries.c.webhook_id == webhook_id
    tx.run(update(deliveries).where(of_webhook, retried).values(due_at=tx.now))


def insert_attempt(tx: Transaction, delivery_id: int, answer: Answer) -> None:
    """Log a try, unless its delivery has been removed meanwhile."""
    if tx.run(select(deliveries.c.id).where(deliveries.c.id == delivery_id)).first() is None:
        return
    tx.run(
        insert(attempts).values(
            delivery_id=delivery_id,
            at=answer.at,
            status=answer.status,
            milliseconds=answer.milliseconds,
            error=answer.error,
            response=answer.response,
        )
    )


def lock_delivery(tx: Transaction, webhook_id: str, delivery_id: int) -> Delivery | None:
    """The webhook's delivery with this id, locked until `tx` ends."""
    same = (deliveries.c.id == delivery_id) & (deliveries.c.webhook_id == webhook_id)
    row = tx.run(select(deliveries).where(same).with_for_update()).one_or_none()
    return row and _delivery(row)


def replay(tx: Transaction, delivery_id: int) -> Delivery:
    """Put a settled delivery back to waiting, out of order."""
    values = {
        "state": DeliveryState.WAITING.value,
        "in_order": False,
        "failures": 0,
        "waiting_since": tx.now,
        "settled_at": None,
        "due_at": tx.now,
        "attempts": 0,
        "last_error": None,
    }
    same = deliveries.c.id == delivery_id
    statement = update(deliveries).where(same).values(**values).returning(*deliveries.c)
    return _delivery(tx.run(statement).one())


def hurry(tx: Transaction, delivery_id: int) -> Delivery:
    """Have a waiting delivery tried now, unless it is being tried or waits for an earlier one."""
    same = deliveries.c.id == delivery_id
    can_go = deliveries.c.due_at.is_not(None) & _is_free(tx)
    tx.run(update(deliveries).where(same, can_go).values(due_at=tx.now))
    return _delivery(tx.run(select(deliveries).where(same)).one())


def list_deliveries(tx: Transaction, webhook_id: str, page: Page) -> tuple[int, list[Delivery]]:
    """How many deliveries the webhook has, and those of one page, newest first."""
    meant = deliveries.c.webhook_id == webhook_id
    if page.state is not None:
        meant &= deliveries.c.state == page.state.value
    total: int = tx.run(select(func.count()).select_from(deliveries).where(meant)).scalar_one()
    statement = select(deliveries).where(meant).limit(page.limit)
    if page.before is not None:
        statement = statement.where(deliveries.c.id < page.before)
    if page.after is not None:
        statement = statement.where(deliveries.c.id > page.after)
    if page.from_oldest:
        rows = tx.run(statement.order_by(deliveries.c.id)).all()[::-1]
    else:
        rows = tx.run(statement.order_by(deliveries.c.id.desc())).all()
    return total, [_delivery(row) for row in rows]


def latest_attempts(tx: Transaction, delivery_ids: Collection[int]) -> dict[int, list[Attempt]]:
    """The last tries of each of these deliveries, newest first."""
    newest_first = func.row_number().over(
        partition_by=attempts.c.delivery_id, order_by=attempts.c.id.desc()
    )
    ranked = (
        select(attempts, newest_first.label("rank"))
        .where(attempts.c.delivery_id.in_(delivery_ids))
        .subquery()
    )
    rows = tx.run(
        select(ranked).where(ranked.c.rank <= LISTED_ATTEMPTS).order_by(ranked.c.id.desc())
    )
    found: dict[int, list[Attempt]] = {}
    for row in rows:
        found.setdefault(row.delivery_id, []).append(_attempt(row))
    return found


def give_up_older(tx: Transaction, before: datetime, reason: str) -> None:
    """Quarantine what has waited since before this moment and is not being tried."""
    old = _WAITING & (deliveries.c.waiting_since < before) & _is_free(tx)
    values = {
        "state": DeliveryState.QUARANTINED.value,
        "due_at": None,
        "lease": None,
        "settled_at": tx.now,
        "last_error": reason,
    }
    tx.run(update(deliveries).where(old).values(**values))


def _is_free(tx: Transaction) -> ColumnElement[bool]:
    """Nobody is trying it now. A lease that ran out was a crash."""
    return deliveries.c.lease.is_(None) | (deliveries.c.due_at <= tx.now)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event_number=row.event_number,
        room_id=row.room_id,
        sequence=row.sequence,
        state=DeliveryState(row.state),
        in_order=row.in_order,
        failures=row.failures,
        waiting_since=row.waiting_since,
        settled_at=row.settled_at,
        due_at=row.due_at,
        last_error=row.last_error,
    )


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        at=row.at,
        milliseconds=row.milliseconds,
        status=row.status,
        error=row.error,
        response=row.response,
    )
