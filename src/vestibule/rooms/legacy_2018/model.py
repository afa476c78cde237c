"""The rules of the 2018 team API that the rooms of today do not have."""

import uuid
from dataclasses import dataclass
from typing import Final

from vestibule.accounts.teams.model import Member
from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.model import Room

MAX_NAMES_LENGTH: Final = 35
MAX_ROOMS: Final = 10_000
PIN_DIGITS: Final = 11


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


def check_names(team: str, room: str) -> None:
    """Raise Invalid if the names of team and room are too long together (requirement C2)."""
    length = len(team) + len(room)
    if length > MAX_NAMES_LENGTH:
        raise Invalid(
            f"the names of team and room have {length} characters together; "
            f"they can have at most {MAX_NAMES_LENGTH}"
        )


def pin_from(random: uuid.UUID) -> str:
    """The digits that name a room to callers by telephone."""
    return f"{random.int % 10**PIN_DIGITS:0{PIN_DIGITS}}"
