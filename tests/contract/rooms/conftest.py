"""The Rooms API as an application, asked as a customer asks it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.doubles.clock import FakeClock
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.http import AsgiApp, BodyLimit, PlainPaths, install_error_answers
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.definitions.routes import routes as room_routes
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.routes import routes as domain_routes
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.routes import routes as token_routes
from vestibule.rooms.tokens.service import TokenService


@dataclass(frozen=True)
class RoomsApi:
    """The API, and the service that gives out its keys."""

    app: AsgiApp
    domains: DomainService
    definitions: DefinitionService

    async def key(self, domain: str) -> str:
        """A new API key of this domain."""
        return await self.domains.create_key((await self.domains.ensure(domain)).id, "test")


def build(database: Database, clock: Clock, public_url: str) -> RoomsApi:
    """The parts of the Rooms API, put together."""
    domains = DomainService(
        database=database,
        keyring=Keyring({"k1": bytes(KEY_BYTES)}, active="k1"),
        ids=SystemIds(),
        public_url=public_url,
        primary_domain="clinic",
    )
    definitions = DefinitionService(database=database, ids=SystemIds(), broker=LocalBroker())
    http = FastAPI(openapi_url=None, redirect_slashes=False)
    install_error_answers(http)
    http.include_router(domain_routes(domains))
    http.include_router(room_routes(definitions, domains))
    http.include_router(token_routes(TokenService(domains=domains, clock=clock), domains))
    return RoomsApi(BodyLimit(PlainPaths(http)), domains, definitions)


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite only: what differs between the databases is tested below the wire."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'vestibule.sqlite3')}"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(database_url: str, clock: FakeClock) -> Iterator[Database]:
    database = Database(database_url, clock)
    yield database
    database.close()


@pytest.fixture
def api(database: Database, clock: FakeClock) -> RoomsApi:
    return build(database, clock, "https://video.clinic.example")


@pytest.fixture
async def http(api: RoomsApi) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without a key."""
    transport = httpx2.ASGITransport(app=api.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="https://api.clinic.example/v1"
    ) as http:
        yield http


@pytest.fixture
async def key(api: RoomsApi) -> str:
    return await api.key("clinic")


class Customer:
    """Somebody with an API key."""

    def __init__(self, http: httpx2.AsyncClient, key: str) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {key}"}

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of one request."""
        content = {} if body is None else {"json": body}
        answer = await self.http.request(method, path, headers=self.headers, **content, **more)
        return answer.status_code, answer.json()

    async def get(self, path: str, **more: Any) -> Any:
        return await self._right("GET", path, None, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return await self._right("POST", path, body, **more)

    async def delete(self, path: str) -> Any:
        return await self._right("DELETE", path, None)

    async def _right(self, method: str, path: str, body: Any, **more: Any) -> Any:
        status, said = await self.ask(method, path, body, **more)
        assert status == 200, said
        return said


@pytest.fixture
def ada(http: httpx2.AsyncClient, key: str) -> Customer:
    """A customer of the primary domain."""
    return Customer(http, key)


@pytest.fixture
async def cleo(http: httpx2.AsyncClient, api: RoomsApi) -> Customer:
    """A customer of another domain."""
    return Customer(http, await api.key("practice"))
