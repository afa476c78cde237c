"""Writing down what happens in rooms, and reading it. Knows nothing of who is told and how.

Every function works inside the caller's transaction: an event is there if and only if its fact is.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from vestibule.foundation.database import Transaction
from vestibule.foundation.logging import current_request_id
from vestibule.rooms.outbox import store
from vestibule.rooms.outbox.model import Event, EventType, event_id


def record_event(
    tx: Transaction,
    *,
    domain_id: str,
    room_id: str,
    room_name: str,
    type: EventType | str,  # noqa: A002 - the word of Daily's envelope
    payload: Mapping[str, Any],
) -> Event:
    """Write down that something happened in a room; whoever listens is told after the commit.

    `payload` is the event's own part of what receivers get (reference 10.4). ValueError for a type
    that does not exist, KeyError for one that this server does not emit.
    """
    event_type = EventType(type)
    return store.insert_event(
        tx,
        {
            "id": event_id(event_type, uuid.uuid4(), tx.now),
            "domain_id": domain_id,
            "room_id": room_id,
            "room_name": room_name,
            "sequence": store.next_sequence(tx, room_id),
            "type": event_type.value,
            "payload": dict(payload),
            "created_at": tx.now,
            "request_id": current_request_id(),
        },
    )


def has_undistributed(tx: Transaction) -> bool:
    """Whether there is an event that `take_undistributed` would return."""
    return store.has_undistributed(tx)


def take_undistributed(tx: Transaction, limit: int) -> list[Event]:
    """The next events to tell others of, in order; each is returned once, if `tx` commits."""
    return store.take_undistributed(tx, limit)


def find_events(tx: Transaction, numbers: Collection[int]) -> dict[int, Event]:
    """The events with these numbers, by number."""
    return {event.number: event for event in store.find_events(tx, numbers)}


def forget_events(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Remove up to `limit` events from before this moment, and say how many they were."""
    return store.delete_events(tx, before=before, limit=limit)
