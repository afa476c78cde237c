"""Rooms come to be as wanted whatever fails in between, and nothing is done twice (A18, A20)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, ROOM_DEFAULTS, Daily
from tests.integration.appointments.conftest import (
    Clinic,
    Installation,
    exp_of,
    name_of,
    opened_clinic,
)
from vestibule.appointments.reconciler.model import NOT_ANSWERED_YET, Work
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.settings import Settings

RETRY = timedelta(seconds=330)  # the setting's five minutes, and the longest jitter


class DiesAfterCommit(ReconcilerService):
    """A server that is killed between the commit and the first call to the provider."""

    async def reconcile_now(self, work: Work | None, *, insists: bool = False) -> None:
        return


@pytest.fixture
async def peer(
    database_url: str, clock: FakeClock, settings: Settings
) -> AsyncIterator[Installation]:
    """Another server process on the same database."""
    peer = Installation(database_url, clock, settings)
    yield peer
    await peer.close()


@pytest.fixture
def impatient(settings: Settings) -> Settings:
    """Requests that do not wait for the provider."""
    return settings.model_copy(update={"provider_time_budget_seconds": 0.01})


async def reached(event: Any) -> None:
    """Wait for a thread's event without blocking the loop."""
    assert await asyncio.to_thread(event.wait, 30)


async def seconds_until_due(clinic: Clinic, appointment: dict[str, Any]) -> float:
    row = await clinic.row(appointment)
    wait: timedelta = row.due_at - clinic.server.clock.now()
    return wait.total_seconds()


async def test_while_the_provider_is_down_an_appointment_is_upcoming_and_its_room_pending(
    clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    assert (appointment["status"], appointment["videocall_room_name"]) == ("upcoming", None)
    assert appointment["videocall_room_url"] is None
    assert appointment["room"] == {
        "state": "pending",
        "problem": "the room provider has a failure of its own (503): out of order",
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


async def test_a_slow_provider_holds_a_request_no_longer_than_its_budget(
    database_url: str, clock: FakeClock, daily: Daily, impatient: Settings
) -> None:
    server = Installation(database_url, clock, impatient)
    async with opened_clinic(server, "Clinic", daily.url) as clinic:
        slow = daily.fail_next("held")
        appointment = await clinic.book()
        assert appointment["room"] == {"state": "pending", "problem": NOT_ANSWERED_YET}
        await reached(slow.is_held)
        assert await server.reconciler.step() is False, "the attempt goes on under its lease"
        slow.release()
        await server.reconciler.finish_attempts()
        assert (await clinic.get(appointment))["room"]["state"] == "ready"
        assert daily.calls == ["POST /rooms"]
    await server.close()


async def test_a_cancel_during_the_creation_removes_the_room_right_after(
    database_url: str, clock: FakeClock, daily: Daily, impatient: Settings
) -> None:
    server = Installation(database_url, clock, impatient)
    async with opened_clinic(server, "Clinic", daily.url) as clinic:
        slow = daily.fail_next("held")
        appointment = await clinic.book()
        await reached(slow.is_held)
        cancelled = await clinic.move(appointment, "cancel")
        assert (cancelled["status"], cancelled["room"]["state"]) == ("cancelled", "removing")
        slow.release()
        await server.reconciler.finish_attempts()
        await server.reconcile()
        assert daily.rooms == {}
        assert (await clinic.get(appointment))["room"]["state"] == "none"
        assert [event for event, _ in await clinic.events(appointment)] == [
            "room_created",
            "room_deleted",
        ]
    await server.close()


async def test_an_attempt_gives_up_before_its_lease_runs_out(
    database_url: str, clock: FakeClock, daily: Daily, settings: Settings
) -> None:
    short = settings.model_copy(update={"provider_lease_seconds": 0.2})
    server = Installation(database_url, clock, short)
    async with opened_clinic(server, "Clinic", daily.url) as clinic:
        slow = daily.fail_next("held")
        appointment = await clinic.book()
        assert appointment["room"]["problem"] == "the room provider takes too long to answer"
        assert 300 <= await seconds_until_due(clinic, appointment) <= 330
        slow.release()
        clock.advance(RETRY)
        await server.reconcile()
        assert (await clinic.get(appointment))["room"]["state"] == "ready"
        assert list(daily.rooms) == [name_of(clinic, appointment)]
    await server.close()


async def test_a_server_killed_before_it_asked_the_provider_is_made_up_for(
    database_url: str, clock: FakeClock, daily: Daily, settings: Settings, peer: Installation
) -> None:
    dying = Installation(database_url, clock, settings, reconciler=DiesAfterCommit)
    async with opened_clinic(dying, "Clinic", daily.url) as clinic:
        appointment = await clinic.book()
        row = await clinic.row(appointment)
        assert row.room_observed == "unknown", "written before anything was asked"
        await peer.reconcile()
        assert daily.calls == [], "the lease of the dead still holds"
        clock.advance(timedelta(seconds=settings.provider_lease_seconds))
        await peer.reconcile()
        assert daily.calls == ["POST /rooms"]
        assert (await clinic.get(appointment))["room"]["state"] == "ready"
    await dying.close()


async def test_a_server_killed_while_the_provider_works_leaves_exactly_one_room(
    database_url: str, clock: FakeClock, daily: Daily, impatient: Settings, peer: Installation
) -> None:
    dying = Installation(database_url, clock, impatient)
    async with opened_clinic(dying, "Clinic", daily.url) as clinic:
        slow = daily.fail_next("held")
        appointment = await clinic.book()
        await reached(slow.is_held)
        await dying.reconciler.close()  # cuts the attempt off
        slow.release()
        await reached(slow.is_over)
        assert list(daily.rooms) == [name_of(clinic, appointment)]
        clock.advance(timedelta(seconds=impatient.provider_lease_seconds))
        await peer.reconcile()
        assert list(daily.rooms) == [name_of(clinic, appointment)]
        healed = await clinic.get(appointment)
        assert healed["videocall_room_name"] == name_of(clinic, appointment)
        assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]
    await dying.close()


async def test_two_servers_do_the_work_once(
    clinic: Clinic, daily: Daily, clock: FakeClock, peer: Installation
) -> None:
    daily.is_down = True
    booked = [await clinic.book() for _ in range(12)]
    daily.is_down = False
    daily.requests.clear()
    clock.advance(RETRY)
    await asyncio.gather(clinic.server.reconcile(), peer.reconcile())
    assert len(daily.rooms) == 12
    for appointment in booked:
        assert (await clinic.get(appointment))["room"]["state"] == "ready"
        assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]
    assert await peer.audit.verify(clinic.organization.id) is None


async def test_whoever_lost_the_lease_writes_nothing(
    database_url: str, clock: FakeClock, daily: Daily, impatient: Settings, peer: Installation
) -> None:
    stalled = Installation(database_url, clock, impatient)
    async with opened_clinic(stalled, "Clinic", daily.url) as clinic:
        slow = daily.fail_next("held")
        appointment = await clinic.book()
        await reached(slow.is_held)
        clock.advance(timedelta(seconds=impatient.provider_lease_seconds))
        await peer.reconcile()
        settled = await clinic.row(appointment)
        assert settled.room_observed == "present"
        slow.release()
        await stalled.reconciler.finish_attempts()
        assert await clinic.row(appointment) == settled
        assert len(daily.rooms) == 1
        assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]
    await stalled.close()


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


async def test_of_two_moves_at_the_same_time_one_wins_and_the_other_is_told(
    clinic: Clinic, peer: Installation
) -> None:
    for _ in range(5):
        appointment = await clinic.book()
        outcomes = await asyncio.gather(
            clinic.server.appointments.move(clinic.organization.id, appointment["id"], "cancel"),
            peer.appointments.move(clinic.organization.id, appointment["id"], "no-show"),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert [type(each).__name__ for each in refused] in (["MoveRefused"], ["ChangedMeanwhile"])
        assert (await clinic.get(appointment))["room"]["state"] == "none"


async def test_many_bookings_at_once_leave_a_whole_audit_chain(
    clinic: Clinic, daily: Daily, peer: Installation
) -> None:
    times = (clinic.in_minutes(5), clinic.in_minutes(35))
    await asyncio.gather(
        *(
            each.appointments.create(
                clinic.organization.id,
                specialist_id=clinic.specialist.id,
                patient_id=clinic.patient.id,
                started_at=times[0],
                ended_at=times[1],
            )
            for each in [clinic.server, peer] * 20
        )
    )
    events = await peer.audit.list(clinic.organization.id)
    assert [event.sequence for event in events] == list(range(1, 43))
    assert await peer.audit.verify(clinic.organization.id) is None
    assert (await clinic.http.get(clinic.path)).json()["total_count"] == 40


async def test_retry_now_does_not_wait_until_the_room_is_due(clinic: Clinic, daily: Daily) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    daily.is_down = False
    appointments, of = clinic.server.appointments, clinic.organization.id
    assert (await appointments.retry_room(of, appointment["id"])).room.state == "ready"
    daily.requests.clear()
    assert (await appointments.retry_room(of, appointment["id"])).room.state == "ready"
    assert daily.calls == [], "nothing is left to do"
