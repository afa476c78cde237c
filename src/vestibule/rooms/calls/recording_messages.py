"""The messages of the signalling protocol that are about recording."""

from typing import Annotated, Literal

from pydantic import Field

from vestibule.rooms.calls.views import SessionId, Shape

RecordingType = Literal["cloud", "cloud-audio-only", "raw-tracks", "local"]
ConsentAnswer = Literal["open", "agreed", "declined"]


class RecordingView(Shape):
    """A recording that is being made."""

    recording_id: str
    instance_id: str
    kind: RecordingType
    """`local`: by the browser of whoever started it; the file stays there."""
    layout: str
    """The preset, as in Daily's API."""
    started_by: str | None
    """None: by a request to the API."""
    started_at: float
    """Unix seconds."""


class ConsentView(Shape):
    """You are asked whether you agree to be recorded."""

    question: str
    answer: ConsentAnswer
    missing: int
    """How many of the others have not answered."""
    left_out: list[SessionId]
    """If a local recording is yours: who must not be in it."""


class RecordingNotice(Shape):
    """What is being recorded in this call, and what you are asked because of that."""

    recordings: list[RecordingView]
    consent: ConsentView | None


class ListenerView(Shape):
    """A recorder: it only receives, and is no participant."""

    session_id: SessionId
    joined_at: float
    """Unix seconds; as with participants, the later of two makes the offers."""


# From the browser -------------------------------------------------------------------------


class StartRecording(Shape):
    """Record the call. Only for those who may."""

    type: Literal["start-recording"]
    options: Annotated[str, Field(max_length=16384)] = "{}"
    """The options of a recording as JSON, as in Daily's API."""


class UpdateRecording(Shape):
    """Arrange people otherwise in a recording from now on. Only for those who may."""

    type: Literal["update-recording"]
    options: Annotated[str, Field(max_length=16384)]
    """`layout` and, if there are several, `instanceId`, as JSON."""


class StopRecording(Shape):
    """End a recording. Only for those who may."""

    type: Literal["stop-recording"]
    instance_id: Annotated[str | None, Field(max_length=36)] = None
    """None: the one that was started without an id."""


class AnswerConsent(Shape):
    """I agree to be recorded, or I do not, or no longer."""

    type: Literal["answer-consent"]
    agrees: bool


# From the server --------------------------------------------------------------------------


class ListenerJoined(Shape):
    """Send to this recorder too, from now on."""

    type: Literal["listener-joined"] = "listener-joined"
    listener: ListenerView


class ListenerLeft(Shape):
    """Send nothing to this recorder any more."""

    type: Literal["listener-left"] = "listener-left"
    session_id: SessionId


class RecordingChanged(Shape):
    """A recording began or ended, or something about your consent changed."""

    type: Literal["recording-changed"] = "recording-changed"
    recording: RecordingNotice


class RecordingError(Shape):
    """A recording that you wanted could not be made, or was broken off."""

    type: Literal["recording-error"] = "recording-error"
    instance_id: str
    message: str
