"""What an appointment is, in the words that every slice of this domain shares."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


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
    created_at: datetime
    updated_at: datetime
    videocall_room_name: str | None
    videocall_room_url: str | None
    room: RoomState
    link_key_id: str  # the master key that its join links were derived from
