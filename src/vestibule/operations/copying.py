"""Copies every table from one database to another, whatever their kinds, and compares the two.

Tables are those of the schema itself, so a new one is copied without a word here.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Integer, Table, create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from vestibule.accounts import schema as _accounts  # noqa: F401 - fills `metadata`
from vestibule.appointments import schema as _appointments  # noqa: F401
from vestibule.foundation.database import metadata, sqlite_engine
from vestibule.foundation.errors import VestibuleError
from vestibule.migrations import revisions
from vestibule.rooms import schema as _rooms  # noqa: F401

ROWS_AT_ONCE: Final = 1000
SUM_BITS: Final = 256

Advance = Callable[[str, int], None]
"""Told the table and how many more of its rows are done."""


class NotCopied(VestibuleError):
    """The copy failed or differs; the target is as it was, or must be thrown away."""


@dataclass(frozen=True)
class Content:
    """How many rows a table has, and a sum over them that does not depend on their order."""

    rows: int
    checksum: str


def tables() -> list[Table]:
    """All tables, those that others refer to first."""
    return list(metadata.sorted_tables)


def require_newest(url: str, what: str) -> None:
    """NotCopied unless the database has this version's schema."""
    current, newest = revisions(url)
    if current != newest:
        raise NotCopied(
            f"the schema of {what} is {current or 'missing'}, and this version has {newest}; run "
            "'vestibule migrate' with the version that belongs to it"
        )


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """One unchanging view of a database, which goes on serving others meanwhile."""
    engine = (
        sqlite_engine(url, pool_size=1, read_only=True)
        if url.startswith("sqlite")
        else create_engine(url, isolation_level="REPEATABLE READ")
    )
    try:
        with engine.connect() as connection, connection.begin():
            if not url.startswith("sqlite"):
                connection.execute(text("SET TRANSACTION READ ONLY"))
            yield connection
    finally:
        engine.dispose()


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in tables()
    }


def contents(connection: Connection, advance: Advance) -> dict[str, Content]:
    """What each table holds."""
    found = {}
    for table in tables():
        total, rows = 0, 0
        for batch in _batches(connection, table):
            total += sum(_sum_of(row) for row in batch)
            rows += len(batch)
            advance(table.name, len(batch))
        found[table.name] = Content(rows, f"{total % (1 << SUM_BITS):064x}")
    return found


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    streamed = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
    for batch in streamed.mappings().partitions():
        yield [dict(row) for row in batch]


def _sum_of(row: dict[str, Any]) -> int:
    canonical = json.dumps(row, sort_keys=True, default=str, ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(canonical.encode()).digest())


def copy(source: Connection, target_url: str, advance: Advance) -> dict[str, Content]:
    """Copy all rows into the empty tables of a database, in one transaction; what they hold.

    NotCopied if the target is not empty, or does not hold the same afterwards; then nothing is
    in it. `advance` counts each row twice: when it is written, and when it is compared.
    """
    engine = (
        sqlite_engine(target_url, pool_size=1)
        if target_url.startswith("sqlite")
        else create_engine(target_url)
    )
    try:
        with engine.begin() as target:
            return _copy(source, target, advance)
    except SQLAlchemyError as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())
        raise NotCopied(f"the target took nothing: {cause[:300]}") from error
    finally:
        engine.dispose()


def _copy(source: Connection, target: Connection, advance: Advance) -> dict[str, Content]:
    filled = [name for name, rows in counts(target).items() if rows]
    if filled:
        raise NotCopied(f"the target is not empty: it has rows in {', '.join(filled)}")
    wanted = {}
    for table in tables():
        total, rows = 0, 0
        for batch in _batches(source, table):
            target.execute(table.insert(), batch)
            total += sum(_sum_of(row) for row in batch)
            rows += len(batch)
            advance(table.name, len(batch))
        wanted[table.name] = Content(rows, f"{total % (1 << SUM_BITS):064x}")
        _carry_on_numbering(source, target, table)
    require_same(wanted, contents(target, advance))
    return wanted


def require_same(wanted: dict[str, Content], found: dict[str, Content]) -> None:
    """NotCopied if a table does not hold what it should."""
    different = [name for name, content in wanted.items() if found.get(name) != content]
    if different:
        raise NotCopied(f"the copy differs from its source in {', '.join(different)}")


def _carry_on_numbering(source: Connection, target: Connection, table: Table) -> None:
    """Let new rows get numbers that no row ever had, deleted ones included: links name them."""
    key = list(table.primary_key.columns)
    if not table.dialect_options["sqlite"]["autoincrement"] or not isinstance(key[0].type, Integer):
        return
    last = _last_number(source, table.name, key[0].name)
    if not last:
        return
    if target.dialect.name == "sqlite":
        name = {"name": table.name, "last": last}
        target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        target.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), name)
    else:
        sequence = func.pg_get_serial_sequence(table.name, key[0].name)
        target.execute(select(func.setval(sequence, last)))


def _last_number(connection: Connection, table: str, column: str) -> int | None:
    """The highest number that the table has ever given; None if it has given none."""
    if connection.dialect.name == "sqlite":
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        found: int | None = connection.scalar(asked, {"name": table})
        return found
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table, column)))
    # The name comes from the catalogue itself.
    given = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}"))  # noqa: S608
    last, is_called = given.one()
    return last if is_called else None
