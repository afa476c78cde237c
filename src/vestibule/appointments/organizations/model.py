"""What an organization is, and which settings it may have."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from vestibule.foundation.errors import Invalid

Kind = Literal["specialist", "patient"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

MAX_OPENS_MINUTES_BEFORE: Final = 24 * 60
_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class Organization:
    """A clinic or school. Its rooms are named `{room_prefix}-{id}-{appointment}` (A2)."""

    id: int
    name: str
    room_prefix: str
    waiting_room: bool  # patients knock and are let in (A12, B7)
    opens_minutes_before: int  # join links open this long before the start (B2, B3)


@dataclass(frozen=True)
class Caller:
    """An organization's program, known by the token it called with."""

    organization: Organization
    token_label: str

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
