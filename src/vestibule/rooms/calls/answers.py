"""What the server says in several places: endings, problems, and what a page learns of its room."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from vestibule.rooms.admission.model import Refuse, message_for
from vestibule.rooms.admission.rights import token_or_room
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.views import RoomView
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.properties import TOKEN_PROPERTIES
from vestibule.rooms.tokens.model import MeetingToken

ENDINGS: Final[dict[messages.EndReason, str]] = {
    "room-deleted": "This meeting is over, and its room is closed.",
    "denied": "You were not let into this meeting.",
    "ejected": "You were removed from this meeting.",
    "room-expired": "The time of this room is over.",
    "time-over": "Your time in this meeting is over.",
    "replaced": "You have joined this meeting from another place.",
}


def ended(reason: messages.EndReason) -> messages.Ended:
    return messages.Ended(reason=reason, message=ENDINGS[reason])


def turned_away(refusal: Refuse) -> messages.Refused:
    """Why this person may not enter."""
    return messages.Refused(
        reason=refusal.reason,
        message=message_for(refusal),
        at=refusal.at,
        because=refusal.because,
    )


def problem(code: messages.ProblemCode, message: str) -> messages.Problem:
    return messages.Problem(code=code, message=message)


def room_view(room: Room, token: MeetingToken | None) -> RoomView:
    """What the page of somebody with this token needs to know of the room."""
    of_person = {name for name in _OF_THE_ROOM if name in TOKEN_PROPERTIES}
    values = {
        name: token_or_room(room, token, name) if name in of_person else room.value(name)
        for name in _OF_THE_ROOM
    }
    return RoomView(
        id=room.id,
        name=room.name,
        privacy=room.privacy,
        nbf=room.nbf,
        exp=room.exp,
        experimental_optimize_large_calls=bool(room.value("experimental_optimize_large_calls")),
        enable_recording=_kinds(token_or_room(room, token, "enable_recording")),
        enable_recording_ui=(token and token.value("enable_recording_ui")) is not False,
        redirect_on_meeting_exit=_redirect(room.defaults, token),
        close_tab_on_exit=bool(token and token.value("close_tab_on_exit")),
        may_be_extended=may_be_extended(room),
        relay_only=room.defaults.get("relay_only") is True,
        hide_daily_branding=room.defaults.get("hide_daily_branding") is True,
        **values,
    )


def may_be_extended(room: Room) -> bool:
    """Whether the room's domain lets owners prolong a call."""
    return room.defaults.get("enable_call_extension") is True


_ELSEWHERE: Final = {
    *("id", "name", "privacy", "nbf", "exp", "experimental_optimize_large_calls"),
    *("enable_recording", "enable_recording_ui", "redirect_on_meeting_exit", "close_tab_on_exit"),
    *("may_be_extended", "relay_only", "hide_daily_branding"),
}
_OF_THE_ROOM: Final = tuple(name for name in RoomView.model_fields if name not in _ELSEWHERE)


def _kinds(said: str | list[str] | None) -> list[Any]:
    if said is None:
        return []
    return [said] if isinstance(said, str) else list(said)


def _redirect(domain: Mapping[str, Any], token: MeetingToken | None) -> str:
    """Where to go on leaving: a web address, on a host that the domain allows if it names any."""
    address: str = (token and token.value("redirect_on_meeting_exit")) or domain.get(
        "redirect_on_meeting_exit", ""
    )
    # Browsers read these otherwise than we do, and might go to another host than the one judged.
    if any(sign == "\\" or sign.isspace() or not sign.isprintable() for sign in address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    allowed = domain.get("redirect_on_meeting_exit_allowed_hosts")
    is_allowed = allowed is None or host in {each.lower() for each in allowed}
    return address if is_allowed else ""
