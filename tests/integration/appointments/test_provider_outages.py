"""A provider that is down, slow or wrongly set: rooms come by themselves in the end (A18, A20)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import (
    RETRY,
    Clinic,
    Installation,
    exp_of,
    name_of,
    opened_clinic,
    seconds_until_due,
)
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.settings import Settings


async def test_while_the_provider_is_down_an_appointment_is_upcoming_and_its_room_pending(
    clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    assert (appointment["status"], appointment["videocall_room_name"]) == ("upcoming", None)
    assert appointment["videocall_room_url"] is None
    assert appointment["room"] == {
        "state": "pending",
        "problem": 'the room provider has a failure of its own (503): "out of order"',
    }
    assert 300 <= await seconds_until_due(clinic, appointment) <= 330


async def test_the_room_comes_by_itself_when_the_provider_is_back(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    daily.is_down = True
    appointment = await clinic.book(ended_at=clinic.in_minutes(60).isoformat())
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert (await clinic.get(appointment))["room"]["state"] == "pending"
    daily.is_down = False
    daily.requests.clear()
    clock.advance(timedelta(minutes=1))
    await clinic.server.reconcile()
    assert daily.calls == [], "not before it is due"
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["POST /rooms"]
    healed = await clinic.get(appointment)
    assert healed["room"] == {"state": "ready", "problem": None}
    assert healed["videocall_room_name"] == name_of(clinic, appointment)
    assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]


FAILURES: list[tuple[str, dict[str, Any], str]] = [
    ("status", {"status": 500}, "a failure of its own (500)"),
    ("status", {"status": 429}, "asks for fewer requests"),
    ("status", {"status": 401}, "does not accept the API key (401)"),
    ("status", {"status": 302}, "refused the request (302)"),
    ("lost-before", {}, "the connection to the room provider failed"),
    ("lost-after", {}, "the connection to the room provider failed"),
    ("garbage", {}, "not the form of Daily's API"),
]


async def test_each_way_to_fail_is_told_and_heals(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = []
    for how, details, problem in FAILURES:
        daily.fail_next(how, **details)
        appointment = await clinic.book()
        assert appointment["status"] == "upcoming"
        assert appointment["room"]["state"] == "pending"
        assert problem in appointment["room"]["problem"]
        booked.append(appointment)
        clock.advance(timedelta(seconds=30))  # for which it was asked to be left alone
    clock.advance(RETRY)
    await clinic.server.reconcile()
    for appointment in booked:
        assert (await clinic.get(appointment))["room"] == {"state": "ready", "problem": None}
    assert set(daily.rooms) == {name_of(clinic, appointment) for appointment in booked}


async def test_an_organization_says_how_soon_its_rooms_are_tried_again(
    clinic: Clinic, daily: Daily
) -> None:
    await clinic.server.organizations.change(clinic.organization.id, retry_minutes=2)
    daily.is_down = True
    appointment = await clinic.book()
    assert 120 <= await seconds_until_due(clinic, appointment) <= 132


async def test_the_provider_says_when_to_come_back(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    daily.fail_next("status", status=429, headers={"Retry-After": "7"})
    asked = await clinic.book()
    assert 7 <= await seconds_until_due(clinic, asked) <= 8
    daily.requests.clear()
    held_back = await clinic.book()
    assert daily.calls == [], "nor is it asked for another room until then"
    assert "asked again at 10:00:07 UTC" in held_back["room"]["problem"]
    clock.advance(timedelta(seconds=8))
    await clinic.server.reconcile()
    assert len(daily.rooms) == 2
    daily.fail_next("status", status=429)
    unsaid = await clinic.book()
    assert 30 <= await seconds_until_due(clinic, unsaid) <= 33


@pytest.mark.parametrize("move", ["cancel", "no-show"])
async def test_while_the_provider_is_down_an_appointment_is_over_all_the_same(
    clinic: Clinic, daily: Daily, clock: FakeClock, move: str
) -> None:
    appointment = await clinic.book()
    daily.is_down = True
    over = await clinic.move(appointment, move)
    assert over["status"] in ("cancelled", "noshow")
    assert (over["videocall_room_name"], over["room"]["state"]) == (None, "removing")
    assert "(503)" in over["room"]["problem"]
    daily.is_down = False
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.rooms == {}
    assert (await clinic.get(appointment))["room"]["state"] == "none"


async def test_a_new_wish_is_tried_at_once_and_not_only_when_the_old_one_is_due(
    clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    daily.is_down = False
    moved = await clinic.reschedule(appointment, 60)
    assert moved["room"] == {"state": "ready", "problem": None}
    assert daily.rooms[name_of(clinic, moved)]["exp"] == exp_of(moved)


async def test_a_move_that_does_not_concern_the_room_leaves_the_retry_alone(
    clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    daily.requests.clear()
    confirmed = await clinic.move(appointment, "confirm")
    assert confirmed["room"]["state"] == "pending"
    assert "(503)" in confirmed["room"]["problem"]
    assert daily.calls == []


async def test_retry_now_does_not_wait_until_the_room_is_due(clinic: Clinic, daily: Daily) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    daily.is_down = False
    appointments, of = clinic.server.appointments, clinic.organization.id
    assert (await appointments.retry_room(of, appointment["id"])).room.state == "ready"
    daily.requests.clear()
    assert (await appointments.retry_room(of, appointment["id"])).room.state == "ready"
    assert daily.calls == [], "nothing is left to do"


async def test_without_a_provider_the_room_is_pending_and_comes_when_one_is_set(
    server: Installation, daily: Daily, clock: FakeClock
) -> None:
    async with opened_clinic(server, "Clinic", daily.url) as clinic:
        other = await server.organizations.create("Without")
        person = await server.organizations.create_person(
            other.id, kind="specialist", name="Dr. Dan"
        )
        patient = await server.organizations.create_person(other.id, kind="patient", name="Eve")
        booked = await server.appointments.create(
            other.id,
            specialist_id=person.id,
            patient_id=patient.id,
            started_at=clinic.in_minutes(5),
            ended_at=clinic.in_minutes(35),
        )
        upcoming = await server.appointments.move(other.id, booked.id, "onboard")
        assert upcoming.room.state == "pending"
        assert upcoming.room.problem == ("this organization has no room provider; set its API key")
        await server.organizations.set_integration(other.id, base_url=daily.url, api_key=KEY)
        clock.advance(RETRY)
        await server.reconcile()
        assert (await server.appointments.get(other.id, booked.id)).room.state == "ready"


async def test_a_new_key_is_used_from_the_next_attempt_on(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    organizations = clinic.server.organizations
    await organizations.set_integration(
        clinic.organization.id, base_url=daily.url, api_key="mistyped"
    )
    appointment = await clinic.book()
    assert "does not accept the API key" in appointment["room"]["problem"]
    await organizations.set_integration(clinic.organization.id, base_url=daily.url, api_key=KEY)
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert (await clinic.get(appointment))["room"]["state"] == "ready"


async def test_a_failure_of_our_own_is_told_as_such_and_heals(
    database_url: str, clinic: Clinic, daily: Daily, clock: FakeClock, settings: Settings
) -> None:
    """A server whose master key cannot open the provider's key."""
    daily.is_down = True
    appointment = await clinic.book(ended_at=clinic.in_minutes(60).isoformat())
    daily.is_down = False
    strange = Keyring({"k2": bytes(range(KEY_BYTES))}, active="k2")
    misled = Installation(database_url, clock, settings, keyring=strange)
    clock.advance(RETRY)
    await misled.reconcile()
    await misled.close()
    told = await clinic.get(appointment)
    assert told["room"]["problem"] == (
        "something went wrong on our side; the server's log says what"
    )
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert (await clinic.get(appointment))["room"]["state"] == "ready"
