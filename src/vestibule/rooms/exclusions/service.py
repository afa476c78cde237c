"""Keeps those out who were sent away, also after a restart of the server."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Final

from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.loops import Loop
from vestibule.rooms.exclusions import store

MAX_USER_ID_LENGTH: Final = 36
"""As of a meeting token's `user_id`; nobody has a longer one."""
KEPT: Final = timedelta(hours=13)
"""Longer than a resume ticket lives."""
SWEEP_SECONDS: Final = 3600.0


class ExclusionService:
    """Sessions that no ticket revives, and bans, which last for as long as their room is there."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._ended: set[str] = set()
        self._writing: asyncio.Task[None] | None = None
        self.loop = Loop("exclusions", self.step, idle_seconds=SWEEP_SECONDS)

    async def exclude(
        self, room_id: str, *, sessions: Iterable[str], user_ids: Iterable[str]
    ) -> None:
        """These sessions are over, and these people banned from the room, once it returns."""
        ended = list(sessions)
        banned = [each for each in user_ids if 0 < len(each) <= MAX_USER_ID_LENGTH]
        if not ended and not banned:
            return

        def write(tx: Transaction) -> None:
            store.end_sessions(tx, ended)
            store.ban(tx, room_id, banned)

        await self._database.write(write)

    def note_ended(self, session_id: str) -> None:
        """This session is over; written soon. Call on the event loop."""
        self._ended.add(session_id)
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_ended())

    async def settled(self) -> None:
        """Wait until everything noted is written."""
        while self._writing is not None:
            await self._writing

    async def has_ended(self, session_id: str) -> bool:
        """Whether this session was left, denied or sent out."""
        if session_id in self._ended:
            return True
        return await self._database.read(lambda tx: store.has_ended(tx, session_id))

    async def is_banned(self, room_id: str, user_id: str) -> bool:
        """Whether this person was banned from the room."""
        return await self._database.read(lambda tx: store.is_banned(tx, room_id, user_id))

    async def step(self) -> bool:
        """Forget sessions whose tickets have run out, and write what could not be written."""
        if self._ended:
            await self._write_ended()
        await self._database.write(lambda tx: store.forget_sessions(tx, ended_before=tx.now - KEPT))
        return False

    async def _write_ended(self) -> None:
        try:
            while self._ended:
                ended = frozenset(self._ended)
                await self._database.write(partial(store.end_sessions, session_ids=ended))
                self._ended -= ended
        finally:
            self._writing = None
