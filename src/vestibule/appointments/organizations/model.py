"""What an organization is, and which settings it may have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vestibule.accounts.users.model import clean_email, clean_name
from vestibule.appointments.model import Window
from vestibule.foundation.errors import Invalid, PreconditionFailed

Kind = Literal["specialist", "patient"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

Preset = Literal["clinic", "school"]
TokenRole = Literal["admin", "program"]  # an admin also reads and sets API keys (A21)

MAX_OPENS_MINUTES_BEFORE: Final = 24 * 60
MAX_CLOSES_MINUTES_AFTER: Final = 24 * 60
MAX_RETRY_MINUTES: Final = 120
MAX_KEEP_DAYS: Final = 3650
LANGUAGES: Final = ("en", "ro", "de", "fr", "es")

# The two windows of the requirements: a clinic's room ends with the appointment and is open until
# then (A3, A5); a school's is shut outside of 5 minutes before and 30 after (B2).
PRESETS: Final[Mapping[Preset, Mapping[str, Any]]] = {
    "clinic": {"opens_minutes_before": 5, "closes_minutes_after": 0, "locks_early": False},
    "school": {"opens_minutes_before": 5, "closes_minutes_after": 30, "locks_early": True},
}

_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SettingsChanged(PreconditionFailed):
    """The settings are not any more what the caller has in mind (`If-Match`)."""


@dataclass(frozen=True)
class Organization:
    """A clinic or school. Its rooms are named `{room_prefix}-{id}-{appointment}` (A2)."""

    id: int
    name: str
    room_prefix: str
    waiting_room: bool  # patients knock and are let in (A12, B7)
    opens_minutes_before: int  # join links open this long before the start (B2, B3)
    closes_minutes_after: int = 0  # and close, with the room, this long after the end
    locks_early: bool = False  # the room itself is shut until then, as `nbf`
    timezone: str = "UTC"  # of the days and times that its people read
    language: str = "en"  # of its mail
    mail_name: str | None = None  # whom its mail is from; None: its own name
    mail_reply_to: str | None = None  # where answers to its mail go
    retry_minutes: int | None = None  # until a failed room is tried again; None: as installed
    recordings_keep_days: int | None = None  # then they are deleted; None: never by themselves
    version: int = 1  # of these settings

    def window(self, started_at: datetime, ended_at: datetime) -> Window:
        """When people may enter an appointment of these times."""
        return Window(
            opens_at=started_at - timedelta(minutes=self.opens_minutes_before),
            closes_at=ended_at + timedelta(minutes=self.closes_minutes_after),
            locks_early=self.locks_early,
        )


@dataclass(frozen=True)
class Caller:
    """An organization's program, known by the token it called with."""

    organization: Organization
    token_label: str
    role: TokenRole = "program"

    @property
    def actor(self) -> str:
        """Who did it, as moves and audit events name them."""
        return f"token:{self.token_label}"


@dataclass(frozen=True)
class Integration:
    """How an organization reaches its rooms; no `base_url`: those of this installation (A21)."""

    organization: Organization
    base_url: str | None
    api_key: str


@dataclass(frozen=True)
class KeyOnFile:
    """A provider's key as people may see it: never whole again."""

    service: str
    base_url: str | None
    api_key: str
    master_key_id: str
    updated_at: datetime


@dataclass(frozen=True)
class Person:
    """A specialist or patient of an organization."""

    id: int
    organization_id: int
    kind: Kind
    name: str
    email: str | None
    created_at: datetime


@dataclass(frozen=True)
class PeoplePage:
    """One page of people, in the order they were added, and how many there are in all."""

    total_count: int
    data: list[Person]


def check_prefix(prefix: str) -> str:
    """The prefix, if a room's name can begin with it; else Invalid."""
    if not _PREFIX.fullmatch(prefix):
        raise Invalid(
            f"room_prefix {prefix[:40]!r} cannot begin a room's name: it must have 1 to 32 "
            "letters, digits, '-' or '_'"
        )
    return prefix


def check_opening(minutes: int) -> int:
    """The minutes, if join links can open that long before the start; else Invalid."""
    if not 0 <= minutes <= MAX_OPENS_MINUTES_BEFORE:
        raise Invalid(f"opens_minutes_before must be 0 to {MAX_OPENS_MINUTES_BEFORE} minutes")
    return minutes


def check_base_url(url: str) -> str:
    """The address of a provider's API, without a slash at the end; Invalid if it cannot be one."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise Invalid("base_url must be an address such as https://api.daily.co/v1")
    return url.rstrip("/")


def masked(key: str) -> str:
    """What is shown of a key: enough to tell two apart."""
    return f"…{key[-4:]}" if len(key) >= 16 else "…"


def check_closing(minutes: int) -> int:
    """The minutes, if rooms can stay open that long after the end; else Invalid."""
    if not 0 <= minutes <= MAX_CLOSES_MINUTES_AFTER:
        raise Invalid(f"closes_minutes_after must be 0 to {MAX_CLOSES_MINUTES_AFTER} minutes")
    return minutes


def check_timezone(name: str) -> str:
    """The name, if it is a time zone's; else Invalid."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"timezone {name[:64]!r} is not known; it must be a name such as Europe/Bucharest"
        ) from None
    return name


def check_language(code: str) -> str:
    """The code, if mail can be written in that language; else Invalid."""
    if code not in LANGUAGES:
        raise Invalid(
            f"language {code[:16]!r} is not offered; choose one of {', '.join(LANGUAGES)}"
        )
    return code


def check_retry(minutes: int) -> int:
    """The minutes, if a failed change of a room can wait that long; else Invalid."""
    if not 1 <= minutes <= MAX_RETRY_MINUTES:
        raise Invalid(f"retry_minutes must be 1 to {MAX_RETRY_MINUTES} minutes")
    return minutes


def check_keeping(days: int) -> int:
    """The days, if recordings can be kept that long; else Invalid."""
    if not 1 <= days <= MAX_KEEP_DAYS:
        raise Invalid(f"recordings_keep_days must be 1 to {MAX_KEEP_DAYS} days")
    return days


def check_settings_version(version: int, expected: frozenset[int] | None) -> None:
    """SettingsChanged if the caller has another version of the settings in mind."""
    if expected is not None and version not in expected:
        raise SettingsChanged("somebody else has changed these settings since you saw them")


# What may be changed about an organization, besides its name, and what checks each.
_CHECKS: Final[Mapping[str, Any]] = {
    "opens_minutes_before": check_opening,
    "closes_minutes_after": check_closing,
    "timezone": check_timezone,
    "language": check_language,
    "mail_name": clean_name,
    "mail_reply_to": clean_email,
    "retry_minutes": check_retry,
    "recordings_keep_days": check_keeping,
}
# Those that may be taken back.
_NULLABLE: Final = frozenset(
    {"mail_name", "mail_reply_to", "retry_minutes", "recordings_keep_days"}
)


def settings_to_write(preset: Preset | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a preset with those given over them, checked.

    None counts as not given, but where it takes a setting back.
    """
    wanted = {
        name: _CHECKS[name](value) if name in _CHECKS and value is not None else value
        for name, value in given.items()
        if value is not None or name in _NULLABLE
    }
    return {**(PRESETS[preset] if preset else {}), **wanted}
