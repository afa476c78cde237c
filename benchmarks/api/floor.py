"""The floor: a bare ASGI application that does one insert, or reads one row, and nothing else.

The same server, the same driver, the same durability and the same number of threads as the
product; no framework, no checks, no log. `python -m benchmarks.api.floor <database URL> <port>`.
"""

import asyncio
import json
import sqlite3
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import uvicorn
import uvloop

from vestibule.foundation.database import POSTGRESQL_CONNECTIONS, SQLITE_READERS
from vestibule.foundation.http import AsgiApp, Receive, Scope, Send
from vestibule.server import configuration, listen

TABLE = (
    "CREATE TABLE IF NOT EXISTS floor "
    "(id TEXT PRIMARY KEY, owner TEXT, name TEXT, body TEXT, UNIQUE (owner, name))"
)
KNOWN = "00000000-0000-0000-0000-000000000000"


class Rows:
    """One insert or one read, each in a transaction of its own, in a thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.is_sqlite = url.startswith("sqlite")
        self._mark = "?" if self.is_sqlite else "%s"
        self._local = threading.local()
        if self.is_sqlite:
            self.writers, self.readers = ThreadPoolExecutor(1), ThreadPoolExecutor(SQLITE_READERS)
        else:
            self.writers = self.readers = ThreadPoolExecutor(POSTGRESQL_CONNECTIONS)
        self.writers.submit(self._prepare).result()

    def _connection(self) -> Any:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        return self._local.connection

    def _connect(self) -> Any:
        if not self.is_sqlite:
            return psycopg.connect(self._url.replace("+psycopg", ""))
        connection = sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _prepare(self) -> None:
        connection = self._connection()
        connection.execute(TABLE)
        connection.commit()
        values = ", ".join([self._mark] * 4)
        self._insert = f"INSERT INTO floor VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608
        self._select = f"SELECT * FROM floor WHERE id = {self._mark}"  # noqa: S608
        connection.execute(self._insert, (KNOWN, "clinic", "known", "{}"))
        connection.commit()

    def insert(self) -> str:
        connection, row = self._connection(), str(uuid.uuid4())
        if self.is_sqlite:
            connection.execute("BEGIN IMMEDIATE")
        connection.execute(self._insert, (row, "clinic", row, '{"lang": "de"}'))
        connection.commit()
        return row

    def read(self) -> str:
        connection = self._connection()
        found = connection.execute(self._select, (KNOWN,)).fetchone()
        if not self.is_sqlite:
            connection.commit()
        return str(found[0])


def application(rows: Rows) -> AsgiApp:
    """POST inserts, GET reads."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        if scope["method"] == "POST":
            row = await loop.run_in_executor(rows.writers, rows.insert)
        else:
            row = await loop.run_in_executor(rows.readers, rows.read)
        body = json.dumps({"id": row}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def main(url: str, port: int) -> None:
    """Serve until the process is ended."""
    with listen("127.0.0.1", port) as listener:
        server = uvicorn.Server(configuration(application(Rows(url))))
        uvloop.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
