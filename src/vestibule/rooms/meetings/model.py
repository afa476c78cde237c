"""What a meeting session is: when it begins, counts, splits and ends (reference 7.2).

No clock and no database: every moment comes as an argument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from vestibule.foundation.errors import NotFound

COUNTS_AFTER: Final = timedelta(seconds=10)
"""A shorter stay is in no list."""
ALONE_BEFORE_IT_COUNTS: Final = timedelta(seconds=30)
ALONE_BEFORE_IT_SPLITS: Final = timedelta(minutes=10)


class MeetingNotFound(NotFound):
    """The domain has no meeting with this id."""

    def __init__(self, meeting_id: str) -> None:
        super().__init__(f"meeting {meeting_id[:64]} not found")


@dataclass(frozen=True)
class Place:
    """The room where something happens, by all that must outlive it."""

    domain_id: str
    room_id: str
    room_name: str


@dataclass(frozen=True)
class Visitor:
    """A person at the door or in the call. `details`: what else events tell of the person."""

    session_id: str
    user_name: str
    user_id: str | None = None
    """The customer's own key for the person, or the id of the account."""
    account_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def told(self, room_name: str, came_at: datetime) -> dict[str, Any]:
        """What the events of this person say (reference 10.4)."""
        return {
            "room": room_name,
            "session_id": self.session_id,
            "user_id": self.user_id or self.session_id,
            "user_name": self.user_name,
            "joined_at": came_at.timestamp(),
            **self.details,
        }


@dataclass(frozen=True)
class Came:
    """Somebody entered the call, or the lobby."""

    visitor: Visitor
    at: datetime
    to_lobby: bool = False
    request_id: str | None = None
    """Of the connection, or the request, that had it happen."""


@dataclass(frozen=True)
class Left:
    """Somebody is gone from the call, or from the lobby; into the call, perhaps."""

    session_id: str
    at: datetime
    from_lobby: bool = False
    kept_by: str | None = None
    """The server that kept the place, if it is not the one that says so."""
    request_id: str | None = None


Fact = Came | Left


@dataclass(frozen=True)
class Meeting:
    """A meeting session."""

    id: str
    place: Place
    started_at: datetime
    ended_at: datetime | None = None
    listed_at: datetime | None = None
    max_participants: int = 0
    lonely_since: datetime | None = None
    """Since when at most one person is there."""

    def duration(self, now: datetime) -> timedelta:
        """How long it took, or takes until now."""
        return (self.ended_at or now) - self.started_at


@dataclass(frozen=True)
class Stay:
    """The time that somebody spent in one meeting.

    `came_at`: when the person entered the call, perhaps in the meeting before this one.
    """

    number: int
    meeting_id: str
    visitor: Visitor
    came_at: datetime
    joined_at: datetime
    left_at: datetime | None = None
    counts: bool = False
    """Whether it was long enough to be told."""
    server_id: str | None = None
    """Who keeps the place."""

    def duration(self, now: datetime) -> timedelta:
        """How long it took, or takes until now."""
        return (self.left_at or now) - self.joined_at


def begins_to_count(stay: Stay, now: datetime) -> bool:
    """Whether a stay has become long enough to be told."""
    return not stay.counts and stay.duration(now) >= COUNTS_AFTER


def is_worth_listing(meeting: Meeting, present: Sequence[Stay], now: datetime) -> bool:
    """Whether a meeting counts from now on: two people met, or one waited for 30 seconds.

    Never if nobody stayed long enough to be told: a meeting of nobody is none.
    """
    if meeting.max_participants != 1:
        return meeting.max_participants > 1
    is_going_on = bool(present) or meeting.ended_at is not None
    return is_going_on and meeting.duration(now) >= ALONE_BEFORE_IT_COUNTS


def splits_at(meeting: Meeting, present: Sequence[Stay]) -> datetime | None:
    """When one who was left alone is the first of a new meeting; None: not as it stands."""
    if meeting.lonely_since is None or meeting.max_participants < 2 or len(present) != 1:
        return None
    return meeting.lonely_since + ALONE_BEFORE_IT_SPLITS


def ends_at(meeting: Meeting, present: Sequence[Stay], gap: timedelta) -> datetime | None:
    """When nobody's coming back continues the meeting any more; None: somebody is there."""
    if meeting.lonely_since is None or present:
        return None
    return meeting.lonely_since + gap


def due_at(meeting: Meeting, present: Sequence[Stay], gap: timedelta) -> datetime | None:
    """When time alone changes an ongoing meeting next."""
    moments = [stay.joined_at + COUNTS_AFTER for stay in present if not stay.counts]
    if meeting.listed_at is None and present and meeting.max_participants:
        moments.append(meeting.started_at + ALONE_BEFORE_IT_COUNTS)
    others = (splits_at(meeting, present), ends_at(meeting, present, gap))
    return min([*moments, *(moment for moment in others if moment)], default=None)


MAX_PAGE: Final = 100


@dataclass(frozen=True)
class Wanted:
    """Which meetings are asked for. Times of their beginning: from `since`, before `until`."""

    room_name: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_ongoing: bool | None = None

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class Page:
    """Which part of a list is wanted; a place in it is a moment and an id."""

    limit: int = MAX_PAGE
    older_than: tuple[datetime, str] | None = None
    newer_than: tuple[datetime, str] | None = None
    from_oldest: bool = False
    """Those that follow `newer_than` (or the oldest ones), not those at the newest end."""
