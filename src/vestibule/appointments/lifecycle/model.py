"""The moves of an appointment between its statuses, and the rules of its times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from vestibule.appointments.idempotency.model import Once
from vestibule.appointments.model import Appointment, Status
from vestibule.foundation.errors import Conflict, Invalid, PreconditionFailed

Move = Literal[
    "onboard", "confirm", "start", "complete", "cancel", "no-show", "reschedule", "reinstate"
]


class MoveRefused(Conflict):
    """The appointment's present status, or its time, does not allow this move."""


class ChangedSince(PreconditionFailed):
    """The appointment is not any more what the caller has in mind (`If-Match`)."""


@dataclass(frozen=True)
class Rule:
    """From which statuses a move leads where; `to` None: the status stays."""

    allowed_from: frozenset[Status]
    to: Status | None
    done: str  # "it cannot be …"


_AHEAD: Final = frozenset({Status.UPCOMING, Status.CONFIRMED})
_LIVE: Final = _AHEAD | {Status.INPROGRESS}
_OPEN: Final = _LIVE | {Status.BOOKED}
_SHUT: Final = frozenset({Status.CANCELLED, Status.NOSHOW})

MOVES: Final[Mapping[Move, Rule]] = {
    "onboard": Rule(frozenset({Status.BOOKED}), Status.UPCOMING, "onboarded"),
    "confirm": Rule(frozenset({Status.UPCOMING}), Status.CONFIRMED, "confirmed"),
    "start": Rule(_AHEAD, Status.INPROGRESS, "started"),
    "complete": Rule(
        frozenset({Status.CONFIRMED, Status.INPROGRESS}), Status.COMPLETED, "completed"
    ),
    "cancel": Rule(_OPEN, Status.CANCELLED, "cancelled"),
    "no-show": Rule(_LIVE, Status.NOSHOW, "marked as a no-show"),
    "reschedule": Rule(_OPEN | _SHUT, None, "rescheduled"),
    "reinstate": Rule(_SHUT, Status.UPCOMING, "reinstated"),
}


@dataclass(frozen=True)
class Times:
    """From when to when an appointment lasts."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Booking:
    """An appointment to make."""

    specialist_id: int
    patient_id: int
    times: Times
    status: Status


@dataclass(frozen=True)
class MadeMove:
    """A move as it was made: by whom, when and why."""

    move: Move
    old_status: Status
    new_status: Status
    by: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Request:
    """How a change was asked for: by whom, on which version, and whether it may come again."""

    by: str = "vestibule"
    expected: frozenset[int] | None = None
    """The versions that the caller has in mind; None: whichever there is."""
    once: Once | None = None


@dataclass(frozen=True)
class Selection:
    """Which appointments to list. `starting_after` is the id of the last one of the page before."""

    status: Status | None = None
    specialist_id: int | None = None
    patient_id: int | None = None
    started_from: datetime | None = None  # this moment counts
    started_before: datetime | None = None  # this one does not
    limit: int = 100
    starting_after: int | None = None


@dataclass(frozen=True)
class AppointmentPage:
    """One page of appointments in the order of their start, and how many match in all."""

    total_count: int
    data: list[Appointment]


def possible_moves(status: Status) -> list[Move]:
    """The moves that this status allows."""
    return [move for move, rule in MOVES.items() if status in rule.allowed_from]


def check_move(status: Status, move: Move) -> Status:
    """The status that the move leads to; MoveRefused if this status does not allow it."""
    rule = MOVES[move]
    if status not in rule.allowed_from:
        possible = ", ".join(possible_moves(status)) or "none"
        raise MoveRefused(
            f"the appointment is {status.value}, so it cannot be {rule.done}; "
            f"possible moves now: {possible}"
        )
    return rule.to or status


def check_booking(booking: Booking, *, now: datetime) -> None:
    """Invalid if an appointment of these times and status cannot be made."""
    check_order(booking.times)
    if booking.status is not Status.BOOKED:
        check_ahead(booking.times, now=now)


def moved(
    appointment: Appointment, move: Move, times: Times | None, *, now: datetime
) -> tuple[Status, Times]:
    """The status and times after a move; MoveRefused or Invalid if it cannot be made."""
    status = check_move(appointment.status, move)
    if times is not None:
        check_order(times)
        if status in _LIVE:
            check_ahead(times, now=now)
        return status, times
    if move in ("onboard", "reinstate") and appointment.ended_at <= now:
        raise MoveRefused(
            f"the appointment ended at {appointment.ended_at:%Y-%m-%d %H:%M} UTC, so it cannot be "
            f"{MOVES[move].done} for that time; {_NEW_TIMES[move]}"
        )
    return status, Times(appointment.started_at, appointment.ended_at)


_NEW_TIMES: Final = {
    "onboard": "reschedule it first",
    "reinstate": "give new times as started_at and ended_at",
}


def check_order(times: Times) -> None:
    """Invalid if an appointment ends before it lasted."""
    if times.ended_at <= times.started_at:
        raise Invalid("ended_at must be later than started_at")


def check_ahead(times: Times, *, now: datetime) -> None:
    """Invalid if the appointment would be over already: it could have no room."""
    if times.ended_at <= now:
        raise Invalid(f"ended_at is in the past; it is {now:%Y-%m-%d %H:%M} UTC now")


def check_version(appointment: Appointment, expected: frozenset[int] | None) -> None:
    """ChangedSince if the caller has another version of the appointment in mind."""
    if expected is not None and appointment.version not in expected:
        raise ChangedSince(
            f"appointment {appointment.id} was changed by somebody else since; it has version "
            f"{appointment.version} now; look at it, and try again if you still want to"
        )


def span_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """From when until before when it is this day in that time zone; 23 to 25 hours."""
    place = ZoneInfo(zone)
    midnights = [
        datetime.combine(each, time(), place).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    ]
    return midnights[0], midnights[1]
