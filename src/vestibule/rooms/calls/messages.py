"""Every message of the signalling protocol, version 1. `docs/signalling.md` explains them.

The browser's types are generated from these models, so a field is named in one place only.
"""

from enum import IntEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from vestibule.rooms.calls.message_shape import SessionId, Shape
from vestibule.rooms.calls.recording_messages import (
    AnswerConsent,
    ListenerJoined,
    ListenerLeft,
    ListenerView,
    RecordingChanged,
    RecordingError,
    RecordingNotice,
    StartRecording,
    StopRecording,
    UpdateRecording,
)

PROTOCOL_VERSIONS = (1,)
MAX_MESSAGE_BYTES = 64 * 1024
MAX_NAME_LENGTH = 100


class CloseCode(IntEnum):
    """Why the server closed the connection."""

    GOODBYE = 1000
    TOO_BIG = 1009
    RESTART = 1012
    PROTOCOL_ERROR = 4400
    REFUSED = 4403
    TOO_SLOW = 4408
    TAKEN_OVER = 4409
    ENDED = 4410
    TOO_FAST = 4429


DescriptionKind = Literal["offer", "answer", "rollback"]
Name = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]


class Media(Shape):
    """What a participant sends at this moment."""

    audio: bool
    video: bool
    screen: bool = False


class ParticipantView(Shape):
    """A participant as everyone in the call sees them."""

    session_id: SessionId
    user_id: str | None
    user_name: str
    is_owner: bool
    media: Media
    joined_at: float
    """Unix seconds; no two in a call are the same. The later of two makes the offers."""
    connected: bool
    """False while the person's connection is lost and their place is kept."""


class KnockView(Shape):
    """A person in the lobby, as those see them who may admit."""

    session_id: SessionId
    user_name: str
    is_invited: bool
    """True: the meeting token gives this name. False: the person wrote it, and could be anybody."""
    since: float
    """Unix seconds."""


class IceServer(Shape):
    """As `RTCIceServer` in browsers."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class RoomView(Shape):
    """What a page needs to know of the room before joining."""

    name: str
    exp: int | None
    """Unix seconds."""
    lang: str
    enable_prejoin_ui: bool
    enable_screenshare: bool
    start_video_off: bool
    start_audio_off: bool


class SelfView(Shape):
    """What the server knows of the person from the meeting token."""

    user_name: str
    is_owner: bool


# From the browser -------------------------------------------------------------------------


class Hello(Shape):
    """The first message: which room, and with what right."""

    type: Literal["hello"]
    versions: Annotated[list[int], Field(min_length=1, max_length=16)]
    room: Annotated[str, Field(max_length=256)]
    token: Annotated[str | None, Field(max_length=8192)] = None
    resume: Annotated[str | None, Field(max_length=32768)] = None
    """A ticket from `joined` or `waiting`: continue that session."""
    recorder: Annotated[str | None, Field(max_length=8192)] = None
    """The server's own pass for a recorder of this room, which joins at once, as a listener."""


class Join(Shape):
    """Enter the call, or knock, as `welcome.access` said."""

    type: Literal["join"]
    user_name: Name
    media: Media


class SetMedia(Shape):
    """Tell the others what I send now."""

    type: Literal["set-media"]
    media: Media


class Description(Shape):
    """A session description for one other participant."""

    type: Literal["description"]
    to: SessionId
    kind: DescriptionKind
    sdp: str


class Candidate(Shape):
    """An ICE candidate for one other participant; an empty candidate ends them."""

    type: Literal["candidate"]
    to: SessionId
    candidate: str
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None
    username_fragment: str | None = None


class Admit(Shape):
    """Let a waiting person in. Only for those who may."""

    type: Literal["admit"]
    session_id: SessionId


class Deny(Shape):
    """Refuse a waiting person. Only for those who may."""

    type: Literal["deny"]
    session_id: SessionId


class Leave(Shape):
    """Leave the call or the lobby now, without a grace period."""

    type: Literal["leave"]


class Ping(Shape):
    """Is the connection alive?"""

    type: Literal["ping"]


FromBrowser = Annotated[
    Hello
    | Join
    | SetMedia
    | Description
    | Candidate
    | Admit
    | Deny
    | StartRecording
    | UpdateRecording
    | StopRecording
    | AnswerConsent
    | Leave
    | Ping,
    Field(discriminator="type"),
]

# From the server --------------------------------------------------------------------------

RefusalReason = Literal[
    "no-room",
    "nbf-room",
    "exp-room",
    "nbf-token",
    "exp-token",
    "meeting-full",
    "not-allowed",
    "ejected",
    "end-of-life",
]
EndReason = Literal["room-deleted", "denied", "ejected", "room-expired", "time-over", "replaced"]
ProblemCode = Literal["protocol-error", "not-allowed", "not-found", "meeting-full", "too-fast"]
KnockOutcome = Literal["admitted", "denied", "left"]


class Welcome(Shape):
    """The answer to `hello`: this is the room, and this is how you may enter it."""

    type: Literal["welcome"] = "welcome"
    version: int
    room: RoomView
    you: SelfView
    access: Literal["enter", "knock"]


class Refused(Shape):
    """You cannot enter, now or at all. The server closes the connection with 4403."""

    type: Literal["refused"] = "refused"
    reason: RefusalReason
    message: str
    at: int | None = None
    """Unix seconds of the `nbf` or `exp` that refused."""


class Joined(Shape):
    """You are in the call. Sent again, with `resumed`, after a lost connection."""

    type: Literal["joined"] = "joined"
    you: ParticipantView
    resume: str
    resumed: bool
    settling_seconds: float
    """How long others may still be on their way back after a restart of the server; mostly 0.
    So long, a resumed client keeps its media connections to those who are not in the list."""
    room: RoomView
    participants: list[ParticipantView]
    """Everybody else, in the order in which they came."""
    knocks: list[KnockView]
    """Who waits; empty for those who may not admit."""
    may_admit: bool
    ice_servers: list[IceServer]
    listeners: list[ListenerView] = Field(default_factory=list)
    """The recorders to which you send what you send the others."""
    may_record: bool = False
    recording: RecordingNotice = RecordingNotice(recordings=[], consent=None)


class Waiting(Shape):
    """You are in the lobby. Sent again when `owner_present` changes."""

    type: Literal["waiting"] = "waiting"
    session_id: SessionId
    resume: str
    owner_present: bool


class ParticipantJoined(Shape):
    """Somebody entered the call, and will make you an offer; or somebody you knew is back."""

    type: Literal["participant-joined"] = "participant-joined"
    participant: ParticipantView


class ParticipantUpdated(Shape):
    """Something about a participant changed."""

    type: Literal["participant-updated"] = "participant-updated"
    participant: ParticipantView


class ParticipantLeft(Shape):
    """Somebody is gone for good."""

    type: Literal["participant-left"] = "participant-left"
    session_id: SessionId


class DescriptionFrom(Shape):
    """Another participant's `description` for you."""

    type: Literal["description-from"] = "description-from"
    sender: SessionId
    kind: DescriptionKind
    sdp: str


class CandidateFrom(Shape):
    """Another participant's `candidate` for you."""

    type: Literal["candidate-from"] = "candidate-from"
    sender: SessionId
    candidate: str
    sdp_mid: str | None
    sdp_m_line_index: int | None
    username_fragment: str | None


class Knock(Shape):
    """Somebody waits in the lobby."""

    type: Literal["knock"] = "knock"
    knock: KnockView


class KnockGone(Shape):
    """Somebody no longer waits."""

    type: Literal["knock-gone"] = "knock-gone"
    session_id: SessionId
    outcome: KnockOutcome


class Ended(Shape):
    """Your stay is over. The server closes the connection with 4410."""

    type: Literal["ended"] = "ended"
    reason: EndReason
    message: str


class Problem(Shape):
    """Your last message could not be carried out, and changed nothing."""

    type: Literal["problem"] = "problem"
    code: ProblemCode
    message: str


class Pong(Shape):
    """Yes."""

    type: Literal["pong"] = "pong"


FromServer = Annotated[
    Welcome
    | Refused
    | Joined
    | Waiting
    | ParticipantJoined
    | ParticipantUpdated
    | ParticipantLeft
    | ListenerJoined
    | ListenerLeft
    | RecordingChanged
    | RecordingError
    | DescriptionFrom
    | CandidateFrom
    | Knock
    | KnockGone
    | Ended
    | Problem
    | Pong,
    Field(discriminator="type"),
]

from_browser: TypeAdapter[FromBrowser] = TypeAdapter(FromBrowser)
from_server: TypeAdapter[FromServer] = TypeAdapter(FromServer)
