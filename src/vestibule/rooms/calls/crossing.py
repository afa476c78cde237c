"""Brings each connection to the process that keeps its call; this one, if nobody does.

A call whose owner is gone is taken over here: its people come back with their tickets, as after a
restart of a server (docs/signalling.md). Whatever this process loses, it gives up without a word.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from vestibule.foundation.logging import in_the_name_of
from vestibule.foundation.loops import Loop
from vestibule.rooms.calls.connections import HELLO_SECONDS, Connection, ProtocolError, parsed
from vestibule.rooms.calls.from_browser import Hello
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.messages import CloseCode
from vestibule.rooms.calls.relaying import Gone, Unreachable, carry, continued, end, reach
from vestibule.rooms.ownership.leases import Leases, NobodyKnows
from vestibule.rooms.ownership.model import Holder
from vestibule.rooms.ownership.peers import MINE, NOT_MINE, Introduction, Peers

LEADING_SECONDS: Final = 8.0
"""How long somebody is led from one process to the next before they are sent to try again."""
ASK_AGAIN_SECONDS: Final = 0.1
RELEASE_SECONDS: Final = 2.0
HANDED_OVER_AT_ONCE: Final = 50
HANDED_OVER_PAUSE_SECONDS: Final = 0.05

Talk = Callable[[WebSocket, Connection], Awaitable[None]]
"""Serves one connection to a call of this process."""
RoomOf = Callable[[str, Hello], Awaitable[str | None]]
"""The id of the room that a hello at a host means; None: there is none, and no call to lead to."""

log = structlog.get_logger()


class Crossing:
    """The way of every connection when there are several processes."""

    def __init__(
        self,
        *,
        leases: Leases,
        peers: Peers,
        live: LiveCalls,
        room_of: RoomOf,
        take_over: Callable[[str], Awaitable[None]],
        give_up: Callable[[str], Awaitable[None]],
    ) -> None:
        """`take_over` and `give_up` do what there is to do for rooms whose calls come, and go."""
        self.leases = leases
        self._peers = peers
        self._live = live
        self._room_of = room_of
        self._take_over = take_over
        self._give_up = give_up
        self._here: defaultdict[str, set[Connection]] = defaultdict(set)
        self._lost: set[str] = set()
        self._carried: set[asyncio.Task[None]] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._is_leaving = False
        leases.on_lost = self.abandon
        self.loop = Loop("idle-calls", self.step, idle_seconds=RELEASE_SECONDS)

    async def arrive(self, socket: WebSocket, talk: Talk) -> None:
        """Somebody has connected to this process."""
        await socket.accept()
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                said = await socket.receive()
        except TimeoutError:
            await self._serve("", socket, talk)
            return
        room_id = await self._meant(socket, said.get("text"))
        if room_id is None:
            await self._serve("", continued(socket, [said]), talk)
        else:
            await self._lead(room_id, socket, said, talk)

    async def admit_relay(self, socket: WebSocket, talk: Talk) -> None:
        """Another process brings somebody who is to be in a call of this one."""
        await socket.accept()
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                introduced = self._peers.introduction_in(await socket.receive_text())
        except (TimeoutError, WebSocketDisconnect, KeyError):
            introduced = None
        if introduced is None or not await self._keeps(introduced):
            await end(socket, NOT_MINE)
            return
        room_id = introduced.room_id
        connection = self._connection(room_id, socket, introduced)
        await socket.send_text(MINE)
        with in_the_name_of(introduced.request_id):
            await self._talk(room_id, *connection, talk)

    async def step(self) -> bool:
        """Let go of the calls that nobody is in, and write down what was lost."""
        for room_id in list(self._lost):
            async with self._locks[room_id]:
                await self._settle_loss(room_id)
        for room_id in self.leases.rooms:
            if not self._is_needed(room_id):
                await self.leases.release(room_id)
        for room_id in [each for each, lock in self._locks.items() if not lock.locked()]:
            del self._locks[room_id]
        return False

    def abandon(self, room_id: str) -> None:
        """Another process keeps this call now: everybody here goes there, and nobody has left."""
        self._live.abandon(room_id)
        self._lost.add(room_id)
        for connection in list(self._here.get(room_id, ())):
            connection.close(CloseCode.RESTART)

    async def hand_over(self) -> None:
        """Give every call to the other processes, a few at a time; take none any more.

        Call once it is written down who is there: those who come back are compared with that.
        """
        self._is_leaving = True
        for number, room_id in enumerate(self.leases.rooms, start=1):
            await self.leases.release(room_id)
            self.abandon(room_id)
            if number % HANDED_OVER_AT_ONCE == 0:
                await asyncio.sleep(HANDED_OVER_PAUSE_SECONDS)
        for task in list(self._carried):
            task.cancel()
        await self.leases.close()

    # Leading ----------------------------------------------------------------------------------

    async def _meant(self, socket: WebSocket, text: str | None) -> str | None:
        try:
            hello = parsed(text)
        except ProtocolError:
            return None
        if not isinstance(hello, Hello):
            return None
        return await self._room_of(socket.headers.get("host", ""), hello)

    async def _lead(self, room_id: str, socket: WebSocket, said: object, talk: Talk) -> None:
        deadline = asyncio.get_running_loop().time() + LEADING_SECONDS
        gone: Holder | None = None
        while asyncio.get_running_loop().time() < deadline and not self._is_leaving:
            try:
                holder, is_alive = await self._claim(room_id, instead_of=gone)
            except NobodyKnows:
                await asyncio.sleep(ASK_AGAIN_SECONDS)
                continue
            if holder.process == self.leases.process:
                await self._serve(room_id, continued(socket, [said]), talk)
                return
            try:
                await self._relay(holder, room_id, socket, said)
            except Gone:
                gone = holder
            except Unreachable:
                gone = None if is_alive else holder
                await asyncio.sleep(ASK_AGAIN_SECONDS)
            else:
                return
        await end(socket, CloseCode.RESTART)

    async def _claim(self, room_id: str, *, instead_of: Holder | None) -> tuple[Holder, bool]:
        if self.leases.owns(room_id) and not self._locks[room_id].locked():
            return await self.leases.claim(room_id)
        async with self._locks[room_id]:
            was_here = self.leases.owns(room_id)
            found = await self.leases.claim(room_id, instead_of=instead_of)
            if self.leases.owns(room_id) and not was_here:
                if instead_of is not None:
                    log.warning("call_taken_over", room_id=room_id, of=instead_of.process)
                await self._begin(room_id)
            return found

    async def _begin(self, room_id: str) -> None:
        try:
            await self._settle_loss(room_id)
            await self._take_over(room_id)
        except Exception as error:
            log.exception("call_not_taken_over", room_id=room_id)
            await self.leases.release(room_id)
            raise NobodyKnows from error

    async def _settle_loss(self, room_id: str) -> None:
        """What this process kept in the room before is not its own any more."""
        if room_id in self._lost:
            await self._give_up(room_id)
            self._lost.discard(room_id)

    async def _relay(self, holder: Holder, room_id: str, socket: WebSocket, said: object) -> None:
        introduction = Introduction.of(socket.scope, room_id=room_id, fence=holder.fence)
        relay = await reach(holder, self._peers.sign(introduction.model_dump_json()))
        carrying = asyncio.create_task(carry(continued(socket, [said]), relay))
        self._carried.add(carrying)
        try:
            await asyncio.wait({carrying})
            if carrying.cancelled():
                await end(socket, CloseCode.RESTART)
            else:
                carrying.result()
        finally:
            self._carried.discard(carrying)
            carrying.cancel()

    # Serving ----------------------------------------------------------------------------------

    async def _keeps(self, introduced: Introduction) -> bool:
        if introduced.room_id in self._locks:
            async with self._locks[introduced.room_id]:  # it may be just being taken over
                pass
        return self.leases.owns(introduced.room_id, introduced.fence) and not self._is_leaving

    def _connection(
        self, room_id: str, socket: WebSocket, introduced: Introduction | None = None
    ) -> tuple[WebSocket, Connection]:
        if introduced is not None:
            socket = continued(socket, [], scope=introduced.scope)
        connection = Connection(socket)
        self._here[room_id].add(connection)
        return socket, connection

    async def _serve(self, room_id: str, socket: WebSocket, talk: Talk) -> None:
        await self._talk(room_id, *self._connection(room_id, socket), talk)

    async def _talk(
        self, room_id: str, socket: WebSocket, connection: Connection, talk: Talk
    ) -> None:
        try:
            await talk(socket, connection)
        finally:
            self._here[room_id].discard(connection)
            if not self._here[room_id]:
                del self._here[room_id]

    def _is_needed(self, room_id: str) -> bool:
        """Whether somebody is in the call or at its door, or is expected back."""
        return (
            room_id in self._here
            or self._locks[room_id].locked()
            or self._live.find(room_id) is not None
            or self._live.is_settling(room_id)
        )
