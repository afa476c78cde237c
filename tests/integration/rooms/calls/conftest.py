"""A whole installation behind a real port, with a clock that the tests turn.

Or behind two: what is marked with `both_ways` runs once with one process, and once with two that
share PostgreSQL and Redis, where people come to each in turn.
"""

import asyncio
import base64
import contextlib
import json
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.integration.rooms.calls.people import Visitors
from vestibule.assembly import Vestibule, build
from vestibule.foundation.database import Transaction
from vestibule.foundation.http import AsgiApp
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.schema import webhook_events
from vestibule.server import configuration, listen
from vestibule.settings import Settings

both_ways = pytest.mark.parametrize("installation", ["alone", "scaled"], indirect=True)
"""Runs a test with one process, and with two."""

MASTER_KEY = f"k:{base64.b64encode(bytes(32)).decode()}"


class Server(uvicorn.Server):
    """uvicorn in the test's own loop; signals stay with pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: AsgiApp, listener: socket.socket) -> AsyncIterator[Server]:
    """The application behind a listening socket."""
    server = Server(configuration(app))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield server
    finally:
        server.should_exit = True
        await running


@dataclass
class Installation:
    """What the tests do with the server besides talking to it."""

    vestibule: Vestibule
    clock: FakeClock
    server: Server
    others: list[Vestibule] = field(default_factory=list)
    """The other processes, if there are any."""
    other_ports: list[int] = field(default_factory=list)

    @property
    def now(self) -> int:
        return int(self.clock.now().timestamp())

    async def room(self, name: str = "consult", privacy: Any = "public", **properties: Any) -> Room:
        domain = await self.vestibule.rooms.domains.primary()
        return await self.vestibule.rooms.definitions.create(
            domain.id, name=name, privacy=privacy, properties=properties
        )

    async def private_room(self, name: str = "consult", **properties: Any) -> Room:
        """A private room that lets people knock."""
        return await self.room(name, "private", enable_knocking=True, **properties)

    async def change_room(self, name: str = "consult", **changes: Any) -> None:
        domain = await self.vestibule.rooms.domains.primary()
        await self.vestibule.rooms.definitions.update(domain.id, name, **changes)

    async def delete_room(self, name: str = "consult") -> None:
        domain = await self.vestibule.rooms.domains.primary()
        await self.vestibule.rooms.definitions.delete(domain.id, name)

    async def token(self, room: str | None = "consult", **properties: Any) -> str:
        domain = await self.vestibule.rooms.domains.primary()
        return await self.vestibule.rooms.tokens.create(domain, {"room_name": room, **properties})

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: bytes | None = None,
        request_id: str | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of a request to the Rooms API, by a customer of the primary domain.

        Of several processes, it reaches the one that the first person did not come to.
        """
        domains = self.vestibule.rooms.domains
        key = await domains.create_key((await domains.primary()).id, "test")
        transport = httpx2.ASGITransport(app=[self.vestibule, *self.others][-1].app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://api/v1") as http:
            if body is not None:
                content = json.dumps(body).encode()
            headers = {"Authorization": f"Bearer {key}"}
            if request_id is not None:
                headers["X-Request-Id"] = request_id
            answer = await http.request(method, path, headers=headers, content=content)
        return answer.status_code, answer.json()

    @property
    def port(self) -> int:
        """Where the first process listens."""
        return self.vestibule.shared.settings.port

    async def events(self, request_id: str | None = None) -> list[str]:
        """The types of all events, or of those that a request made happen."""

        def read(tx: Transaction) -> list[str]:
            kinds = select(webhook_events.c.type)
            if request_id is not None:
                kinds = kinds.where(webhook_events.c.request_id == request_id)
            return sorted(tx.run(kinds).scalars())

        return await self.vestibule.shared.database.read(read)

    async def passes(self, seconds: float) -> None:
        """Time goes by, and what is due then happens."""
        self.clock.advance(timedelta(seconds=seconds))
        for vestibule in (self.vestibule, *self.others):
            await vestibule.rooms.calls.step()

    @contextlib.asynccontextmanager
    async def next_server(self) -> AsyncIterator[Visitors]:
        """Another server on the same data, which has only just started."""
        with listen("127.0.0.1", 0) as listener:
            settings = self.vestibule.shared.settings.model_copy()
            vestibule = build(settings, clock=self.clock)
            visitors = Visitors(listener.getsockname()[1])
            async with served(vestibule.app, listener):
                try:
                    yield visitors
                finally:
                    await visitors.see_off()
            await vestibule.stop()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listen("127.0.0.1", 0) as listener:
        yield listener


@pytest.fixture
def chosen() -> dict[str, Any]:
    """The settings that a test wants otherwise than usual."""
    return {}


@pytest.fixture
async def installation(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated_sqlite: Path,
    clock: FakeClock,
    listener: socket.socket,
    chosen: dict[str, Any],
) -> AsyncIterator[Installation]:
    """A server that has been running for a while; two of them where a test asks for that."""
    if getattr(request, "param", "alone") == "scaled":
        # Only now: a Redis and a PostgreSQL are started for those who need them.
        redis_url = request.getfixturevalue("redis_url")
        database_url = request.getfixturevalue("postgresql_url")
        async with scaled(tmp_path, clock, listener, database_url, redis_url, chosen) as both:
            yield both
        return
    shutil.copy(migrated_sqlite, tmp_path / "vestibule.sqlite3")
    settings = Settings(data=tmp_path, port=listener.getsockname()[1], **chosen)
    vestibule = build(settings, clock=clock)
    clock.advance(timedelta(hours=1))
    async with served(vestibule.app, listener) as server:
        yield Installation(vestibule, clock, server)
    await vestibule.stop()


@contextlib.asynccontextmanager
async def scaled(
    folder: Path,
    clock: FakeClock,
    listener: socket.socket,
    database_url: str,
    redis_url: str,
    chosen: dict[str, Any],
) -> AsyncIterator[Installation]:
    """Two processes' worth of one installation, each behind a port of its own."""
    async with contextlib.AsyncExitStack() as stack:
        second = stack.enter_context(listen("127.0.0.1", 0))
        running: list[tuple[Vestibule, Server]] = []
        for number, socket_ in enumerate((listener, second)):
            settings = Settings(
                data=folder / str(number),
                port=socket_.getsockname()[1],
                base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
                database_url=database_url,
                redis_url=SecretStr(redis_url),
                master_key=SecretStr(MASTER_KEY),
                recordings_store=str(folder / "recordings"),
                drain_seconds=0,
                **chosen,
            )
            vestibule = build(settings, clock=clock)
            assert vestibule.shared.several is not None
            await vestibule.shared.several.start()
            renewing = asyncio.create_task(vestibule.shared.several.leases.loop.run())
            stack.push_async_callback(vestibule.stop)
            stack.callback(renewing.cancel)
            server = await stack.enter_async_context(served(vestibule.app, socket_))
            running.append((vestibule, server))
        clock.advance(timedelta(hours=1))
        ports = [second.getsockname()[1]]
        yield Installation(*running[0][:1], clock, running[0][1], [running[1][0]], ports)


@pytest.fixture
async def visitor(installation: Installation, listener: socket.socket) -> AsyncIterator[Visitors]:
    """Lets a person come to the server; to each in turn, if there are several."""
    visitors = Visitors(listener.getsockname()[1], *installation.other_ports)
    yield visitors
    await visitors.see_off()
