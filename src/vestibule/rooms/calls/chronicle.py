"""Sees who came to a call and who left it, and has that written down without making it wait.

It compares: whatever changes a call, and however, the next look at it finds who is there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from vestibule.foundation.clock import from_unix
from vestibule.foundation.logging import current_request_id
from vestibule.rooms.admission.rights import in_short
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.people import Participant, Person
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.meetings.model import Came, Fact, Left, Place, Visitor
from vestibule.rooms.meetings.service import MeetingService

RETRY_SECONDS: Final = 1.0
SETTLE_SECONDS: Final = 5.0

log = structlog.get_logger()

Key = tuple[bool, str]
"""Whether it is the lobby, and the session."""


@dataclass(frozen=True)
class News:
    """Whose coming and going was seen; `written` is done once it is in the database."""

    sessions: frozenset[str]
    written: asyncio.Future[None]


@dataclass
class _Page:
    """What is to be written of one room."""

    place: Place
    facts: list[Fact] = field(default_factory=list)
    written: list[asyncio.Future[None]] = field(default_factory=list)


class Chronicle:
    """Writes down who comes and goes in the calls of this process: each room in its order.

    What cannot be written is tried again until it can; nothing is given up.
    """

    def __init__(self, meetings: MeetingService) -> None:
        self._meetings = meetings
        self._seen: dict[str, frozenset[Key]] = {}
        self._away_since: dict[Key, float] = {}
        self._pages: dict[str, _Page] = {}
        self._writer: asyncio.Task[None] | None = None

    def look(self, call: Call, now: float) -> News:
        """Compare who is there with who was; `now` in unix seconds.

        Somebody whose connection was lost has left when it was, not when the place was given up.
        """
        people = _people(call)
        seen = self._seen.get(call.room.id, frozenset())
        self._note_absences(people, now)
        if people.keys() == seen:
            return News(frozenset(), _done())
        gone, come = seen - people.keys(), [key for key in people if key not in seen]
        facts: list[Fact] = [
            Left(
                key[1],
                from_unix(self._away_since.pop(key, now)),
                from_lobby=key[0],
                request_id=current_request_id(),
            )
            for key in sorted(gone, reverse=True)  # the lobby first: it leads into the call
        ]
        facts += [_arrival(people[key], to_lobby=key[0]) for key in come]
        if people:
            self._seen[call.room.id] = frozenset(people)
        else:
            del self._seen[call.room.id]
        concerned = frozenset(key[1] for key in [*gone, *come])
        return News(concerned, self._take(call.room, facts))

    def abandon(self, room_id: str) -> None:
        """Another process keeps this call now, and writes down who goes."""
        for key in self._seen.pop(room_id, ()):
            self._away_since.pop(key, None)
        page = self._pages.get(room_id)
        if page is not None:  # who came is written down where they come back
            page.facts = [fact for fact in page.facts if isinstance(fact, Left)]

    async def settled(self) -> None:
        """Wait until everything that was seen is written, but for 5 seconds at most."""
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=SETTLE_SECONDS)

    async def close(self) -> None:
        """Write what is left, and until when this process was alive."""
        await self.settled()
        await self._meetings.say_alive()

    def _note_absences(self, people: Mapping[Key, Person], now: float) -> None:
        for key, person in people.items():
            if person.away_until is None:
                self._away_since.pop(key, None)
            else:
                self._away_since.setdefault(key, now)

    def _take(self, room: Room, facts: Sequence[Fact]) -> asyncio.Future[None]:
        page = self._pages.setdefault(room.id, _Page(Place(room.domain_id, room.id, room.name)))
        page.facts += facts
        written = asyncio.get_running_loop().create_future()
        page.written.append(written)
        if self._writer is None:
            # Not in the name of whoever happens to be first: each fact says whose it is.
            self._writer = asyncio.create_task(self._write(), name="chronicle", context=Context())
        return written

    async def _write(self) -> None:
        """Write page after page until there is none; a room in trouble does not stop the others."""
        try:
            while self._pages:
                failed = [
                    page
                    for room_id in list(self._pages)
                    if not await self._is_written(page := self._pages.pop(room_id))
                ]
                for page in failed:
                    self._put_back(page)
                if failed:
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._writer = None

    async def _is_written(self, page: _Page) -> bool:
        try:
            await self._meetings.enter(page.place, page.facts)
        except Exception:
            log.exception("meeting_not_written", room_id=page.place.room_id)
            return False
        for written in page.written:
            written.set_result(None)
        return True

    def _put_back(self, page: _Page) -> None:
        """Before what happened in the room meanwhile."""
        later = self._pages.get(page.place.room_id)
        if later is not None:
            page.facts += later.facts
            page.written += later.written
        self._pages[page.place.room_id] = page


def _people(call: Call) -> dict[Key, Person]:
    inside = {(False, session_id): person for session_id, person in call.participants.items()}
    waiting = {(True, session_id): person for session_id, person in call.knockers.items()}
    return {**inside, **waiting}


def _arrival(person: Person, *, to_lobby: bool) -> Came:
    return Came(
        _visitor(person),
        from_unix(person.since),
        to_lobby=to_lobby,
        request_id=current_request_id(),
    )


def _visitor(person: Person) -> Visitor:
    guest = person.guest
    return Visitor(
        session_id=guest.session_id,
        user_name=guest.user_name,
        user_id=guest.shown_user_id,
        account_id=guest.account_id,
        details=_details(person),
    )


def _details(person: Person) -> dict[str, Any]:
    """What the events tell of a person beside name and ids (reference 10.4)."""
    guest = person.guest
    eject_at = person.eject_at if isinstance(person, Participant) else None
    return {
        "owner": guest.is_owner,
        "networkQualityState": "unknown",
        "will_eject_at": None if eject_at is None else float(eject_at),
        "permissions": in_short(guest.rights),
    }


def _done() -> asyncio.Future[None]:
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
