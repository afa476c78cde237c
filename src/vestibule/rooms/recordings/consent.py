"""Consent: where a domain asks for it, nobody is recorded who has not agreed (issue: field D)."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database
from vestibule.foundation.errors import Conflict
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.recordings import store

AGREEING_SECONDS: Final = 9.0
LOOK_SECONDS: Final = 0.1
QUESTION: Final = (
    "This call is to be recorded, with picture and sound. Do you agree to be recorded? "
    "You can take that back at any time, and you can stay in the call without being recorded."
)


class NotAgreed(Conflict):
    """Somebody in the call does not agree to be recorded."""

    def __init__(self) -> None:
        super().__init__("somebody in the call does not agree to be recorded; nothing was recorded")


class NotAgreedYet(Conflict):
    """Somebody has not answered yet. The recording starts by itself when all have agreed."""

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"waiting for {missing} of the people in the call to agree to be recorded; "
            "the recording starts by itself once all have agreed"
        )


class Consents:
    """Asks people, and remembers what they answered for as long as their call is recorded."""

    def __init__(
        self,
        *,
        database: Database,
        configurations: ConfigurationService,
        live: LiveCalls,
        clock: Clock,
    ) -> None:
        self._database = database
        self._configurations = configurations
        self._live = live
        self._clock = clock
        self._asked: dict[str, str] = {}

    async def obtain(self, room: Room) -> None:
        """Return when everybody present has agreed, at once if the domain does not ask.

        NotAgreed if somebody does not; NotAgreedYet after 9 seconds. The question stays: it may be
        asked for another recording too.
        """
        if not await self.is_asked_in(room.domain_id):
            return
        await self.restore(room.domain_id, room.id)
        for _ in range(round(AGREEING_SECONDS / LOOK_SECONDS)):
            answers = self._answers(room.id)
            if False in answers:
                raise NotAgreed
            if all(answers):
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise NotAgreedYet(self._answers(room.id).count(None))

    async def restore(self, domain_id: str, room_id: str) -> None:
        """Ask in this room, knowing what was answered before a restart of the server."""
        if room_id in self._asked or not await self.is_asked_in(domain_id):
            return
        rows = await self._database.read(lambda tx: store.consents_in(tx, room_id))
        self._asked[room_id] = QUESTION
        self._live.notices.ask(
            room_id, QUESTION, {row["session_id"]: row["agrees"] for row in rows}
        )
        self._live.refresh(room_id)

    async def answer(self, room: Room, person: Participant, *, agrees: bool) -> None:
        """Somebody agrees, or does not, or no longer. Without a question it means nothing."""
        question = self._asked.get(room.id)
        if question is None:
            return
        guest = person.guest
        self._live.notices.answer(room.id, guest.session_id, agrees=agrees)
        self._live.refresh(room.id)  # at once: a withdrawal must not wait for the disk
        said = {"agrees": agrees, "at": self._clock.now().timestamp()}
        await self._database.write(
            lambda tx: store.add_consent(
                tx,
                said,
                room_id=room.id,
                session_id=guest.session_id,
                user_id=guest.user_id,
                user_name=guest.user_name,
                text=question,
            )
        )

    def no_longer_needed(self, room_id: str) -> None:
        """Nothing is recorded in the room any more: who records again asks again."""
        if self._asked.pop(room_id, None) is not None:
            self._live.notices.ask_nobody(room_id)
            self._live.refresh(room_id)

    def forget(self, room_id: str) -> None:
        """Another process asks in this room, and knows what was answered."""
        self._asked.pop(room_id, None)

    def verdict(self, room_id: str) -> bool | None:
        """Whether everybody present agrees; None while somebody has not answered.

        False too when nobody is left whom to record.
        """
        answers = self._answers(room_id)
        if None in answers:
            return None
        return bool(answers) and False not in answers

    async def is_asked_in(self, domain_id: str) -> bool:
        """Whether the domain wants it."""
        given: dict[str, Any] = await self._configurations.given(domain_id)
        return given.get("recording_consent") is True

    def _answers(self, room_id: str) -> Sequence[bool | None]:
        call = self._live.find(room_id)
        return self._live.notices.answers(room_id, call.participants if call else ())
