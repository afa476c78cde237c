"""The words of Daily's REST API that this domain says, and what it reads of the answers.

Nothing here is shared with `rooms`: with one model for both sides, both would drift from Daily
together, unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from vestibule.appointments.model import Window
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import PermanentError


class Refused(PermanentError):
    """The provider understood the request and will not do it."""


class NotThere(PermanentError):
    """The provider has no such room."""


@dataclass(frozen=True)
class ProviderRoom:
    """A room as the provider answers it. Times in unix seconds; no `exp`: it never expires."""

    name: str
    url: str
    exp: int | None
    nbf: int | None = None
    is_right: bool = True
    """Private, and nothing that it tells of its properties is other than `FEATURES` say."""


MAX_DIGITS: Final = 9  # more than any appointment's number has


TrackKind = Literal["audio", "video"]


@dataclass(frozen=True)
class ProviderRecording:
    """A recording that the provider has, or is making."""

    id: str
    room: str
    started_at: datetime
    status: str
    """`in-progress`, `finished` or `canceled` (daily-rest 8)."""
    duration_seconds: int | None
    started_by: str | None
    stopped_at: datetime | None = None
    """Since when its file is made; only rooms of this server tell."""
    progress: float | None = None
    """The part of the file that is made, 0 to 1; only rooms of this server tell."""


@dataclass(frozen=True)
class Hook:
    """A webhook as the provider answers it."""

    id: str
    url: str
    state: str
    event_types: tuple[str, ...]


# What people find in the room of an appointment (A3, A12).
FEATURES: Final = {
    "enable_screenshare": True,
    "enable_chat": True,
    "enable_knocking": True,
    "enable_prejoin_ui": True,
    "start_video_off": False,
    "start_audio_off": False,
    "owner_only_broadcast": False,
    "enable_recording": "cloud",
    "max_participants": 2,
}


def room_name(prefix: str, organization_id: int, appointment_id: int) -> str:
    """The name of an appointment's room, for all its life (A2)."""
    return f"{prefix}-{organization_id}-{appointment_id}"


def appointment_in(name: str, prefix: str, organization_id: int) -> int | None:
    """The appointment whose room has this name; None if the name is not one of ours."""
    number = name.removeprefix(f"{prefix}-{organization_id}-")
    is_ours = number != name and number.isascii() and number.isdecimal() and number[0] != "0"
    return int(number) if is_ours and len(number) <= MAX_DIGITS else None


def parted(name: str) -> tuple[int, int] | None:
    """The organization and the appointment that a room of this name would belong to."""
    *_, organization, appointment = ["", "", *name.split("-")]
    are_numbers = all(
        part.isascii() and part.isdecimal() and len(part) <= MAX_DIGITS
        for part in (organization, appointment)
    )
    return (int(organization), int(appointment)) if are_numbers else None


def is_right(privacy: str, config: Mapping[str, Any]) -> bool:
    """Whether a room, as far as its provider tells, is as an appointment's must be.

    Only what is told counts: Daily leaves out what equals its default, and which default that is,
    the domain decides (daily-rest 3).
    """
    told = {name: config[name] for name in FEATURES.keys() & config.keys()}
    kinds = told.pop("enable_recording", None)
    if isinstance(kinds, list):
        kinds = "cloud" if "cloud" in kinds else None
    is_same = all(value == FEATURES[name] for name, value in told.items())
    return privacy == "private" and is_same and kinds in (None, FEATURES["enable_recording"])


def right_room(window: Window) -> dict[str, Any]:
    """Privacy and every property of an appointment's room; it expires with it (A3, A5)."""
    return {"privacy": "private", "properties": {**_times(window, False), **FEATURES}}


def new_times(window: Window, *, had_nbf: bool = False) -> dict[str, Any]:
    """The change of a rescheduled appointment's room (A6)."""
    return {"properties": _times(window, had_nbf)}


def _times(window: Window, had_nbf: bool) -> dict[str, Any]:
    says_nbf = had_nbf or window.nbf is not None
    return {"exp": window.exp, **({"nbf": window.nbf} if says_nbf else {})}


def specialist_token(
    room: str, *, user_name: str, until: datetime, user_id: str | None = None
) -> dict[str, Any]:
    """A host's meeting token (A9). `user_id` lets the person change devices (decision 0014)."""
    properties = {
        "room_name": room,
        "is_owner": True,
        "user_name": user_name,
        "enable_recording": "cloud",
        "start_cloud_recording": True,
        "exp": unix_seconds(until),
    }
    return {"properties": properties | _named(user_id)}


def patient_token(
    room: str,
    *,
    user_name: str,
    until: datetime,
    waiting_room: bool,
    user_id: str | None = None,
) -> dict[str, Any]:
    """A guest's meeting token, which leads to the lobby if there is a waiting room (A10, A12).

    `user_id` lets the person change devices (decision 0014).
    """
    properties = {
        "room_name": room,
        "is_owner": False,
        "user_name": user_name,
        "enable_recording": "cloud",
        "start_cloud_recording": False,
        "exp": unix_seconds(until),
    }
    lobby = {"knocking": True} if waiting_room else {}
    return {"properties": properties | lobby | _named(user_id)}


def _named(user_id: str | None) -> dict[str, str]:
    return {} if user_id is None else {"user_id": user_id}
