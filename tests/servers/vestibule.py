"""A real Vestibule process, started through its command line."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

READY_SECONDS = 30


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class VestibuleProcess:
    """`vestibule demo` in a folder of its own; can be killed and started again on its port."""

    def __init__(self, data: Path, *, port: int | None = None, **settings: str) -> None:
        self.data = data
        self.port = port or free_port()
        self.demo: dict[str, Any] = {}
        # Specialists' tokens start recordings, which only few tests want to pay for.
        settings = {"recordings": "false", **settings}
        self._settings = {f"VESTIBULE_{name.upper()}": value for name, value in settings.items()}
        self._process: subprocess.Popen[str] | None = None
        self.log = data / "server.log"
        self.exit_code: int | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the server, and of commands beside it."""
        others = {name: v for name, v in os.environ.items() if not name.startswith("VESTIBULE_")}
        return {**others, **self._settings}

    def start(self) -> dict[str, Any]:
        """Start it, wait until it is ready, and return the line that it printed."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "vestibule", "demo", "--json"),
                    *("--port", str(self.port), "--data", str(self.data)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environment,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._end(signal.SIGKILL)
            raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
        self.demo = json.loads(line)
        return self.demo

    @property
    def number(self) -> int:
        """The process's."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it was started, and neither killed nor stopped."""
        return self._process is not None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as Ctrl-C does, and return its exit code."""
        return self._end(signal.SIGINT)

    def drain(self) -> int:
        """End it as a supervisor does, and return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(timeout=READY_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None
        return code

    def rest_of_output(self) -> str:
        """What it still prints on standard output until it ends as Ctrl-C does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        rest, _ = self._process.communicate(timeout=READY_SECONDS)
        self.exit_code = self._process.returncode
        self._process = None
        return rest or ""

    def request(
        self,
        method: str,
        path: str,
        *,
        key: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One API request; returns its status and its JSON."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
