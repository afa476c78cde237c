"""Brings a database to the newest schema."""

from functools import cache
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from vestibule.foundation.database import sqlite_engine

ADVISORY_LOCK = 7_215_002  # any number, the same in every process


def upgrade(url: str, revision: str = "head") -> None:
    """Run every migration not yet run, in one transaction; safe to call from many processes.

    SQLite migrates with foreign keys off: altering a table rebuilds it, and with them on, its
    children's rows would be deleted by cascade (reference stack 2, trap 1).
    """
    if url.startswith("sqlite"):
        engine = sqlite_engine(url, pool_size=1, foreign_keys=False)
    else:
        engine = create_engine(url, pool_size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
            is_new = MigrationContext.configure(connection).get_current_revision() == newest()
            if is_new and revision == "head":
                return
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            if connection.dialect.name == "sqlite":
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"the migration would break references: {broken[:3]}")
    finally:
        engine.dispose()


def revisions(url: str) -> tuple[str | None, str]:
    """The revision of a database's schema, None if it has none, and the newest; writes nothing."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest()
    finally:
        engine.dispose()


@cache
def newest() -> str:
    """The newest schema there is."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files(__name__)))
    return config
