"""What a browser says in the signalling protocol, version 1. `docs/signalling.md` explains it.

The browser's types are generated from these models, so a field is named in one place only.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from vestibule.rooms.calls.media_messages import (
    PathCandidate,
    Publish,
    Receives,
    Subscribed,
    WantLayers,
)
from vestibule.rooms.calls.recording_messages import (
    AnswerConsent,
    StartRecording,
    StopRecording,
    UpdateRecording,
)
from vestibule.rooms.calls.views import (
    DescriptionKind,
    Media,
    MediaSource,
    MergeStrategy,
    Name,
    PermissionsChange,
    SessionId,
    Shape,
)

MAX_MESSAGE_BYTES = 64 * 1024
MAX_APP_MESSAGE_LENGTH = 4096
MAX_USER_DATA_LENGTH = 4096
MAX_SESSION_DATA_LENGTH = 100_000


class Entry(Shape):
    """How a person who enters is called, and what they send."""

    user_name: Name
    media: Media


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
    enter: Entry | None = None
    """Take this for a `join` if the room has no page before the call."""


class Join(Entry):
    """Enter the call, or knock, as `welcome.access` said."""

    type: Literal["join"]


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


class Eject(Shape):
    """Send a participant out. Only for those who may; only an owner ejects an owner."""

    type: Literal["eject"]
    session_id: SessionId
    ban: bool = False
    """Also refuse the person's `user_id` for as long as the room is there."""


class Mute(Shape):
    """Switch off what a participant sends; they can switch it on again. Only for those who may."""

    type: Literal["mute"]
    session_id: SessionId
    source: MediaSource


class UpdatePermissions(Shape):
    """Change what a participant may do. Nobody gives a right to administer that they lack."""

    type: Literal["update-permissions"]
    session_id: SessionId
    permissions: PermissionsChange


class Lock(Shape):
    """Let nobody new in without asking, or do so again. Only for those who may admit."""

    type: Literal["lock"]
    on: bool


class Extend(Shape):
    """Let the call go on for ten minutes more. Only for owners, where the domain allows it."""

    type: Literal["extend"]


class AppMessage(Shape):
    """Something that pages say to each other; the server does not look at it, and keeps nothing."""

    type: Literal["app-message"]
    to: Annotated[list[SessionId], Field(max_length=200)] | None = None
    """None: everybody else in the call; for somebody who waits, those who may admit."""
    data: Any
    """At most 4096 characters as JSON."""


class SetUserName(Shape):
    """Be called something else from now on."""

    type: Literal["set-user-name"]
    user_name: Name


class SetUserData(Shape):
    """Tell the others something about me, at most 4096 characters as JSON."""

    type: Literal["set-user-data"]
    data: Any


class SetSessionData(Shape):
    """Change what everybody in the call knows together, at most 100,000 characters as JSON."""

    type: Literal["set-session-data"]
    data: dict[str, Any]
    merge_strategy: MergeStrategy = "replace"
    """`shallow-merge` replaces only the keys that are given."""
    keys_to_delete: Annotated[list[str], Field(default_factory=list)]
    """With `shallow-merge` only."""


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
    | Eject
    | Mute
    | UpdatePermissions
    | Lock
    | Extend
    | AppMessage
    | SetUserName
    | SetUserData
    | SetSessionData
    | StartRecording
    | UpdateRecording
    | StopRecording
    | AnswerConsent
    | Publish
    | Subscribed
    | PathCandidate
    | Receives
    | WantLayers
    | Leave
    | Ping,
    Field(discriminator="type"),
]

from_browser: TypeAdapter[FromBrowser] = TypeAdapter(FromBrowser)
