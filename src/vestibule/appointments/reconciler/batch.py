"""Makes or removes the rooms of many appointments of one organization in few requests."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Final

from vestibule.appointments.reconciler.attempt import Fact, Outcome, lost, seen_room
from vestibule.appointments.reconciler.model import BATCH_FROM, NO_ROOM, Work, why_unwanted
from vestibule.appointments.room_provider.model import NotThere, ProviderRoom, Refused
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.errors import PermanentError, TemporaryError

ALONE: Final = 4  # so few are not worth another batch
Settle = Callable[[Sequence[Outcome]], Awaitable[None]]
Single = Callable[[Work], Awaitable[None]]


@dataclass(frozen=True)
class _DueTogether:
    """Work of one organization, and how parts of it are settled, or done alone."""

    works: Sequence[Work]
    _: KW_ONLY
    videocalls: VideocallService
    settle: Settle
    single: Single

    @property
    def organization_id(self) -> int:
        return self.works[0].organization_id


class Batch(_DueTogether):
    """Rooms that are due to be made. Each part is settled as soon as its outcome is known.

    Daily makes all of a batch or nothing, and does not say which name it refused. So after a
    refusal the rooms that are there already are taken over, and the rest is halved until what is
    wrong stands alone.
    """

    async def run(self) -> None:
        """Make the rooms; whatever fails is settled as a failure."""
        try:
            await self._create(self.works)
        except Refused:
            await self._sort_out()

    async def _sort_out(self) -> None:
        try:
            there = await self.videocalls.rooms(self.organization_id)
        except (TemporaryError, PermanentError) as error:
            await self.settle([Outcome.failed(work, error) for work in self.works])
            return
        found = [work for work in self.works if work.id in there]
        await self.settle([_made(work, there[work.id]) for work in found])
        await self._halve([work for work in self.works if work.id not in there])

    async def _halve(self, works: Sequence[Work]) -> None:
        if len(works) <= ALONE:
            for work in works:
                await self.single(work)
            return
        middle = len(works) // 2
        for half in (works[:middle], works[middle:]):
            try:
                await self._create(half)
            except Refused:
                await self._halve(half)

    async def _create(self, works: Sequence[Work]) -> None:
        try:
            made = await self.videocalls.create_rooms(
                self.organization_id, {work.id: work.window for work in works}
            )
        except Refused:
            raise
        except (TemporaryError, PermanentError) as error:
            await self.settle([Outcome.failed(work, error) for work in works])
            return
        await self.settle([_made(*pair) for pair in zip(works, made, strict=True)])


class Removal(_DueTogether):
    """Rooms that are due to be removed.

    Daily removes all of a batch or nothing. So after a refusal the rooms that are gone already are
    settled, and the others are tried together once more, and then one by one.
    """

    async def run(self) -> None:
        """Remove the rooms; whatever fails is settled as a failure."""
        try:
            if not await self._deleted(self.works):
                await self._sort_out()
        except (TemporaryError, PermanentError) as error:
            await self.settle([Outcome.failed(work, error) for work in self.works])

    async def _sort_out(self) -> None:
        there = await self.videocalls.rooms(self.organization_id)
        await self.settle([_gone(work, known=False) for work in self.works if work.id not in there])
        left = [work for work in self.works if work.id in there]
        if len(left) < BATCH_FROM or not await self._deleted(left):
            for work in left:
                await self.single(work)

    async def _deleted(self, works: Sequence[Work]) -> bool:
        """Remove them, and settle that; False if the provider would not."""
        try:
            await self.videocalls.delete_rooms(self.organization_id, [work.id for work in works])
        except (Refused, NotThere):
            return False
        await self.settle([_gone(work, known=True) for work in works])
        return True


def _gone(work: Work, *, known: bool) -> Outcome:
    reason = why_unwanted(work.status, is_deleted=work.is_deleted)
    return Outcome(work, NO_ROOM, lost(work.seen, reason, known=known))


def _made(work: Work, room: ProviderRoom) -> Outcome:
    seen = seen_room(room)
    fact = Fact("videocall.room_created", {"room_name": room.name, "exp": room.exp})
    return Outcome(work, seen, [fact])
