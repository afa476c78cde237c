"""A private Janus on free ports of this machine: the videoroom plugin over plain WebSockets."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.readiness import listens, wait_until_ready
from tests.servers.vestibule import free_port
from vestibule.rooms.sfu.local import write_configuration

MEDIA_PORTS = "28000-29999"


class Janus:
    """A media server that can be killed and started again at the same address."""

    def __init__(self, secret: str | None = None) -> None:
        self.port = free_port()
        self.secret = secrets.token_hex(16) if secret is None else secret
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-janus-"))
        self._server: subprocess.Popen[bytes] | None = None
        write_configuration(
            self._folder, port=self.port, secret=self.secret, media_ports=MEDIA_PORTS
        )

    @property
    def url(self) -> str:
        """Where it listens, for Vestibule."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def number(self) -> int:
        """The process's."""
        assert self._server is not None
        return self._server.pid

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = shutil.which("janus")
        if program is None:
            raise RuntimeError("Janus is missing: run scripts/test-prerequisites")
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                # the whole folder: what it does not hold is not taken from /etc/janus instead
                [program, "-F", str(self._folder / "conf")],
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        written = self._folder / "log"
        wait_until_ready(self._server, lambda: listens(self.port), name="Janus", log=written)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def stop(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder)

    @property
    def said(self) -> str:
        """What it has written down."""
        return (self._folder / "log").read_text()


@contextmanager
def two_januses() -> Iterator[list[Janus]]:
    """Two media servers with one secret, while they are needed."""
    servers = [Janus("a shared secret") for _ in range(2)]
    for server in servers:
        server.start()
    yield servers
    for server in servers:
        server.stop()
