"""Which calls a media server carries: begins their paths, and replaces those that break."""

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

import structlog

from vestibule.foundation.loops import Loop
from vestibule.rooms.calls.from_browser import Description
from vestibule.rooms.calls.gathering import Gathering
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.media_messages import FromPath, MediaServer
from vestibule.rooms.sfu.janus import UNREACHED, Janus
from vestibule.rooms.sfu.local import LocalJanus
from vestibule.rooms.sfu.model import wants_server
from vestibule.rooms.sfu.path import Path
from vestibule.rooms.sfu.pool import Pool, Server

STEP_SECONDS: Final = 1.0
"""How often calls are looked at that wait for a server."""
LEAVE_SECONDS: Final = 30.0
"""How long a path stays after another process has taken its call over."""

log = structlog.get_logger()


@dataclass
class Carried:
    """One call that a server carries, or is about to."""

    call: Gathering
    path: Path | None = None
    server: Server | None = None
    beginning: asyncio.Task[None] | None = None


class MediaServerService:
    """The calls of this process that media servers carry."""

    def __init__(
        self,
        *,
        live: LiveCalls,
        urls: list[str],
        secret: str | None,
        local: LocalJanus | None = None,
    ) -> None:
        """`local`: a Janus that is run here; `urls` and `secret` are then its own."""
        self._live = live
        self._local = local
        self._calls: dict[str, Carried] = {}
        self.pool = Pool(urls, secret, on_lost=self._lost)
        self._endings: set[asyncio.Task[None]] = set()
        self._leavings: set[asyncio.Task[None]] = set()
        self._has_begun = self._is_closing = False
        self.leave_seconds = LEAVE_SECONDS
        self.loop = Loop("media-servers", self.step, idle_seconds=STEP_SECONDS)
        live.media = self

    def prepare(self) -> None:
        """Make ready what is run here. Invalid if there is no Janus on this machine."""
        if self._local is not None:
            self._local.prepare()

    async def step(self) -> bool:
        """Connect at the first time; then find servers for calls that wait for one."""
        if not self._has_begun:
            self._has_begun = True
            if self._local is not None:
                self._local.start()
            self.pool.start()
        for call in self._live.calls():
            self.look(call)
        return False

    async def close(self) -> None:
        """End the connections to the servers. Media goes on until they give us up."""
        self._is_closing = True
        for leaving in self._leavings:
            leaving.cancel()
        for carried in self._calls.values():
            if carried.beginning is not None:
                carried.beginning.cancel()
        await asyncio.gather(*self._endings, return_exceptions=True)
        await self.pool.close()
        if self._local is not None:
            await self._local.close()

    # What calls ask -----------------------------------------------------------------------

    def path_of(self, call: Gathering) -> str | None:
        """The name of the path over which this call's media goes; None: between browsers."""
        carried = self._calls.get(call.room.id)
        return carried.path.name if carried is not None and carried.path is not None else None

    def look(self, call: Gathering) -> None:
        """Begin a path if the call needs one now; follow changes on the one it has."""
        carried = self._calls.get(call.room.id)
        if carried is not None and carried.call is not call:
            self._give_up(carried)
            carried = None
        people = sum(not person.is_hidden for person in call.participants.values())
        if not wants_server(_switchover(call), people, is_carried=carried is not None):
            if carried is not None:
                self._give_up(carried)
            return
        if carried is None:
            carried = self._calls[call.room.id] = Carried(call)
        if carried.path is not None:
            carried.path.look()
        elif carried.beginning is None:
            self._begin(carried)

    def take(self, call: Gathering, session_id: str, said: FromPath) -> None:
        """What a browser says to its path; what it says to one of before is passed over."""
        carried = self._calls.get(call.room.id)
        if carried is not None and carried.path is not None and carried.path.name == said.path:
            carried.path.take(session_id, said)

    def take_from_recorder(self, room_id: str, recorder: str, said: Description) -> bool:
        """What a recorder says to a participant; False if it should go to their browser."""
        carried = self._calls.get(room_id)
        if carried is None or carried.path is None:
            return False
        return carried.path.take_from_recorder(recorder, said.to, said.kind, said.sdp)

    def abandon(self, room_id: str) -> None:
        """Another process keeps the call: its path goes on until everybody has found another."""
        carried = self._calls.pop(room_id, None)
        if carried is not None and carried.path is not None:
            leaving = asyncio.get_running_loop().create_task(self._leave(carried))
            self._leavings.add(leaving)
            leaving.add_done_callback(self._leavings.discard)

    # Paths --------------------------------------------------------------------------------

    def _begin(self, carried: Carried) -> None:
        server = None if self._is_closing else self.pool.choose()
        if server is not None:
            carried.beginning = asyncio.get_running_loop().create_task(self._open(carried, server))

    async def _open(self, carried: Carried, server: Server) -> None:
        """Make a room, and tell everybody to come there; what they have goes on meanwhile."""
        call, janus = carried.call, server.janus
        try:
            if janus is None:
                return
            room = await self.pool.make_room(server, len(call.participants))
        except UNREACHED as error:
            log.warning("janus_room_not_made", url=server.url, error=str(error))
            return
        finally:
            carried.beginning = None
        if self._calls.get(call.room.id) is not carried or server.janus is not janus:
            self._end(self.pool.end_room(server, room[0]))
            return
        room_id = call.room.id
        carried.server = server
        carried.path = Path(
            secrets.token_hex(8),
            janus,
            room,
            call,
            say=lambda session_id, message: self._live.tell(room_id, session_id, message),
            introduced=lambda: self._live.recorders.introduced(room_id),
            on_broken=lambda: self._break(carried),
        )
        log.info("call_carried", room_id=room_id, url=server.url)
        self._tell(carried)
        carried.path.look()

    def _lost(self, janus: Janus) -> None:
        """A server is gone, and with it what it carried: each call gets another one, now."""
        for carried in [] if self._is_closing else list(self._calls.values()):
            if carried.path is not None and carried.path.janus is janus:
                self._break(carried)

    def _break(self, carried: Carried) -> None:
        path, carried.path = carried.path, None
        if path is None:
            return
        self._end(path.close())
        if self._calls.get(carried.call.room.id) is not carried:
            return
        if carried.beginning is None:
            self._begin(carried)
        if carried.beginning is None:  # there is no other: browsers connect to each other
            log.warning("call_not_carried", room_id=carried.call.room.id)
            self._tell(carried)

    def _give_up(self, carried: Carried) -> None:
        """The call is over."""
        del self._calls[carried.call.room.id]
        if carried.path is not None:
            self._end(self._clear(carried.path, carried.server))

    async def _clear(self, path: Path, server: Server | None) -> None:
        await path.close()
        if server is not None:
            await self.pool.end_room(server, path.room[0])

    async def _leave(self, carried: Carried) -> None:
        await asyncio.sleep(self.leave_seconds)
        path, carried.path = carried.path, None
        if path is not None:
            await self._clear(path, carried.server)

    def _tell(self, carried: Carried) -> None:
        news = MediaServer(path=self.path_of(carried.call))
        for session_id in carried.call.participants:
            self._live.tell(carried.call.room.id, session_id, news)

    def _end(self, closing: Coroutine[Any, Any, None]) -> None:
        ending = asyncio.get_running_loop().create_task(closing)
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)


def _switchover(call: Gathering) -> float | None:
    """What the room says, or its domain; None if neither does."""
    said = call.room.given.get("sfu_switchover", call.room.defaults.get("sfu_switchover"))
    return None if said is None else float(said)
