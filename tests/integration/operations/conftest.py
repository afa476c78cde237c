"""A clinic with something in most tables, on each engine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.postgresql import PostgreSQL
from vestibule.assembly import Vestibule, build
from vestibule.demonstration import Demonstration, empower_administrator, open_clinic, show
from vestibule.settings import Settings


@dataclass
class OpenClinic:
    """A clinic that is being served while things are done to its data."""

    settings: Settings
    vestibule: Vestibule
    demo: Demonstration


@pytest.fixture(params=["sqlite", "postgresql"])
async def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenClinic]:
    """Its database is in the data folder, or on a server."""
    url = None
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        template = request.getfixturevalue("migrated_postgresql")
        url = server.url(server.create_database(template=template))
    settings = Settings(data=tmp_path / "data", database_url=url)
    vestibule = build(settings)
    await vestibule.start()
    opened = await open_clinic(vestibule)
    await empower_administrator(vestibule, opened)
    yield OpenClinic(settings, vestibule, await show(vestibule, opened))
    await vestibule.stop()


@pytest.fixture
def other_engine(clinic: OpenClinic, postgresql: PostgreSQL) -> str | None:
    """Where to restore to: a new database on the other engine; None is SQLite in the folder."""
    if clinic.settings.database_url is None:
        return postgresql.url(postgresql.create_database())
    return None
