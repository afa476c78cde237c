"""Serves the assembled application on a socket until it is told to stop."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
import uvloop

from vestibule.foundation.errors import VestibuleError
from vestibule.foundation.http import AsgiApp
from vestibule.rooms.calls.from_browser import MAX_MESSAGE_BYTES

SHUTDOWN_SECONDS = 5


class CannotStart(VestibuleError):
    """The server cannot start; the sentence says why and what to do."""


class _Server(uvicorn.Server):
    """uvicorn that tells when it listens, and ends cleanly on SIGINT and SIGTERM."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        on_exit: Callable[[], None],
        drain: Callable[[], Awaitable[None]] | None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_exit = on_exit
        self._drain = drain
        self._draining: asyncio.Task[None] | None = None
        self._loop: Any = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._drain is not None and self._loop is not None and self._draining is None:
            self._loop.call_soon_threadsafe(self._begin_to_drain, sig)
            return
        self._on_exit()
        super().handle_exit(sig, frame)

    def _begin_to_drain(self, sig: int) -> None:
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain_and_exit(sig))

    async def _drain_and_exit(self, sig: int) -> None:
        assert self._drain is not None
        try:
            await self._drain()
        finally:
            self._on_exit()
            super().handle_exit(sig, None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if not self.should_exit:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again after its own clean end, which would end in a traceback.
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. CannotStart if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotStart(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0).lower()}; "
            "choose another port with --port"
        ) from error
    return listener


@contextlib.contextmanager
def own_folder(data: Path) -> Iterator[None]:
    """Make the data folder, and keep every other server process out of it."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "server.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                f"another server already uses the folder {data}; stop it, or choose another "
                "folder with --data"
            ) from error
        yield


def configuration(app: AsgiApp) -> uvicorn.Config:
    """How uvicorn serves the application; chosen by measuring (reference stack 1)."""
    return uvicorn.Config(
        app,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # doubles the memory of each idle connection
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=10,  # a connection that died unseen is noticed within 20 seconds
        ws_ping_timeout=10,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,  # a stalled socket would hold the end up
        lifespan="off",
        access_log=False,
        server_header=False,
        log_config=None,
    )


def serve(
    app: AsgiApp,
    listener: socket.socket,
    *,
    before: Callable[[], Awaitable[None]],
    on_ready: Callable[[], None],
    on_exit: Callable[[], None],
    after: Callable[[], Awaitable[None]],
    drain: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run `before`, serve until SIGINT or SIGTERM, then run `after`.

    At the signal `drain` runs while everything is served as before, if it is given; a second signal
    does not wait for it. Then `on_exit` is called: answers that would go on for ever must come to
    an end.
    """
    server = _Server(configuration(app), on_ready, on_exit, drain)

    async def run() -> None:
        await before()
        try:
            await server.serve(sockets=[listener])
        finally:
            await after()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
