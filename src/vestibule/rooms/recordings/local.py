"""Recordings that somebody's own browser makes: the file stays with them.

Nothing is received or kept here. But who may record is decided here, everybody in the call is told,
and where the domain asks for consent, the browser is told whom to leave out.
"""

from typing import Final

from vestibule.foundation.clock import Clock
from vestibule.foundation.ids import Ids
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.recording_messages import RecordingView
from vestibule.rooms.recordings.consent import Consents
from vestibule.rooms.recordings.model import AlreadyRecorded, KindNotAllowed, Wish

LOCAL: Final = "local"


class LocalRecordings:
    """Those of the calls of this process; they end with the stay of whoever started them."""

    def __init__(self, *, clock: Clock, ids: Ids, live: LiveCalls, consents: Consents) -> None:
        self._clock = clock
        self._ids = ids
        self._live = live
        self._consents = consents

    async def start(self, wish: Wish) -> None:
        """Let the browser of `started_by` record; it begins when it is told.

        KindNotAllowed, AlreadyRecorded; NotAgreed or NotAgreedYet, after which nothing waits.
        """
        room, instance_id = wish.room, wish.options.instanceId
        if LOCAL not in wish.kinds:
            raise KindNotAllowed(room.name, LOCAL)
        await self._consents.obtain(room)
        call = self._live.find(room.id)
        if call is None or wish.started_by not in call.participants:
            return  # gone while the others were asked
        if instance_id in self._live.notices.instances(room.id):
            raise AlreadyRecorded(instance_id)
        self._live.notices.begin_local(
            room.id,
            RecordingView(
                recording_id=self._ids.uuid(),
                instance_id=instance_id,
                kind=LOCAL,
                layout="default",
                started_by=wish.started_by,
                started_at=self._clock.now().timestamp(),
            ),
        )
        self._live.refresh(room.id)

    def stop(self, room_id: str, instance_id: str) -> bool:
        """Have the browser end it; False if it is none of these."""
        return self._live.notices.end_local(room_id, instance_id)
