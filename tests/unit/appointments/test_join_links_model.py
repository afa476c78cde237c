"""What a join link says at which time, and that nobody can guess one."""

from datetime import UTC, datetime, timedelta

import pytest

from vestibule.appointments.join_links.model import (
    LinkedAppointment,
    LinkState,
    link_secret,
    state_of,
    why_closed,
)
from vestibule.appointments.model import Status, Window

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
END = START + timedelta(minutes=30)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
URL = "https://x/restartix-1-2"


def linked(
    status: Status, *, room_url: str | None = URL, opens_minutes_before: int = 5
) -> LinkedAppointment:
    return LinkedAppointment(
        appointment_id=2,
        organization_id=1,
        organization_name="Clinic",
        role="patient",
        person_id=7,
        your_name="Ben",
        other_name="Ada",
        status=status,
        started_at=START,
        ended_at=END,
        version=1,
        language="en",
        window=Window(START - opens_minutes_before * MINUTE, END),
        room_name=room_url and "restartix-1-2",
        room_url=room_url,
    )


LIVE = [Status.UPCOMING, Status.CONFIRMED, Status.INPROGRESS]


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize(
    ("at", "state"),
    [
        (START - timedelta(days=9), LinkState.NOT_OPEN_YET),
        (START - 5 * MINUTE - SECOND, LinkState.NOT_OPEN_YET),
        (START - 5 * MINUTE, LinkState.OPEN),
        (START, LinkState.OPEN),
        (END - SECOND, LinkState.OPEN),
        (END, LinkState.OVER),
        (END + timedelta(days=9), LinkState.OVER),
    ],
)
def test_a_live_appointment_opens_in_its_window_and_only_then(
    status: Status, at: datetime, state: LinkState
) -> None:
    assert state_of(linked(status), now=at) is state


@pytest.mark.parametrize(
    ("status", "before", "within", "after"),
    [
        (Status.BOOKED, "not-scheduled", "not-scheduled", "over"),
        (Status.COMPLETED, "over", "over", "over"),
        (Status.CANCELLED, "cancelled", "cancelled", "cancelled"),
        (Status.NOSHOW, "no-show", "no-show", "no-show"),
    ],
)
def test_other_appointments_never_open(
    status: Status, before: str, within: str, after: str
) -> None:
    moments = (START - timedelta(hours=1), START, END)
    assert [state_of(linked(status), now=at) for at in moments] == [before, within, after]


@pytest.mark.parametrize("status", LIVE)
def test_without_a_room_the_window_shows_pending(status: Status) -> None:
    without = linked(status, room_url=None)
    assert state_of(without, now=START) is LinkState.PENDING
    assert state_of(without, now=START - timedelta(hours=1)) is LinkState.NOT_OPEN_YET
    assert state_of(without, now=END) is LinkState.OVER


@pytest.mark.parametrize("minutes", [0, 30])
def test_the_organization_chooses_when_its_links_open(minutes: int) -> None:
    opening = linked(Status.UPCOMING, opens_minutes_before=minutes)
    at = START - minutes * MINUTE
    assert opening.opens_at == at
    assert state_of(opening, now=at) is LinkState.OPEN
    assert state_of(opening, now=at - SECOND) is LinkState.NOT_OPEN_YET


@pytest.mark.parametrize(
    "state", [state for state in LinkState if state not in {LinkState.OPEN, LinkState.PENDING}]
)
def test_every_closed_state_has_a_sentence(state: LinkState) -> None:
    assert why_closed(linked(Status.UPCOMING), state).startswith("this appointment ")


def test_the_sentence_says_when_it_opens() -> None:
    sentence = why_closed(linked(Status.UPCOMING), LinkState.NOT_OPEN_YET)
    assert sentence == "this appointment opens at 2026-11-21 10:25 UTC"


def test_each_person_of_each_appointment_under_each_key_has_another_secret() -> None:
    secrets = {
        link_secret(key, organization_id=organization, appointment_id=appointment, role=role)
        for key in (b"a" * 32, b"b" * 32)
        for organization, appointment in ((1, 12), (11, 2), (1, 2))
        for role in ("specialist", "patient")
    }
    assert len(secrets) == 12
    assert all(len(secret) == 27 for secret in secrets), "160 bits in base64"


def test_a_secret_is_the_same_each_time() -> None:
    first, second = (
        link_secret(b"a" * 32, organization_id=1, appointment_id=2, role="patient")
        for _ in range(2)
    )
    assert first == second
    assert "=" not in first
