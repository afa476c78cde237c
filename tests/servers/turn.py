"""A private TURN server (coturn) on free ports of this machine only."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.vestibule import free_port

READY_SECONDS = 60
USER, PASSWORD = "clinic", "a-password-of-the-tests"


class TurnServer:
    """Relays over UDP and TCP at `port`, and over TLS at `tls_port`, until `stop()`."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.port, self.tls_port = free_port(), free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-turn-"))
        self._certificate, self._key = certificate, key
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = shutil.which("turnserver")
        if program is None:
            raise RuntimeError("coturn is missing: run scripts/test-prerequisites")
        options = {
            "listening-ip": "127.0.0.1",
            "relay-ip": "127.0.0.1",
            "listening-port": self.port,
            "tls-listening-port": self.tls_port,
            "realm": "clinic.example",
            "user": f"{USER}:{PASSWORD}",
            "cert": self._certificate,
            "pkey": self._key,
            "log-file": "stdout",
            "pidfile": self._folder / "pid",
            "userdb": self._folder / "users",
        }
        switches = ["-n", "--lt-cred-mech", "--no-cli", "--no-dtls", "--allow-loopback-peers"]
        words = [f"--{name}={value}" for name, value in options.items()]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [program, *switches, *words], stdout=log, stderr=log, cwd=self._folder
            )
        deadline = time.monotonic() + READY_SECONDS
        while not (self._listens(self.port) and self._listens(self.tls_port)):
            if self._server.poll() is not None or time.monotonic() > deadline:
                log_text = (self._folder / "log").read_text()
                raise RuntimeError(f"coturn did not start:\n{log_text}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it and remove its folder."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder)

    def _listens(self, port: int) -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True
