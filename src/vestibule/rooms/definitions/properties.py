"""The table of every room and meeting-token property (reference 5.1 and 6.2).

Validation, defaults, what `config` answers, the claims of a meeting token and the reference page
are all derived from here, so that a property is described in one place only.
"""
# ruff: noqa: E501 - a table is read across

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StrictStr,
    StringConstraints,
    create_model,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from vestibule.rooms.definitions import kinds, shapes

Acts = Literal[
    "join", "media", "page", "recording", "transcription", "streaming", "phone", "server"
]
"""Where a property acts: the rule of joining, the call's media, the call page, …"""

MAX_PARTICIPANTS: Final = 100_000
"""The most that `max_participants` may say. What a call can carry is far less."""


@dataclass(frozen=True)
class Property:
    """One property: its name on the wire, what it may be, and where it acts."""

    name: str
    kind: Any
    """A type that Pydantic checks."""
    default: Any
    """What holds when it is not given. None: nothing."""
    acts: tuple[Acts, ...]
    meaning: str
    claim: str | None = None
    """Its name inside a meeting token."""
    shown_by: str | None = None
    """The test that shows it act, as file::name below `tests`."""
    idle: str | None = None
    """Why nothing acts on it, for those that are only kept and answered."""

    def holds(self, value: Any, inherited: Any = None) -> Any:
        """The value that holds: what was given, else what was inherited, else the default.

        An object that has a default is completed key by key.
        """
        default = self.default if inherited is None else self.holds(inherited)
        if value is None:
            return default
        return {**default, **value} if isinstance(self.default, dict) else value


_REGIONS = "calls run where you install the server"
_ONE_SERVER = "each call is on one media server"
_SIZES = "where a media server carries more than two pictures, each is sent in several sizes"
_STREAMS = "there is no live streaming"
_TRANSCRIPTS = "there is no transcription"
_TELEPHONES = "there are no telephones and no SIP"
_HOOK = "webhooks tell of every join"
_IDLE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("geo",), _REGIONS),
    **dict.fromkeys(("rtmp_geo", "disable_rtmp_geo_fallback", "streaming_endpoints"), _STREAMS),
    "enable_mesh_sfu": _ONE_SERVER,
    "enable_adaptive_simulcast": _SIZES,
    "enable_multiparty_adaptive_simulcast": _SIZES,
    "enable_raw_tracks_transcoded_audio": "raw tracks hold the sound as it was sent",
    **dict.fromkeys(("auto_transcription_settings", "auto_start_transcription"), _TRANSCRIPTS),
    **dict.fromkeys(("transcription_bucket", "transcription_template"), _TRANSCRIPTS),
    "enable_transcription_storage": _TRANSCRIPTS,
    **dict.fromkeys(("enable_dialout", "dialout_config", "sip"), _TELEPHONES),
    "meeting_join_hook": _HOOK,
    "intercom_join_alert": _HOOK,
    "enable_terse_logging": "the server logs few lines of a call in any case",
}

_DOOR = "unit/rooms/admission/test_admission.py::test_the_door_decides_as_the_reference_says"
_STAY = "unit/rooms/admission/test_rights.py::test_a_stay_ends_as_the_reference_says"
_ENDINGS = "integration/rooms/calls/test_endings.py::"
_SENDING = (
    "integration/rooms/calls/test_host_actions.py"
    "::test_what_people_may_send_is_known_before_they_join"
)
_HIDDEN = (
    "integration/rooms/calls/test_hidden_people.py"
    "::test_guests_of_a_room_with_hidden_participants_see_owners_only"
)
_UNIQUE = f"{_ENDINGS}test_joining_elsewhere_replaces_an_id_that_must_be_unique"
_NAME = "integration/rooms/calls/test_meeting.py::test_the_name_in_the_token_wins"
_TOLD = "unit/rooms/calls/test_room_view.py::test_the_page_is_told_what_holds_for_this_person"
_TOLD_NAMES: Final = (
    *("start_video_off", "start_audio_off", "enable_prejoin_ui", "lang", "enable_recording"),
    *("enable_chat", "enable_advanced_chat", "enable_shared_chat_history", "enable_people_ui"),
    *("enable_pip_ui", "enable_emoji_reactions", "enable_hand_raising", "enable_network_ui"),
    *("enable_live_captions_ui", "enable_noise_cancellation_ui", "enable_video_processing_ui"),
    *("enable_cpu_warning_notifications", "enable_breakout_rooms", "enable_recording_ui"),
    *("experimental_optimize_large_calls", "redirect_on_meeting_exit", "close_tab_on_exit"),
)
_RECORDED = (
    "integration/rooms/recordings/test_recording_a_call.py"
    "::test_nobody_is_recorded_against_their_will_and_no_crash_ends_a_recording"
)
_SHOWN_BY: Final = {
    **dict.fromkeys(("start_cloud_recording", "start_cloud_recording_opts"), _RECORDED),
    "recordings_bucket": "integration/rooms/recordings/test_archive.py"
    "::test_raw_tracks_lie_in_the_bucket_that_the_room_names_each_in_a_file",
    "recordings_template": "integration/rooms/recordings/test_archive.py"
    "::test_a_key_leads_nowhere_else",
    **dict.fromkeys(_TOLD_NAMES, _TOLD),
    **dict.fromkeys(("nbf", "exp", "room_name", "is_owner", "knocking"), _DOOR),
    **dict.fromkeys(("max_participants", "enable_knocking"), _DOOR),
    **dict.fromkeys(("eject_at_room_exp", "eject_at_token_exp", "eject_after_elapsed"), _STAY),
    **dict.fromkeys(("permissions", "owner_only_broadcast", "enable_screenshare"), _SENDING),
    **dict.fromkeys(("enforce_unique_user_ids", "user_id"), _UNIQUE),
    "user_name": _NAME,
    "sfu_switchover": "unit/rooms/sfu/test_media_server_model.py"
    "::test_the_number_of_people_decides_who_carries_a_call",
    "enable_hidden_participants": _HIDDEN,
}


def _room(name: str, kind: Any, default: Any, acts: str, meaning: str) -> Property:
    return _entry(None, name, kind, default, acts, meaning)


def _token(claim: str, name: str, kind: Any, default: Any, acts: str, meaning: str) -> Property:
    return _entry(claim, name, kind, default, acts, meaning)


def _entry(
    claim: str | None, name: str, kind: Any, default: Any, acts: str, meaning: str
) -> Property:
    return Property(
        name,
        kind,
        default,
        tuple(acts.split()),  # type: ignore[arg-type]
        meaning,
        claim,
        shown_by=_SHOWN_BY.get(name),
        idle=_IDLE.get(name),
    )


_ALL_RIGHTS = {
    "hasPresence": True,
    "canSend": True,
    "canReceive": {"base": True},
    "canAdmin": False,
}
_Count = Annotated[int, Field(strict=True, ge=1, le=MAX_PARTICIPANTS), kinds.as_whole]
_UserId = Annotated[StrictStr, StringConstraints(max_length=36), kinds.number_as_text]
_flag = kinds.Flag

# fmt: off
ROOM_PROPERTIES: Final[Mapping[str, Property]] = {entry.name: entry for entry in (
    _room("nbf", kinds.Nbf, None, "join", "nobody enters before this time (unix seconds)"),
    _room("exp", kinds.Exp, None, "join", "nobody enters from this time on, and the room is gone (unix seconds, in the future)"),
    _room("max_participants", _Count, 200, "join", "how many people may be in the call at once"),
    _room("eject_at_room_exp", _flag, False, "join", "everyone is sent out at `exp`"),
    _room("eject_after_elapsed", kinds.Seconds, None, "join", "each person is sent out this many seconds after joining"),
    _room("enable_knocking", _flag, False, "join", "people without a token may ask to be let into a private room"),
    _room("enforce_unique_user_ids", _flag, False, "join", "who joins replaces those inside with the same `user_id`"),
    _room("enable_hidden_participants", _flag, False, "join media", "people who are not owners join hidden and see owners only"),
    _room("permissions", shapes.Permissions, _ALL_RIGHTS, "join media", "starting rights of people who are not owners"),
    _room("enable_screenshare", _flag, True, "media", "people may share their screen"),
    _room("owner_only_broadcast", _flag, False, "media", "only owners send sound and picture"),
    _room("start_video_off", _flag, False, "media", "people join with the camera off"),
    _room("start_audio_off", _flag, False, "media", "people join muted"),
    _room("enable_mesh_sfu", _flag, None, "media", "several media servers for one very large call"),
    _room("sfu_switchover", kinds.Number, 0.5, "media", "number of people above which a media server carries the call"),
    _room("enable_adaptive_simulcast", _flag, True, "media", "bit rates adapt between two people"),
    _room("enable_multiparty_adaptive_simulcast", _flag, False, "media", "bit rates adapt in groups"),
    _room("experimental_optimize_large_calls", _flag, None, "page", "fewer tiles and open microphones in large calls"),
    _room("geo", kinds.Region, None, "media", "region of the media server"),
    _room("enable_terse_logging", _flag, False, "server", "fewer log lines"),
    _room("enable_chat", _flag, False, "page", "text chat"),
    _room("enable_advanced_chat", _flag, False, "page", "emoji, pictures and reactions in the chat"),
    _room("enable_shared_chat_history", _flag, True, "page", "who comes later sees the earlier chat"),
    _room("enable_people_ui", _flag, True, "page", "list of people"),
    _room("enable_cpu_warning_notifications", _flag, True, "page", "warning when the device is too slow"),
    _room("enable_pip_ui", _flag, False, "page", "picture-in-picture button"),
    _room("enable_emoji_reactions", _flag, False, "page", "reactions button"),
    _room("enable_hand_raising", _flag, False, "page", "button to raise a hand"),
    _room("enable_prejoin_ui", _flag, True, "page", "device check before joining"),
    _room("enable_live_captions_ui", _flag, False, "page", "captions button"),
    _room("enable_network_ui", _flag, False, "page", "panel about the connection"),
    _room("enable_noise_cancellation_ui", _flag, True, "page", "noise-cancelling control"),
    _room("enable_video_processing_ui", _flag, True, "page", "background control"),
    _room("enable_breakout_rooms", _flag, False, "page", "owners can split the call"),
    _room("lang", kinds.Language, "en", "page", "language of the call page; `user` is the browser's"),
    _room("enable_recording", kinds.RecordingKinds, None, "recording", "kinds of recording that are allowed"),
    _room("recordings_bucket", shapes.RecordingsBucket, None, "recording", "own bucket for recordings"),
    _room("recordings_template", kinds.RecordingsTemplate, "{domain_name}/{room_name}/{epoch_time}", "recording", "pattern of a recording's key"),
    _room("enable_raw_tracks_transcoded_audio", kinds.AudioFormat, None, "recording", "format of re-encoded raw audio"),
    _room("rtmp_geo", kinds.RtmpRegion, None, "streaming", "region that RTMP streams leave from"),
    _room("disable_rtmp_geo_fallback", _flag, False, "streaming", "fail rather than stream from another region"),
    _room("streaming_endpoints", list[shapes.StreamingEndpoint], None, "streaming", "named outputs of live streams"),
    _room("auto_transcription_settings", shapes.TranscriptionSettings, None, "transcription", "options of a transcription that starts by itself"),
    _room("enable_transcription_storage", _flag, False, "transcription", "transcripts are kept"),
    _room("transcription_bucket", shapes.Bucket, None, "transcription", "own bucket for transcripts"),
    _room("transcription_template", kinds.TranscriptionTemplate, "{domain_name}/{room_name}/{epoch_time}.vtt", "transcription", "pattern of a transcript's key"),
    _room("meeting_join_hook", kinds.ShortText, None, "server", "legacy: an address told of each join"),
    _room("enable_dialout", _flag, False, "phone", "outgoing calls are allowed"),
    _room("dialout_config", shapes.DialoutConfig, None, "phone", "how outgoing calls behave"),
    _room("sip", shapes.Sip, None, "phone", "SIP dial-in"),
)}

# A default of None means that the room's value holds.
TOKEN_PROPERTIES: Final[Mapping[str, Property]] = {entry.name: entry for entry in (
    _token("r", "room_name", kinds.RoomName, None, "join", "the room that it opens; every room of the domain when not given"),
    _token("nbf", "nbf", kinds.Nbf, None, "join", "not usable before this time (unix seconds)"),
    _token("exp", "exp", kinds.Exp, None, "join", "not usable from this time on (unix seconds, in the future)"),
    _token("o", "is_owner", _flag, False, "join media", "rights of an owner"),
    _token("u", "user_name", kinds.Text, None, "page server", "name shown to the others"),
    _token("ud", "user_id", _UserId, None, "server", "the customer's own key for the person"),
    _token("ejt", "eject_at_token_exp", _flag, False, "join", "the person is sent out at `exp`"),
    _token("eje", "eject_after_elapsed", kinds.Seconds, None, "join", "the person is sent out this many seconds after joining"),
    _token("k", "knocking", _flag, False, "join", "the person waits to be let in, despite the token"),
    _token("p", "permissions", shapes.Permissions, None, "media", "starting rights"),
    _token("ss", "enable_screenshare", _flag, None, "media", "the person may share the screen"),
    _token("vo", "start_video_off", _flag, None, "media", "the person joins with the camera off"),
    _token("ao", "start_audio_off", _flag, None, "media", "the person joins muted"),
    _token("er", "enable_recording", kinds.RecordingKinds, None, "recording", "kinds of recording that this person may start"),
    _token("erui", "enable_recording_ui", _flag, None, "page", "the record button is shown"),
    _token("sr", "start_cloud_recording", _flag, False, "recording", "recording starts when the person joins"),
    _token("sro", "start_cloud_recording_opts", shapes.RecordingOptions, None, "recording", "options of that recording"),
    _token("ast", "auto_start_transcription", _flag, False, "transcription", "transcription starts when an owner joins"),
    _token("enable_prejoin_ui", "enable_prejoin_ui", _flag, None, "page", "device check before joining"),
    _token("enable_live_captions_ui", "enable_live_captions_ui", _flag, None, "page", "captions button"),
    _token("enable_terse_logging", "enable_terse_logging", _flag, False, "server", "fewer log lines"),
    _token("ctoe", "close_tab_on_exit", _flag, False, "page", "the tab closes on leaving"),
    _token("rome", "redirect_on_meeting_exit", kinds.Text, None, "page", "address opened on leaving"),
    _token("uil", "lang", kinds.Language, None, "page", "language of the call page"),
    _token("ij", "intercom_join_alert", _flag, None, "server", "legacy: tell Intercom of the join"),
    _token("mjh", "meeting_join_hook", kinds.ShortText, None, "server", "legacy: an address told of the join"),
)}
# fmt: on


def fields(table: Mapping[str, Property]) -> type[BaseModel]:
    """A strict Pydantic model of a table; each property may also be null."""
    definitions: dict[str, Any] = {
        entry.name: (entry.kind | None, Field(default=None, description=described(entry)))
        for entry in table.values()
    }
    return create_model("Properties", __config__=ConfigDict(extra="forbid"), **definitions)


def described(entry: Property) -> str:
    """A property for the document of the API: its meaning and its default."""
    meaning = entry.meaning[0].upper() + entry.meaning[1:]
    if entry.default is None:
        return f"{meaning}."
    return f"{meaning}. Default: `{json.dumps(entry.default)}`."


class ShapeOf:
    """Marks plain values of an answer that the document of the API describes as this model."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


class RoomProperties(fields(ROOM_PROPERTIES)):  # type: ignore[misc]
    """What a request says about a room."""


class TokenProperties(fields(TOKEN_PROPERTIES)):  # type: ignore[misc]
    """What a request says about a meeting token."""


def given(properties: BaseModel) -> dict[str, Any]:
    """What a request says, as plain JSON values; None for a property that is put back to default."""
    return properties.model_dump(mode="json", exclude_unset=True)


def differing(values: Mapping[str, Any], inherited: Mapping[str, Any]) -> dict[str, Any]:
    """A room's `config`: the given properties that differ from the default (reference 3).

    What the domain sets, `inherited`, is the default of its rooms.
    """
    config = {}
    for name, value in values.items():
        entry, from_domain = ROOM_PROPERTIES[name], inherited.get(name)
        if entry.holds(value, from_domain) != entry.holds(from_domain):
            config[name] = value
    return config
