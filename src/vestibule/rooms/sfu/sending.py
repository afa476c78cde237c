"""What one person sends to a media server: under an id that we choose, and as far as allowed."""

import secrets
from collections.abc import Callable
from typing import Any, Final

from vestibule.rooms.calls.media_messages import SLOTS, Slot
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.sfu.janus import Janus, JanusError
from vestibule.rooms.sfu.model import is_sent, mids_of
from vestibule.rooms.sfu.worker import Worker

LARGEST_FEED: Final = 2**52
MOST_CANDIDATES: Final = 100
"""Ways to one page that wait to be handed on; no page has as many."""


class Sending:
    """One person's connection over which they send; replaced whenever their page makes another.

    `on_change` hears when there is a new feed to subscribe to, `answer` gets Janus's description.
    """

    def __init__(
        self,
        janus: Janus,
        room: tuple[int, str],
        person: Callable[[], Participant | None],
        *,
        answer: Callable[[str], None],
        on_change: Callable[[], None],
        on_refused: Callable[[JanusError], None],
    ) -> None:
        self._janus = janus
        self._room, self._secret = room
        self._person = person
        self._answer = answer
        self._on_change = on_change
        self._handle: int | None = None
        self._offer: str | None = None
        self._candidates: list[dict[str, Any]] = []
        self._is_muted: dict[str, bool] = {}
        self._coming = 0
        """The feed of the newest connection, which may not stand yet."""
        self.feed = 0
        """The id under which others find what is sent; 0: nothing is."""
        self.mids: dict[Slot, str] = {}
        self.worker = Worker(self._step, on_refused=on_refused)

    def offer(self, sdp: str) -> None:
        """The page has made a new connection. ValueError if it does not hold the four slots."""
        mids_of(sdp)
        self._offer = sdp
        self._candidates.clear()
        self.worker.wake()

    def add_candidate(self, candidate: dict[str, Any]) -> None:
        """A way to the page, of its newest connection."""
        if len(self._candidates) < MOST_CANDIDATES:
            self._candidates.append(candidate)
        self.worker.wake()

    async def close(self) -> None:
        """Nothing is sent any more."""
        self.worker.stop()
        await self._let_go()

    async def _step(self) -> None:
        if self._offer is not None:
            offer, self._offer = self._offer, None
            await self._let_go()
            await self._open(offer)
        if self._handle is None:
            return
        while self._candidates and self._offer is None:
            await self._janus.trickle(self._handle, self._candidates.pop(0))
        await self._obey()

    async def _open(self, offer: str) -> None:
        feed, mids = secrets.randbelow(LARGEST_FEED) + 1, mids_of(offer)
        handle = await self._janus.attach(lambda event: self._heard(event, feed))
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": self._room, "id": feed}
        try:
            reply = await self._janus.say(handle, body, sdp=("offer", offer))
        except JanusError:
            await self._janus.detach(handle)
            raise
        assert reply.sdp is not None
        self._handle = handle
        self._is_muted = dict.fromkeys(mids.values(), False)
        self.mids, self._coming = mids, feed
        await self._obey()  # before anything can arrive
        self._answer(reply.sdp)

    def _heard(self, event: dict[str, Any], feed: int) -> None:
        """Only a feed whose connection stands can be subscribed to."""
        if feed != self._coming or event["janus"] not in ("webrtcup", "hangup"):
            return
        self.feed = feed if event["janus"] == "webrtcup" else 0
        self._on_change()

    async def _obey(self) -> None:
        """Pass on what the person may send and says that they do, and nothing else."""
        person = self._person()
        for slot in SLOTS:
            mid = self.mids[slot]
            is_muted = person is None or not is_sent(person, slot)
            if self._is_muted[mid] != is_muted:
                await self._moderate(mid, is_muted=is_muted)

    async def _moderate(self, mid: str, *, is_muted: bool) -> None:
        assert self._handle is not None
        body = {"request": "moderate", "room": self._room, "secret": self._secret}
        await self._janus.say(
            self._handle, {**body, "id": self._coming, "mid": mid, "mute": is_muted}
        )
        self._is_muted[mid] = is_muted

    async def _let_go(self) -> None:
        handle, self._handle = self._handle, None
        self.feed = self._coming = 0
        self.mids = {}
        if handle is not None:
            await self._janus.detach(handle)
