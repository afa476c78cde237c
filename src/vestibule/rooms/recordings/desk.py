"""What people in a call want of its recordings: buttons, and tokens that start one on joining."""

import asyncio
import json
from collections.abc import Awaitable, Coroutine
from typing import Any, Final, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from vestibule.foundation.errors import Invalid, VestibuleError
from vestibule.foundation.validation import describe_validation
from vestibule.rooms.admission.rights import recording_kinds
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.messages import Problem
from vestibule.rooms.calls.notices import ForRecordings
from vestibule.rooms.calls.people import Guest, Participant
from vestibule.rooms.calls.recording_messages import (
    AnswerConsent,
    RecordingError,
    StartRecording,
    StopRecording,
    UpdateRecording,
)
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.shapes import Layout, RecordingOptions
from vestibule.rooms.recordings.consent import Consents, NotAgreedYet
from vestibule.rooms.recordings.local import LOCAL, LocalRecordings
from vestibule.rooms.recordings.model import DEFAULT_INSTANCE, AlreadyRecorded, Wish
from vestibule.rooms.recordings.service import RecordingService

Model = TypeVar("Model", bound=BaseModel)
KINDS: Final = ("cloud", "cloud-audio-only", "raw-tracks", LOCAL)
NOT_ALLOWED: Final = "Only a host can record, and only where the room allows it."

log = structlog.get_logger()


class Rearrangement(BaseModel):
    """Another layout for a recording."""

    model_config = ConfigDict(extra="forbid")

    layout: Layout
    instanceId: str = DEFAULT_INSTANCE  # noqa: N815 - Daily's own


class Choice(BaseModel):
    """What kind of recording somebody wants; None: whatever there is."""

    model_config = ConfigDict(extra="allow")

    type: str | None = None


class Desk:
    """Takes wishes without making the call wait, and says what came of them."""

    def __init__(
        self,
        *,
        recordings: RecordingService,
        local: LocalRecordings,
        consents: Consents,
        live: LiveCalls,
    ) -> None:
        self._recordings = recordings
        self._local = local
        self._consents = consents
        self._live = live
        self._tasks: set[asyncio.Task[None]] = set()

    def may_record(self, room: Room, guest: Guest) -> bool:
        """Whether the guest is offered to record: they may, and this installation does it."""
        return _is_allowed(room, guest) and bool(self._offered(room, guest))

    def take(self, room: Room, person: Participant, message: ForRecordings) -> None:
        """Somebody in the call has said this."""
        if isinstance(message, AnswerConsent):
            self._begin(self._consent(room, person, message))
        elif not _is_allowed(room, person.guest):
            problem = Problem(code="not-allowed", message=NOT_ALLOWED)
            self._live.tell(room.id, person.guest.session_id, problem)
        else:
            self._begin(self._carry_out(room, person, message))

    def arrived(self, room: Room, person: Participant) -> None:
        """Somebody whose token says so starts a recording by coming, if any are made here."""
        token = person.guest.token
        kinds = recording_kinds(room, token)
        if token is None or token.value("start_cloud_recording") is not True:
            return
        if self._recordings.is_open and kinds & {"cloud", "cloud-audio-only"}:
            given = token.value("start_cloud_recording_opts") or {}
            options = RecordingOptions.model_validate(given)
            self._begin(self._start(_wish(room, options, kinds, person)))

    def local_ended(self, room_id: str) -> None:
        """Nobody needs to be asked any more, if nothing else is recorded."""
        self._begin(self._recordings.show(room_id))

    async def close(self) -> None:
        """End what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry_out(self, room: Room, person: Participant, message: ForRecordings) -> None:
        session_id = person.guest.session_id
        match message:
            case StartRecording():
                await self._take_start(room, person, message.options)
            case UpdateRecording():
                change = await self._read(room, session_id, Rearrangement, message.options)
                if change is not None:
                    update = self._recordings.update(room.id, change.instanceId, change.layout)
                    await self._try(room.id, session_id, change.instanceId, update)
            case StopRecording():
                instance_id = message.instance_id or DEFAULT_INSTANCE
                if self._local.stop(room.id, instance_id):
                    await self._recordings.show(room.id)
                else:
                    stop = self._recordings.stop(room.id, instance_id)
                    await self._try(room.id, session_id, instance_id, stop)

    async def _take_start(self, room: Room, person: Participant, said: str) -> None:
        """Who names no kind gets the first that is offered."""
        session_id = person.guest.session_id
        choice = await self._read(room, session_id, Choice, said)
        if choice is None:
            return
        offered = self._offered(room, person.guest)
        kind = choice.type or next((each for each in KINDS if each in offered), KINDS[0])
        given = (
            choice.model_extra if kind == LOCAL else {**(choice.model_extra or {}), "type": kind}
        )
        options = await self._read(room, session_id, RecordingOptions, json.dumps(given))
        if options is None:
            return
        wish = _wish(room, options, recording_kinds(room, person.guest.token), person)
        await (self._start_local(wish) if kind == LOCAL else self._start(wish))

    async def _start_local(self, wish: Wish) -> None:
        try:
            await self._local.start(wish)
        except VestibuleError as error:
            self._complain(wish.room.id, wish.started_by, wish.options.instanceId, error)
            await self._recordings.show(wish.room.id)

    def _offered(self, room: Room, guest: Guest) -> frozenset[str]:
        kinds = recording_kinds(room, guest.token)
        return kinds if self._recordings.is_open else kinds & {LOCAL}

    async def _start(self, wish: Wish) -> None:
        try:
            await self._recordings.start(wish)
        except (NotAgreedYet, AlreadyRecorded) as error:
            log.debug("recording_not_begun", room_id=wish.room.id, reason=error.info)
        except VestibuleError as error:
            self._complain(wish.room.id, wish.started_by, wish.options.instanceId, error)

    async def _consent(self, room: Room, person: Participant, message: AnswerConsent) -> None:
        await self._consents.answer(room, person, agrees=message.agrees)
        self._recordings.start_agreed()

    async def _read(
        self, room: Room, session_id: str, model: type[Model], text: str
    ) -> Model | None:
        try:
            return model.model_validate(json.loads(text))
        except ValidationError as error:
            wrong = Invalid(describe_validation(error.errors()[0]))
        except ValueError:
            wrong = Invalid("the options are not JSON")
        self._complain(room.id, session_id, DEFAULT_INSTANCE, wrong)
        return None

    async def _try(
        self, room_id: str, session_id: str, instance_id: str, step: Awaitable[None]
    ) -> None:
        try:
            await step
        except VestibuleError as error:
            self._complain(room_id, session_id, instance_id, error)

    def _complain(
        self, room_id: str, session_id: str | None, instance_id: str, error: VestibuleError
    ) -> None:
        log.info("recording_refused", room_id=room_id, reason=error.info)
        if session_id is not None:
            said = RecordingError(instance_id=instance_id, message=error.info)
            self._live.tell(room_id, session_id, said)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("recording_wish_failed", exc_info=task.exception())


def _is_allowed(room: Room, guest: Guest) -> bool:
    return guest.rights.administers_streams and bool(recording_kinds(room, guest.token))


def _wish(
    room: Room, options: RecordingOptions, kinds: frozenset[str], person: Participant
) -> Wish:
    guest = person.guest
    return Wish(room, options, kinds, guest.session_id, guest.user_name)
