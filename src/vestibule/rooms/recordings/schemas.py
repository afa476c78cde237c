"""What the recording routes take and answer (reference 5.7, 8)."""
# ruff: noqa: N815 - the keys are Daily's own

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from vestibule.rooms.definitions.shapes import Layout
from vestibule.rooms.recordings.model import DEFAULT_INSTANCE, STATUSES, Recording, State

Kind = Literal["cloud", "cloud-audio-only", "raw-tracks"]


class UpdateRequest(BaseModel):
    """Another arrangement of people for a recording."""

    model_config = ConfigDict(extra="forbid")

    layout: Layout
    instanceId: str = Field(default=DEFAULT_INSTANCE, description="Which recording is meant.")


class StopRequest(BaseModel):
    """Which recording is to end."""

    model_config = ConfigDict(extra="forbid")

    instanceId: str = Field(default=DEFAULT_INSTANCE, description="Which recording is meant.")
    type: Kind | None = Field(default=None, description="Its type, if that shall be checked.")


class SentAnswer(BaseModel):
    """It was done."""

    status: Literal["sent"] = "sent"


class RecordingAnswer(BaseModel):
    """A recording. Times are unix seconds, `duration` is in seconds."""

    id: str
    room_name: str
    start_ts: int
    status: Literal["finished", "in-progress", "canceled"]
    max_participants: int
    duration: int | None = Field(default=None, description="Absent while in progress.")
    share_token: str = Field(description="Deprecated; opens nothing here.")
    s3key: str | None = None
    instance_id: str
    type: Kind
    started_by: str | None = Field(default=None, description="Our own: the name of who started it.")
    stopped_ts: int | None = Field(
        default=None, description="Our own: since when its file is made, while there is none."
    )
    progress: float = Field(description="Our own: the part of the file that is composed, 0 to 1.")
    error: str | None = Field(default=None, description="Our own: why there is no file.")
    tracks: list[dict[str, Any]] | None = None

    @classmethod
    def of(cls, recording: Recording) -> Self:
        is_over = recording.state in (State.FINISHED, State.FAILED)
        optional: dict[str, Any] = {}
        if is_over and recording.seconds is not None:
            optional["duration"] = round(recording.seconds)
        if recording.state is State.STOPPED and recording.stopped_at is not None:
            optional["stopped_ts"] = int(recording.stopped_at.timestamp())
        if recording.key is not None:
            optional["s3key"] = recording.key
        if recording.started_by_name is not None:
            optional["started_by"] = recording.started_by_name
        if recording.error is not None:
            optional["error"] = recording.error
        if recording.options.type == "raw-tracks":
            optional["tracks"] = recording.shown_tracks
        return cls(
            id=recording.id,
            room_name=recording.room_name,
            start_ts=int(recording.since),
            status=STATUSES[recording.state],
            max_participants=recording.max_participants,
            share_token="",
            instance_id=recording.instance_id,
            type=recording.options.type,
            progress=round(recording.progress, 4),
            **optional,
        )


class RecordingsAnswer(BaseModel):
    """A page of recordings, newest first."""

    total_count: int
    data: list[RecordingAnswer]


class DeletedRecordingAnswer(BaseModel):
    """The recording is gone."""

    deleted: Literal[True] = True
    id: str
    s3_bucket: str
    s3_region: str = ""
    s3_key: str


class AccessLinkAnswer(BaseModel):
    """Where the file can be fetched without a key, and until when in unix seconds."""

    download_link: str
    expires: int
