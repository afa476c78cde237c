"""Answers that never came, and rooms that end or vanish meanwhile: looked up, never done twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import ROOM_DEFAULTS, Daily
from tests.integration.appointments.conftest import (
    RETRY,
    Clinic,
    exp_of,
    name_of,
)


async def test_a_creation_whose_answer_was_lost_is_taken_over_and_not_repeated(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    daily.fail_next("lost-after")
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    assert appointment["videocall_room_name"] is None
    made = dict(daily.rooms)
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["POST /rooms", "POST /rooms", f"GET /rooms/{name}"]
    assert daily.rooms == made
    assert (await clinic.get(appointment))["videocall_room_name"] == name
    assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]


async def test_a_reschedule_whose_answer_was_lost_is_looked_up(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    daily.requests.clear()
    daily.fail_next("lost-after")
    moved = await clinic.reschedule(appointment, 60)
    assert moved["room"]["state"] == "pending"
    assert moved["videocall_room_url"] == appointment["videocall_room_url"]
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == [f"POST /rooms/{name}", f"GET /rooms/{name}"]
    assert (await clinic.get(appointment))["room"]["state"] == "ready"


async def test_a_removal_whose_answer_was_lost_is_repeated_and_finds_nothing(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    daily.fail_next("lost-after")
    cancelled = await clinic.move(appointment, "cancel")
    assert (cancelled["status"], cancelled["room"]["state"]) == ("cancelled", "removing")
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert (await clinic.get(appointment))["room"] == {"state": "none", "problem": None}
    assert [event for event, _ in await clinic.events(appointment)] == [
        "room_created",
        "room_deleted",
    ]


async def test_a_room_that_expires_unremoved_is_not_asked_for_any_more(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    daily.is_down = True
    await clinic.move(appointment, "cancel")
    daily.requests.clear()
    clock.advance(timedelta(minutes=40))
    await clinic.server.reconcile()
    assert daily.calls == []
    assert (await clinic.row(appointment)).due_at is None
    assert (await clinic.events(appointment))[-1][1]["reason"] == "expired"


async def test_an_appointment_that_never_got_its_room_ends_quietly(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    clock.advance(timedelta(minutes=40))
    daily.requests.clear()
    await clinic.server.reconcile()
    assert daily.calls == []
    assert (await clinic.row(appointment)).due_at is None
    assert (await clinic.get(appointment))["room"]["state"] == "none"
    assert await clinic.events(appointment) == [], "nothing was, so nothing is told"


async def test_a_room_that_may_outlive_the_appointment_is_removed_and_not_forgotten(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    """Moved to later and back while the provider is down, it may still hold the later end."""
    appointment = await clinic.book()
    daily.fail_next("lost-after")
    await clinic.reschedule(appointment, 600)
    daily.is_down = True
    await clinic.reschedule(appointment, 5)
    clock.advance(timedelta(minutes=45))
    daily.is_down = False
    await clinic.server.reconcile()
    assert daily.rooms == {}


async def test_a_deleted_appointment_is_hidden_at_once_and_removed_with_its_room(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    daily.is_down = True
    await clinic.delete(appointment)
    gone = await clinic.http.get(f"{clinic.path}/{appointment['id']}")
    assert gone.status_code == 404
    assert (await clinic.http.delete(f"{clinic.path}/{appointment['id']}")).status_code == 404
    listed = (await clinic.http.get(clinic.path)).json()
    assert listed == {"total_count": 0, "data": []}
    assert await clinic.row(appointment) is not None
    daily.is_down = False
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.rooms == {}
    assert await clinic.row(appointment) is None


async def test_an_appointment_deleted_while_its_room_is_still_being_removed_goes_with_it(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    daily.is_down = True
    await clinic.move(appointment, "cancel")
    await clinic.delete(appointment)
    daily.is_down = False
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.rooms == {}
    assert await clinic.row(appointment) is None


async def test_a_room_that_somebody_else_made_is_taken_over_and_put_right(
    clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book(status="booked")
    name = name_of(clinic, booked)
    daily.rooms[name] = {**ROOM_DEFAULTS, "privacy": "public"}
    upcoming = await clinic.move(booked, "onboard")
    assert upcoming["room"]["state"] == "ready"
    assert daily.calls == ["POST /rooms", f"GET /rooms/{name}", f"POST /rooms/{name}"]
    right = daily.rooms[name]
    assert (right["privacy"], right["exp"]) == ("private", exp_of(upcoming))
    assert (right["max_participants"], right["enable_knocking"]) == (2, True)


async def test_a_provider_that_contradicts_itself_is_not_asked_for_ever(
    clinic: Clinic, daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "_shown", lambda name: {"name": name, **stubborn()})
    appointment = await clinic.book()
    assert appointment["room"]["problem"] == ("the room provider's answers contradict each other")
    assert len(daily.calls) < 10


def stubborn() -> dict[str, Any]:
    """A room that takes no new end."""
    return {"url": "https://x", "privacy": "private", "config": {"exp": 1}}
