"""The rules of the 2018 team API that the rooms of today do not have."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vestibule.accounts.teams.model import Member
from vestibule.foundation.clock import from_unix
from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.meetings.model import Meeting, Stay

MAX_NAMES_LENGTH: Final = 35
MAX_ROOMS: Final = 10_000
MAX_MEETINGS: Final = 100
PIN_DIGITS: Final = 11
GUEST: Final = "guest"
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Overview:
    """Everything that the API tells of a team. `pins` are by room id."""

    invite_link: str
    rooms: list[Room]
    pins: dict[str, str]
    members: list[Member]

    @property
    def rooms_with_pins(self) -> list[Room]:
        """The rooms that are still there: one that was deleted meanwhile got no digits."""
        return [room for room in self.rooms if room.id in self.pins]


@dataclass(frozen=True)
class PastMeetings:
    """Meetings with the stays of their people; `emails` of those who were signed in, by account."""

    meetings: Sequence[tuple[Meeting, Sequence[Stay]]]
    has_more: bool
    emails: Mapping[str, str]

    def email_of(self, stay: Stay) -> str:
        """The address of somebody who was signed in, else `guest`."""
        return self.emails.get(stay.visitor.account_id or "", GUEST)


def check_names(team: str, room: str) -> None:
    """Raise Invalid if the names of team and room are too long together (requirement C2)."""
    length = len(team) + len(room)
    if length > MAX_NAMES_LENGTH:
        raise Invalid(
            f"the names of team and room have {length} characters together; "
            f"they can have at most {MAX_NAMES_LENGTH}"
        )


def moment_of(name: str, said: float | str) -> datetime:
    """The moment that a unix time or an ISO date says; Invalid for anything else.

    A date without a zone is of UTC, and one without a time means its beginning.
    """
    try:
        if isinstance(said, str) and not _NUMBER.fullmatch(said):
            moment = datetime.fromisoformat(said)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return from_unix(float(said))
    except (ValueError, OverflowError, OSError):
        raise Invalid(
            f"{name} must be a time: unix seconds, or a date such as 2018-07-10T20:00:00.000Z"
        ) from None


def pin_from(random: uuid.UUID) -> str:
    """The digits that name a room to callers by telephone."""
    return f"{random.int % 10**PIN_DIGITS:0{PIN_DIGITS}}"
