"""What somebody receives from a media server: one connection that follows who sends and who may."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vestibule.rooms.sfu.janus import Janus, JanusError
from vestibule.rooms.sfu.model import differences
from vestibule.rooms.sfu.sending import MOST_CANDIDATES
from vestibule.rooms.sfu.worker import Worker

ANSWER_SECONDS: Final = 20.0
"""How long a page takes at most to answer; then it is offered a new connection."""

Source = tuple[int, str]
"""Whose line of whose feed: the feed's id, and the line's mid there."""
Offer = Callable[[str, bool, Mapping[str, Source]], None]
"""Gets Janus's description, whether it is for a new connection, and what each line carries."""


class Receiving:
    """One connection over which somebody receives.

    `wants` says at any moment what they should get; `layers`, in which size.
    """

    def __init__(
        self,
        janus: Janus,
        room: int,
        *,
        wants: Callable[[], Sequence[Source]],
        layers: Callable[[], Mapping[Source, int]],
        offer: Offer,
        is_there: Callable[[], bool],
        on_refused: Callable[[JanusError], None],
    ) -> None:
        """`is_there`: whether an answer can be expected."""
        self._janus = janus
        self._room = room
        self._wants = wants
        self._layers = layers
        self._offer = offer
        self._is_there = is_there
        self._handle: int | None = None
        self._is_stale = self._is_opening = False
        self._has: dict[Source, str] = {}
        """The mid under which each source arrives."""
        self._sizes: dict[Source, int] = {}
        self._answer: asyncio.Future[str | None] | None = None
        self._candidates: list[dict[str, Any]] = []
        self.worker = Worker(self._step, on_refused=on_refused)

    def begin_anew(self) -> None:
        """The connection of before is of no use any more."""
        self._is_stale = True
        self._candidates.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)
        self.worker.wake()

    @property
    def is_agreeing(self) -> bool:
        """Whether a new connection is being made already."""
        return self._is_stale or self._is_opening

    def answered(self, sdp: str) -> None:
        """The answer to the newest offer; one that nobody waits for is passed over."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(sdp)

    def add_candidate(self, candidate: dict[str, Any]) -> None:
        """A way to whoever receives, of the newest connection."""
        if len(self._candidates) < MOST_CANDIDATES:
            self._candidates.append(candidate)
        self.worker.wake()

    async def close(self) -> None:
        """Nothing is received any more."""
        self.worker.stop()
        await self._let_go()

    async def _step(self) -> None:
        if self._is_stale:
            self._is_stale = False
            await self._let_go()
        wants = self._wants()
        if self._handle is None and wants:
            self._is_opening = True
            try:
                await self._open(wants)
            finally:
                self._is_opening = False
        elif self._handle is not None:
            await self._change(wants)
        await self._trickle()
        await self._choose_sizes()

    async def _open(self, wants: Sequence[Source]) -> None:
        handle = await self._janus.attach()
        streams = [{"feed": feed, "mid": mid} for feed, mid in wants]
        join = {"request": "join", "ptype": "subscriber", "room": self._room, "streams": streams}
        try:
            reply = await self._janus.say(handle, {**join, "autoupdate": False})
        except JanusError:
            await self._janus.detach(handle)
            raise
        self._handle = handle
        await self._agree(reply.data, reply.sdp, is_new=True)

    async def _change(self, wants: Sequence[Source]) -> None:
        more, less = differences(self._has, wants)
        if not more and not less:
            return
        body: dict[str, Any] = {"request": "update"}
        if more:
            body["subscribe"] = [{"feed": feed, "mid": mid} for feed, mid in more]
        if less:
            body["unsubscribe"] = [{"sub_mid": self._has[source]} for source in less]
        assert self._handle is not None
        reply = await self._janus.say(self._handle, body)
        await self._agree(reply.data, reply.sdp, is_new=False)
        self.worker.wake()  # whatever was wanted meanwhile

    async def _agree(self, data: dict[str, Any], sdp: str | None, *, is_new: bool) -> None:
        """Have the other side answer Janus's offer."""
        lines = {line["mid"]: line for line in data.get("streams", [])}
        carried = {
            mid: (int(line["feed_id"]), str(line["feed_mid"]))
            for mid, line in lines.items()
            if line.get("feed_id") and line.get("active", True)
        }
        self._has = {source: mid for mid, source in carried.items()}
        self._sizes = {source: size for source, size in self._sizes.items() if source in self._has}
        if sdp is None:
            return
        answer = await self._answer_to(sdp, carried, is_new=is_new)
        if answer is None or self._handle is None:
            self._is_stale = True
            self.worker.wake()
            return
        await self._janus.say(self._handle, {"request": "start"}, sdp=("answer", answer))

    async def _answer_to(
        self, sdp: str, carried: Mapping[str, Source], *, is_new: bool
    ) -> str | None:
        """The answer; None if a new connection is wanted instead, or somebody gives none."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._offer(sdp, is_new, carried)
        while not answer.done():
            await asyncio.wait({answer}, timeout=ANSWER_SECONDS)
            if not answer.done() and self._is_there():
                return None
        return answer.result()

    async def _trickle(self) -> None:
        while self._handle is not None and self._candidates and not self._is_stale:
            await self._janus.trickle(self._handle, self._candidates.pop(0))

    async def _choose_sizes(self) -> None:
        sizes = {source: size for source, size in self._layers().items() if source in self._has}
        changed = {
            source: size for source, size in sizes.items() if self._sizes.get(source, 2) != size
        }
        if self._handle is None or not changed:
            return
        streams = [
            {"mid": self._has[source], "substream": size} for source, size in changed.items()
        ]
        await self._janus.say(self._handle, {"request": "configure", "streams": streams})
        self._sizes |= changed

    async def _let_go(self) -> None:
        handle, self._handle = self._handle, None
        self._has.clear()
        self._sizes.clear()
        if handle is not None:
            await self._janus.detach(handle)
