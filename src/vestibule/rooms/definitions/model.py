"""What a room is, apart from where it is stored and how it is asked for."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.kinds import MAX_NAME_LENGTH
from vestibule.rooms.definitions.properties import ROOM_PROPERTIES, differing

Privacy = Literal["public", "private", "org"]

RANDOM_NAME_LENGTH: Final = 20
MAX_PAGE: Final = 100
OLDEST: Final = "OLDEST"
NAME = re.compile(r"[A-Za-z0-9_-]+")

# A room's page stands at /<name>, beside pages of our own (decision 0002).
RESERVED_NAMES: Final = frozenset(
    {"a", "assets", "console", "docs", "domains", "health", "metrics", "signalling", "v1"}
)


@dataclass(frozen=True)
class Room:
    """A room. `properties` holds what was given, without `nbf` and `exp`."""

    id: str
    domain_id: str
    name: str
    privacy: Privacy
    api_created: bool
    created_at: datetime
    nbf: int | None = None
    """Unix seconds."""
    exp: int | None = None
    """Unix seconds."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What its domain sets; for some properties the room inherits that."""

    def value(self, name: str) -> Any:
        """The value that holds for this property: given, or the domain's, or the default."""
        return ROOM_PROPERTIES[name].holds(self.given.get(name), self.defaults.get(name))

    @property
    def given(self) -> dict[str, Any]:
        """Every property that was given, `nbf` and `exp` among them."""
        times = {"nbf": self.nbf, "exp": self.exp}
        return {**{name: at for name, at in times.items() if at is not None}, **self.properties}

    @property
    def config(self) -> dict[str, Any]:
        """The properties that differ from what the room would have without them."""
        return differing(self.given, self.defaults)

    def is_expired(self, now: int) -> bool:
        """Whether it is gone for everybody outside (requirement D2). `now` in unix seconds."""
        return self.exp is not None and self.exp <= now


@dataclass(frozen=True)
class WantedRoom:
    """A room that somebody asks for. `properties` may say None for a default."""

    name: str | None = None
    privacy: Privacy = "public"
    properties: Mapping[str, Any] = field(default_factory=dict)


def new_room(
    wanted: WantedRoom, *, name: str, domain_id: str, at: datetime, random: uuid.UUID
) -> Room:
    """The room as it is made at this moment, without `defaults`; Invalid if its `exp` is past."""
    given, nbf, exp = split_times(merged({}, wanted.properties))
    refuse_past("exp", exp, unix_seconds(at))
    return Room(
        id=room_id(at, random),
        domain_id=domain_id,
        name=name,
        privacy=wanted.privacy,
        api_created=True,
        created_at=at,
        nbf=nbf,
        exp=exp,
        properties=given,
    )


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def room_id(created_at: datetime, random: uuid.UUID) -> str:
    """A UUID of version 7 that holds this moment to the microsecond, so that ids sort by age."""
    milliseconds, rest = divmod(created_at - EPOCH, timedelta(milliseconds=1))
    number = milliseconds << 80 | 0x7 << 76 | rest.microseconds << 64 | 0b10 << 62
    return str(uuid.UUID(int=number | random.int & (1 << 62) - 1))


def created_at_of(identifier: str) -> datetime:
    """The moment that `room_id` put into an id, even if the room is gone; ValueError for others."""
    number = uuid.UUID(identifier)
    if number.version != 7:
        raise ValueError("not the id of a room")
    microseconds = (number.int >> 80) * 1000 + (number.int >> 64 & 0xFFF)
    return EPOCH + timedelta(microseconds=microseconds)


def check_name(name: str) -> None:
    """Raise Invalid unless a room may have this name (reference 3.1)."""
    if not NAME.fullmatch(name):
        raise Invalid(
            f"{name[:MAX_NAME_LENGTH] or 'the empty name'} contains invalid characters "
            "(room names can contain A-Z, a-z, 0-9, '-', and '_')"
        )
    if len(name) > MAX_NAME_LENGTH:
        raise Invalid(
            f"the room name is {len(name)} characters long; it can have at most {MAX_NAME_LENGTH}"
        )
    if name in RESERVED_NAMES:
        raise Invalid(f"the name {name} is reserved for a page of the service; choose another one")


def check_names(names: Sequence[str]) -> None:
    """Raise Invalid unless rooms made together may have these names."""
    for name in names:
        check_name(name)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"the room name {twice} is given more than once")


def can_be_named(name: str) -> bool:
    """Whether any room can have this name, so that it is worth looking for."""
    return len(name) <= MAX_NAME_LENGTH and NAME.fullmatch(name) is not None


def refuse_past(name: str, at: int | None, now: int) -> None:
    """Raise Invalid if this time, in unix seconds, is not in the future (reference 1.2)."""
    if at is not None and at <= now:
        raise Invalid(f"{name} was '{at}', which is in the past rather than in the future")


def split_times(properties: Mapping[str, Any]) -> tuple[dict[str, Any], int | None, int | None]:
    """Properties as a Room holds them: without `nbf` and `exp`, which follow."""
    rest = {name: value for name, value in properties.items() if name not in ("nbf", "exp")}
    return rest, properties.get("nbf"), properties.get("exp")


def merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The stored properties with these changes; None puts one back to its default."""
    return {name: value for name, value in {**stored, **changes}.items() if value is not None}


@dataclass(frozen=True)
class Page:
    """Which part of the list of rooms is wanted; a place in it is (created_at, id)."""

    limit: int = MAX_PAGE
    older_than: tuple[datetime, str] | None = None
    newer_than: tuple[datetime, str] | None = None
    from_oldest: bool = False
    """The rooms that follow `newer_than` (or the oldest ones), not those at the newest end."""


def page_of(*, limit: int, starting_after: str | None, ending_before: str | None) -> Page:
    """The page that these query parameters ask for (reference 1.4)."""
    if starting_after is not None and ending_before is not None:
        raise Invalid("give starting_after or ending_before, not both")
    if starting_after is not None:
        return Page(limit, older_than=_place("starting_after", starting_after))
    if ending_before == OLDEST:
        return Page(limit, from_oldest=True)
    if ending_before is not None:
        return Page(limit, newer_than=_place("ending_before", ending_before), from_oldest=True)
    return Page(limit)


def _place(parameter: str, identifier: str) -> tuple[datetime, str]:
    """The place of a room in the list, read from its id: it may have been deleted meanwhile."""
    try:
        return created_at_of(identifier), str(uuid.UUID(identifier))
    except (ValueError, OverflowError):
        raise Invalid(f"{parameter} must be the id of a room") from None
