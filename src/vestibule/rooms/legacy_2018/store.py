"""The SQL of dial-in digits."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import String, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.schema import dial_in_pins, rooms

_CHUNK: Final = 500
# A room that is gone gives no row to insert; one that is going waits for this.
_GIVEN: Final = (
    select(rooms.c.id, bindparam("given", type_=String))
    .where(rooms.c.id == bindparam("of_room", type_=String))
    .with_for_update(read=True, key_share=True)
)
_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(dial_in_pins)
    .from_select(["room_id", "pin"], _GIVEN)
    .on_conflict_do_nothing()
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
    """Give digits to rooms that have none; passed over where the digits or the room are taken.

    Rooms that are not there any more are passed over too.
    """
    if pins:
        values = [{"of_room": room_id, "given": pin} for room_id, pin in pins.items()]
        tx.run(_INSERT[tx.connection.dialect.name], values)
