"""What an appointment is, in the words that every slice of this domain shares."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from vestibule.foundation.clock import unix_seconds


class Status(StrEnum):
    """Where an appointment stands. The moves between these are in `lifecycle.model`."""

    BOOKED = "booked"  # agreed on; nothing is prepared yet
    UPCOMING = "upcoming"  # onboarded: it has a room (A3)
    CONFIRMED = "confirmed"  # the people said that they will come
    INPROGRESS = "inprogress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


@dataclass(frozen=True)
class Window:
    """When people may enter: from `opens_at` until before `closes_at` (B2, B3).

    The links always keep to it. The room itself refuses those who come too late, and with
    `locks_early` also those who come too early.
    """

    opens_at: datetime
    closes_at: datetime
    locks_early: bool = False

    @property
    def nbf(self) -> int | None:
        """The room's own opening in unix seconds, if it has one."""
        return unix_seconds(self.opens_at) if self.locks_early else None

    @property
    def exp(self) -> int:
        """The room's end in unix seconds (A5)."""
        return unix_seconds(self.closes_at)


@dataclass(frozen=True)
class RoomState:
    """How it stands with an appointment's room, and what hinders it, in a sentence for staff."""

    state: Literal["none", "pending", "ready", "removing"]
    problem: str | None


@dataclass(frozen=True)
class Appointment:
    """A specialist and a patient who meet from `started_at` to `ended_at`.

    The room's name and URL are there while the appointment should have a room and the provider
    is known to have made it.
    """

    id: int
    organization_id: int
    specialist_id: int
    specialist_name: str
    patient_id: int
    patient_name: str
    status: Status
    started_at: datetime
    ended_at: datetime
    window: Window
    created_at: datetime
    updated_at: datetime
    videocall_room_name: str | None
    videocall_room_url: str | None
    room: RoomState
    version: int  # rises with every change that a person makes
    link_key_id: str  # the master key that its join links were derived from
