"""Recordings: started, watched, changed and stopped. What should be and what is stand in one row.

A worker that died is replaced, a server that was restarted finds the workers of the last one, and
each step from one state to the next is won by one process, with its event in the same transaction.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import structlog

from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import Clock, from_unix, unix_seconds
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import VestibuleError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.recording_messages import RecordingError
from vestibule.rooms.definitions.service import ROOM_DELETED
from vestibule.rooms.definitions.shapes import Layout
from vestibule.rooms.recordings import store
from vestibule.rooms.recordings.consent import Consents, NotAgreed, NotAgreedYet
from vestibule.rooms.recordings.events import (
    TROUBLES,
    record_error,
    record_started,
    record_stopped,
)
from vestibule.rooms.recordings.model import (
    RECORDING_CHANGED,
    START_SECONDS,
    AlreadyRecorded,
    NoActiveRecording,
    NobodyThere,
    NothingToArrange,
    NotStarted,
    Recording,
    State,
    TooManyInstances,
    Wish,
    check_wish,
)
from vestibule.rooms.recordings.showing import Showing
from vestibule.rooms.recordings.studio import Status, Studio

LOOK_SECONDS: Final = 0.1
STEP_SECONDS: Final = 0.5
STOP_SECONDS: Final = 10.0
MOST_RESTARTS: Final = 20
# A server that does not say for so long that it lives no longer looks after its recordings.
KEEP_SECONDS: Final = 10.0
TO_COMPOSE: Final = "recording-to-compose"

log = structlog.get_logger()


class RecordingService:
    """The recordings that are being made by this server."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        broker: Broker,
        live: LiveCalls,
        studio: Studio,
        consents: Consents,
        most_per_room: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._broker = broker
        self._live = live
        self._studio = studio
        self._consents = consents
        self._most_per_room = most_per_room
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._stopping: dict[str, float] = {}
        self._waiting: dict[tuple[str, str], Wish] = {}
        self._beginning: set[asyncio.Task[None]] = set()
        self._showing = Showing(live=live, consents=consents, is_awaited=self._is_awaited)
        self.loop = Loop("recordings", self.step, idle_seconds=STEP_SECONDS)
        broker.subscribe(ROOM_DELETED, lambda _hint: self.loop.wake())

    @property
    def is_open(self) -> bool:
        """Whether this installation records at all (setting `recordings`)."""
        return self._studio.is_open

    async def start(self, wish: Wish) -> Recording:
        """Record a call; returns when media is being written.

        KindNotAllowed, NobodyThere, AlreadyRecorded, TooManyInstances; DiskNearlyFull; NotStarted
        after at most 10 seconds. NotAgreed if somebody does not agree to be recorded; NotAgreedYet
        if somebody has not answered by then: it starts by itself once all have agreed.
        """
        check_wish(wish)
        room = wish.room
        if not self._people_in(room.id):
            raise NobodyThere(room.name)
        self._studio.check_disk()
        try:
            await self._consents.obtain(room)
        except NotAgreedYet:
            self._waiting[room.id, wish.options.instanceId] = wish
            raise
        except NotAgreed:
            await self.show(room.id)
            raise
        recording = await self._database.write(lambda tx: self._insert(tx, wish))
        log.info("recording_starting", recording=recording.id, room_id=room.id)
        await self._send(recording)
        return await self._until_started(recording)

    def start_agreed(self) -> None:
        """Start what has waited until all agreed, and give up what somebody does not agree to."""
        for (room_id, instance_id), wish in list(self._waiting.items()):
            verdict = self._consents.verdict(room_id)
            if verdict is None:
                continue
            del self._waiting[room_id, instance_id]
            task = asyncio.create_task(self._start_late(wish) if verdict else self.show(room_id))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)
            if not verdict:
                self._complain(room_id, instance_id, NotAgreed().info)

    async def show(self, room_id: str) -> None:
        """Tell people what is recorded in the room now; where nothing is, nobody is asked."""
        self._showing.show(room_id, await self._live_in(room_id))

    async def close(self) -> None:
        """Begin nothing more; what is being recorded goes on."""
        for task in self._beginning:
            task.cancel()
        await asyncio.gather(*self._beginning, return_exceptions=True)

    async def update(self, room_id: str, instance_id: str, layout: Layout) -> None:
        """Arrange people otherwise from now on; NoActiveRecording."""
        recording = await self._active(room_id, instance_id)
        if recording.options.type == "raw-tracks":
            raise NothingToArrange
        at = self._clock.now().timestamp()

        def write(tx: Transaction) -> None:
            store.add_layout(
                tx, recording.id, {"at": at, "layout": layout.model_dump(exclude_unset=True)}
            )

        await self._database.write(write)
        await self.show(room_id)

    async def stop(self, room_id: str, instance_id: str, kind: str | None = None) -> None:
        """End a recording; returns when everything is written. NoActiveRecording.

        One that waits for people to agree is no longer wanted.
        """
        if self._waiting.pop((room_id, instance_id), None) is not None:
            await self.show(room_id)
            return
        recording = await self._active(room_id, instance_id)
        if kind is not None and recording.options.type != kind:
            raise NoActiveRecording
        await self._database.write(lambda tx: store.change(tx, recording.id, is_wanted=False))
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        while recording.is_live and asyncio.get_running_loop().time() < deadline:
            recording = await self._look(recording.id)
            if recording.is_live:
                await asyncio.sleep(LOOK_SECONDS)

    async def step(self) -> bool:
        """Look at every recording that is being made. There is never more to do at once."""
        recordings = await self._database.read(store.find_live)
        for recording in recordings:
            try:
                await self._look(recording.id)
            except Exception:  # one that cannot be looked at must not hold up the others
                log.exception("recording_not_looked_at", recording=recording.id)
        await self._showing.show_all(await self._database.read(store.find_live))
        self.start_agreed()  # also when whoever has not answered is gone
        return False

    async def take_over(self, room_id: str) -> None:
        """This process keeps the room's call from now on."""
        await self._showing.take_over(room_id, await self._live_in(room_id))

    def give_up(self, room_id: str) -> None:
        """Another process keeps the room's call from now on."""
        for key in [key for key in self._waiting if key[0] == room_id]:
            del self._waiting[key]
        self._showing.give_up(room_id)

    # One look at one recording ----------------------------------------------------------------

    async def _look(self, recording_id: str) -> Recording:
        """Bring a recording one step on its way, if the worker has made one; how it is then."""
        async with self._locks[recording_id]:
            recording = await self._database.read(lambda tx: store.find(tx, recording_id))
            assert recording is not None
            if recording.is_live and await self._is_ours(recording):
                await self._follow(recording, self._studio.status(recording_id))
                recording = await self._database.read(lambda tx: store.find(tx, recording_id))
                assert recording is not None
        if not recording.is_live:
            self._locks.pop(recording_id, None)
        return recording

    async def _is_ours(self, recording: Recording) -> bool:
        """Whether this server looks after it, and no other that shares the database."""
        keeper, now = self._studio.keeper, self._clock.now()
        until = recording.kept_until or now
        if recording.kept_by == keeper and (until - now).total_seconds() > KEEP_SECONDS / 2:
            return True
        return await self._database.write(
            lambda tx: store.keep(tx, recording.id, keeper=keeper, seconds=KEEP_SECONDS)
        )

    async def _follow(self, recording: Recording, status: Status) -> None:
        is_over = status.event in ("stopped", "failed")
        if recording.state is State.STARTING:
            await self._follow_start(recording, status)
        elif is_over and not self._studio.is_at_work(recording.id):
            await self._ended(recording, status)
        elif not self._studio.is_at_work(recording.id):
            await self._replace(recording)
        else:
            self._studio.watch(recording.id, self.loop.wake)  # that of a server before this one
            count = len(self._people_in(recording.room_id))
            if count > recording.max_participants:
                await self._database.write(lambda tx: store.note_people(tx, recording.id, count))
        if not recording.is_wanted and not is_over:
            self._ask_to_stop(recording)

    async def _follow_start(self, recording: Recording, status: Status) -> None:
        age = (self._clock.now() - recording.created_at).total_seconds()
        is_at_work = self._studio.is_at_work(recording.id)
        if status.event in ("started", "stopped"):
            await self._started(recording, status)
        elif status.event == "failed" or not is_at_work:
            await self._not_started(recording, status.message or "the recorder ended")
        elif age > START_SECONDS + 1:
            self._studio.stop(recording.id, at_once=True)
            await self._not_started(recording, "no media arrived in time")

    async def _started(self, recording: Recording, status: Status) -> None:
        at = from_unix(status.at) if status.at else self._clock.now()
        count = len(self._people_in(recording.room_id))

        def write(tx: Transaction) -> None:
            values = {"started_at": at, "max_participants": count}
            if store.move(tx, recording, State.RECORDING, **values):
                record_started(tx, recording, at=unix_seconds(at))
                tx.after_commit(self._hint)

        await self._database.write(write)
        await self.show(recording.room_id)

    async def _not_started(self, recording: Recording, reason: str) -> None:
        def write(tx: Transaction) -> None:
            if store.move(tx, recording, State.FAILED, error=reason, stopped_at=tx.now):
                record_error(tx, recording, reason)

        await self._database.write(write)
        said = self._studio.last_words(recording.id)
        log.warning("recording_not_started", recording=recording.id, reason=reason, log=said)
        self._dismiss(recording)
        self._studio.discard(recording.id)

    async def _ended(self, recording: Recording, status: Status) -> None:
        """The worker has ended in order: what it wrote is due to be composed."""

        def write(tx: Transaction) -> None:
            answers = store.take_consents(tx, recording)
            values = {"stopped_at": tx.now, "due_at": tx.now, "is_wanted": False}
            values["consents"] = answers
            if not store.move(tx, recording, State.STOPPED, **values):
                return
            record_stopped(tx, recording, reason=status.reason)
            tx.after_commit(self._hint)
            if status.reason in TROUBLES:
                record_error(tx, recording, status.message)
            tx.after_commit(lambda: self._broker.publish(TO_COMPOSE, {"id": recording.id}))

        await self._database.write(write)
        log.info("recording_stopped", recording=recording.id, reason=status.reason)
        self._dismiss(recording)
        if status.reason in TROUBLES:
            self._complain(recording.room_id, recording.instance_id, status.message)
        await self._showing.show_all(
            await self._database.read(store.find_live), [recording.room_id]
        )

    async def _replace(self, recording: Recording) -> None:
        """The worker was killed: what it wrote is kept, and another one goes on."""
        if not recording.is_wanted or recording.restarts >= MOST_RESTARTS:
            await self._ended(recording, Status("stopped", reason="killed"))
            return
        log.warning("recorder_died", recording=recording.id, restarts=recording.restarts)
        await self._send(recording)  # at once: until it is there, nothing is recorded
        restarts = recording.restarts + 1
        await self._database.write(lambda tx: store.change(tx, recording.id, restarts=restarts))

    def _hint(self) -> None:
        self._broker.publish(RECORDING_CHANGED, {})

    # The parts of the above -------------------------------------------------------------------

    def _is_awaited(self, room_id: str) -> bool:
        return any(waits_in == room_id for waits_in, _ in self._waiting)

    async def _start_late(self, wish: Wish) -> None:
        try:
            await self.start(wish)
        except VestibuleError as error:
            self._complain(wish.room.id, wish.options.instanceId, error.info)

    def _insert(self, tx: Transaction, wish: Wish) -> Recording:
        room, options = wish.room, wish.options
        if len(store.find_live(tx, [room.id])) >= self._most_per_room:
            raise TooManyInstances(self._most_per_room)
        recording_id = self._ids.uuid()
        values = {
            "id": recording_id,
            "domain_id": room.domain_id,
            "room_id": room.id,
            "room_name": room.name,
            "instance_id": options.instanceId,
            "options": options.model_dump(exclude_defaults=True),
            "template": room.value("recordings_template"),
            "bucket": room.value("recordings_bucket"),
            "started_by": wish.started_by,
            "started_by_name": wish.started_by_name,
        }
        if not store.insert_recording(tx, values):
            raise AlreadyRecorded(options.instanceId)
        store.keep(tx, recording_id, keeper=self._studio.keeper, seconds=KEEP_SECONDS)
        recording = store.find(tx, recording_id)
        assert recording is not None
        return recording

    async def _send(self, recording: Recording) -> None:
        gone_by = self._clock.now().timestamp() - recording.since
        left = max(1.0, recording.options.maxDuration - gone_by)
        await asyncio.to_thread(self._studio.send, recording, seconds_left=left)
        self._studio.watch(recording.id, self.loop.wake)

    async def _until_started(self, recording: Recording) -> Recording:
        while recording.state is State.STARTING:
            await asyncio.sleep(LOOK_SECONDS)
            recording = await self._look(recording.id)
        if recording.state is State.FAILED:
            raise NotStarted(recording.id, recording.error or "")
        return recording

    async def _active(self, room_id: str, instance_id: str) -> Recording:
        for recording in await self._live_in(room_id):
            if recording.instance_id == instance_id:
                return recording
        raise NoActiveRecording

    async def _live_in(self, room_id: str) -> list[Recording]:
        return await self._database.read(lambda tx: store.find_live(tx, [room_id]))

    def _ask_to_stop(self, recording: Recording) -> None:
        now = asyncio.get_running_loop().time()
        since = self._stopping.setdefault(recording.id, now)
        self._studio.stop(recording.id, at_once=now - since > STOP_SECONDS / 2)

    def _dismiss(self, recording: Recording) -> None:
        self._stopping.pop(recording.id, None)
        self._studio.forget(recording.id)
        self._live.dismiss_recorder(recording.room_id, recording.id)

    def _people_in(self, room_id: str) -> Sequence[str]:
        call = self._live.find(room_id)
        return list(call.participants) if call else []

    def _complain(self, room_id: str, instance_id: str, message: str) -> None:
        """Tell those who may record that something went wrong."""
        call = self._live.find(room_id)
        for session_id, person in call.participants.items() if call else ():
            if person.guest.is_owner:
                said = RecordingError(instance_id=instance_id, message=message)
                self._live.tell(room_id, session_id, said)
