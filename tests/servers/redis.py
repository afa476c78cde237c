"""A private Redis server on a free port of this machine only."""

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.servers.readiness import wait_until_ready
from tests.servers.vestibule import free_port


class Redis:
    """A server that runs from `start()` to `stop()`, which removes everything it kept."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-redis-"))
        self._port = free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the server, as clients take it."""
        return f"redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it empty, and wait until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("Redis is missing: run scripts/test-prerequisites")
        options = {"bind": "127.0.0.1", "port": str(self._port), "save": "", "appendonly": "no"}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [program, *words], stdout=log, stderr=log, cwd=self._folder
            )
        written = self._folder / "log"
        wait_until_ready(self._server, self._answers, name="Redis", log=written)

    def kill(self) -> None:
        """End the server; what it held is lost. It can be started again."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16) == b"+PONG\r\n"
        except OSError:
            return False
