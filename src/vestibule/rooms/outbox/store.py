"""The SQL of the outbox."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction
from vestibule.rooms.outbox.model import Event, EventType
from vestibule.rooms.schema import webhook_events as events
from vestibule.rooms.schema import webhook_sequences as sequences

_COUNT_UP: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(sequences)
    .on_conflict_do_update(index_elements=["room_id"], set_={"last": sequences.c.last + 1})
    .returning(sequences.c.last)
    for dialect in (sqlite, postgresql)
}


def next_sequence(tx: Transaction, room_id: str) -> int:
    """The number of the room's next event.

    Until `tx` ends, the room's other events wait here: so they become visible in their order. A
    room begins at the present unix time, so that its numbers still rise when it has been silent
    for so long that its counter was forgotten.
    """
    first = {"room_id": room_id, "last": unix_seconds(tx.now)}
    number: int = tx.run(_COUNT_UP[tx.connection.dialect.name], first).scalar_one()
    return number


def insert_event(tx: Transaction, values: Mapping[str, Any]) -> Event:
    """Add an event that nobody has been told of yet."""
    return _event(tx.run(insert(events).values(**values).returning(*events.c)).one())


def has_undistributed(tx: Transaction) -> bool:
    """Whether there is an event that nobody has been told of yet."""
    return bool(tx.run(select(exists().where(events.c.distributed_at.is_(None)))).scalar_one())


def take_undistributed(tx: Transaction, limit: int) -> list[Event]:
    """The oldest events that nobody has been told of yet; they count as told when `tx` commits.

    Another process waits here instead of skipping them, or it would overtake: of one room, it could
    hand out the second event before the first.
    """
    oldest = (
        select(events)
        .where(events.c.distributed_at.is_(None))
        .order_by(events.c.number)
        .limit(limit)
        .with_for_update()
    )
    taken = [_event(row) for row in tx.run(oldest)]
    numbers = [event.number for event in taken]
    tx.run(update(events).where(events.c.number.in_(numbers)).values(distributed_at=tx.now))
    return taken


def find_events(tx: Transaction, numbers: Collection[int]) -> list[Event]:
    """The events with these numbers."""
    return [_event(row) for row in tx.run(select(events).where(events.c.number.in_(numbers)))]


def delete_events(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Remove up to `limit` distributed events from before this moment; how many they were."""
    old = (
        select(events.c.number)
        .where(events.c.created_at < before, events.c.distributed_at.is_not(None))
        .limit(limit)
    )
    statement = delete(events).where(events.c.number.in_(old)).returning(events.c.room_id)
    rooms = list(tx.run(statement).scalars())
    _forget_silent(tx, set(rooms))
    return len(rooms)


def _forget_silent(tx: Transaction, room_ids: Collection[str]) -> None:
    speaks = exists().where(events.c.room_id == sequences.c.room_id)
    tx.run(delete(sequences).where(sequences.c.room_id.in_(room_ids), ~speaks))


def _event(row: Row[Any]) -> Event:
    return Event(
        number=row.number,
        id=row.id,
        domain_id=row.domain_id,
        room_id=row.room_id,
        room_name=row.room_name,
        sequence=row.sequence,
        type=EventType(row.type),
        payload=row.payload,
        created_at=row.created_at,
        request_id=row.request_id,
    )
