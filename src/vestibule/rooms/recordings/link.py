"""The recorder's way to one participant: connections that replace each other when one fails."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog

from vestibule.rooms.calls.from_browser import Description
from vestibule.rooms.calls.messages import CandidateFrom, DescriptionFrom
from vestibule.rooms.calls.views import DescriptionKind
from vestibule.rooms.recordings.connection import MediaConnection

log = structlog.get_logger()

# Who came later mends; the other waits longer, so that both seldom try at once.
PATIENCE_SECONDS: Final = {"failed": 1.0, "closed": 1.0}
PATIENCE_OTHERWISE: Final = 8.0
PATIENCE_OF_THE_EARLIER: Final = 5.0
LOOK_SECONDS: Final = 0.5


class Link:
    """Keeps a connection to one participant until closed.

    aiortc cannot restart ICE, so a connection that failed, or whose other side began anew, is
    replaced by a fresh one.
    """

    def __init__(
        self,
        session_id: str,
        *,
        we_came_later: bool,
        connect: Callable[[Callable[[], None]], MediaConnection],
        send: Callable[[Description], None],
        on_connected: Callable[[], None],
    ) -> None:
        """`connect` makes a connection that calls what it is given when its state changes."""
        self._session_id = session_id
        self.we_came_later = we_came_later
        self._connect = connect
        self._send = send
        self._on_connected = on_connected
        self._inbox: asyncio.Queue[DescriptionFrom | CandidateFrom | None] = asyncio.Queue()
        self._connection = connect(self._changed)
        self._unconnected_since = _now()
        self._tasks = [asyncio.create_task(self._follow_all()), asyncio.create_task(self._watch())]

    @property
    def is_connected(self) -> bool:
        """True while media can flow."""
        return self._connection.state == "connected"

    def call(self) -> None:
        """Make the participant an offer, on a fresh connection."""
        self._unconnected_since = _now()
        self._inbox.put_nowait(None)

    def take(self, message: DescriptionFrom | CandidateFrom) -> None:
        """Follow what the participant says, after what was said before."""
        self._inbox.put_nowait(message)

    async def close(self) -> None:
        """End the connection."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._connection.close()

    async def _follow_all(self) -> None:
        while True:
            message = await self._inbox.get()
            try:
                await self._follow(message)
            except Exception:  # what one participant sends must not end the recording of the others
                log.exception("participant_not_understood", session_id=self._session_id)

    async def _follow(self, message: DescriptionFrom | CandidateFrom | None) -> None:
        match message:
            case None:
                await self._renew()
                self._say("offer", await self._connection.offer())
            case CandidateFrom():
                await self._connection.add_candidate(message)
            case DescriptionFrom(kind="offer"):
                await self._take_offer(message.sdp)
            case DescriptionFrom(kind="answer") if self._connection.awaits_answer:
                await self._connection.take_answer(message.sdp)

    async def _take_offer(self, offer: str) -> None:
        if self._connection.awaits_answer:
            if not self.we_came_later:
                return
            await self._renew()
        elif not self._connection.is_continued_by(offer):
            await self._renew()
        self._say("answer", await self._connection.answer(offer))

    async def _renew(self) -> None:
        if self._connection.is_fresh:
            return
        old = self._connection
        self._connection = self._connect(self._changed)
        await old.close()

    def _say(self, kind: DescriptionKind, sdp: str) -> None:
        self._send(Description(type="description", to=self._session_id, kind=kind, sdp=sdp))

    def _changed(self) -> None:
        if self.is_connected:
            self._on_connected()

    async def _watch(self) -> None:
        """Call again when the connection has been down for too long."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.is_connected:
                self._unconnected_since = _now()
                continue
            patience = PATIENCE_SECONDS.get(self._connection.state, PATIENCE_OTHERWISE)
            if not self.we_came_later:
                patience += PATIENCE_OF_THE_EARLIER
            if _now() - self._unconnected_since > patience:
                self.call()


def _now() -> float:
    return asyncio.get_running_loop().time()
