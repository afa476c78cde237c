"""The recordings of an organization: shown to its staff, and compared with what the provider has.

What a provider tells is a hint. Its list is the truth: a message that was lost is found there, and
what is no longer there was deleted, by its retention or by hand, and leaves a trace in the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import structlog

from vestibule.appointments.audit.service import record
from vestibule.appointments.organizations.service import OrganizationService, get_organization
from vestibule.appointments.room_provider.model import (
    NotThere,
    ProviderRecording,
    appointment_in,
)
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox import recording_store as store
from vestibule.appointments.webhook_inbox import store as inbox_store
from vestibule.appointments.webhook_inbox.model import messages_of
from vestibule.appointments.webhook_inbox.service import ACTOR, InboxService
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Conflict, NotFound, PermanentError, TemporaryError
from vestibule.foundation.loops import Loop

SWEEP_SECONDS: Final = 600.0
PAGE: Final = 100
LINK_SECONDS: Final = 300
"""A player asks for a new link when this one has ended."""

Holds = Literal["film", "audio", "video"]

log = structlog.get_logger()


class NoSuchRecording(NotFound):
    """The organization has no such recording, or no longer."""


class NotPlayable(Conflict):
    """There is no file that could be played."""


@dataclass(frozen=True)
class ShownRecording:
    """A recording as its organization's staff sees it."""

    id: int
    appointment_id: int
    specialist_name: str | None
    patient_name: str | None
    started_by: str | None
    started_at: datetime | None
    stopped_at: datetime | None
    ready_at: datetime | None
    failed_at: datetime | None
    deleted_at: datetime | None
    duration_seconds: int | None
    progress: float | None
    """The part of the file that is made, 0 to 1; None: the provider does not tell."""
    last_error: str | None
    """Why it could not be deleted, although its days are over."""


@dataclass(frozen=True)
class RecordingFile:
    """A file of a recording, by an address that works for five minutes."""

    url: str
    holds: Holds
    """`film`, or of raw tracks `audio` or `video`."""


class RecordingBook:
    """What staff asks of recordings."""

    def __init__(self, *, database: Database, videocalls: VideocallService) -> None:
        self._database = database
        self._videocalls = videocalls

    async def page(
        self, organization_id: int, *, before: int | None, limit: int
    ) -> tuple[int, list[ShownRecording]]:
        """How many there are, and some of them, newest first."""

        def look(tx: Transaction) -> tuple[int, list[Any]]:
            rows = store.page_of_recordings(tx, organization_id, before=before, limit=limit)
            return store.count_recordings(tx, organization_id), rows

        total, rows = await self._database.read(look)
        names = ShownRecording.__dataclass_fields__
        return total, [
            ShownRecording(**{name: getattr(row, name) for name in names}) for row in rows
        ]

    async def keep_days(self, organization_id: int) -> int | None:
        """After how many days they are deleted; None: never by themselves."""
        found = await self._database.read(lambda tx: get_organization(tx, organization_id))
        return found.recordings_keep_days

    async def files(self, organization_id: int, number: int, *, actor: str) -> list[RecordingFile]:
        """The film, or the raw tracks; the audit says who asked for them.

        NoSuchRecording; NotPlayable, also while the provider does not hand it out.
        """
        row = await self._database.read(
            lambda tx: store.recording_by_number(tx, organization_id, number)
        )
        if row is None or row.appointment_id is None:
            raise NoSuchRecording(f"recording {number} not found")
        if row.deleted_at is not None:
            raise NotPlayable("this recording was deleted")
        if row.ready_at is None:
            raise NotPlayable("this recording is not ready yet")
        files = [RecordingFile(row.download_url, "film")] if row.download_url else []
        if row.recording_id is not None:
            try:
                files = await self._provided(organization_id, row.recording_id)
            except NotThere:
                raise NotPlayable("the room provider no longer has this recording") from None
            except (TemporaryError, PermanentError) as error:
                raise NotPlayable(
                    f"the room provider does not hand out this recording: {error.reason}"
                ) from error
        if not files:
            raise NotPlayable("the room provider gave no address for this recording")
        await self._database.write(
            lambda tx: record(
                tx,
                organization_id=organization_id,
                event="videocall.recording_opened",
                actor=actor,
                appointment_id=row.appointment_id,
                details={"recording_id": row.recording_id},
            )
        )
        return files

    async def _provided(self, organization_id: int, recording_id: str) -> list[RecordingFile]:
        """The files that the provider has of a recording."""
        tracks = await self._videocalls.recording_tracks(organization_id, recording_id)
        wanted: list[tuple[int | None, Holds]] = [*enumerate(tracks)] or [(None, "film")]
        return [
            RecordingFile(
                await self._videocalls.recording_link(
                    organization_id, recording_id, seconds=LINK_SECONDS, track=which
                ),
                holds,
            )
            for which, holds in wanted
        ]


class RecordingSweep:
    """Compares every ten minutes, and at a hint from this installation's own rooms."""

    def __init__(
        self,
        *,
        database: Database,
        organizations: OrganizationService,
        videocalls: VideocallService,
        inbox: InboxService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._organizations = organizations
        self._videocalls = videocalls
        self._inbox = inbox
        self._clock = clock
        self._whole_at = clock.now().timestamp()
        self.loop = Loop("recordings-compared", self.step, idle_seconds=SWEEP_SECONDS)

    async def step(self) -> bool:
        """Look at the newest recordings of our own rooms; every ten minutes at all, everywhere."""
        is_whole = self._clock.now().timestamp() >= self._whole_at
        for organization in await self._organizations.list():
            try:
                if is_whole or await self._videocalls.has_own_rooms(organization.id):
                    await self.compare(organization.id, is_whole=is_whole)
            except (TemporaryError, PermanentError) as error:
                log.info("recordings_not_compared", organization=organization.id, why=error.reason)
        if is_whole:
            self._whole_at = self._clock.now().timestamp() + SWEEP_SECONDS
        return False

    async def compare(self, organization_id: int, *, is_whole: bool) -> None:
        """Take in what the provider has; not `is_whole`: its newest hundred are enough."""
        found = list(await self._videocalls.recordings(organization_id, None))
        page: Sequence[ProviderRecording] = found
        while is_whole and len(page) == PAGE:
            page = await self._videocalls.recordings(organization_id, page[-1].id)
            found += page
        organization = await self._organizations.get(organization_id)
        since = min((each.started_at for each in found), default=None)
        since = None if len(page) < PAGE else since

        def write(tx: Transaction) -> None:
            for each in reversed(found):
                number = appointment_in(each.room, organization.room_prefix, organization_id)
                if number and inbox_store.find_appointment(tx, organization_id, number):
                    for message in messages_of(each, tx.now):
                        self._inbox.note(tx, organization_id, number, message)
            self._note_deleted(tx, organization_id, {each.id for each in found}, since)

        await self._database.write(write)

    def _note_deleted(
        self, tx: Transaction, of: int, there: set[str], since: datetime | None
    ) -> None:
        for row in store.kept_recordings(tx, of):
            is_listed = since is None or (row.started_at or row.ready_at) > since
            if row.recording_id in there or not is_listed or row.appointment_id is None:
                continue
            if not store.note_deleted(tx, row.id):
                continue
            record(
                tx,
                organization_id=of,
                event="videocall.recording_deleted",
                actor=ACTOR,
                appointment_id=row.appointment_id,
                details={
                    "recording_id": row.recording_id,
                    # If it was due, we had it deleted, and did not live to write that down.
                    "reason": "provider" if row.due_at is None else "retention",
                },
            )
