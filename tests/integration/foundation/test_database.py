"""The traps of two databases, each one sprung once (reference stack, section 2)."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.servers.postgresql import PostgreSQL
from vestibule.foundation.clock import SystemClock
from vestibule.foundation.database import (
    Database,
    Transaction,
    UTCDateTime,
    postgresql_engine,
    sqlite_engine,
)
from vestibule.rooms.schema import domains, rooms

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SystemClock())
    yield database
    database.close()


def add_domain(tx: Transaction, name: str, created_at: datetime = NOW) -> None:
    tx.run(
        insert(domains).values(
            id=f"id-{name}", name=name, signing_key_sealed="sealed", created_at=created_at
        )
    )


def count_domains(tx: Transaction) -> int:
    count: int = tx.run(select(func.count()).select_from(domains)).scalar_one()
    return count


async def test_a_failed_use_case_leaves_nothing_behind(database: Database) -> None:
    def add_then_fail(tx: Transaction) -> None:
        add_domain(tx, "clinic")
        raise LookupError("something later fails")

    with pytest.raises(LookupError):
        await database.write(add_then_fail)
    assert await database.read(count_domains) == 0


async def test_a_moment_keeps_its_place_in_time_whatever_zone_it_came_in(
    database: Database,
) -> None:
    bucharest = timezone(timedelta(hours=5))
    at = datetime(2026, 11, 21, 12, 0, tzinfo=bucharest)
    await database.write(lambda tx: add_domain(tx, "clinic", created_at=at))
    stored = await database.read(lambda tx: tx.run(select(domains.c.created_at)).scalar_one())
    assert stored == at
    assert stored.utcoffset() == timedelta(0)
    assert stored.hour == 7


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 21, 12, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a zone"):
        await database.write(lambda tx: add_domain(tx, "clinic", created_at=naive))


async def test_readers_that_become_writers_never_meet_a_locked_database(
    database: Database,
) -> None:
    """Read, then write, from many tasks and a second process's connection at once."""
    await database.write(lambda tx: add_domain(tx, "0"))
    other = Database(database.url, SystemClock())

    def count_up(tx: Transaction) -> None:
        row = tx.run(select(domains.c.name).with_for_update()).scalar_one()
        tx.run(update(domains).values(name=str(int(row) + 1)))

    try:
        await asyncio.gather(*(each.write(count_up) for each in [database, other] * 100))
    finally:
        other.close()
    assert await database.read(lambda tx: tx.run(select(domains.c.name)).scalar_one()) == "200"


async def test_a_callback_runs_after_the_commit_and_never_after_a_rollback(
    database: Database,
) -> None:
    called: list[str] = []

    def succeed(tx: Transaction) -> None:
        add_domain(tx, "clinic")
        tx.after_commit(lambda: called.append("committed"))
        assert not called

    def fail(tx: Transaction) -> None:
        tx.after_commit(lambda: called.append("rolled back"))
        raise LookupError

    await database.write(succeed)
    with pytest.raises(LookupError):
        await database.write(fail)
    await database.read(count_domains)
    assert called == ["committed"]


async def test_a_reader_cannot_write(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has one pool for both")
    with pytest.raises(DBAPIError):
        await database.read(lambda tx: add_domain(tx, "clinic"))


@pytest.mark.parametrize(("rested_seconds", "failures"), [(0.0, 0), (3600.0, 1)])
def test_connections_that_the_server_ended_are_made_anew(
    postgresql: PostgreSQL, rested_seconds: float, failures: int
) -> None:
    name = postgresql.create_database()
    engine = postgresql_engine(postgresql.url(name), rested_seconds=rested_seconds)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    with psycopg.connect(postgresql.url(name).replace("+psycopg", "")) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    failed = 0
    for _ in range(3):
        try:
            with engine.begin() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            failed += 1
    engine.dispose()
    postgresql.drop_database(name)
    assert failed == failures


async def test_children_go_with_their_parent_and_orphans_are_refused(database: Database) -> None:
    def add_room(tx: Transaction, domain_id: str) -> None:
        tx.run(
            insert(rooms).values(
                id="r1",
                domain_id=domain_id,
                name="room",
                privacy="public",
                api_created=True,
                properties={},
                created_at=NOW,
            )
        )

    with pytest.raises(IntegrityError):
        await database.write(lambda tx: add_room(tx, "nowhere"))
    await database.write(lambda tx: add_domain(tx, "clinic"))
    await database.write(lambda tx: add_room(tx, "id-clinic"))
    await database.write(lambda tx: tx.run(domains.delete()))
    left = await database.read(lambda tx: tx.run(select(rooms.c.id)).all())
    assert left == []


def test_altering_a_parent_table_keeps_its_children(tmp_path: Path) -> None:
    """SQLite rebuilds an altered table; with foreign keys on, cascades would empty the children.

    This is why `migrations.upgrade` opens SQLite with foreign keys off; the first half shows that
    the trap is real, so that nobody turns them on again.
    """
    assert children_after_altering_the_parent(tmp_path / "on.sqlite3", foreign_keys=True) == 0
    assert children_after_altering_the_parent(tmp_path / "off.sqlite3", foreign_keys=False) == 1


def children_after_altering_the_parent(file: Path, *, foreign_keys: bool) -> int:
    tables = MetaData()
    parents = Table("parents", tables, Column("id", Integer, primary_key=True))
    children = Table(
        "children",
        tables,
        Column("parent_id", ForeignKey("parents.id", ondelete="CASCADE")),
    )
    engine = sqlite_engine(f"sqlite:///{file}", pool_size=1, foreign_keys=foreign_keys)
    with engine.begin() as connection:
        tables.create_all(connection)
        connection.execute(insert(parents).values(id=1))
        connection.execute(insert(children).values(parent_id=1))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("parents", recreate="always") as batch:
            batch.add_column(Column("name", String(10)))
    with engine.begin() as connection:
        left = connection.execute(select(func.count()).select_from(children)).scalar_one()
    engine.dispose()
    return left


def test_a_failed_migration_leaves_no_half_schema(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'half.sqlite3'}", pool_size=1)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("CREATE TABLE first (id INTEGER)"))
        connection.execute(text("CREATE TABLE nonsense ("))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).all() == []
    engine.dispose()


def test_sqlite_is_durable_and_in_write_ahead_mode(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'pragmas.sqlite3'}", pool_size=1)
    with engine.begin() as connection:
        modes = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert modes == ["wal", 2, 1]


def test_without_utc_the_zone_would_be_lost(tmp_path: Path) -> None:
    """What SQLite really holds: a text without a zone, which only UTCDateTime reads rightly."""
    url = f"sqlite:///{tmp_path / 'zone.sqlite3'}"
    tables = MetaData()
    moments = Table("moments", tables, Column("at", UTCDateTime))
    engine = sqlite_engine(url, pool_size=1)
    with engine.begin() as connection:
        tables.create_all(connection)
        at = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=5)))
        connection.execute(insert(moments).values(at=at))
    engine.dispose()
    with contextlib.closing(sqlite3.connect(tmp_path / "zone.sqlite3")) as raw_file:
        raw = raw_file.execute("SELECT at FROM moments").fetchone()
    assert raw == ("2026-11-21 07:00:00.000000",)
