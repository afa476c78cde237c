"""Every status against every move, and the times that moves may have."""

from datetime import UTC, datetime, timedelta

import pytest

from vestibule.appointments.lifecycle.model import (
    MOVES,
    Booking,
    Move,
    MoveRefused,
    Times,
    check_booking,
    check_move,
    moved,
)
from vestibule.appointments.model import Appointment, RoomState, Status, Window
from vestibule.foundation.errors import Invalid

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AHEAD = Times(NOW + timedelta(minutes=5), NOW + timedelta(minutes=35))
LATER = Times(NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=30))
PAST = Times(NOW - timedelta(hours=2), NOW - timedelta(hours=1))
UPSIDE_DOWN = Times(AHEAD.ended_at, AHEAD.started_at)

# What each status allows, and where it leads. What is not here is refused.
TABLE: dict[Status, dict[Move, Status]] = {
    Status.BOOKED: {
        "onboard": Status.UPCOMING,
        "cancel": Status.CANCELLED,
        "reschedule": Status.BOOKED,
    },
    Status.UPCOMING: {
        "confirm": Status.CONFIRMED,
        "start": Status.INPROGRESS,
        "cancel": Status.CANCELLED,
        "no-show": Status.NOSHOW,
        "reschedule": Status.UPCOMING,
    },
    Status.CONFIRMED: {
        "start": Status.INPROGRESS,
        "complete": Status.COMPLETED,
        "cancel": Status.CANCELLED,
        "no-show": Status.NOSHOW,
        "reschedule": Status.CONFIRMED,
    },
    Status.INPROGRESS: {
        "complete": Status.COMPLETED,
        "cancel": Status.CANCELLED,
        "no-show": Status.NOSHOW,
        "reschedule": Status.INPROGRESS,
    },
    Status.COMPLETED: {},
    Status.CANCELLED: {"reschedule": Status.CANCELLED, "reinstate": Status.UPCOMING},
    Status.NOSHOW: {"reschedule": Status.NOSHOW, "reinstate": Status.UPCOMING},
}


def appointment(status: Status, times: Times = AHEAD) -> Appointment:
    return Appointment(
        id=102,
        organization_id=1,
        specialist_id=1,
        specialist_name="Ada",
        patient_id=2,
        patient_name="Ben",
        status=status,
        started_at=times.started_at,
        ended_at=times.ended_at,
        window=Window(times.started_at, times.ended_at),
        created_at=NOW,
        updated_at=NOW,
        videocall_room_name=None,
        videocall_room_url=None,
        room=RoomState("none", None),
        version=1,
        link_key_id="k1",
    )


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", list(MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused(status: Status, move: Move) -> None:
    leads_to = TABLE[status].get(move)
    if leads_to is not None:
        assert check_move(status, move) is leads_to
        return
    with pytest.raises(MoveRefused) as refused:
        check_move(status, move)
    assert f"is {status}" in refused.value.info
    assert refused.value.info.endswith(f"possible moves now: {', '.join(TABLE[status]) or 'none'}")


def test_a_refusal_names_the_status_the_move_and_what_is_possible() -> None:
    with pytest.raises(MoveRefused) as refused:
        check_move(Status.CANCELLED, "confirm")
    assert refused.value.info == (
        "the appointment is cancelled, so it cannot be confirmed; "
        "possible moves now: reschedule, reinstate"
    )


def test_a_plain_move_keeps_the_times() -> None:
    assert moved(appointment(Status.UPCOMING), "confirm", None, now=NOW) == (
        Status.CONFIRMED,
        AHEAD,
    )


@pytest.mark.parametrize(
    ("status", "move", "leads_to"),
    [
        (Status.BOOKED, "reschedule", Status.BOOKED),
        (Status.CONFIRMED, "reschedule", Status.CONFIRMED),
        (Status.INPROGRESS, "reschedule", Status.INPROGRESS),
        (Status.NOSHOW, "reinstate", Status.UPCOMING),
    ],
)
def test_a_move_with_new_times_takes_them(status: Status, move: Move, leads_to: Status) -> None:
    assert moved(appointment(status), move, LATER, now=NOW) == (leads_to, LATER)


@pytest.mark.parametrize("move", ["onboard", "reinstate"])
def test_a_move_that_needs_a_room_is_refused_for_an_end_that_is_past(move: Move) -> None:
    status = Status.BOOKED if move == "onboard" else Status.CANCELLED
    with pytest.raises(MoveRefused, match=r"ended at 2026-11-21 09:00 UTC.*(reschedule|new times)"):
        moved(appointment(status, PAST), move, None, now=NOW)


def test_the_end_itself_is_past() -> None:
    just_over = Times(NOW - timedelta(hours=1), NOW)
    with pytest.raises(MoveRefused):
        moved(appointment(Status.BOOKED, just_over), "onboard", None, now=NOW)


def test_a_past_appointment_is_reinstated_for_a_new_time() -> None:
    assert moved(appointment(Status.CANCELLED, PAST), "reinstate", LATER, now=NOW) == (
        Status.UPCOMING,
        LATER,
    )


@pytest.mark.parametrize("move", ["start", "complete", "cancel", "no-show"])
def test_what_happened_can_be_noted_after_the_end(move: Move) -> None:
    status = Status.INPROGRESS if move == "complete" else Status.CONFIRMED
    moved(appointment(status, PAST), move, None, now=NOW)


@pytest.mark.parametrize(
    ("status", "move", "times", "sentence"),
    [
        (Status.UPCOMING, "reschedule", PAST, "in the past"),
        (Status.CANCELLED, "reinstate", PAST, "in the past"),
        (Status.UPCOMING, "reschedule", UPSIDE_DOWN, "later than started_at"),
        (Status.BOOKED, "reschedule", UPSIDE_DOWN, "later than started_at"),
    ],
)
def test_new_times_that_cannot_be_are_refused(
    status: Status, move: Move, times: Times, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        moved(appointment(status), move, times, now=NOW)


@pytest.mark.parametrize(
    ("status", "times", "sentence"),
    [
        (Status.BOOKED, AHEAD, None),
        (Status.BOOKED, PAST, None),
        (Status.UPCOMING, AHEAD, None),
        (Status.UPCOMING, PAST, "in the past"),
        (Status.BOOKED, UPSIDE_DOWN, "later than started_at"),
        (Status.BOOKED, Times(NOW, NOW), "later than started_at"),
    ],
)
def test_a_booking_must_end_after_it_starts_and_not_be_over_if_it_needs_a_room(
    status: Status, times: Times, sentence: str | None
) -> None:
    booking = Booking(specialist_id=1, patient_id=2, times=times, status=status)
    if sentence is None:
        check_booking(booking, now=NOW)
        return
    with pytest.raises(Invalid, match=sentence):
        check_booking(booking, now=NOW)
