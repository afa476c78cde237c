"""What a join link is made of, and what it says at which time."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from vestibule.appointments.model import Status, Window
from vestibule.appointments.organizations.model import Kind

SECRET_BYTES: Final = 20  # 160 bits


class LinkState(StrEnum):
    """What is true of the appointment for whoever opens the link."""

    NOT_SCHEDULED = "not-scheduled"  # booked, not onboarded yet
    NOT_OPEN_YET = "not-open-yet"
    OPEN = "open"
    PENDING = "pending"  # it is time, but the room is not there yet (A18)
    OVER = "over"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


@dataclass(frozen=True)
class Links:
    """The two links of an appointment, each an address for its person alone."""

    specialist: str
    patient: str


@dataclass(frozen=True)
class LinkedAppointment:
    """An appointment as one of its two people sees it."""

    appointment_id: int
    organization_id: int
    organization_name: str
    role: Kind
    person_id: int
    your_name: str
    other_name: str
    status: Status
    started_at: datetime
    ended_at: datetime
    version: int
    language: str
    window: Window
    room_name: str | None
    room_url: str | None

    @property
    def opens_at(self) -> datetime:
        """When the link begins to lead into the call (B2, B3)."""
        return self.window.opens_at


@dataclass(frozen=True)
class LinkView:
    """What a link shows at one moment."""

    appointment: LinkedAppointment
    state: LinkState
    now: datetime


def link_secret(key: bytes, *, organization_id: int, appointment_id: int, role: Kind) -> str:
    """The secret part of a person's link, the same each time for the same key."""
    of_whom = f"{organization_id}:{appointment_id}:{role}"
    digest = hmac.digest(key, of_whom.encode(), hashlib.sha256)[:SECRET_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


_CLOSED: Final = {
    Status.CANCELLED: LinkState.CANCELLED,
    Status.NOSHOW: LinkState.NO_SHOW,
    Status.COMPLETED: LinkState.OVER,
}


def state_of(appointment: LinkedAppointment, *, now: datetime) -> LinkState:
    """What the link says now. It opens by the clock alone, whoever pressed "start" (B3)."""
    if appointment.status in _CLOSED:
        return _CLOSED[appointment.status]
    if now >= appointment.window.closes_at:
        return LinkState.OVER
    if appointment.status is Status.BOOKED:
        return LinkState.NOT_SCHEDULED
    if now < appointment.opens_at:
        return LinkState.NOT_OPEN_YET
    return LinkState.OPEN if appointment.room_url else LinkState.PENDING


def why_closed(appointment: LinkedAppointment, state: LinkState) -> str:
    """The sentence for somebody who wants to enter while the link is not open."""
    opens_at = f"{appointment.opens_at:%Y-%m-%d %H:%M} UTC"
    return {
        LinkState.NOT_SCHEDULED: "this appointment is not scheduled yet",
        LinkState.NOT_OPEN_YET: f"this appointment opens at {opens_at}",
        LinkState.OVER: "this appointment is over",
        LinkState.CANCELLED: "this appointment was cancelled",
        LinkState.NO_SHOW: "this appointment is closed, because somebody did not come",
    }[state]
