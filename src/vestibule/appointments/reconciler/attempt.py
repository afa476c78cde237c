"""One try to bring a room to what it should be, which remembers how far it came."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vestibule.appointments.reconciler.model import (
    NO_ROOM,
    ROOM_STATUSES,
    Action,
    Observed,
    SeenRoom,
    Work,
    plan,
    wanted,
    why_unwanted,
)
from vestibule.appointments.room_provider.model import NotThere, ProviderRoom, Refused
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import PermanentError, TemporaryError

MAX_ACTIONS: Final = 6  # more than any honest provider makes necessary


@dataclass(frozen=True)
class Fact:
    """Something that happened to the room, for the audit (A24)."""

    event: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How work on a room ended: what is known now, what happened, and why it is not as wanted."""

    work: Work
    seen: SeenRoom
    facts: Sequence[Fact] = ()
    problem: str | None = None
    delay_seconds: float | None = None
    """How long the provider asks us to stay away."""

    @property
    def brought_room_about(self) -> bool | None:
        """Whether a room that was missing is there now; None if none was missing or asked for."""
        is_wanted = self.work.status in ROOM_STATUSES and not self.work.is_deleted
        if self.work.seen.url is not None or not is_wanted:
            return None
        if self.seen.observed is Observed.PRESENT:
            return True
        was_asked = self.problem is not None and self.delay_seconds != 0  # 0: the gate was shut
        return False if was_asked else None

    @classmethod
    def failed(cls, work: Work, error: TemporaryError | PermanentError) -> "Outcome":
        """Nothing was found out but that it failed."""
        return cls(work, work.seen, (), error.reason, getattr(error, "delay_seconds", None))


def seen_room(room: ProviderRoom) -> SeenRoom:
    """What is known of a room that the provider has just shown."""
    return SeenRoom(
        Observed.PRESENT,
        name=room.name,
        url=room.url,
        exp=room.exp,
        nbf=room.nbf,
        is_right=room.is_right,
    )


def lost(seen: SeenRoom, reason: str, *, known: bool) -> list[Fact]:
    """The room is gone. That is a fact to tell only of a room that is known to have been."""
    if not known and not seen.url:
        return []
    named = {"room_name": seen.name} if seen.name else {}
    return [Fact("videocall.room_deleted", {**named, "reason": reason})]


class Attempt:
    """Acts until plan and reality agree. `seen` and `facts` are right even when it fails."""

    def __init__(self, work: Work, *, videocalls: VideocallService, clock: Clock) -> None:
        self.work = work
        self.seen = work.seen
        self.facts: list[Fact] = []
        self._videocalls = videocalls
        self._clock = clock
        self._perform: dict[Action, Callable[[], Awaitable[None]]] = {
            Action.CREATE: self._create,
            Action.LOOK_UP: self._look_up,
            Action.MOVE_TIMES: self._move_times,
            Action.PUT_RIGHT: self._put_right,
            Action.DELETE: self._delete,
            Action.FORGET: self._forget,
        }

    async def run(self) -> None:
        """Bring the room about; raises TemporaryError or PermanentError if that fails."""
        for _ in range(MAX_ACTIONS):
            action = self._next_action()
            if action is None:
                return
            await self._perform[action]()
        raise TemporaryError("the room provider's answers contradict each other")

    def _next_action(self) -> Action | None:
        now = self._clock.now()
        work = self.work
        room = wanted(status=work.status, window=work.window, is_deleted=work.is_deleted, now=now)
        return plan(room, self.seen, now=now)

    async def _create(self) -> None:
        work = self.work
        try:
            room = await self._videocalls.create_room(
                work.organization_id, work.id, window=work.window
            )
        except Refused:
            # It may be there already, made by a try whose answer was lost. The words of a refusal
            # are no contract, so look.
            found = await self._videocalls.find_room(work.organization_id, work.id)
            if found is None:
                raise
            room = found
        self._see(room)
        self._note("room_created", room_name=room.name, exp=room.exp)

    async def _look_up(self) -> None:
        room = await self._videocalls.find_room(self.work.organization_id, self.work.id)
        if room is None:
            self._lose("gone")
        else:
            self._see(room)
            self._note("room_found", room_name=room.name, exp=room.exp)

    async def _move_times(self) -> None:
        work, had_nbf = self.work, self.seen.nbf is not None
        await self._change(
            self._videocalls.update_room_expiration(
                work.organization_id, work.id, window=work.window, had_nbf=had_nbf
            )
        )

    async def _put_right(self) -> None:
        work = self.work
        await self._change(
            self._videocalls.put_room_right(work.organization_id, work.id, window=work.window)
        )

    async def _change(self, change: Awaitable[ProviderRoom]) -> None:
        try:
            room = await change
        except NotThere:
            self._lose("gone")
        else:
            self._see(room)
            self._note("room_updated", room_name=room.name, exp=room.exp)

    async def _delete(self) -> None:
        work = self.work
        was_there = await self._videocalls.delete_room(work.organization_id, work.id)
        reason = why_unwanted(work.status, is_deleted=work.is_deleted)
        self._lose(reason, known=was_there)

    async def _forget(self) -> None:
        self._lose("expired")

    def _see(self, room: ProviderRoom) -> None:
        self.seen = seen_room(room)

    def _lose(self, reason: str, *, known: bool = False) -> None:
        self.facts += lost(self.seen, reason, known=known)
        self.seen = NO_ROOM

    def _note(self, event: str, **details: Any) -> None:
        self.facts.append(Fact(f"videocall.{event}", details))
