"""What an appointment's room should be, what it is known to be, and the next step between.

Pure, so that every combination stands in a table of the tests.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zlib import crc32

from vestibule.appointments.model import RoomState, Status, Window
from vestibule.foundation.clock import unix_seconds

BATCH_FROM: Final = 3  # so many rooms due at once are made together
BATCH_LIMIT: Final = 1000  # what Daily takes (reference daily-rest 5.11)
ROOM_STATUSES: Final = frozenset({Status.UPCOMING, Status.CONFIRMED, Status.INPROGRESS})  # A1

MIN_RETRY_SECONDS: Final = 1.0
MAX_RETRY_SECONDS: Final = 3600.0  # however long a provider asks us to stay away
JITTER: Final = 0.1

NOT_ANSWERED_YET: Final = "the room provider has not answered yet; this goes on by itself"


class Observed(StrEnum):
    """What was last known of the room at the provider."""

    ABSENT = "absent"
    UNKNOWN = "unknown"  # a change was tried, and may or may not have happened
    PRESENT = "present"


@dataclass(frozen=True)
class WantedRoom:
    """There must be a room that expires at `exp` and opens at `nbf`, in unix seconds."""

    exp: int
    nbf: int | None = None


@dataclass(frozen=True)
class SeenRoom:
    """What is known of the room.

    `name` and `url` are those it was last seen with. `exp`, in unix seconds, is the expiry it has,
    and while UNKNOWN the latest it may have; None: it never expires.
    """

    observed: Observed
    name: str | None = None
    url: str | None = None
    exp: int | None = None
    nbf: int | None = None
    is_right: bool = True


NO_ROOM: Final = SeenRoom(Observed.ABSENT)


@dataclass(frozen=True)
class Work:
    """An appointment whose room nobody else touches until the lease runs out."""

    claim: Any  # the row as it was claimed, which the store needs to settle it
    lease: str
    id: int
    organization_id: int
    status: Status
    window: Window
    is_deleted: bool
    seen: SeenRoom


@dataclass(frozen=True)
class Backlog:
    """How much is to be done at one moment."""

    pending: int
    leftover: int
    lag_seconds: float
    """Since when the most overdue work has been due."""


class Action(StrEnum):
    """A step. Each may be repeated: its result depends on the provider's state alone."""

    CREATE = "create"  # or take over, if there is one of this name
    LOOK_UP = "look-up"
    MOVE_TIMES = "move-times"
    PUT_RIGHT = "put-right"
    DELETE = "delete"
    FORGET = "forget"  # it has expired, so it is gone by itself (A5)


def wanted(*, status: Status, window: Window, is_deleted: bool, now: datetime) -> WantedRoom | None:
    """The room that the appointment must have now; None if it must have none (A1, A5)."""
    if is_deleted or status not in ROOM_STATUSES or window.closes_at <= now:
        return None
    return WantedRoom(exp=window.exp, nbf=window.nbf)


def plan(wanted: WantedRoom | None, seen: SeenRoom, *, now: datetime) -> Action | None:
    """The next step from what is seen to what is wanted; None if they agree.

    An expired room is forgotten without a call: the provider drops it by itself (A5), and a delete
    would send out people who are still saying goodbye in it.
    """
    if seen.observed is Observed.ABSENT:
        return Action.CREATE if wanted else None
    if wanted is None:
        expired = seen.exp is not None and seen.exp <= unix_seconds(now)
        return Action.FORGET if expired else Action.DELETE
    if seen.observed is Observed.UNKNOWN:
        return Action.LOOK_UP if seen.url else Action.CREATE
    if not seen.is_right:
        return Action.PUT_RIGHT
    times = (seen.nbf, seen.exp)
    return Action.MOVE_TIMES if times != (wanted.nbf, wanted.exp) else None


def calls_provider(action: Action | None) -> bool:
    """Whether this step reaches out, so that its outcome can be lost."""
    return action not in (None, Action.FORGET)


def uncertain(seen: SeenRoom, wanted: WantedRoom | None) -> SeenRoom:
    """What is still known once a change is under way and its outcome is not."""
    if wanted is None:
        latest = seen.exp
    elif seen.observed is Observed.ABSENT:
        latest = wanted.exp
    else:
        latest = None if seen.exp is None else max(seen.exp, wanted.exp)
    return replace(seen, observed=Observed.UNKNOWN, exp=latest)


def room_state(
    wanted: WantedRoom | None, seen: SeenRoom, *, problem: str | None, now: datetime
) -> RoomState:
    """How it stands with the room, for people."""
    if not calls_provider(plan(wanted, seen, now=now)):
        return RoomState("ready" if wanted else "none", None)
    return RoomState("pending" if wanted else "removing", problem or NOT_ANSWERED_YET)


def why_unwanted(status: Status, *, is_deleted: bool) -> str:
    """The reason that the audit event of a removed room gives (A24)."""
    if is_deleted:
        return "delete"
    reasons = {Status.CANCELLED: "cancel", Status.NOSHOW: "noshow", Status.COMPLETED: "complete"}
    return reasons.get(status, "expired")


def retry_seconds(asked: float | None, *, default: float, lease: str) -> float:
    """How long to wait after a failure: as asked by the provider, else the default.

    Up to a tenth longer, at random by way of `lease`, so that a thousand rooms that failed together
    do not come back together.
    """
    wait = default if asked is None else min(max(asked, MIN_RETRY_SECONDS), MAX_RETRY_SECONDS)
    return wait * (1 + JITTER * crc32(lease.encode()) / 2**32)
