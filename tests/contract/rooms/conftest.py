"""The Rooms API as an application, asked as a customer asks it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from vestibule.assembly import Vestibule, build
from vestibule.foundation.clock import Clock
from vestibule.settings import Settings


@dataclass(frozen=True)
class RoomsApi:
    """The API, and the service that gives out its keys."""

    vestibule: Vestibule

    async def key(self, domain: str) -> str:
        """A new API key of this domain."""
        domains = self.vestibule.rooms.domains
        return await domains.create_key((await domains.ensure(domain)).id, "test")


def build_api(database_url: str, data: Path, clock: Clock, public_url: str) -> RoomsApi:
    """A whole installation, without its background work."""
    settings = Settings(
        database_url=database_url, data=data, base_url=public_url, primary_domain="clinic"
    )
    return RoomsApi(build(settings, clock=clock))


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite only: what differs between the databases is tested below the wire."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'vestibule.sqlite3')}"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def api(database_url: str, tmp_path: Path, clock: FakeClock) -> AsyncIterator[RoomsApi]:
    api = build_api(database_url, tmp_path, clock, "https://video.clinic.example")
    yield api
    await api.vestibule.stop()


@pytest.fixture
async def http(api: RoomsApi) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without a key."""
    transport = httpx2.ASGITransport(app=api.vestibule.app)
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
