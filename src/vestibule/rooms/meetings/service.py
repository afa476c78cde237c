"""Writes down who comes and goes in calls, and tells of meetings afterwards.

A place belongs to the server process that keeps it. What a process that died has left open is
closed by another, or by the next one: at the last moment when it was known to live.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Invalid, NotFound
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.rooms.definitions.model import can_be_named
from vestibule.rooms.meetings import history, store
from vestibule.rooms.meetings.bookkeeping import Books
from vestibule.rooms.meetings.model import (
    MAX_PAGE,
    Fact,
    Meeting,
    MeetingNotFound,
    Page,
    Place,
    Stay,
    Wanted,
)

HEARTBEAT: Final = timedelta(seconds=5)
DUE_AT_ONCE: Final = 50
STEP_SECONDS: Final = 1.0
KEEP: Final = timedelta(days=365)
FORGOTTEN_AT_ONCE: Final = 200
SWEEP_SECONDS: Final = 3600.0


class NobodyElse(NotFound):
    """There are no more participants on that side of the given one."""


@dataclass(frozen=True)
class Record:
    """A meeting and the stays in it that count, newest first."""

    meeting: Meeting
    stays: Sequence[Stay]


@dataclass(frozen=True)
class _Work:
    """What a step found to do."""

    keeps_places: bool
    orphaned: set[Place]
    due_rooms: list[str]


class MeetingService:
    """Meetings of all domains. `loop` does what time does, and says that this process lives.

    `gap`: how long an empty meeting waits for somebody to come back. `grace`: how long people may
    take to return to a server that was started again; nobody's place is given up before. `keep`:
    how long meetings and the names in them stay; `sweep_loop` removes what is older.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        gap: timedelta,
        grace: timedelta,
        keep: timedelta = KEEP,
        forgotten_at_once: int = FORGOTTEN_AT_ONCE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._books = Books(ids=ids, server_id=ids.uuid(), gap=gap)
        self._dead_after = grace + 2 * HEARTBEAT
        self._settled_from = clock.now() + grace
        self._seen_at: datetime | None = None
        self._keep = keep
        self._forgotten_at_once = forgotten_at_once
        self.loop = Loop("meetings", self.step, idle_seconds=STEP_SECONDS)
        self.sweep_loop = Loop("old-meetings", self.sweep, idle_seconds=SWEEP_SECONDS)

    # Writing --------------------------------------------------------------------------------

    async def enter(self, place: Place, facts: Sequence[Fact]) -> None:
        """Write these facts of one room and their events, in their order, in one transaction."""

        def write(tx: Transaction) -> None:
            if self._seen_at is None:  # so that a place is never kept by somebody unknown
                store.touch_server(tx, self._books.server_id)
            self._books.enter(tx, place, facts)

        await self._database.write(write)
        self._seen_at = self._seen_at or self._clock.now()

    async def say_alive(self) -> None:
        """Write down that this process lives now, if it keeps anybody's place."""

        def write(tx: Transaction) -> None:
            if store.keeps_places(tx, self._books.server_id):
                store.touch_server(tx, self._books.server_id)

        if self._seen_at is not None:
            await self._database.write(write)

    async def is_kept_elsewhere(self, room_id: str) -> bool:
        """Whether another process has kept somebody's place in this room, alive or dead."""
        own = self._books.server_id
        return await self._database.read(lambda tx: store.keeps_places_in(tx, room_id, but=own))

    async def give_up(self, room_id: str) -> None:
        """Another process keeps the call now: who does not come back to it left at this moment."""
        own, nobody = self._books.server_id, self._books.ids.uuid()
        await self._database.write(lambda tx: store.give_places_up(tx, room_id, of=own, to=nobody))

    async def occupied(self) -> set[str]:
        """The ids of the rooms in which anybody's place is kept, by whichever process."""
        return await self._database.read(store.occupied_rooms)

    async def step(self) -> bool:
        """Say that this process lives, close what dead ones left open, do what is due."""
        now = self._clock.now()
        dead_before = now - self._dead_after
        work = await self._database.read(lambda tx: self._look(tx, dead_before))
        if work.keeps_places and (self._seen_at is None or now >= self._seen_at + HEARTBEAT):
            await self.say_alive()
            self._seen_at = now
        if now < self._settled_from:
            return False
        for place in work.orphaned:
            await self._close_orphans(place, dead_before)
        for room_id in work.due_rooms:
            await self._bring_up_to_date(room_id)
        return len(work.due_rooms) == DUE_AT_ONCE

    async def sweep(self) -> bool:
        """Remove some of the meetings that ended longer ago than `keep`; True if there is more."""

        def forget(tx: Transaction) -> int:
            return store.delete_old(tx, tx.now - self._keep, self._forgotten_at_once)

        return await self._database.write(forget) == self._forgotten_at_once

    def _look(self, tx: Transaction, dead_before: datetime) -> _Work:
        return _Work(
            keeps_places=store.keeps_places(tx, self._books.server_id),
            orphaned=store.orphaned_places(tx, dead_before),
            due_rooms=store.due_rooms(tx, DUE_AT_ONCE),
        )

    async def _close_orphans(self, place: Place, dead_before: datetime) -> None:
        def close(tx: Transaction) -> None:
            self._books.close_orphans(tx, place, dead_before)
            store.forget_dead_servers(tx, dead_before)

        await self._database.write(close)

    async def _bring_up_to_date(self, room_id: str) -> None:
        def bring(tx: Transaction) -> None:
            self._books.bring_up_to_date(tx, room_id)

        await self._database.write(bring)

    # Reading --------------------------------------------------------------------------------

    async def list(
        self, domain_id: str, wanted: Wanted, page: Page, *, with_stays: bool = True
    ) -> tuple[int, Sequence[Record]]:
        """How many meetings of the domain are wanted, and one page of them, newest first."""

        def read(tx: Transaction) -> tuple[int, Sequence[Record]]:
            if wanted.room_name is not None and not can_be_named(wanted.room_name):
                return 0, []
            found = history.page_of_meetings(tx, domain_id, wanted, page)
            stays: Mapping[str, Sequence[Stay]] = {}
            if with_stays:
                stays = history.stays_of(tx, [meeting.id for meeting in found])
            total = history.count_meetings(tx, domain_id, wanted)
            return total, [Record(meeting, stays.get(meeting.id, [])) for meeting in found]

        return await self._database.read(read)

    async def get(self, domain_id: str, meeting_id: str) -> Meeting:
        """One meeting, also while it is too short to be listed; MeetingNotFound."""
        return await self._database.read(lambda tx: _get(tx, domain_id, meeting_id))

    async def participants(
        self,
        domain_id: str,
        meeting_id: str,
        *,
        limit: int = MAX_PAGE,
        joined_after: str | None = None,
        joined_before: str | None = None,
    ) -> Sequence[Stay]:
        """Who was in a meeting, newest first; the participants given say where the page lies.

        MeetingNotFound; Invalid if a given participant was not in it; NobodyElse if nobody joined
        after, or before, the given one (reference 7.2: past the end is 404).
        """

        def read(tx: Transaction) -> Sequence[Stay]:
            _get(tx, domain_id, meeting_id)
            return history.page_of_stays(
                tx,
                meeting_id,
                limit=limit,
                after=_stay(tx, meeting_id, "joined_after", joined_after),
                before=_stay(tx, meeting_id, "joined_before", joined_before),
            )

        found = await self._database.read(read)
        if not found and (joined_after or joined_before):
            raise NobodyElse("there are no more participants")
        return found

    async def ongoing(self, domain_id: str) -> Mapping[str, str]:
        """The id of the meeting that goes on in each room of the domain, by the room's id."""
        return await self._database.read(lambda tx: history.ongoing_ids(tx, domain_id))


def _get(tx: Transaction, domain_id: str, meeting_id: str) -> Meeting:
    try:
        meeting = history.find_meeting(tx, domain_id, str(uuid.UUID(meeting_id)))
    except ValueError:
        meeting = None
    if meeting is None:
        raise MeetingNotFound(meeting_id)
    return meeting


def _stay(tx: Transaction, meeting_id: str, parameter: str, session_id: str | None) -> Stay | None:
    if session_id is None:
        return None
    try:
        stay = history.find_stay(tx, meeting_id, str(uuid.UUID(session_id)))
    except ValueError:
        stay = None
    if stay is None:
        raise Invalid(f"{parameter} must be the participant_id of a participant of this meeting")
    return stay
