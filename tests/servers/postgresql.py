"""A private PostgreSQL server in a temporary folder, reached through a socket in that folder."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.readiness import wait_until_ready

USER = "vestibule"
SETTINGS = [
    # nothing here outlives the tests
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    # a database can be cloned only while nobody, autovacuum included, is connected to it
    "autovacuum=off",
    "shared_buffers=32MB",
]


def programs() -> Path:
    """The folder of the newest PostgreSQL of this machine."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda initdb: int(initdb.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    if found is None:
        raise RuntimeError("PostgreSQL is missing: run scripts/test-prerequisites")
    return Path(found).parent


def account() -> str | None:
    """Whom the server runs as, for it refuses to run as root; None for ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class PostgreSQL:
    """A server that runs from `start()` to `stop()`, which removes everything it kept."""

    def __init__(self, settings: Sequence[str] = SETTINGS) -> None:
        self._settings = settings
        self._programs = programs()
        self._account = account()
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-postgresql-"))
        if self._account:
            shutil.chown(self._folder, user=self._account)
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def url(self, database: str) -> str:
        """The address of `database`, as the product's setting takes it."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self._folder}"

    def start(self) -> None:
        """Make an empty server, and wait until it answers."""
        data = self._folder / "data"
        initdb = [*("--pgdata", str(data)), *("--username", USER), *("--auth", "trust")]
        made = self._launch("initdb", *initdb, "--encoding=UTF8", "--no-locale", "--no-sync")
        if made.wait() != 0:
            raise RuntimeError(f"initdb failed:\n{self._log.read_text()}")
        settings = ["listen_addresses=", f"unix_socket_directories={self._folder}", *self._settings]
        options = [word for setting in settings for word in ("-c", setting)]
        self._server = self._launch("postgres", "-D", str(data), *options)
        wait_until_ready(self._server, self._answers, name="PostgreSQL", log=self._log)

    def stop(self) -> None:
        """End the server at once and remove its folder."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)  # its own word for "immediately"
            self._server.wait()
        shutil.rmtree(self._folder)

    def create_database(self, *, template: str = "template1") -> str:
        """Make a database that is a copy of `template`, and return its name."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _launch(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user=self._account,
            )

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._folder), user=USER, dbname="postgres", autocommit=True
        )

    def _run(self, statement: str, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True
