"""The SQL of rooms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Row,
    ScalarSelect,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction
from vestibule.rooms.definitions.model import Page, Room
from vestibule.rooms.schema import domains, room_counts, rooms

# PostgreSQL gets any number of rooms as one JSON value: a statement whose text stays the same is
# planned once, and nobody writes hundreds of parameters into it.
_GIVEN: Final = func.json_populate_recordset(
    literal_column("NULL::rooms"), bindparam("given", type_=JSON)
).table_valued(*(column(each.name, each.type) for each in rooms.c))
# Two who create the same name at once both look before either writes; so the constraint decides.
_INSERT: Final[dict[str, Any]] = {
    dialect: insert.on_conflict_do_nothing(index_elements=["domain_id", "name"]).returning(
        rooms.c.name
    )
    for dialect, insert in (
        ("sqlite", sqlite.insert(rooms)),
        ("postgresql", postgresql.insert(rooms).from_select(rooms.c.keys(), select(_GIVEN))),
    )
}
_COLUMNS: Final = tuple(rooms.c.keys())
_WITH_DEFAULTS: Final = select(rooms, domains.c.properties.label("defaults")).join(domains)
# Built once: whoever makes or reads a room waits for it.
_FIND: Final = _WITH_DEFAULTS.where(
    rooms.c.domain_id == bindparam("of_domain"), rooms.c.name == bindparam("named")
)
_ADD: Final = (
    update(room_counts)
    .where(room_counts.c.domain_id == bindparam("of_domain"))
    .values(available=room_counts.c.available + bindparam("change", type_=Integer))
    .returning(
        room_counts.c.available,
        room_counts.c.most,
        room_counts.c.counted_until,
        select(domains.c.properties)
        .where(domains.c.id == room_counts.c.domain_id)
        .scalar_subquery()
        .label("defaults"),
    )
)
_INSERT_COUNT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(room_counts).on_conflict_do_nothing()
    for dialect in (sqlite, postgresql)
}


def insert_rooms(tx: Transaction, new: Sequence[Room]) -> tuple[list[Room], list[str]]:
    """Add rooms of one domain, each in the place of an expired one of its name.

    Answers the expired rooms that had to go, and the names that unexpired rooms have: if there
    are any, `tx` must be rolled back.
    """
    taken = _insert_where_free(tx, new)
    if not taken:
        return [], []
    replaced = _delete(tx, (rooms.c.domain_id == new[0].domain_id) & _is_expired(tx), taken)
    again = _insert_where_free(tx, [room for room in new if room.name in taken])
    return replaced, again


def _insert_where_free(tx: Transaction, new: Sequence[Room]) -> list[str]:
    """Add what can be added; answers the names that are taken."""
    # In the order of their names, so that two at once wait for each other in one direction only.
    values = [
        {name: getattr(room, name) for name in _COLUMNS}
        for room in sorted(new, key=lambda room: room.name)
    ]
    dialect = tx.connection.dialect.name
    given: Any = values[0] if len(values) == 1 else values
    if dialect == "postgresql":
        given = {"given": [{**row, "created_at": row["created_at"].isoformat()} for row in values]}
    added = set(tx.run(_INSERT[dialect], given).scalars())
    return [room.name for room in new if room.name not in added]


def defaults(tx: Transaction, domain_id: str) -> Mapping[str, Any]:
    """What the domain sets for all of its rooms."""
    statement = select(domains.c.properties).where(domains.c.id == domain_id)
    return tx.run(statement).scalar_one() or {}


def find_room(
    tx: Transaction, domain_id: str, name: str, *, to_change: bool = False
) -> Room | None:
    """The room of this name, expired or not; locked until the end of `tx` if it will be changed."""
    statement = _FIND.with_for_update(of=rooms) if to_change else _FIND
    row = tx.run(statement, {"of_domain": domain_id, "named": name}).one_or_none()
    return row and _room(row, row.defaults)


def find_room_by_id(tx: Transaction, room_id: str) -> Room | None:
    """The room with this id, expired or not."""
    row = tx.run(_WITH_DEFAULTS.where(rooms.c.id == room_id)).one_or_none()
    return row and _room(row, row.defaults)


def count_rooms(tx: Transaction, domain_id: str) -> tuple[int, int]:
    """How many rooms were available when they were last counted, and how many expired since."""
    statement = select(
        room_counts.c.available,
        _expired(since=room_counts.c.counted_until, until=unix_seconds(tx.now)).label("since"),
    ).where(room_counts.c.domain_id == domain_id)
    row = tx.run(statement).one_or_none()
    return (row.available, row.since) if row else (0, 0)


@dataclass(frozen=True)
class Count:
    """How many rooms a domain has, and what else is known when one is added."""

    available: int
    """Perhaps too many by those that expired since the last count, never too few."""
    most: int | None
    """The domain's own limit."""
    defaults: Mapping[str, Any]
    """What the domain sets for all of its rooms."""


def add_to_count(tx: Transaction, domain_id: str, new: Sequence[Room]) -> Count:
    """Take rooms that were made in `tx` into the count: `keep_count` in one statement."""
    more = {"of_domain": domain_id, "change": len(new)}
    row = tx.run(_ADD, more).one_or_none()
    if row is None:
        _lock_count(tx, domain_id)
        row = tx.run(_ADD, more).one()
    # Another process's clock may be ahead, and may have counted beyond the end of a new room.
    late = sum(not _is_counted(room, row.counted_until) for room in new)
    if late:
        row = tx.run(_ADD, {**more, "change": -late}).one()
    return Count(row.available, row.most, row.defaults or {})


def keep_count(
    tx: Transaction, domain_id: str, *, come: Sequence[Room] = (), gone: Sequence[Room] = ()
) -> int:
    """Take rooms into the count that came or went in `tx`; both, for one whose `exp` changed.

    Answers how many are available now. Locks the domain's count until the end of `tx`; lock the
    rooms first.
    """
    counted = _lock_count(tx, domain_id)
    until = counted.counted_until
    change = sum(_is_counted(room, until) for room in come)
    change -= sum(_is_counted(room, until) for room in gone)
    now = max(until, unix_seconds(tx.now))  # another process's clock may be ahead
    available: int = tx.run(
        update(room_counts)
        .where(room_counts.c.domain_id == domain_id)
        .values(
            available=room_counts.c.available + change - _expired(since=until, until=now),
            counted_until=now,
        )
        .returning(room_counts.c.available)
    ).scalar_one()
    return available


def set_limit(tx: Transaction, domain_id: str, most: int | None) -> None:
    """Give a domain a limit of its own; None: what the setting says."""
    _lock_count(tx, domain_id)
    tx.run(update(room_counts).where(room_counts.c.domain_id == domain_id).values(most=most))


def _lock_count(tx: Transaction, domain_id: str) -> Row[Any]:
    """The domain's count, which nobody else changes until the end of `tx`.

    A statement of its own: only the statements after it see what the former holder wrote.
    """
    statement = select(room_counts).where(room_counts.c.domain_id == domain_id).with_for_update()
    row = tx.run(statement).one_or_none()
    if row is None:
        values = {"domain_id": domain_id, "available": 0, "counted_until": unix_seconds(tx.now)}
        tx.run(_INSERT_COUNT[tx.connection.dialect.name], values)
        row = tx.run(statement).one()
    return row


def _is_counted(room: Room, until: int) -> bool:
    return room.exp is None or room.exp > until


def _expired(*, since: Any, until: int) -> ScalarSelect[int]:
    """How many rooms of the count's domain expired after `since`, up to `until`."""
    return (
        select(func.count())
        .select_from(rooms)
        .where(rooms.c.domain_id == room_counts.c.domain_id)
        .where(rooms.c.exp > since, rooms.c.exp <= until)
        .correlate(room_counts)
        .scalar_subquery()
    )


def page_of_rooms(tx: Transaction, domain_id: str, page: Page) -> list[Room]:
    """The available rooms of one page, newest first."""
    available = (rooms.c.domain_id == domain_id) & ~_is_expired(tx)
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
    inherited = defaults(tx, domain_id)
    return [_room(row, inherited) for row in found]


def update_room(tx: Transaction, room: Room) -> None:
    """Write what can change about a room."""
    changeable: Mapping[str, Any] = {
        "privacy": room.privacy,
        "properties": dict(room.properties),
        "nbf": room.nbf,
        "exp": room.exp,
    }
    tx.run(update(rooms).where(rooms.c.id == room.id).values(changeable))


def long_expired(
    tx: Transaction, *, before: int, keep: Collection[str], limit: int
) -> list[tuple[str, str]]:
    """Domain and name of rooms that expired before this time (unix seconds), but for those kept.

    Domain by domain, as the index goes.
    """
    found: list[tuple[str, str]] = []
    for domain_id in tx.run(select(domains.c.id)).scalars().all():
        statement = select(rooms.c.domain_id, rooms.c.name).where(
            rooms.c.domain_id == domain_id, rooms.c.exp < before, rooms.c.id.not_in(keep)
        )
        rows = tx.run(statement.order_by(rooms.c.exp).limit(limit - len(found))).all()
        found += [(row.domain_id, row.name) for row in rows]
        if len(found) == limit:
            break
    return found


def delete_expired(
    tx: Transaction, domain_id: str, names: Sequence[str], *, before: int
) -> list[Room]:
    """Remove those of these rooms that expired before this time, and say what they were."""
    return _delete(tx, (rooms.c.domain_id == domain_id) & (rooms.c.exp < before), names)


def delete_rooms(tx: Transaction, domain_id: str, names: Sequence[str]) -> list[Room]:
    """Remove the rooms of these names, expired or not, and say what they were."""
    return _delete(tx, rooms.c.domain_id == domain_id, names)


def _delete(tx: Transaction, which: ColumnElement[bool], names: Sequence[str]) -> list[Room]:
    doomed = select(rooms.c.id).where(which, rooms.c.name.in_(names))
    # Locked in the order of their names first, for the same reason as above.
    locked = doomed.order_by(rooms.c.name).with_for_update().cte("locked")
    rows = tx.run(
        delete(rooms).where(rooms.c.id.in_(select(locked.c.id))).returning(*rooms.c)
    ).all()
    return [_room(row, {}) for row in rows]  # nobody joins them any more


def _is_expired(tx: Transaction) -> ColumnElement[bool]:
    return rooms.c.exp.is_not(None) & (rooms.c.exp <= unix_seconds(tx.now))


def _room(row: Row[Any], inherited: Mapping[str, Any] | None) -> Room:
    return Room(**{**row._mapping, "defaults": inherited or {}})
