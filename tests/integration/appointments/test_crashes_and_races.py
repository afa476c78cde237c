"""Killed servers, slow providers and several servers at once: the work is done once."""

import asyncio
from datetime import timedelta

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import (
    RETRY,
    Clinic,
    DiesAfterCommit,
    Installation,
    name_of,
    opened_clinic,
    reached,
    seconds_until_due,
)
from vestibule.appointments.reconciler.model import NOT_ANSWERED_YET
from vestibule.settings import Settings


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
