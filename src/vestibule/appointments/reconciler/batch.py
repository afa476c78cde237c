"""Makes the rooms of many appointments of one organization in few requests."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from vestibule.appointments.reconciler.attempt import Fact, Outcome, seen_room
from vestibule.appointments.reconciler.model import Work
from vestibule.appointments.room_provider.model import ProviderRoom, Refused
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.errors import PermanentError, TemporaryError

ALONE: Final = 4  # so few are not worth another batch
Settle = Callable[[Sequence[Outcome]], Awaitable[None]]
Single = Callable[[Work], Awaitable[None]]


class Batch:
    """Rooms that are due to be made. Each part is settled as soon as its outcome is known.

    Daily makes all of a batch or nothing, and does not say which name it refused. So after a
    refusal the rooms that are there already are taken over, and the rest is halved until what is
    wrong stands alone.
    """

    def __init__(
        self, works: Sequence[Work], *, videocalls: VideocallService, settle: Settle, single: Single
    ) -> None:
        self._works = works
        self._of = works[0].organization_id
        self._videocalls = videocalls
        self._settle = settle
        self._single = single

    async def run(self) -> None:
        """Make the rooms; whatever fails is settled as a failure."""
        try:
            await self._create(self._works)
        except Refused:
            await self._sort_out()

    async def _sort_out(self) -> None:
        try:
            there = await self._videocalls.rooms(self._of)
        except (TemporaryError, PermanentError) as error:
            await self._settle([Outcome.failed(work, error) for work in self._works])
            return
        found = [work for work in self._works if work.id in there]
        await self._settle([_made(work, there[work.id]) for work in found])
        await self._halve([work for work in self._works if work.id not in there])

    async def _halve(self, works: Sequence[Work]) -> None:
        if len(works) <= ALONE:
            for work in works:
                await self._single(work)
            return
        middle = len(works) // 2
        for half in (works[:middle], works[middle:]):
            try:
                await self._create(half)
            except Refused:
                await self._halve(half)

    async def _create(self, works: Sequence[Work]) -> None:
        try:
            made = await self._videocalls.create_rooms(
                self._of, {work.id: work.window for work in works}
            )
        except Refused:
            raise
        except (TemporaryError, PermanentError) as error:
            await self._settle([Outcome.failed(work, error) for work in works])
            return
        await self._settle([_made(*pair) for pair in zip(works, made, strict=True)])


def _made(work: Work, room: ProviderRoom) -> Outcome:
    seen = seen_room(room)
    fact = Fact("videocall.room_created", {"room_name": room.name, "exp": room.exp})
    return Outcome(work, seen, [fact])
