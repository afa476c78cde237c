"""What the routes of provider messages and recordings answer."""

from typing import Self

from pydantic import BaseModel

from vestibule.appointments.fields import utc_text
from vestibule.appointments.webhook_inbox.service import Recording


class ReceivedAnswer(BaseModel):
    """The message is kept."""

    received: bool = True


class RecordingAnswer(BaseModel):
    """A recording of an appointment; times in ISO 8601, UTC."""

    id: int
    recording_id: str | None
    started_by: str | None
    started_at: str | None
    stopped_at: str | None
    ready_at: str | None
    duration_seconds: int | None
    download_url: str | None

    @classmethod
    def of(cls, recording: Recording) -> Self:
        times = {
            name: moment and utc_text(moment)
            for name, moment in vars(recording).items()
            if name.endswith("_at")
        }
        return cls(**{**vars(recording), **times})


class RecordingsAnswer(BaseModel):
    """The recordings of an appointment, the first one first."""

    data: list[RecordingAnswer]
