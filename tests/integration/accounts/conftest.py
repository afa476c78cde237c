"""A database with accounts, on each engine."""

from collections.abc import Iterator

import pytest

from tests.doubles.clock import FakeClock
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.passwords import Passwords
from vestibule.accounts.users.service import UserService
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds

PUBLIC_URL = "https://video.clinic.example"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(database_url: str, clock: FakeClock) -> Iterator[Database]:
    database = Database(database_url, clock)
    yield database
    database.close()


@pytest.fixture
def users(database: Database) -> UserService:
    return UserService(database=database, ids=SystemIds(), passwords=Passwords(memory_kib=64))


@pytest.fixture
def sessions(database: Database, users: UserService) -> SessionService:
    return SessionService(database=database, ids=SystemIds(), users=users, public_url=PUBLIC_URL)
