"""What the server says in the signalling protocol, version 1. `docs/signalling.md` explains it.

The browser's types are generated from these models, so a field is named in one place only.
"""

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from vestibule.rooms.admission.model import Because
from vestibule.rooms.calls.media_messages import DirectOver, MediaServer, Published, Subscription
from vestibule.rooms.calls.recording_messages import (
    ListenerJoined,
    ListenerLeft,
    ListenerView,
    RecordingChanged,
    RecordingError,
    RecordingNotice,
)
from vestibule.rooms.calls.views import (
    DescriptionKind,
    IceServer,
    KnockView,
    MediaSource,
    ParticipantView,
    RoomView,
    SelfView,
    SessionId,
    Shape,
)

PROTOCOL_VERSIONS = (1,)


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
ProblemCode = Literal[
    "protocol-error", "not-allowed", "not-found", "meeting-full", "too-fast", "too-big"
]
KnockOutcome = Literal["admitted", "denied", "left"]


class Welcome(Shape):
    """The answer to `hello`: this is the room, and this is how you may enter it."""

    type: Literal["welcome"] = "welcome"
    version: int
    room: RoomView
    you: SelfView
    access: Literal["enter", "knock"]
    ice_servers: list[IceServer]
    """For a test of the connection; those with a password are only for people who may enter."""


class Refused(Shape):
    """You cannot enter, now or at all. The server closes the connection with 4403."""

    type: Literal["refused"] = "refused"
    reason: RefusalReason
    message: str
    at: int | None = None
    """Unix seconds of the `nbf` or `exp` that refused."""
    because: Because | None = None
    """More about `not-allowed`; null: the room is private, and nothing was given that opens it."""


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
    """Also: eject, mute, change permissions, lock."""
    locked: bool
    """Nobody new gets in without being admitted."""
    session_data: dict[str, Any]
    ice_servers: list[IceServer]
    listeners: list[ListenerView] = Field(default_factory=list)
    """The recorders to which you send what you send the others."""
    may_record: bool = False
    recording: RecordingNotice = RecordingNotice(recordings=[], consent=None)
    path: str | None = None
    """The path to the media server that carries the call; null: browsers connect to each other."""


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


class Lobby(Shape):
    """What you may do about the lobby has changed."""

    type: Literal["lobby"] = "lobby"
    may_admit: bool
    knocks: list[KnockView]
    """Who waits; empty for those who may not admit."""


class Muted(Shape):
    """Somebody who may has switched off what you send: stop it. You may switch it on again."""

    type: Literal["muted"] = "muted"
    source: MediaSource
    by: SessionId


class Locked(Shape):
    """The call was locked, or opened again."""

    type: Literal["locked"] = "locked"
    on: bool


class Extended(Shape):
    """An owner let the call go on: everybody's `will_eject_at` is that much later now."""

    type: Literal["extended"] = "extended"
    by: SessionId
    seconds: int


class AppMessageFrom(Shape):
    """Another page's `app-message`."""

    type: Literal["app-message-from"] = "app-message-from"
    sender: SessionId | None
    """None: the customer's own server, over the REST API."""
    data: Any


class SessionData(Shape):
    """What everybody in the call knows together has changed. Sent at most once a second."""

    type: Literal["session-data"] = "session-data"
    data: dict[str, Any]


class Resume(Shape):
    """Something that your resume ticket says has changed: this one takes its place."""

    type: Literal["resume"] = "resume"
    resume: str


class IceServers(Shape):
    """From now on use these, in place of those of `joined`, whose passwords run out."""

    type: Literal["ice-servers"] = "ice-servers"
    ice_servers: list[IceServer]


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
    | MediaServer
    | Published
    | Subscription
    | DirectOver
    | DescriptionFrom
    | CandidateFrom
    | Knock
    | KnockGone
    | Lobby
    | Muted
    | Locked
    | Extended
    | AppMessageFrom
    | SessionData
    | Resume
    | IceServers
    | Ended
    | Problem
    | Pong,
    Field(discriminator="type"),
]

from_server: TypeAdapter[FromServer] = TypeAdapter(FromServer)
