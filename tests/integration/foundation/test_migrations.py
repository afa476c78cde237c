"""The migrations and the schema in the code give the same database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from vestibule.accounts import schema as _accounts  # noqa: F401
from vestibule.appointments import schema as _appointments  # noqa: F401
from vestibule.foundation.database import metadata
from vestibule.migrations import upgrade
from vestibule.rooms import schema as _rooms  # noqa: F401


def test_the_migrated_database_is_the_one_that_the_code_describes(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_upgrading_twice_and_from_several_processes_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upgrade, [url] * 4))
