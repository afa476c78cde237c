"""Links to the files of recordings: made for each look, because they do not last."""

from vestibule.appointments.audit.service import record
from vestibule.appointments.room_provider.model import NotThere
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox.service import InboxService, Recording
from vestibule.foundation.database import Database
from vestibule.foundation.errors import (
    Conflict,
    NotFound,
    PermanentError,
    TemporaryError,
    Unavailable,
)


class NoSuchRecording(NotFound):
    """The appointment has no such recording, or its file is gone."""


class NotReady(Conflict):
    """The recording is still being made."""


class RecordingUnavailable(Unavailable):
    """The room provider gives no link at the moment."""


class RecordingLinks:
    """Asks the organization's provider, and has the audit tell who asked."""

    def __init__(
        self, *, database: Database, inbox: InboxService, videocalls: VideocallService
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._videocalls = videocalls

    async def to(self, organization_id: int, appointment_id: int, number: int, *, by: str) -> str:
        """A link to the file of one of the appointment's recordings; its opening is audited.

        NoSuchRecording; NotReady until the provider has it; RecordingUnavailable if it fails.
        """
        found = await self._inbox.recordings(organization_id, appointment_id)
        recording = next((each for each in found if each.id == number), None)
        if recording is None:
            raise NoSuchRecording(f"the appointment has no recording {number}")
        if recording.ready_at is None:
            raise NotReady("the recording is not ready yet")
        link = await self._link_to(organization_id, recording)
        details = {"recording_id": recording.recording_id}
        await self._database.write(
            lambda tx: record(
                tx,
                organization_id=organization_id,
                event="videocall.recording_opened",
                actor=by,
                appointment_id=appointment_id,
                details=details,
            )
        )
        return link

    async def _link_to(self, organization_id: int, recording: Recording) -> str:
        """The provider's link of this moment; the one that was told, if it told no id (A17)."""
        if recording.recording_id is None:
            if recording.download_url is None:
                raise NoSuchRecording("the provider told no address of this recording")
            return recording.download_url
        try:
            return await self._videocalls.recording_link(organization_id, recording.recording_id)
        except NotThere:
            raise NoSuchRecording("the room provider has this recording no longer") from None
        except (TemporaryError, PermanentError) as error:
            raise RecordingUnavailable(f"no link to the recording now: {error.reason}") from error
