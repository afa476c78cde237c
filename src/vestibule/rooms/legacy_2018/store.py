"""The SQL of dial-in digits."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.schema import dial_in_pins, rooms

_CHUNK: Final = 500
_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(dial_in_pins).on_conflict_do_nothing()
    for dialect in (sqlite, postgresql)
}


def pins_of(tx: Transaction, room_ids: list[str]) -> dict[str, str]:
    """The digits of these rooms, by id; rooms that have none yet are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(room_ids), _CHUNK):
        chunk = dial_in_pins.c.room_id.in_(room_ids[start : start + _CHUNK])
        found |= {row.room_id: row.pin for row in tx.run(select(dial_in_pins).where(chunk))}
    return found


def insert_pins(tx: Transaction, pins: Mapping[str, str]) -> None:
    """Give digits to rooms that have none; passed over where the digits or the room are taken."""
    for room_id, pin in pins.items():
        if tx.run(select(rooms.c.id).where(rooms.c.id == room_id)).one_or_none():
            tx.run(_INSERT[tx.connection.dialect.name], {"room_id": room_id, "pin": pin})
