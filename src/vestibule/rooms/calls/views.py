"""What the messages of the signalling protocol are made of: media, rights, people and rooms."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vestibule.rooms.definitions.shapes import CanReceive

MAX_NAME_LENGTH = 100

Name = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]
SessionId = Annotated[str, Field(min_length=1, max_length=64)]
DescriptionKind = Literal["offer", "answer", "rollback"]
MergeStrategy = Literal["replace", "shallow-merge"]
MediaSource = Literal["audio", "video", "screen"]
SendKind = Literal["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"]
AdminKind = Literal["participants", "streaming", "transcription"]
RecordingKind = Literal["cloud", "cloud-audio-only", "local", "raw-tracks"]
RoomPrivacy = Literal["public", "private", "org"]


class Shape(BaseModel):
    """A part of a message. Unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class Media(Shape):
    """What a participant sends at this moment."""

    audio: bool
    video: bool
    screen: bool = False


class Permissions(Shape):
    """What a participant may do, whole: the sets hold everything that is allowed."""

    has_presence: bool
    """False: hidden. The person receives, sends nothing, and stands in no list of people."""
    can_send: list[SendKind]
    can_receive: CanReceive
    can_admin: list[AdminKind]
    """`participants`: admit, eject, mute, and change permissions, as an owner may."""


class PermissionsChange(Shape):
    """What to change about somebody's permissions; what is not given stays."""

    has_presence: bool | None = None
    can_send: bool | list[SendKind] | None = None
    """True: every kind; false: none."""
    can_receive: CanReceive | None = None
    """Of its three keys, too, only those that are given are replaced."""
    can_admin: bool | list[AdminKind] | None = None


class ParticipantView(Shape):
    """A participant as everyone in the call sees them.

    Of a hidden one, others learn the session id alone, because media goes there.
    """

    session_id: SessionId
    user_id: str | None
    user_name: str
    is_owner: bool
    media: Media
    joined_at: float
    """Unix seconds; no two in a call are the same. The later of two makes the offers."""
    connected: bool
    """False while the person's connection is lost and their place is kept."""
    permissions: Permissions
    user_data: Any
    """What the person's page has said with `set-user-data`; null at first."""
    will_eject_at: int | None
    """Unix seconds at which the stay ends by itself."""


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
    """What a page needs to know of the room, for this person.

    What the meeting token says comes before what the room says, and that before the domain.
    """

    id: str
    name: str
    privacy: RoomPrivacy
    nbf: int | None
    """Unix seconds."""
    exp: int | None
    """Unix seconds."""
    max_participants: int
    lang: str
    """`user`: the language of the browser."""
    start_video_off: bool
    start_audio_off: bool
    enable_screenshare: bool
    enable_prejoin_ui: bool
    enable_knocking: bool
    enable_chat: bool
    enable_advanced_chat: bool
    enable_shared_chat_history: bool
    enable_people_ui: bool
    enable_pip_ui: bool
    enable_emoji_reactions: bool
    enable_hand_raising: bool
    enable_network_ui: bool
    enable_live_captions_ui: bool
    enable_noise_cancellation_ui: bool
    enable_video_processing_ui: bool
    enable_cpu_warning_notifications: bool
    enable_breakout_rooms: bool
    experimental_optimize_large_calls: bool
    enable_recording: list[RecordingKind]
    """The kinds of recording that this person may start."""
    enable_recording_ui: bool
    redirect_on_meeting_exit: str
    """An http or https address to open on leaving; empty: none."""
    close_tab_on_exit: bool
    may_be_extended: bool
    """Owners may let the call go on when its time is nearly over."""
    relay_only: bool
    """Media goes over a TURN server alone, so that nobody in the call learns anybody's address."""
    hide_daily_branding: bool
    """The product's own mark is not shown."""


class SelfView(Shape):
    """What the server knows of the person from the meeting token."""

    user_name: str
    is_owner: bool
    permissions: Permissions
