"""A private TURN server on free ports of this machine only, with passwords that run out."""

import base64
import hashlib
import hmac
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.readiness import listens, wait_until_ready
from tests.servers.vestibule import free_port

LIFETIME_SECONDS = 3600
OPEN = ["-n", "--use-auth-secret", "--fingerprint", "--allow-loopback-peers", "--no-cli"]


def program() -> str | None:
    """Where coturn is; None if this machine has none."""
    return shutil.which("turnserver")


class Coturn:
    """A relay that runs from `start()` to `stop()`, over UDP and TCP at `port`.

    With a certificate and its key also over TLS, at `tls_port`. With a configuration, that holds;
    else it relays to this machine, where tests have their people.
    """

    def __init__(
        self, *, certificate: tuple[Path, Path] | None = None, configuration: Path | None = None
    ) -> None:
        self.port, self.tls_port = free_port(), free_port()
        self.secret = secrets.token_hex(16)
        self._certificate = certificate
        self._configuration = configuration
        self._folder = Path(tempfile.mkdtemp(prefix="vestibule-coturn-"))
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def urls(self) -> list[str]:
        """Where it relays, over every transport."""
        plain = f"turn:127.0.0.1:{self.port}"
        tls = [f"turns:localhost:{self.tls_port}?transport=tcp"] if self._certificate else []
        return [plain, f"{plain}?transport=tcp", *tls]

    def password(self) -> tuple[str, str]:
        """A user name and a password, good for an hour (draft-uberti-behave-turn-rest)."""
        name = f"{int(time.time()) + LIFETIME_SECONDS}:tests"
        digest = hmac.new(self.secret.encode(), name.encode(), hashlib.sha1).digest()
        return name, base64.b64encode(digest).decode()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        found = program()
        if found is None:
            raise RuntimeError("coturn is missing: run scripts/test-prerequisites")
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [found, *self._options()], stdout=log, stderr=log, cwd=self._folder
            )
        ports = [self.port, *([self.tls_port] if self._certificate else [])]
        wait_until_ready(
            self._server,
            lambda: all(listens(port) for port in ports),
            name="coturn",
            log=self._folder / "log",
        )

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder)

    def _options(self) -> list[str]:
        values = {
            "listening-ip": "127.0.0.1",
            "listening-port": self.port,
            "realm": "vestibule.test",
            "static-auth-secret": self.secret,
            "log-file": "stdout",
            "pidfile": self._folder / "pid",
            "userdb": self._folder / "users",
        }
        if self._certificate:
            certificate, key = self._certificate
            values |= {"tls-listening-port": self.tls_port, "cert": certificate, "pkey": key}
        switches = ["--no-dtls", *([] if self._certificate else ["--no-tls"])]
        # The second address lets a test ask for a place to relay from in the other family.
        relays = ["--relay-ip=127.0.0.1", *(["--relay-ip=::1"] if self._configuration else [])]
        kept = ["-c", str(self._configuration)] if self._configuration else OPEN
        return [*kept, *switches, *relays, *(f"--{name}={value}" for name, value in values.items())]
