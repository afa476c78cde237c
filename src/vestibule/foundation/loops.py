"""Background work as rows that are due.

What should be and what is stand in the same row as the business fact, with `due_at`, a lease and
a count of attempts. A crash loses nothing: the lease runs out and the row is due again.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    select,
    true,
    update,
)

from vestibule.foundation.database import Transaction, UTCDateTime

log = structlog.get_logger()


def due_columns() -> list[Column[Any]]:
    """The columns that make a table's rows work that can be due.

    `due_at` NULL: nothing to do. `lease`: who works on it now, until `due_at`. `generation` rises
    with every new wish, so that work begun for an older wish does not settle the newer one.
    """
    return [
        Column("due_at", UTCDateTime, nullable=True),
        Column("lease", String(64), nullable=True),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text, nullable=True),
        Column("generation", Integer, nullable=False, server_default="0"),
    ]


def claim_due(
    tx: Transaction,
    table: Table,
    *,
    lease: str,
    lease_seconds: float,
    limit: int = 1,
    only: ColumnElement[bool] | None = None,
) -> list[Row[Any]]:
    """Take up to `limit` of the most overdue rows; nobody else gets them for `lease_seconds`.

    `only` narrows down which rows of the table are meant.
    """
    picked = (
        select(table.c.id)
        .where(table.c.due_at <= tx.now, true() if only is None else only)
        .order_by(table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return _claim(tx, table, table.c.id.in_(select(picked.c.id)), lease, lease_seconds)


def claim_one(
    tx: Transaction, table: Table, row_id: Any, *, lease: str, lease_seconds: float
) -> Row[Any] | None:
    """Take this row unless somebody holds it; None if they do or there is nothing to do."""
    free = table.c.due_at.is_not(None) & (table.c.lease.is_(None) | (table.c.due_at <= tx.now))
    rows = _claim(tx, table, (table.c.id == row_id) & free, lease, lease_seconds)
    return rows[0] if rows else None


def _claim(
    tx: Transaction, table: Table, which: ColumnElement[bool], lease: str, lease_seconds: float
) -> list[Row[Any]]:
    statement = (
        update(table)
        .where(which)
        .values(
            due_at=tx.now + timedelta(seconds=lease_seconds),
            lease=lease,
            attempts=table.c.attempts + 1,
        )
        .returning(*table.c)
    )
    return list(tx.run(statement).all())


def finish(tx: Transaction, claimed: Row[Any], table: Table, values: Mapping[str, Any]) -> bool:
    """Write the outcome of work on a claimed row and let go of it.

    False if the lease was lost meanwhile: then nothing is written. If a newer wish came during
    the work, the outcome is written but the row is due again at once.
    """
    held = (table.c.id == claimed.id) & (table.c.lease == claimed.lease)
    done = tx.run(
        update(table)
        .where(held, table.c.generation == claimed.generation)
        .values(**values, lease=None)
    )
    if done.rowcount == 1:
        return True
    overtaken = {**values, "lease": None, "due_at": tx.now, "attempts": 0}
    return tx.run(update(table).where(held).values(**overtaken)).rowcount == 1


def finish_all(
    tx: Transaction, table: Table, ended: Sequence[tuple[Row[Any], Mapping[str, Any]]]
) -> list[bool]:
    """What `finish` does, for many rows with few statements. All must say the same columns."""
    if not ended:
        return []
    now = _held(tx, table, [claimed.id for claimed, _ in ended])
    is_held = [(claimed.id, claimed.lease) in now for claimed, _ in ended]
    rows = []
    for claimed, values in itertools.compress(ended, is_held):
        row = {"attempts": claimed.attempts, **values, "lease": None}
        if now[claimed.id, claimed.lease] != claimed.generation:
            row |= {"due_at": tx.now, "attempts": 0}
        rows.append({"finished_id": claimed.id, **{f"new_{name}": row[name] for name in row}})
    if rows:
        names = [name.removeprefix("new_") for name in rows[0] if name != "finished_id"]
        tx.run(
            update(table)
            .where(table.c.id == bindparam("finished_id"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            rows,
        )
    return is_held


def _held(tx: Transaction, table: Table, ids: Sequence[Any]) -> dict[tuple[Any, str], int]:
    """The leases of these rows with their generations, which stay as they are until `tx` ends."""
    rows = tx.run(
        select(table.c.id, table.c.lease, table.c.generation)
        .where(table.c.id.in_(ids), table.c.lease.is_not(None))
        .order_by(table.c.id)
        .with_for_update()
    )
    return {(row.id, row.lease): row.generation for row in rows}


class Loop:
    """Calls `step` until it finds no work, then waits to be woken or for `idle_seconds`."""

    def __init__(
        self, name: str, step: Callable[[], Awaitable[bool]], *, idle_seconds: float = 1.0
    ) -> None:
        self.name = name
        self._step = step
        self._idle_seconds = idle_seconds
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look for work now. Call on the event loop's thread."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled. A step that fails is logged and tried again later."""
        while True:
            self._woken.clear()
            try:
                found_work = await self._step()
            except Exception:
                log.exception("loop_step_failed", loop=self.name)
                found_work = False
            if not found_work:
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), self._idle_seconds)
        except TimeoutError:
            return
