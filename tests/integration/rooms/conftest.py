"""The services of rooms on a fresh database, on each engine."""

from collections.abc import Iterator

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.service import TokenService

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
def broker() -> LocalBroker:
    return LocalBroker()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": bytes(KEY_BYTES)}, active="k1")


@pytest.fixture
def domains(database: Database, keyring: Keyring) -> DomainService:
    return DomainService(
        database=database,
        keyring=keyring,
        ids=SystemIds(),
        public_url=PUBLIC_URL,
        primary_domain="clinic",
        remembered_seconds=0,
    )


@pytest.fixture
def definitions(database: Database, broker: LocalBroker) -> DefinitionService:
    return DefinitionService(database=database, ids=SystemIds(), broker=broker)


@pytest.fixture
def tokens(
    domains: DomainService, configurations: ConfigurationService, clock: FakeClock
) -> TokenService:
    return TokenService(domains=domains, configurations=configurations, clock=clock)


@pytest.fixture
async def clinic(domains: DomainService) -> Domain:
    """The primary domain."""
    return await domains.create("clinic")


@pytest.fixture
async def practice(domains: DomainService) -> Domain:
    """Another domain."""
    return await domains.create("practice")


@pytest.fixture
def configurations(database: Database) -> ConfigurationService:
    return ConfigurationService(database=database)
