"""One database, SQLite or PostgreSQL, reached through plain functions that run in threads.

A transaction is a function of `Transaction`; it cannot await, so no network call can hold the
database's only write lock. SQLite has one writer thread per process, `BEGIN IMMEDIATE`, WAL and
`synchronous=FULL`; PostgreSQL has a small pool.
"""

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.types import TypeDecorator

from vestibule.foundation.clock import Clock

T = TypeVar("T")

SQLITE_READERS = 4
POSTGRESQL_CONNECTIONS = 8
RESTED_SECONDS = 1.0

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, always UTC. SQLite would silently drop the zone; here a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass
class Transaction:
    """One transaction and the moment it happens at."""

    connection: Connection
    now: datetime
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def run(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Execute one statement."""
        return self.connection.execute(statement, parameters)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back once this has been committed, on the event loop that asked for it.

        It runs even when the request that wrote was cancelled in between; after a rollback or a
        crash it does not, so it may only hasten what a later look would find anyway.
        """
        self._after_commit.append(callback)


class Database:
    """Runs transactions. One of these per process."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._clock = clock
        if self.is_sqlite:
            self._writer = sqlite_engine(url, pool_size=1)
            self._reader = sqlite_engine(url, pool_size=SQLITE_READERS, read_only=True)
            self._write_threads = ThreadPoolExecutor(1, "database-write")
            self._read_threads = ThreadPoolExecutor(SQLITE_READERS, "database-read")
        else:
            self._writer = self._reader = postgresql_engine(url)
            threads = ThreadPoolExecutor(POSTGRESQL_CONNECTIONS, "database")
            self._write_threads = self._read_threads = threads
        self._kept = _KeptConnections() if self.is_sqlite else None

    async def write(self, use_case: Callable[[Transaction], T]) -> T:
        """Run `use_case` in one transaction; its exception rolls everything back."""
        loop, context = asyncio.get_running_loop(), copy_context()
        return await loop.run_in_executor(
            self._write_threads, context.run, self._write, use_case, loop
        )

    async def read(self, use_case: Callable[[Transaction], T]) -> T:
        """Run `use_case` against one snapshot; on SQLite it cannot write."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, self._read, use_case)

    def write_now(self, use_case: Callable[[Transaction], T]) -> T:
        """`write` for callers without an event loop (the command line)."""
        return self._write_threads.submit(self._write, use_case, None).result()

    def read_now(self, use_case: Callable[[Transaction], T]) -> T:
        """`read` for callers without an event loop (the command line)."""
        return self._read_threads.submit(self._read, use_case).result()

    def close(self) -> None:
        """Finish what runs, then let go of every connection."""
        for threads in {self._write_threads, self._read_threads}:
            threads.shutdown(wait=True)
        if self._kept is not None:
            self._kept.close()
        for engine in {self._writer, self._reader}:
            engine.dispose()

    def _write(
        self, use_case: Callable[[Transaction], T], loop: asyncio.AbstractEventLoop | None
    ) -> T:
        with self._begun(self._writer) as connection:
            transaction = Transaction(connection, self._clock.now())
            result = use_case(transaction)
        for callback in transaction._after_commit:
            if loop is None:
                callback()
            else:
                with contextlib.suppress(RuntimeError):  # the loop closed meanwhile
                    loop.call_soon_threadsafe(callback)
        return result

    def _read(self, use_case: Callable[[Transaction], T]) -> T:
        with self._begun(self._reader) as connection:
            return use_case(Transaction(connection, self._clock.now()))

    @contextlib.contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        if self._kept is None:
            with engine.begin() as connection:
                yield connection
        else:
            connection = self._kept.of(engine)
            with connection.begin():
                yield connection


class _KeptConnections:
    """One connection of each thread, kept: taking it from a pool costs as much as a statement.

    For SQLite, whose connections do not break.
    """

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self._all: list[Connection] = []

    def of(self, engine: Engine) -> Connection:
        """This thread's own."""
        if not hasattr(self._of_thread, "own"):
            self._of_thread.own = {}
        own: dict[Engine, Connection] = self._of_thread.own
        if engine not in own:
            own[engine] = engine.connect()
            self._all.append(own[engine])
        return own[engine]

    def close(self) -> None:
        """Close all of them, once no thread uses its own any more."""
        for connection in self._all:
            connection.close()


def postgresql_engine(url: str, *, rested_seconds: float = RESTED_SECONDS) -> Engine:
    """An engine that asks whether a connection still lives only after it has rested.

    Asking before every transaction costs as much as one of its statements. If the server restarts
    while connections are in use, what they do fails, and that makes the pool connect anew.
    """
    engine = create_engine(
        url, pool_size=POSTGRESQL_CONNECTIONS, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("since", -math.inf) < rested_seconds:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise InvalidatePoolError from error

    return engine


def sqlite_engine(
    url: str, *, pool_size: int, read_only: bool = False, foreign_keys: bool = True
) -> Engine:
    """An engine whose transactions begin as they mean to go on.

    The driver's own deferred BEGIN fails at once when a reader becomes a writer under load
    (reference stack 2), and leaves DDL outside any transaction; so BEGIN is said here.
    """
    engine = create_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    pragmas = [
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        *(["query_only=ON"] if read_only else []),
    ]

    @event.listens_for(engine, "connect")
    def prepare(driver_connection: Any, _record: Any) -> None:
        driver_connection.isolation_level = None
        for pragma in pragmas:
            driver_connection.execute(f"PRAGMA {pragma}")

    def do_begin(driver_connection: Any) -> None:
        driver_connection.execute(begin)

    # Not by an event: an engine with one looks for more of them at every statement.
    engine.dialect.do_begin = do_begin  # type: ignore[assignment, method-assign]
    return engine
