"""The servers of this part: the product and its floor, each a process of its own."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.postgresql import PostgreSQL
from tests.servers.vestibule import free_port
from vestibule.assembly import build
from vestibule.rooms.definitions.model import WantedRoom
from vestibule.settings import Settings

AT_ONCE = 1000
READY_SECONDS = 60

# As a careful operator has it: what was answered is on the disk.
DURABLE = ["shared_buffers=128MB"]


@dataclass(frozen=True)
class Installation:
    """A running product with two domains, and the floor beside it on the same kind of database."""

    port: int
    floor_port: int
    small_key: str
    large_key: str


@contextlib.contextmanager
def databases(kind: str) -> Iterator[tuple[str, str]]:
    """Addresses of two fresh databases of this kind: the product's and the floor's."""
    if kind == "SQLite":
        folder = Path(tempfile.mkdtemp(prefix="vestibule-bench-"))
        yield f"sqlite:///{folder / 'vestibule.sqlite3'}", f"sqlite:///{folder / 'floor.sqlite3'}"
        shutil.rmtree(folder)
        return
    server = PostgreSQL(settings=DURABLE)
    server.start()
    try:
        yield server.url(server.create_database()), server.url(server.create_database())
    finally:
        server.stop()


@contextlib.contextmanager
def installation(kind: str, *, few: int, many: int) -> Iterator[Installation]:
    """Both servers, with their settings as they come; two domains with so many rooms."""
    data = Path(tempfile.mkdtemp(prefix="vestibule-bench-"))
    with databases(kind) as (url, floor_url), contextlib.ExitStack() as running:
        port, floor_port = free_port(), free_port()
        small_key, large_key = asyncio.run(filled(Settings(database_url=url, data=data), few, many))
        environment = {
            **{name: value for name, value in os.environ.items() if "VESTIBULE_" not in name},
            "VESTIBULE_DATABASE_URL": url,
            "VESTIBULE_DATA": str(data),
        }
        vestibule = [sys.executable, "-m", "vestibule", "serve", "--port", str(port)]
        running.enter_context(_served(vestibule, port, environment))
        floor = [sys.executable, "-m", "benchmarks.api.floor", floor_url, str(floor_port)]
        running.enter_context(_served(floor, floor_port, environment))
        yield Installation(port, floor_port, small_key, large_key)
    shutil.rmtree(data)


async def filled(settings: Settings, *counts: int) -> list[str]:
    """Make a domain with so many rooms, `room-0` and on, for each count; answers their keys."""
    vestibule = build(settings)
    rooms = vestibule.rooms
    keys = []
    for count in counts:
        domain = await rooms.domains.ensure(f"clinic-{count}")
        keys.append(await rooms.domains.create_key(domain.id, "bench"))
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            wanted = [WantedRoom(f"room-{number}") for number in numbers]
            await rooms.definitions.create_all(domain.id, wanted)
    await vestibule.stop()
    return keys


@contextlib.contextmanager
def _served(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """A server process from when it answers until the end of the block."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_until_it_listens(process, port)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"this did not start: {process.args!r}") from None
            time.sleep(0.05)
        else:
            return


def ask(installation: Installation, key: str, path: str) -> Any:
    """One question to the product, outside of what is measured."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{installation.port}{path}", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
