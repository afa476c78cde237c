"""Many rooms at once, a provider that is down, and rooms that changed behind our back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, ROOM_DEFAULTS, Daily, running_daily
from tests.integration.appointments.conftest import (
    RETRY,
    Clinic,
    Installation,
    answered,
    exp_of,
    name_of,
    opened_clinic,
    reached,
)
from vestibule.appointments.reconciler.service import BATCH_LEASES
from vestibule.appointments.room_provider.gate import DAILY_LIMITS, FAILURES_TO_OPEN, Gate, Limit
from vestibule.appointments.room_provider.model import ProviderRoom
from vestibule.foundation.errors import TemporaryError


async def booked_while_down(clinic: Clinic, daily: Daily, count: int) -> list[dict[str, Any]]:
    """Appointments whose rooms are all missing."""
    daily.is_down = True
    booked = [await clinic.book(ended_at=clinic.in_minutes(90).isoformat()) for _ in range(count)]
    daily.is_down = False
    daily.requests.clear()
    return booked


async def all_ready(clinic: Clinic, booked: list[dict[str, Any]]) -> None:
    for appointment in booked:
        room = (await clinic.get(appointment))["room"]
        assert room == {"state": "ready", "problem": None}
        assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]


async def test_a_provider_that_is_down_is_asked_by_one_probe_at_a_time(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    daily.is_down = True
    booked = [
        await clinic.book(ended_at=clinic.in_minutes(90).isoformat())
        for _ in range(FAILURES_TO_OPEN + 5)
    ]
    assert len(daily.calls) == FAILURES_TO_OPEN, "then the circuit is open"
    assert "does not work at the moment; it is asked again at" in booked[-1]["room"]["problem"]
    for _ in range(3):
        clock.advance(timedelta(seconds=61))
        await clinic.server.reconcile()
        assert len(daily.calls) == 1
    daily.is_down = False
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["POST /rooms", "POST /batch/rooms"]
    await all_ready(clinic, booked)


async def test_retry_now_asks_a_provider_that_is_thought_to_be_down(
    clinic: Clinic, daily: Daily
) -> None:
    booked = await booked_while_down(clinic, daily, FAILURES_TO_OPEN + 1)
    path = f"{clinic.path}/{booked[-1]['id']}/retry-room"
    assert answered(await clinic.http.post(path))["room"]["state"] == "ready"


async def test_many_rooms_are_made_in_one_request(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = await booked_while_down(clinic, daily, 4)
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["POST /batch/rooms"]
    await all_ready(clinic, booked)
    assert await clinic.server.audit.verify(clinic.organization.id) is None


async def test_a_wish_that_comes_during_a_batch_is_not_lost_in_it(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = await booked_while_down(clinic, daily, 4)
    leaving = booked.pop()
    held = daily.fail_next("held")
    clock.advance(RETRY)
    reconciling = asyncio.create_task(clinic.server.reconcile())
    await reached(held.is_held)
    await clinic.move(leaving, "cancel")
    held.release()
    await reconciling
    assert daily.calls == ["POST /batch/rooms", f"DELETE /rooms/{name_of(clinic, leaving)}"]
    assert [event for event, _ in await clinic.events(leaving)] == ["room_created", "room_deleted"]
    await all_ready(clinic, booked)


async def test_a_batch_that_outlived_its_lease_tells_nothing(
    clinic: Clinic, daily: Daily, clock: FakeClock, peer: Installation
) -> None:
    booked = await booked_while_down(clinic, daily, 4)
    held = daily.fail_next("held")
    clock.advance(RETRY)
    first = asyncio.create_task(clinic.server.reconcile())
    await reached(held.is_held)
    lease = timedelta(seconds=peer.settings.provider_lease_seconds)
    clock.advance(BATCH_LEASES * lease)
    await peer.reconcile()
    settled = [await clinic.row(each) for each in booked]
    held.release()
    await first
    await all_ready(clinic, booked)
    assert [await clinic.row(each) for each in booked] == settled


@pytest.mark.parametrize("how", ["lost-after", "garbage", "status"])
async def test_a_batch_whose_answer_was_lost_is_taken_over(
    clinic: Clinic, daily: Daily, clock: FakeClock, how: str
) -> None:
    booked = await booked_while_down(clinic, daily, 4)
    daily.fail_next(how)
    for _ in range(3):
        clock.advance(RETRY)
        await clinic.server.reconcile()
    await all_ready(clinic, booked)


async def test_one_room_that_is_refused_does_not_hold_up_the_others(
    clinic: Clinic, daily: Daily, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked = await booked_while_down(clinic, daily, 4)
    booked += [await clinic.book() for _ in range(0)]
    poisoned = name_of(clinic, booked[1])
    create = daily._create

    def refuse(body: dict[str, Any]) -> Any:
        if body["name"] == poisoned:
            return 400, {"error": "invalid-request-error", "info": "not this one"}
        return create(body)

    monkeypatch.setattr(daily, "_create", refuse)
    clock.advance(RETRY)
    await clinic.server.reconcile()
    await all_ready(clinic, [each for each in booked if each is not booked[1]])
    assert "not this one" in (await clinic.get(booked[1]))["room"]["problem"]


async def cancelled_while_down(clinic: Clinic, daily: Daily, count: int) -> list[dict[str, Any]]:
    """Appointments whose rooms are all to go."""
    ends = clinic.in_minutes(90).isoformat()
    booked = [await clinic.book(ended_at=ends) for _ in range(count)]
    daily.is_down = True
    for appointment in booked:
        await clinic.move(appointment, "cancel")
    daily.is_down = False
    daily.requests.clear()
    return booked


async def all_gone(clinic: Clinic, daily: Daily, booked: list[dict[str, Any]]) -> None:
    assert daily.rooms == {}
    for appointment in booked:
        assert (await clinic.get(appointment))["room"] == {"state": "none", "problem": None}
        told = await clinic.events(appointment)
        assert [event for event, _ in told] == ["room_created", "room_deleted"]
        assert told[-1][1] == {"room_name": name_of(clinic, appointment), "reason": "cancel"}


async def test_many_rooms_are_removed_in_one_request(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = await cancelled_while_down(clinic, daily, 4)
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["DELETE /batch/rooms"]
    await all_gone(clinic, daily, booked)


@pytest.mark.parametrize("how", ["lost-after", "garbage", "status"])
async def test_a_batch_of_removals_whose_answer_was_lost_is_looked_into(
    clinic: Clinic, daily: Daily, clock: FakeClock, how: str
) -> None:
    booked = await cancelled_while_down(clinic, daily, 4)
    daily.fail_next(how)
    for _ in range(2):
        clock.advance(RETRY)
        await clinic.server.reconcile()
    await all_gone(clinic, daily, booked)


async def test_a_room_that_is_gone_already_does_not_hold_up_the_removal_of_the_others(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = await cancelled_while_down(clinic, daily, 4)
    del daily.rooms[name_of(clinic, booked[2])]
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls == ["DELETE /batch/rooms", "GET /rooms", "DELETE /batch/rooms"]
    await all_gone(clinic, daily, booked)


async def sweep(clinic: Clinic) -> None:
    clinic.server.clock.advance(timedelta(seconds=700))
    while await clinic.server.sweep.step():
        pass
    await clinic.server.reconcile()


async def test_a_sweep_mends_what_changed_behind_our_back(clinic: Clinic, daily: Daily) -> None:
    ends = clinic.in_minutes(200).isoformat()
    gone, public, moved, loose, fine = [await clinic.book(ended_at=ends) for _ in range(5)]
    name = name_of(clinic, gone)
    del daily.rooms[name]
    daily.rooms[name_of(clinic, public)]["privacy"] = "public"
    daily.rooms[name_of(clinic, moved)]["exp"] += 600
    daily.rooms[name_of(clinic, loose)]["max_participants"] = 50
    await sweep(clinic)
    for appointment in (gone, public, moved, loose, fine):
        room = daily.rooms[name_of(clinic, appointment)]
        assert (room["privacy"], room["exp"]) == ("private", exp_of(appointment))
        assert room["max_participants"] == 2
        assert (await clinic.get(appointment))["room"]["state"] == "ready"
    assert [event for event, _ in await clinic.events(gone)] == [
        *("room_created", "room_deleted", "room_created")
    ]


async def test_a_sweep_removes_rooms_that_nobody_should_have(clinic: Clinic, daily: Daily) -> None:
    ends = clinic.in_minutes(200)
    cancelled = await clinic.book(ended_at=ends.isoformat())
    deleted = await clinic.book(ended_at=ends.isoformat())
    late, orphan = name_of(clinic, cancelled), name_of(clinic, deleted)
    rooms = dict(daily.rooms)
    await clinic.move(cancelled, "cancel")
    await clinic.delete(deleted)
    daily.rooms = {**rooms, "somebody-elses": dict(ROOM_DEFAULTS, privacy="public")}
    for number in range(3):
        daily.rooms[f"{late}{number}"] = dict(ROOM_DEFAULTS, privacy="private")
    assert {late, orphan} <= daily.rooms.keys(), "made after we gave up waiting for them"
    daily.requests.clear()
    await sweep(clinic)
    assert list(daily.rooms) == ["somebody-elses"]
    assert "DELETE /batch/rooms" in daily.calls
    assert await clinic.server.audit.verify(clinic.organization.id) is None


async def test_a_sweep_goes_through_every_page_and_leaves_what_is_right(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    for number in range(250):
        daily.rooms[f"other-{number}"] = dict(ROOM_DEFAULTS, privacy="public")
    appointment = await clinic.book(ended_at=clinic.in_minutes(200).isoformat())
    daily.rooms = {
        name_of(clinic, appointment): daily.rooms.pop(name_of(clinic, appointment)),
        **daily.rooms,
    }
    daily.requests.clear()
    await sweep(clinic)
    assert daily.calls == ["GET /rooms"] * 3
    await sweep(clinic)
    daily.requests.clear()
    await sweep(clinic)
    assert len(daily.rooms) == 251


async def test_a_sweep_concludes_nothing_of_what_came_or_went_while_it_listed(
    clinic: Clinic, daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = clinic.in_minutes(200).isoformat()
    goes = await clinic.book(ended_at=ends)
    videocalls = clinic.server.videocalls
    listed = videocalls.rooms

    async def rooms(organization_id: int) -> dict[int, ProviderRoom]:
        there = await listed(organization_id)
        await clinic.book(ended_at=ends)
        await clinic.move(goes, "cancel")
        await clinic.server.reconcile()
        daily.requests.clear()
        return there

    monkeypatch.setattr(videocalls, "rooms", rooms)
    await sweep(clinic)
    assert daily.calls == []


async def test_while_the_list_cannot_be_had_nothing_is_concluded(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book(ended_at=clinic.in_minutes(200).isoformat())
    daily.fail_next("status")
    await sweep(clinic)
    assert (await clinic.get(appointment))["room"]["state"] == "ready"
    assert (await clinic.row(appointment)).room_observed == "present"


async def test_with_another_provider_every_room_is_made_there(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    link = appointment["patient_url"]
    with running_daily() as other:
        other.begin(now=clock.now)
        await clinic.server.organizations.set_integration(
            clinic.organization.id, base_url=other.url, api_key=KEY
        )
        await clinic.server.reconcile()
        assert list(other.rooms) == [name_of(clinic, appointment)]
        entered = await clinic.open.post(f"{link}/enter")
        assert entered.status_code == 200


async def test_the_limits_of_daily_are_kept(clock: FakeClock) -> None:
    gate = Gate(clock=clock, limits=DAILY_LIMITS, probe_seconds=60)
    for _ in range(10):
        assert gate.has_turn("batch")
        (await gate.turn("batch")).over()
    assert not gate.has_turn("batch")
    assert gate.has_turn("usual")
    with pytest.raises(TemporaryError) as told:
        await gate.turn("batch")
    assert told.value.delay_seconds is not None
    assert 20 < told.value.delay_seconds <= 30


async def test_a_turn_that_was_booked_is_there_and_counts_until_it_is_over(
    clock: FakeClock,
) -> None:
    gate = Gate(clock=clock, limits={"batch": Limit(1, 0.01)}, probe_seconds=60)
    gate.book("batch")
    assert not gate.has_turn("batch")
    turn = await gate.turn("batch")
    await asyncio.sleep(0.02)
    assert not gate.has_turn("batch"), "the provider may not have counted it yet"
    turn.over()
    await gate.turn("batch")


async def test_missing_rooms_wait_for_a_batch_while_other_work_goes_on(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    leaving = await clinic.book(ended_at=clinic.in_minutes(90).isoformat())
    booked = await booked_while_down(clinic, daily, 4)
    gate = await clinic.server.videocalls.gate(clinic.organization.id)
    gate._limits = {"batch": Limit(1, 1000.0)}
    clock.advance(timedelta(minutes=1))
    turn = await gate.turn("batch")
    daily.is_down = True
    await clinic.move(leaving, "cancel")
    daily.is_down = False
    clock.advance(RETRY)
    await clinic.server.reconcile()
    assert daily.calls[-1:] == [f"DELETE /rooms/{name_of(clinic, leaving)}"]
    gate._limits = {}
    turn.over()
    await clinic.server.reconcile()
    assert daily.calls == ["POST /batch/rooms"]
    await all_ready(clinic, booked)


async def test_once_a_provider_is_back_nothing_that_failed_waits_for_its_own_turn(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    booked = await booked_while_down(clinic, daily, FAILURES_TO_OPEN + 2)
    clock.advance(timedelta(seconds=61))
    await clinic.server.reconcile()
    await all_ready(clinic, booked)


async def test_two_organizations_of_one_provider_share_what_is_known_of_it(
    clinic: Clinic, server: Installation, daily: Daily
) -> None:
    async with opened_clinic(server, "Practice", daily.url) as practice:
        await booked_while_down(clinic, daily, FAILURES_TO_OPEN)
        held_back = await practice.book()
        assert daily.calls == []
        assert "does not work at the moment" in held_back["room"]["problem"]
        await asyncio.sleep(0)
