"""An installation with ten thousand appointments that want their rooms in the same minute."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
from sqlalchemy import func, insert, select

from vestibule.appointments.schema import appointments
from vestibule.assembly import Vestibule, build
from vestibule.foundation.database import Transaction
from vestibule.foundation.logging import configure_logging
from vestibule.settings import Settings

APPOINTMENTS: Final = 10_000
KEY: Final = "storm-key"


class TurnedClock:
    """The machine's clock, and however much it was put forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class StormyClinic:
    """The clinic, its installation, and what has become of its rooms."""

    def __init__(self, vestibule: Vestibule, clock: TurnedClock, organization_id: int) -> None:
        self.vestibule = vestibule
        self.clock = clock
        self.organization_id = organization_id

    async def book(self, count: int = APPOINTMENTS) -> None:
        """Put so many upcoming appointments there, whose rooms are due now."""
        organization = await self.vestibule.appointments.organizations.get(self.organization_id)
        starts = self.clock.now() + timedelta(minutes=50)
        ends = starts + timedelta(minutes=30)
        window = organization.window(starts, ends)

        def write(tx: Transaction) -> None:
            row = {
                "organization_id": self.organization_id,
                "specialist_id": 1,
                "patient_id": 2,
                "status": "upcoming",
                "started_at": starts,
                "ended_at": ends,
                "opens_at": window.opens_at,
                "closes_at": window.closes_at,
                "created_at": tx.now,
                "updated_at": tx.now,
                "due_at": tx.now,
            }
            tx.run(insert(appointments), [row] * count)

        await self.vestibule.shared.database.write(write)

    async def ready(self) -> int:
        """How many rooms are known to be there."""
        statement = select(func.count()).where(appointments.c.room_observed == "present")
        count: int = await self.vestibule.shared.database.read(
            lambda tx: int(tx.run(statement).scalar_one())
        )
        return count

    async def seconds_until_ready(self, count: int = APPOINTMENTS) -> float:
        """Let the background work run until every room exists; how long it took."""
        began = time.perf_counter()
        await self.vestibule.start()
        while await self.ready() < count:  # noqa: ASYNC110 - a look from outside
            await asyncio.sleep(0.05)
        return time.perf_counter() - began


@contextlib.asynccontextmanager
async def stormy_clinic(
    provider: str | None, *, keeps_limits: bool = True
) -> AsyncIterator[StormyClinic]:
    """A fresh one, with its rooms at `provider` or here."""
    with tempfile.TemporaryDirectory() as folder:
        configure_logging(level="critical", as_json=False)
        clock = TurnedClock()
        settings = Settings(
            data=Path(folder),
            provider_rate_limits=keeps_limits,
            provider_allow_private_addresses=True,
        )
        vestibule = build(settings, clock=clock)
        half = vestibule.appointments
        domain = await vestibule.rooms.domains.primary()
        own_key = await vestibule.rooms.domains.create_key(domain.id, "storm")
        organization = await half.organizations.create("Clinic")
        await half.organizations.set_integration(
            organization.id, base_url=provider, api_key=KEY if provider else own_key
        )
        await half.organizations.create_person(organization.id, kind="specialist", name="Ada")
        await half.organizations.create_person(organization.id, kind="patient", name="Ben")
        try:
            yield StormyClinic(vestibule, clock, organization.id)
        finally:
            await vestibule.stop()


@contextlib.contextmanager
def running_provider(*, is_limited: bool) -> Iterator[str]:
    """The base URL of a provider in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = [sys.executable, "-m", "benchmarks.storm.provider", str(port)]
    process = subprocess.Popen([*asked, "limited" if is_limited else "free"])
    url = f"http://127.0.0.1:{port}/v1"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx2.HTTPError):
            httpx2.post(f"{url}/up")
            return
        time.sleep(0.1)
    raise TimeoutError("the provider did not start")
