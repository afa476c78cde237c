"""The words of Daily's REST API that this domain says, and what it reads of the answers.

Nothing here is shared with `rooms`: with one model for both sides, both would drift from Daily
together, unseen.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import PermanentError


class Refused(PermanentError):
    """The provider understood the request and will not do it."""


class NotThere(PermanentError):
    """The provider has no such room."""


@dataclass(frozen=True)
class ProviderRoom:
    """A room as the provider answers it. `exp` in unix seconds; None: it never expires."""

    name: str
    url: str
    is_private: bool
    exp: int | None


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


def right_room(ended_at: datetime) -> dict[str, Any]:
    """Privacy and every property of an appointment's room; it expires with the end (A3, A5)."""
    return {"privacy": "private", "properties": {"exp": unix_seconds(ended_at), **FEATURES}}


def new_expiration(ended_at: datetime) -> dict[str, Any]:
    """The change of a rescheduled appointment's room (A6)."""
    return {"properties": {"exp": unix_seconds(ended_at)}}


def specialist_token(
    room: str, *, user_name: str, ended_at: datetime, user_id: str | None = None
) -> dict[str, Any]:
    """A host's meeting token (A9). `user_id` lets the person change devices (decision 0014)."""
    properties = {
        "room_name": room,
        "is_owner": True,
        "user_name": user_name,
        "enable_recording": "cloud",
        "start_cloud_recording": True,
        "exp": unix_seconds(ended_at),
    }
    return {"properties": properties | _named(user_id)}


def patient_token(
    room: str,
    *,
    user_name: str,
    ended_at: datetime,
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
        "exp": unix_seconds(ended_at),
    }
    lobby = {"knocking": True} if waiting_room else {}
    return {"properties": properties | lobby | _named(user_id)}


def _named(user_id: str | None) -> dict[str, str]:
    return {} if user_id is None else {"user_id": user_id}
