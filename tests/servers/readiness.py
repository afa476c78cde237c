"""Waiting until a server that a test has started can be used."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

READY_SECONDS = 30


def wait_until_ready(
    server: subprocess.Popen[bytes], is_ready: Callable[[], bool], *, name: str, log: Path
) -> None:
    """Return once it is ready; RuntimeError with its log if it ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not start:\n{log.read_text()}")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether somebody takes connections at this port of the machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
