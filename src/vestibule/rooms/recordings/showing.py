"""Shows people in calls what is recorded there. Only in calls that this process keeps."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.recordings.consent import Consents
from vestibule.rooms.recordings.events import view_of
from vestibule.rooms.recordings.model import Recording, State


class Showing:
    """What people in each call see of its recordings.

    `is_awaited`: whether a recording of the room waits until all agree.
    """

    def __init__(
        self, *, live: LiveCalls, consents: Consents, is_awaited: Callable[[str], bool]
    ) -> None:
        self._live = live
        self._consents = consents
        self._is_awaited = is_awaited
        self._shown: set[str] = set()

    async def show_all(self, recordings: Sequence[Recording], ended_in: Sequence[str] = ()) -> None:
        """These recordings are being made, and no others."""
        rooms: defaultdict[str, list[Recording]] = defaultdict(list)
        for recording in recordings:
            if self._live.owns(recording.room_id):
                rooms[recording.room_id].append(recording)
        for room_id in rooms.keys() - self._shown:
            await self._consents.restore(rooms[room_id][0].domain_id, room_id)
        for room_id in {*rooms, *self._shown, *ended_in}:
            self.show(room_id, rooms.get(room_id, ()))
        self._shown = set(rooms)

    def show(self, room_id: str, recordings: Sequence[Recording]) -> None:
        """These recordings are being made in one room."""
        active = [each for each in recordings if each.state is State.RECORDING]
        self._live.notices.show(room_id, [view_of(each) for each in active])
        is_local = self._live.notices.has_local(room_id)
        if not (recordings or is_local or self._is_awaited(room_id)):
            self._consents.no_longer_needed(room_id)
        self._live.refresh(room_id)

    async def take_over(self, room_id: str, recordings: Sequence[Recording]) -> None:
        """This process keeps the call from now on: who has agreed is known before anybody comes."""
        self.give_up(room_id)
        if recordings:
            await self._consents.restore(recordings[0].domain_id, room_id)
            self._shown.add(room_id)
            self.show(room_id, recordings)

    def give_up(self, room_id: str) -> None:
        """Another process keeps the call from now on, and asks whom it has to."""
        self._shown.discard(room_id)
        self._consents.forget(room_id)
