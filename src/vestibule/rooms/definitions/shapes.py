"""The objects that room and token properties hold.

An unknown key is refused wherever it stands, so that a typing error never becomes a setting that
silently does nothing (reference 3.3, 5).
"""
# ruff: noqa: N815 - the keys are Daily's own

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StrictStr,
    StringConstraints,
    model_validator,
)

from vestibule.foundation.validation import UUID_EXAMPLE
from vestibule.rooms.definitions.kinds import (
    BucketRegion,
    CanAdmin,
    CanSend,
    Flag,
    Number,
    Scalar,
    Seconds,
    Text,
    as_whole,
    each_once,
    expected,
    sentence,
)


class Shape(BaseModel):
    """A nested object with exactly these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReceiveKinds(Shape):
    """Which tracks of somebody are received."""

    video: Flag = True
    audio: Flag = True
    screenVideo: Flag = True
    screenAudio: Flag = True
    customVideo: dict[Text, Flag] = {}
    customAudio: dict[Text, Flag] = {}


Received = Annotated[Flag | ReceiveKinds, expected("true, false or an object of track kinds")]


class CanReceive(Shape):
    """Whose tracks are received: `base`, unless somebody is named."""

    base: Received = True
    byUserId: dict[Text, Received] = {}
    byParticipantId: dict[Text, Received] = {}


class Permissions(Shape):
    """The starting rights of a person who is not an owner (reference 6.3)."""

    hasPresence: Flag = True
    canSend: CanSend = True
    canReceive: CanReceive = CanReceive()
    canAdmin: CanAdmin = False


class Bucket(Shape):
    """The customer's own bucket (reference 5.3)."""

    bucket_name: Text
    bucket_region: BucketRegion = ""
    storage_provider: Literal["aws", "oci"] = "aws"
    namespace: Text = ""
    assume_role_arn: Text = ""
    allow_api_access: Flag = False


class RecordingsBucket(Bucket):
    """A bucket for recordings."""

    allow_streaming_from_bucket: Flag = False


class RtmpConfig(Shape):
    """Where an RTMP stream goes."""

    url: Text


class HlsStorage(Shape):
    """Where the files of an HLS stream go."""

    bucket_name: Text = ""
    bucket_region: BucketRegion = ""
    assume_role_arn: Text = ""
    path: Text = ""
    path_template: Text = ""


class HlsVariant(Shape):
    """One quality of an HLS stream."""

    width: Number = 0
    height: Number = 0
    fps: Number = 0
    bitrate: Number = 0
    iframe_only: Flag = False


class HlsConfig(Shape):
    """How an HLS stream is made."""

    save_hls_recording: Flag = False
    storage: HlsStorage = HlsStorage()
    variants: list[HlsVariant] = []


class StreamingEndpoint(Shape):
    """A named output for live streams (reference 5.5)."""

    name: Text
    type: Literal["rtmp", "hls"]
    rtmp_config: RtmpConfig | None = None
    hls_config: HlsConfig | None = None


class Codecs(Shape):
    """Codecs by medium."""

    audio: list[Literal["OPUS", "G722", "PCMU", "PCMA"]] = []
    video: list[Literal["H264", "VP8"]] = []


class DialinConfig(Shape):
    """How a call that comes in is treated."""

    allow_room_start: Flag = False
    hold_music_enabled: Flag = False
    max_idle_timeout_sec: Number = 0


class Sip(Shape):
    """SIP dial-in (reference 5.6)."""

    display_name: Text
    sip_mode: Literal["dial-in"]
    video: Flag = False
    num_endpoints: Annotated[int, Field(strict=True, ge=1, le=100), as_whole] = 1
    force_digit_only_username: Flag = False
    codecs: Codecs = Codecs()
    provider: Text = "daily"
    dialin_config: DialinConfig = DialinConfig()


class DialoutConfig(Shape):
    """Dial-out (reference 5.6)."""

    allow_room_start: Flag = False
    dialout_geo: Text = ""
    max_idle_timeout_sec: Number = 0
    max_idle_timeout_post_conversation_sec: Number = 0


class TranscriptionSettings(Shape):
    """Options of a transcription (reference 5.8)."""

    language: Text = ""
    model: Text = ""
    tier: Text = ""
    profanity_filter: Flag = False
    punctuate: Flag = True
    endpointing: Annotated[Flag | Number, expected("true, false or a number")] = False
    redact: Annotated[Flag | list[Text], expected("true, false or a list of strings")] = False
    extra: dict[
        Text, Annotated[Scalar | list[Scalar], expected("a plain value or a list of them")]
    ] = {}
    includeRawResponse: Flag = False
    instanceId: Text = ""
    participants: list[Text] = []
    transcription_geo: Annotated[Literal["global", "eu"], Field(alias="transcription_geo")] = (
        "global"
    )


LAYOUT_KEYS: dict[str, frozenset[str]] = {
    "default": frozenset({"max_cam_streams"}),
    "single-participant": frozenset({"session_id"}),
    "active-participant": frozenset(),
    "portrait": frozenset({"variant", "max_cam_streams"}),
    "custom": frozenset({"composition_id", "composition_params", "session_assets"}),
    "audio-only": frozenset(),
    "raw-tracks-audio-only": frozenset(),
}
LAYOUT_REQUIRES = {"single-participant": "session_id", "custom": "composition_id"}


class Layout(Shape):
    """How a recording arranges people (reference 5.7)."""

    preset: Literal[
        "default",
        "single-participant",
        "active-participant",
        "portrait",
        "custom",
        "audio-only",
        "raw-tracks-audio-only",
    ]
    max_cam_streams: Annotated[int, Field(strict=True, ge=1, le=20), as_whole] = 20
    session_id: Text = ""
    variant: Literal["vertical", "inset"] = "vertical"
    composition_id: Text = ""
    composition_params: dict[Text, Scalar] = {}
    session_assets: dict[Text, Text] = {}

    @model_validator(mode="after")
    def keys_go_with_preset(self) -> Self:
        given = self.model_fields_set - {"preset"}
        for key in sorted(given - LAYOUT_KEYS[self.preset]):
            raise sentence(f"\"layout.{key}\" is not allowed with the preset '{self.preset}'")
        required = LAYOUT_REQUIRES.get(self.preset)
        if required is not None and required not in given:
            raise sentence(f"\"layout.{required}\" is required by the preset '{self.preset}'")
        return self


Even = Annotated[int, Field(strict=True, ge=2, le=16384, multiple_of=2), as_whole]


def _either(name: str, other: str) -> Any:
    """Daily's own demonstrations write some options with underscores."""
    return Field(validation_alias=AliasChoices(name, other))


class RecordingOptions(Shape):
    """Options of a recording (reference 5.7)."""

    width: Even = 1920
    height: Even = 1080
    fps: Annotated[int, Field(strict=True, ge=1, le=240), as_whole] = 30
    videoBitrate: Annotated[int, Field(strict=True, ge=10, le=10_000), as_whole] = 5000
    audioBitrate: Annotated[int, Field(strict=True, ge=10, le=320), as_whole] = 128
    minIdleTimeOut: Annotated[
        int,
        Field(strict=True, ge=0, le=2**31 - 1),
        as_whole,
        _either("minIdleTimeOut", "min_idle_timeout"),
    ] = 300
    maxDuration: Annotated[Seconds, _either("maxDuration", "max_duration")] = 10_800
    backgroundColor: Annotated[
        StrictStr,
        StringConstraints(pattern=r"^#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$"),
        expected("a colour as #rrggbb or #aarrggbb"),
        _either("backgroundColor", "background_color"),
    ] = "#000000"
    instanceId: Annotated[
        StrictStr,
        StringConstraints(pattern=r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
        expected(f"a UUID such as {UUID_EXAMPLE}"),
    ] = "c3df927c-f738-4471-a2b7-066fa7e95a6b"
    type: Literal["cloud", "cloud-audio-only", "raw-tracks"] = "cloud"
    layout: Layout = Layout(preset="default")
    dataOutputs: Annotated[
        list[Literal["event-json", "transcript-webvtt", "chat-webvtt"]], each_once
    ] = []
