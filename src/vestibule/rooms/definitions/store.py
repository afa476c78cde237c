"""The SQL of rooms."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction
from vestibule.rooms.definitions.model import Page, Room
from vestibule.rooms.schema import rooms

# Two who create the same name at once both look before either writes; so the constraint decides.
_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(rooms)
    .on_conflict_do_nothing(index_elements=["domain_id", "name"])
    .execution_options(preserve_rowcount=True)
    for dialect in (sqlite, postgresql)
}


def insert_room(tx: Transaction, room: Room) -> bool:
    """Add a room, in the place of an expired one of its name; False if the name is taken."""
    values = {**vars(room), "properties": dict(room.properties)}
    insert = _INSERT[tx.connection.dialect.name]
    if tx.run(insert, values).rowcount == 1:
        return True
    same_name = (rooms.c.domain_id == room.domain_id) & (rooms.c.name == room.name)
    if tx.run(delete(rooms).where(same_name, _is_expired(tx))).rowcount == 0:
        return False
    return tx.run(insert, values).rowcount == 1


def find_room(
    tx: Transaction, domain_id: str, name: str, *, to_change: bool = False
) -> Room | None:
    """The room of this name, expired or not; locked until the end of `tx` if it will be changed."""
    statement = select(rooms).where(rooms.c.domain_id == domain_id, rooms.c.name == name)
    if to_change:
        statement = statement.with_for_update()
    row = tx.run(statement).one_or_none()
    return row and _room(row)


def find_room_by_id(tx: Transaction, room_id: str) -> Room | None:
    """The room with this id, expired or not."""
    row = tx.run(select(rooms).where(rooms.c.id == room_id)).one_or_none()
    return row and _room(row)


def page_of_rooms(tx: Transaction, domain_id: str, page: Page) -> tuple[int, list[Room]]:
    """How many rooms are available, and those of one page, newest first."""
    available = (rooms.c.domain_id == domain_id) & ~_is_expired(tx)
    total: int = tx.run(select(func.count()).select_from(rooms).where(available)).scalar_one()
    age = tuple_(rooms.c.created_at, rooms.c.id)
    statement = select(rooms).where(available).limit(page.limit)
    if page.older_than is not None:
        statement = statement.where(age < page.older_than)
    if page.newer_than is not None:
        statement = statement.where(age > page.newer_than)
    if page.from_oldest:
        found = tx.run(statement.order_by(rooms.c.created_at, rooms.c.id)).all()[::-1]
    else:
        found = tx.run(statement.order_by(rooms.c.created_at.desc(), rooms.c.id.desc())).all()
    return total, [_room(row) for row in found]


def update_room(tx: Transaction, room: Room) -> None:
    """Write what can change about a room."""
    changeable: Mapping[str, Any] = {
        "privacy": room.privacy,
        "properties": dict(room.properties),
        "nbf": room.nbf,
        "exp": room.exp,
    }
    tx.run(update(rooms).where(rooms.c.id == room.id).values(changeable))


def delete_room(tx: Transaction, domain_id: str, name: str) -> Room | None:
    """Remove the room of this name, expired or not, and say what it was."""
    row = tx.run(
        delete(rooms)
        .where(rooms.c.domain_id == domain_id, rooms.c.name == name)
        .returning(*rooms.c)
    ).one_or_none()
    return row and _room(row)


def _is_expired(tx: Transaction) -> ColumnElement[bool]:
    return rooms.c.exp.is_not(None) & (rooms.c.exp <= unix_seconds(tx.now))


def _room(row: Row[Any]) -> Room:
    return Room(**row._mapping)
