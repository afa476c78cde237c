"""Each appointment has exactly the room that its status asks for (A1–A8)."""

from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import Clinic, exp_of, name_of


async def test_a_booked_appointment_gets_its_room_when_it_is_onboarded(
    clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book(status="booked")
    assert (booked["status"], booked["videocall_room_name"]) == ("booked", None)
    assert booked["room"] == {"state": "none", "problem": None}
    assert daily.rooms == {}

    upcoming = await clinic.move(booked, "onboard")
    name = name_of(clinic, upcoming)
    assert upcoming["status"] == "upcoming"
    assert upcoming["videocall_room_name"] == name
    assert upcoming["videocall_room_url"] == f"https://clinic.daily.example/{name}"
    assert upcoming["room"] == {"state": "ready", "problem": None}
    assert await clinic.get(booked) == upcoming
    assert daily.rooms[name]["exp"] == exp_of(upcoming)
    assert await clinic.events(upcoming) == [
        ("room_created", {"room_name": name, "exp": exp_of(upcoming)})
    ]


async def test_the_room_is_made_with_exactly_the_documented_request(
    clinic: Clinic, daily: Daily
) -> None:
    upcoming = await clinic.book()
    (request,) = daily.requests
    assert (request.method, request.path) == ("POST", "/rooms")
    assert request.authorization == f"Bearer {KEY}"
    assert request.body == {
        "name": name_of(clinic, upcoming),
        "privacy": "private",
        "properties": {
            "exp": exp_of(upcoming),
            "enable_screenshare": True,
            "enable_chat": True,
            "enable_knocking": True,
            "enable_prejoin_ui": True,
            "start_video_off": False,
            "start_audio_off": False,
            "owner_only_broadcast": False,
            "enable_recording": "cloud",
            "max_participants": 2,
        },
    }


async def test_the_room_stays_the_same_while_the_appointment_is_alive(
    clinic: Clinic, daily: Daily
) -> None:
    upcoming = await clinic.book()
    for move in ("confirm", "start"):
        moved = await clinic.move(upcoming, move)
        assert moved["videocall_room_url"] == upcoming["videocall_room_url"]
    assert daily.calls == ["POST /rooms"]


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        (["cancel"], "cancel"),
        (["no-show"], "noshow"),
        (["confirm", "complete"], "complete"),
        (["start", "complete"], "complete"),
    ],
)
async def test_an_appointment_that_ends_takes_its_room_with_it(
    clinic: Clinic, daily: Daily, moves: list[str], reason: str
) -> None:
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    daily.requests.clear()
    for move in moves:
        appointment = await clinic.move(appointment, move)
    assert daily.rooms == {}
    assert daily.calls == [f"DELETE /rooms/{name}"]
    assert appointment["videocall_room_name"] is None
    assert appointment["videocall_room_url"] is None
    assert appointment["room"] == {"state": "none", "problem": None}
    assert (await clinic.events(appointment))[1:] == [
        ("room_deleted", {"room_name": name, "reason": reason})
    ]


async def test_a_room_that_is_already_gone_counts_as_removed(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    daily.rooms.clear()
    cancelled = await clinic.move(appointment, "cancel")
    assert cancelled["room"] == {"state": "none", "problem": None}
    assert [event for event, _ in await clinic.events(cancelled)] == [
        "room_created",
        "room_deleted",
    ]


async def test_a_reschedule_moves_the_end_of_the_same_room(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    daily.requests.clear()
    moved = await clinic.reschedule(appointment, 60 * 24)
    assert moved["status"] == "upcoming"
    assert moved["room"]["state"] == "ready"
    assert moved["videocall_room_url"] == appointment["videocall_room_url"]
    assert exp_of(moved) == exp_of(appointment) + 60 * (60 * 24 - 5)
    assert daily.rooms[name]["exp"] == exp_of(moved)
    (request,) = daily.requests
    assert (request.method, request.path) == ("POST", f"/rooms/{name}")
    assert request.body == {"properties": {"exp": exp_of(moved)}}
    assert (await clinic.events(moved))[1:] == [
        ("room_updated", {"room_name": name, "exp": exp_of(moved)})
    ]


async def test_a_new_start_with_the_same_end_does_not_concern_the_room(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    daily.requests.clear()
    moved = await clinic.move(
        appointment,
        "reschedule",
        started_at=clinic.in_minutes(10).isoformat(),
        ended_at=appointment["ended_at"],
    )
    assert moved["room"]["state"] == "ready"
    assert daily.calls == []


async def test_rescheduling_a_booked_appointment_makes_no_room(
    clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book(status="booked")
    moved = await clinic.reschedule(booked, 60)
    assert (moved["status"], moved["room"]["state"]) == ("booked", "none")
    assert daily.calls == []


async def test_a_room_that_vanished_is_made_anew_at_a_reschedule(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    daily.rooms.clear()
    moved = await clinic.reschedule(appointment, 60)
    assert moved["room"]["state"] == "ready"
    assert daily.rooms[name_of(clinic, moved)]["exp"] == exp_of(moved)
    assert [event for event, _ in await clinic.events(moved)] == [
        "room_created",
        "room_deleted",
        "room_created",
    ]


@pytest.mark.parametrize("move", ["cancel", "no-show"])
async def test_a_reinstated_appointment_has_a_room_again(
    clinic: Clinic, daily: Daily, move: str
) -> None:
    appointment = await clinic.book()
    await clinic.move(appointment, move)
    assert daily.rooms == {}
    back = await clinic.move(appointment, "reinstate")
    assert (back["status"], back["room"]["state"]) == ("upcoming", "ready")
    assert back["videocall_room_name"] == name_of(clinic, appointment)
    assert daily.rooms[name_of(clinic, appointment)]["exp"] == exp_of(appointment)


async def test_a_reinstated_appointment_keeps_a_room_that_still_lives(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    daily.is_down = True
    await clinic.move(appointment, "cancel")
    daily.is_down = False
    daily.requests.clear()
    back = await clinic.move(appointment, "reinstate")
    assert daily.calls == [f"GET /rooms/{name}"]
    assert back["room"]["state"] == "ready"
    assert back["videocall_room_url"] == appointment["videocall_room_url"]
    assert [event for event, _ in await clinic.events(back)] == ["room_created", "room_found"]


async def test_a_late_appointment_is_reinstated_for_a_new_time(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    await clinic.move(appointment, "no-show")
    clock.advance(timedelta(hours=2))
    refused = await clinic.http.post(f"{clinic.path}/{appointment['id']}/reinstate")
    assert refused.status_code == 409
    assert "give new times" in refused.json()["info"]
    back = await clinic.reschedule(appointment, 60, move="reinstate")
    assert (back["status"], back["room"]["state"]) == ("upcoming", "ready")
    assert daily.rooms[name_of(clinic, back)]["exp"] == exp_of(back)


async def test_a_deleted_appointment_is_gone_with_its_room(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    assert await clinic.delete(appointment) == {"deleted": True, "id": appointment["id"]}
    assert daily.rooms == {}
    assert (await clinic.http.get(f"{clinic.path}/{appointment['id']}")).status_code == 404
    assert await clinic.row(appointment) is None
    assert (await clinic.events(appointment))[-1] == (
        "room_deleted",
        {"room_name": name_of(clinic, appointment), "reason": "delete"},
    )


async def test_a_deleted_appointment_without_a_room_is_gone_at_once(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book(status="booked")
    await clinic.delete(appointment)
    assert await clinic.row(appointment) is None
    assert daily.calls == []


async def test_an_id_is_never_used_again(clinic: Clinic) -> None:
    first = await clinic.book()
    await clinic.delete(first)
    second = await clinic.book()
    assert second["id"] != first["id"]
    assert second["patient_url"] != first["patient_url"]


async def test_after_the_end_the_room_is_gone_by_itself_and_nobody_is_sent_out(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    clock.advance(timedelta(minutes=35))
    daily.requests.clear()
    before = await clinic.get(appointment)
    assert (before["videocall_room_url"], before["room"]["state"]) == (None, "none")
    await clinic.server.reconcile()
    row = await clinic.row(appointment)
    assert (row.room_observed, row.videocall_room_url, row.due_at) == ("absent", None, None)
    assert daily.calls == []
    assert (await clinic.events(appointment))[-1] == (
        "room_deleted",
        {"room_name": name_of(clinic, appointment), "reason": "expired"},
    )


async def test_any_row_of_moves_ends_with_the_right_room(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book(status="booked")
    name = name_of(clinic, appointment)
    await clinic.reschedule(appointment, 10)
    await clinic.move(appointment, "onboard")
    await clinic.reschedule(appointment, 120)
    await clinic.move(appointment, "cancel", reason="ill")
    await clinic.reschedule(appointment, 240, move="reinstate")
    await clinic.move(appointment, "confirm")
    await clinic.reschedule(appointment, 30)
    await clinic.move(appointment, "no-show")
    await clinic.move(appointment, "reinstate")
    last = await clinic.reschedule(appointment, 45)
    assert list(daily.rooms) == [name]
    assert daily.rooms[name]["exp"] == exp_of(last)
    assert daily.rooms[name]["privacy"] == "private"
    assert last["room"]["state"] == "ready"
    assert await clinic.server.audit.verify(clinic.organization.id) is None
