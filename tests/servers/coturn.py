"""A private TURN server on a free port of this machine only, with passwords that run out."""

import base64
import hashlib
import hmac
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.vestibule import free_port

READY_SECONDS = 30
LIFETIME_SECONDS = 3600
OPTIONS = [
    *("-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=vestibule.test"),
    *("--use-auth-secret", "--fingerprint", "--allow-loopback-peers", "--no-multicast-peers"),
    *("--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", "--simple-log"),
]


def program() -> str | None:
    """Where coturn is; None if this machine has none."""
    return shutil.which("turnserver")


class Coturn:
    """A relay that runs from `start()` to `stop()`."""

    def __init__(self) -> None:
        self.port = free_port()
        self._secret = secrets.token_hex(16)
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-coturn-"))
        self._server: subprocess.Popen[bytes] | None = None

    def password(self) -> tuple[str, str]:
        """A user name and a password, good for an hour (draft-uberti-behave-turn-rest)."""
        name = f"{int(time.time()) + LIFETIME_SECONDS}:tests"
        digest = hmac.new(self._secret.encode(), name.encode(), hashlib.sha1).digest()
        return name, base64.b64encode(digest).decode()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        found = program()
        if found is None:
            raise RuntimeError("coturn is missing: run scripts/test-prerequisites")
        own = [f"--listening-port={self.port}", f"--static-auth-secret={self._secret}"]
        files = [f"--{name}={self._folder / name}" for name in ("pidfile", "userdb")]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [found, *OPTIONS, *own, *files], stdout=log, stderr=log, cwd=self._folder
            )
        self._wait_until_ready(self._server)

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    log = (self._folder / "log").read_text()
                    raise RuntimeError(f"coturn did not start:\n{log}") from None
                time.sleep(0.02)
            else:
                return
