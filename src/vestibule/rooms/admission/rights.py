"""What a person may do in a call: by token and room, then as others change it (reference 6.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from vestibule.rooms.definitions.kinds import AdminKind, SendKind
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.tokens.model import MeetingToken

SEND_KINDS: Final[tuple[SendKind, ...]] = get_args(SendKind)
ADMIN_KINDS: Final[tuple[AdminKind, ...]] = get_args(AdminKind)
SCREEN_KINDS: Final = frozenset({"screenVideo", "screenAudio"})


@dataclass(frozen=True)
class Rights:
    """The rights of one person. What is allowed is listed, whichever short form said so."""

    is_owner: bool
    has_presence: bool
    """False: hidden; then nothing may be sent, whatever `can_send` says."""
    can_send: tuple[SendKind, ...]
    can_receive: Mapping[str, Any]
    """As in Daily's API: `base`, `byUserId`, `byParticipantId`."""
    can_admin: tuple[AdminKind, ...]
    may_share: bool = True
    """What `enable_screenshare` says; no permission gives it back."""

    @property
    def administers_people(self) -> bool:
        """Admits, ejects, mutes, locks, and changes permissions."""
        return self.is_owner or "participants" in self.can_admin

    @property
    def administers_streams(self) -> bool:
        """Starts, changes and stops recordings, of the kinds that are allowed."""
        return self.is_owner or "streaming" in self.can_admin

    def may_send(self, *kinds: SendKind) -> bool:
        """Whether any of these kinds of track may be sent now."""
        return self.has_presence and any(kind in self.can_send for kind in kinds)


def rights_of(room: Room, token: MeetingToken | None) -> Rights:
    """The rights that this token gives in this room at first.

    Each permission comes from the token, else from the room, else from the domain. Only a token can
    take something from an owner, and never the right to administer. Nobody shares a screen where
    `enable_screenshare` is off.
    """
    said = _token_permissions(token)
    is_owner = token is not None and token.is_owner
    may_share = bool(token_or_room(room, token, "enable_screenshare"))
    if is_owner:
        has_presence = said.get("hasPresence", True) is True
        can_send, can_receive = said.get("canSend", True), said.get("canReceive", {"base": True})
    else:
        has_presence = _has_presence(room, token)
        can_send, can_receive = _can_send(room, token), permission(room, token, "canReceive")
    can_admin = is_owner or permission(room, token, "canAdmin")
    return Rights(
        is_owner=is_owner,
        has_presence=has_presence,
        can_send=_without_screen(_listed(can_send, SEND_KINDS), may_share),
        can_receive=can_receive,
        can_admin=_listed(can_admin, ADMIN_KINDS),
        may_share=may_share,
    )


def changed(
    rights: Rights,
    *,
    has_presence: bool | None = None,
    can_send: bool | Iterable[str] | None = None,
    can_receive: Mapping[str, Any] | None = None,
    can_admin: bool | Iterable[str] | None = None,
) -> Rights:
    """The rights after a change; None leaves a field as it is (reference 5.10).

    A given field is replaced whole, but in `can_receive` each of the three keys on its own.
    """
    sendable = rights.can_send if can_send is None else _listed(can_send, SEND_KINDS)
    return replace(
        rights,
        has_presence=rights.has_presence if has_presence is None else has_presence,
        can_send=_without_screen(sendable, rights.may_share),
        can_receive={**rights.can_receive, **(can_receive or {})},
        can_admin=rights.can_admin if can_admin is None else _listed(can_admin, ADMIN_KINDS),
    )


def in_short(rights: Rights) -> dict[str, Any]:
    """As Daily's API says them: all and nothing are true and false (reference 6.3)."""
    return {
        "hasPresence": rights.has_presence,
        "canSend": _in_short(rights.can_send, SEND_KINDS),
        "canReceive": dict(rights.can_receive),
        "canAdmin": _in_short(rights.can_admin, ADMIN_KINDS),
    }


def permission(room: Room, token: MeetingToken | None, name: str) -> Any:
    """One field of the starting permissions, from the token if it has it, else from the room."""
    return _token_permissions(token).get(name, room.value("permissions")[name])


def recording_kinds(room: Room, token: MeetingToken | None) -> frozenset[str]:
    """The kinds of recording that this person may start."""
    allowed = token_or_room(room, token, "enable_recording") or ()
    return frozenset([allowed] if isinstance(allowed, str) else allowed)


def token_or_room(room: Room, token: MeetingToken | None, name: str) -> Any:
    """What holds for this person of a property that rooms and tokens both have (reference 5.1)."""
    said = token.value(name) if token else None
    return room.value(name) if said is None else said


def _can_send(room: Room, token: MeetingToken | None) -> Any:
    """`owner_only_broadcast` is the older word for permissions without `canSend`."""
    if room.value("owner_only_broadcast") and "canSend" not in _token_permissions(token):
        return False
    return permission(room, token, "canSend")


def _has_presence(room: Room, token: MeetingToken | None) -> bool:
    """Where `enable_hidden_participants` is on, only a token makes a guest seen."""
    if room.value("enable_hidden_participants") and "hasPresence" not in _token_permissions(token):
        return False
    return permission(room, token, "hasPresence") is True


def _token_permissions(token: MeetingToken | None) -> Mapping[str, Any]:
    return (token and token.value("permissions")) or {}


def _listed(said: bool | Iterable[str], kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    if isinstance(said, bool):
        return kinds if said else ()
    chosen = set(said)
    return tuple(kind for kind in kinds if kind in chosen)


def _in_short(listed: tuple[str, ...], kinds: tuple[str, ...]) -> bool | list[str]:
    if listed in ((), kinds):
        return bool(listed)
    return list(listed)


def _without_screen(kinds: tuple[Any, ...], may_share: bool) -> tuple[Any, ...]:
    return kinds if may_share else tuple(kind for kind in kinds if kind not in SCREEN_KINDS)
