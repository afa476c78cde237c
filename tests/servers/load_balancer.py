"""A plain load balancer: each connection goes to one of several processes, and nothing sticks."""

import asyncio
import contextlib
import threading

READY_SECONDS = 5.0
CHUNK = 65_536


class LoadBalancer:
    """Carries each connection to a process that is ready.

    Connections for signalling go to each in turn, so that two people are on two processes.
    """

    def __init__(self, *targets: int) -> None:
        self._targets = targets
        self._turn = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._listens = threading.Event()
        self._ends: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._thread.start()
        self._listens.wait()

    def stop(self) -> None:
        """Carry nothing more."""
        assert self._ends is not None
        self._loop.call_soon_threadsafe(self._ends.set)
        self._thread.join()
        self._loop.close()

    async def _run(self) -> None:
        self._ends = asyncio.Event()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        await self._ends.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = None
        try:
            head = await reader.readuntil(b"\r\n")
            there, inner = await self._reach(is_call=head.startswith(b"GET /signalling"))
            inner.write(head)
            await asyncio.wait(
                [
                    asyncio.create_task(_pass_on(reader, inner)),
                    asyncio.create_task(_pass_on(there, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        except (OSError, asyncio.IncompleteReadError):
            pass  # nobody is ready, or the one who asked has gone
        finally:
            for each in (writer, inner):
                if each is not None:
                    each.close()

    async def _reach(self, *, is_call: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        first = self._turn % len(self._targets) if is_call else 0
        self._turn += is_call
        for port in (*self._targets[first:], *self._targets[:first]):
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                if await _is_ready(port):
                    return await asyncio.open_connection("127.0.0.1", port)
        raise OSError("no process is ready")


async def _is_ready(port: int) -> bool:
    async with asyncio.timeout(READY_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return b" 200 " in await reader.readuntil(b"\r\n")
        finally:
            writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
