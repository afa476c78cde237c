"""The media servers of the installation: which can be used, and how much each has to do."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from vestibule.rooms.sfu.janus import UNREACHED, Janus, JanusError
from vestibule.rooms.sfu.model import Load, place, streams_of

RETRY_SECONDS: Final = 0.25
LONGEST_RETRY_SECONDS: Final = 4.0
LOOK_SECONDS: Final = 5.0
CALM_SECONDS: Final = 3.0
"""A server that was lost gets new calls again when it has been there for so long."""
MARK: Final = "vestibule "
LEFT_OVER_SECONDS: Final = 600
"""A room in which nobody has been for so long after it was made is of a process that is gone."""
NO_SUCH_ROOM: Final = 426
LARGEST_NUMBER: Final = 2**52

log = structlog.get_logger()


@dataclass
class Server:
    """One server, and what is known of it."""

    url: str
    janus: Janus | None = None
    """None while there is no connection."""
    desk: int = 0
    """The handle over which rooms are made, looked at and ended."""
    was_lost: bool = False
    since: float = 0.0
    """When the connection was made; of a monotonic clock."""
    rooms: dict[int, int] = field(default_factory=dict)
    """How many people were in each room at the last look."""
    expected: dict[int, int] = field(default_factory=dict)
    """How many were on their way into rooms that we have made."""

    @property
    def load(self) -> Load:
        is_calm = not self.was_lost or time.monotonic() - self.since > CALM_SECONDS
        everywhere = [
            max(self.rooms.get(room, 0), self.expected.get(room, 0))
            for room in self.rooms.keys() | self.expected.keys()
        ]
        return Load(self.url, self.janus is not None and is_calm, streams_of(everywhere))


class Pool:
    """Keeps a connection to each server, and makes rooms on the one with the least to do."""

    def __init__(
        self, urls: Sequence[str], secret: str | None, *, on_lost: Callable[[Janus], None]
    ) -> None:
        """`on_lost` hears at once when a server's connection ends: its calls are gone."""
        self._secret = secret
        self._on_lost = on_lost
        self.servers = [Server(url) for url in urls]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to connect. To be called once, on the event loop."""
        self._tasks = [asyncio.create_task(self._keep(server)) for server in self.servers]

    async def close(self) -> None:
        """End every connection; media goes on for as long as the servers wait for us."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for server in self.servers:
            if server.janus is not None:
                await server.janus.close()

    def choose(self) -> Server | None:
        """The server for the next call; None while none can be used."""
        url = place(server.load for server in self.servers)
        return next((server for server in self.servers if server.url == url), None)

    async def make_room(self, server: Server, people: int) -> tuple[int, str]:
        """A new room for so many people at first: its number and its secret."""
        assert server.janus is not None
        room = secrets.randbelow(LARGEST_NUMBER) + 1
        server.expected[room] = people  # counts at once for whoever comes next
        secret = self._secret_of(room)
        body = {
            "request": "create",
            "room": room,
            "description": f"{MARK}{int(time.time())}",
            "secret": secret,
            "publishers": 1000,
            # What every browser and the recorder know; each picture is sent in one format only.
            "audiocodec": "opus",
            "videocodec": "vp8",
            "opus_fec": True,
            "notify_joining": False,
        }
        await server.janus.say(server.desk, body)
        return room, secret

    async def end_room(self, server: Server, room: int) -> None:
        """Nobody needs this room any more."""
        server.rooms.pop(room, None)
        server.expected.pop(room, None)
        if server.janus is None:
            return
        try:
            body = {"request": "destroy", "room": room, "secret": self._secret_of(room)}
            await server.janus.say(server.desk, body)
        except UNREACHED as error:
            log.debug("janus_room_not_ended", url=server.url, error=str(error))

    async def look(self, server: Server) -> None:
        """See how much the server has to do, and end what processes that are gone left there."""
        assert server.janus is not None
        listed = (await server.janus.say(server.desk, {"request": "list"})).data["list"]
        server.rooms = {int(room["room"]): int(room["num_participants"]) for room in listed}
        for room in listed:
            if _is_left_over(room):
                await self.end_room(server, int(room["room"]))

    def _secret_of(self, room: int) -> str:
        """The same in every process that shares Janus's secret, so that each can clear up."""
        key = (self._secret or "").encode()
        return hmac.new(key, f"room {room}".encode(), hashlib.sha256).hexdigest()

    async def _keep(self, server: Server) -> None:
        """Be connected for as long as possible."""
        pause = RETRY_SECONDS
        while True:
            try:
                janus = await Janus.open(server.url, self._secret)
            except UNREACHED as error:
                if pause == RETRY_SECONDS:
                    log.warning("janus_unreachable", url=server.url, error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_RETRY_SECONDS)
                continue
            if await self._serve(server, janus):
                pause = RETRY_SECONDS
            else:
                await asyncio.sleep(LONGEST_RETRY_SECONDS)

    async def _serve(self, server: Server, janus: Janus) -> bool:
        """Use a connection until it ends; False if the server does not want us."""
        reading = asyncio.create_task(janus.read())
        looking = asyncio.create_task(self._look_often(server, janus))
        try:
            await asyncio.wait({reading, looking}, return_when=asyncio.FIRST_COMPLETED)
            return reading.done()
        finally:
            for task in (reading, looking):
                task.cancel()
            await asyncio.gather(reading, looking, return_exceptions=True)
            await janus.close()
            if server.janus is janus:
                server.janus, server.was_lost = None, True
                server.rooms.clear()
                server.expected.clear()
                self._on_lost(janus)

    async def _look_often(self, server: Server, janus: Janus) -> None:
        try:
            await janus.begin()
            server.desk = await janus.attach()
            server.janus, server.since = janus, time.monotonic()
            log.info("janus_connected", url=server.url)
            while True:
                await self.look(server)
                await asyncio.sleep(LOOK_SECONDS)
        except JanusError as error:
            log.error("janus_refuses", url=server.url, error=str(error))  # noqa: TRY400
        except UNREACHED as error:
            log.warning("janus_silent", url=server.url, error=str(error))


def _is_left_over(room: dict[str, Any]) -> bool:
    made_at = str(room.get("description", "")).removeprefix(MARK)
    is_ours = str(room.get("description", "")).startswith(MARK) and made_at.isdigit()
    return (
        is_ours and room["num_participants"] == 0 and time.time() - int(made_at) > LEFT_OVER_SECONDS
    )
