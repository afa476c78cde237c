"""10,000 appointments due in the same minute: how long until every room exists.

Limited as Daily is, ten batches may go in 30 seconds, and 10,000 rooms are ten batches. So what is
measured is a storm right after another one, when the first turn comes after 30 seconds: that is
the bound. Without limits the rooms are our own, and the floor is 10,000 bare inserts.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2

from benchmarks.rows import Aim, Row
from benchmarks.storm.clinic import APPOINTMENTS, StormyClinic, running_provider, stormy_clinic

WINDOW_SECONDS: Final = 30.0
BATCHES: Final = 10
BATCH: Final = 1000
OUTAGE_SECONDS: Final = 1800
LOOK_SECONDS: Final = 10
RETRY_SECONDS: Final = 300.0  # the setting's default


def run() -> Iterable[Row]:
    """Every row of the storm."""
    yield asyncio.run(_after_another_storm())
    yield asyncio.run(_within_the_limits())
    yield asyncio.run(_without_limits())
    yield asyncio.run(_after_an_outage())


async def _after_another_storm() -> Row:
    with running_provider(is_limited=True) as url:
        async with stormy_clinic(url) as clinic:
            await clinic.book()
            began = time.perf_counter()
            await _use_up_the_window(clinic)
            await clinic.seconds_until_ready()
            took = time.perf_counter() - began
    ratio = took / WINDOW_SECONDS
    name = "limited as Daily is, after another storm; against the limit's bound"
    return Row(name, took, "s", WINDOW_SECONDS, ratio, Aim("at most", 1.2))


async def _use_up_the_window(clinic: StormyClinic) -> None:
    """The batches of the storm before, for rooms of others."""
    videocalls = clinic.vestibule.appointments.videocalls
    organization = await clinic.vestibule.appointments.organizations.get(clinic.organization_id)
    starts = clinic.clock.now()
    window = organization.window(starts, starts + timedelta(hours=1))
    for number in range(1, BATCHES + 1):
        await videocalls.create_rooms(clinic.organization_id, {APPOINTMENTS + number: window})


async def _within_the_limits() -> Row:
    with running_provider(is_limited=True) as url:
        floor = await _bare_requests(url, "/batch/rooms")
    with running_provider(is_limited=True) as url:
        async with stormy_clinic(url) as clinic:
            await clinic.book()
            took = await clinic.seconds_until_ready()
    return Row("limited as Daily is; against bare requests", took, "s", floor, took / floor)


async def _bare_requests(url: str, path: str) -> float:
    """How long the ten requests take alone, one after the other."""
    properties = {"exp": int(time.time()) + 3600, "enable_chat": True}
    began = time.perf_counter()
    async with httpx2.AsyncClient(timeout=60) as http:
        for number in range(BATCHES):
            rooms = [
                {"name": f"bare-{number}-{each}", "privacy": "private", "properties": properties}
                for each in range(BATCH)
            ]
            (await http.post(f"{url}{path}", json={"rooms": rooms})).raise_for_status()
    return time.perf_counter() - began


async def _without_limits() -> Row:
    floor = _bare_inserts()
    async with stormy_clinic(None) as clinic:
        await clinic.book()
        took = await clinic.seconds_until_ready()
    return Row("our own rooms, no limit; against bare inserts", took, "s", floor, took / floor)


def _bare_inserts() -> float:
    """A room's row, 10,000 times, a thousand to a transaction, as durable as the product's."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE rooms (id TEXT PRIMARY KEY, name TEXT UNIQUE, config TEXT)"
        )
        began = time.perf_counter()
        for number in range(BATCHES):
            connection.execute("BEGIN IMMEDIATE")
            for each in range(BATCH):
                row = (f"{number}-{each}", f"restartix-1-{number * BATCH + each}", "{}" * 150)
                connection.execute("INSERT INTO rooms VALUES (?, ?, ?)", row)
            connection.execute("COMMIT")
        took = time.perf_counter() - began
        connection.close()
    return took


async def _after_an_outage() -> Row:
    """The provider is down for 30 simulated minutes; how long after it is back all are ready."""
    with running_provider(is_limited=False) as url:
        async with stormy_clinic(url, keeps_limits=False) as clinic, httpx2.AsyncClient() as http:
            await http.post(f"{url}/down")
            await clinic.book()
            for _ in range(OUTAGE_SECONDS // LOOK_SECONDS):
                await _look(clinic)
            await http.post(f"{url}/up")
            after = 0
            while await clinic.ready() < APPOINTMENTS:
                await _look(clinic)
                after += LOOK_SECONDS
    name = "30 simulated minutes of outage; simulated time after it, against the retry period"
    return Row(name, after, "s", RETRY_SECONDS, after / RETRY_SECONDS, Aim("at most", 1))


async def _look(clinic: StormyClinic) -> None:
    """Put the clock forward, and do what is due then."""
    clinic.clock.advance(LOOK_SECONDS)
    reconciler = clinic.vestibule.appointments.reconciler
    while await reconciler.step():
        await reconciler.finish_attempts()
