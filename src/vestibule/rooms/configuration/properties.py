"""The table of every domain property (reference 13), and extensions of our own.

What a room property of the same name says is the room's; until it says something, the domain's
value holds for it.
"""
# ruff: noqa: E501 - a table is read across

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, StrictStr, StringConstraints

from vestibule.rooms.definitions import kinds, shapes
from vestibule.rooms.definitions.kinds import Color, Flag, Seconds
from vestibule.rooms.definitions.properties import ROOM_PROPERTIES, Acts, Property, fields
from vestibule.rooms.definitions.shapes import Shape

_Address = Annotated[
    StrictStr, StringConstraints(max_length=1024, pattern=r"""^https://[^\s"'<>\\]+$""")
]
_Picture = Annotated[
    StrictStr,
    StringConstraints(
        max_length=200_000,
        pattern=r"^data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$",
    ),
]
Logo = Annotated[
    _Address | _Picture,
    kinds.expected(
        "an https:// address of at most 1024 characters, or a picture itself as "
        "data:image/png;base64,… (png, jpeg, webp or gif) of at most 200000 characters"
    ),
]


class Colors(Shape):
    """Colours of the pages, as #rrggbb; what is not given stays as it is."""

    accent: Color | None = None
    accent_text: Color | None = None
    background: Color | None = None
    text: Color | None = None


class Branding(Shape):
    """How the call page and the join page look (requirement A22)."""

    logo_url: Logo | None = None
    colors: Colors = Colors()


class TokenPolicy(Shape):
    """What meeting tokens must say; everything is allowed by default, as with Daily."""

    require_room_name: Flag = False
    require_exp: Flag = False
    max_lifetime_seconds: Seconds | None = None


INHERITED: Final = (
    *("lang", "meeting_join_hook", "geo", "rtmp_geo", "disable_rtmp_geo_fallback"),
    *("enable_people_ui", "enable_cpu_warning_notifications", "enable_pip_ui"),
    *("enable_emoji_reactions", "enable_hand_raising", "enable_prejoin_ui"),
    *("enable_breakout_rooms", "enable_live_captions_ui", "enable_network_ui"),
    *("enable_noise_cancellation_ui", "enable_video_processing_ui", "enable_advanced_chat"),
    *("enable_knocking", "enable_terse_logging", "enforce_unique_user_ids", "permissions"),
    *("enable_transcription_storage", "transcription_bucket", "transcription_template"),
    *("recordings_bucket", "recordings_template", "enable_raw_tracks_transcoded_audio"),
    *("enable_mesh_sfu", "sfu_switchover", "enable_adaptive_simulcast"),
    "enable_multiparty_adaptive_simulcast",
)
"""The properties that rooms take over from their domain."""

_POLICY = (
    "integration/rooms/tokens/test_token_policy.py"
    "::test_a_self_signed_token_against_the_policy_does_not_open_the_door"
)
_Days = Annotated[int, Field(strict=True, ge=1, le=36_500), kinds.as_whole]
_BRANDING = "integration/test_branding.py::test_both_pages_take_on_the_brand_of_the_domain"
_LEAVING = "unit/rooms/calls/test_room_view.py::test_where_people_go_on_leaving"
_MARK = "unit/rooms/calls/test_room_view.py::test_a_domain_can_hide_the_products_own_mark"
_CONCEALED = (
    "integration/rooms/calls/test_live_actions.py"
    "::test_a_domain_can_keep_ids_to_itself_that_could_name_a_person"
)
_CONSENT = (
    "integration/rooms/recordings/test_recording_a_call.py"
    "::test_nobody_is_recorded_against_their_will_and_no_crash_ends_a_recording"
)
_KEEPING = (
    "integration/rooms/recordings/test_archive.py"
    "::test_recordings_go_when_their_domain_no_longer_keeps_them"
)
_EXTENDED = (
    "integration/rooms/calls/test_prolonging.py"
    "::test_an_owner_prolongs_the_call_for_everybody_where_the_domain_allows_it"
)
_RELAYED = (
    "scenarios/test_network_faults.py::test_a_relayed_call_outlives_what_happens_to_the_network"
)
_TELEPHONES = "there are no telephones and no SIP"


def _of_domain(
    name: str, kind: Any, default: Any, acts: Acts, meaning: str, *, shown: str = "", idle: str = ""
) -> Property:
    return Property(
        name, kind, default, (acts,), meaning, shown_by=shown or None, idle=idle or None
    )


_DialIn = list[dict[kinds.Text, kinds.Scalar]]

# fmt: off
_OF_DOMAINS_ONLY = (
    _of_domain("hide_daily_branding", kinds.Flag, False, "page", "the product's own mark is not shown", shown=_MARK),
    _of_domain("redirect_on_meeting_exit", kinds.Text, "", "page", "address opened on leaving", shown=_LEAVING),
    _of_domain("redirect_on_meeting_exit_allowed_hosts", list[kinds.Host], None, "page", "hosts that may be opened on leaving", shown=_LEAVING),
    _of_domain("hipaa", kinds.Flag, False, "server", "a `user_id` that is no UUID is not shown to anybody", shown=_CONCEALED),
    _of_domain("batch_processor_bucket", shapes.Bucket, None, "recording", "own bucket for the results of batch jobs", idle="there are no batch jobs"),
    _of_domain("enable_opus_fec", kinds.Flag, None, "media", "sound that is lost on the way is repaired", idle="browsers always repair it"),
    _of_domain("pinless_dialin", _DialIn, None, "phone", "legacy: dial-in numbers", idle=_TELEPHONES),
    _of_domain("pin_dialin", _DialIn, None, "phone", "legacy: dial-in numbers with a code", idle=_TELEPHONES),
    _of_domain("recording_consent", kinds.Flag, False, "recording", "our own: nobody is recorded who has not agreed", shown=_CONSENT),
    _of_domain("recordings_keep_days", _Days, None, "recording", "our own: recordings are deleted after so many days", shown=_KEEPING),
    _of_domain("enable_call_extension", kinds.Flag, False, "page", "our own: in the last ten minutes of a call, owners may prolong it by ten for everybody", shown=_EXTENDED),
    _of_domain("relay_only", kinds.Flag, False, "media", "our own: media goes over a TURN server of the installation alone, so that nobody in a call learns anybody's address", shown=_RELAYED),
    _of_domain("branding", Branding, None, "page", "our own: logo and colours of the call page and the join page", shown=_BRANDING),
    _of_domain("token_policy", TokenPolicy, None, "join", "our own: what meeting tokens must say", shown=_POLICY),
)
# fmt: on

DOMAIN_PROPERTIES: Final[Mapping[str, Property]] = {
    entry.name: entry
    for entry in (*(ROOM_PROPERTIES[name] for name in INHERITED), *_OF_DOMAINS_ONLY)
}


class DomainProperties(fields(DOMAIN_PROPERTIES)):  # type: ignore[misc]
    """What a request says about a domain."""


def config_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every property with the value that holds: unlike a room's, it is not cut to what differs."""
    return {name: entry.holds(given.get(name)) for name, entry in DOMAIN_PROPERTIES.items()}
