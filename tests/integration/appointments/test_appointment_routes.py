"""Appointments over HTTP: what is accepted, what is refused and why, and who may ask."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, Installation, answered, opened_clinic
from vestibule.appointments.lifecycle import store
from vestibule.appointments.lifecycle.model import MOVES, Times
from vestibule.appointments.model import Status
from vestibule.appointments.schema import appointment_moves


@pytest.fixture
async def practice(server: Installation, daily: Daily) -> AsyncIterator[Clinic]:
    """Another organization on the same installation."""
    async with opened_clinic(server, "Another Practice", daily.url) as practice:
        yield practice


async def test_an_appointment_is_answered_with_all_that_a_booking_platform_needs(
    clinic: Clinic,
) -> None:
    appointment = await clinic.book(
        started_at="2026-11-21T14:00:00+02:00", ended_at="2026-11-21T12:30:00.9Z"
    )
    specialist_url, patient_url = appointment.pop("specialist_url"), appointment.pop("patient_url")
    name = f"restartix-{clinic.organization.id}-{appointment['id']}"
    assert appointment == {
        "id": appointment["id"],
        "status": "upcoming",
        "organization_id": clinic.organization.id,
        "specialist_id": clinic.specialist.id,
        "patient_id": clinic.patient.id,
        "started_at": "2026-11-21T12:00:00Z",
        "ended_at": "2026-11-21T12:30:00Z",
        "videocall_room_name": name,
        "videocall_room_url": f"https://clinic.daily.example/{name}",
        "room": {"state": "ready", "problem": None},
        "created_at": "2026-11-21T10:00:00Z",
        "updated_at": "2026-11-21T10:00:00Z",
        "opens_at": "2026-11-21T11:55:00Z",
        "closes_at": "2026-11-21T12:30:00Z",
        "version": 1,
    }
    for url in (specialist_url, patient_url):
        assert url.startswith("https://video.clinic.example/a/")
    assert specialist_url != patient_url


async def test_an_appointment_is_booked_unless_said_otherwise(clinic: Clinic) -> None:
    request = clinic.request()
    del request["status"]
    assert answered(await clinic.http.post(clinic.path, json=request))["status"] == "booked"


IMPOSSIBLE_BOOKINGS: list[tuple[dict[str, Any], str]] = [
    ({"started_at": "2026-11-21T12:00:00"}, "started_at: must be a time in ISO 8601 with its"),
    ({"ended_at": 1795256000}, "ended_at: must be a time in ISO 8601 with its zone"),
    ({"ended_at": "2026-11-21T10:01:00Z"}, "ended_at must be later than started_at"),
    (
        {"started_at": "2026-11-21T08:00:00Z", "ended_at": "2026-11-21T09:00:00Z"},
        "ended_at is in the past; it is 2026-11-21 10:00 UTC now",
    ),
    ({"specialist_id": 999}, "specialist_id: this organization has no specialist 999"),
    ({"patient_id": 2**40}, "patient_id: should be at most 2147483647"),
    ({"patient_id": "2"}, "patient_id: should be a whole number"),
    ({"patient_id": True}, "patient_id: should be a whole number"),
    ({"status": "completed"}, "status: should be 'booked' or 'upcoming'"),
    ({"video": True}, "invalid property name 'video'"),
]


async def test_a_booking_that_cannot_be_is_refused_and_changes_nothing(
    clinic: Clinic, daily: Daily
) -> None:
    for changes, info in IMPOSSIBLE_BOOKINGS:
        answer = await clinic.http.post(clinic.path, json=clinic.request(**changes))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid-request-error")
        assert answer.json()["info"].startswith(info), changes
    await nothing_is_booked(clinic, daily)


async def test_the_two_people_must_be_of_the_right_kind_and_of_this_organization(
    clinic: Clinic, practice: Clinic, daily: Daily
) -> None:
    for people in (
        {"specialist_id": clinic.patient.id},
        {"patient_id": clinic.specialist.id},
        {"specialist_id": practice.specialist.id},
        {"patient_id": practice.patient.id},
    ):
        answer = await clinic.http.post(clinic.path, json=clinic.request(**people))
        assert answer.status_code == 400
        assert "this organization has no" in answer.json()["info"]
    await nothing_is_booked(clinic, daily)


async def test_a_missing_field_is_named(clinic: Clinic) -> None:
    for missing in ("specialist_id", "patient_id", "started_at", "ended_at"):
        request = clinic.request()
        del request[missing]
        answer = await clinic.http.post(clinic.path, json=request)
        assert answer.status_code == 400
        assert answer.json()["info"] == f"missing required field '{missing}'"


async def test_a_body_of_another_form_is_refused(clinic: Clinic, daily: Daily) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"", b"{", b"[]", b'"text"', b"null", b"\xff"):
        answer = await clinic.http.post(clinic.path, content=body, headers=headers)
        assert answer.status_code == 400, body
        assert answer.json()["info"]
    await nothing_is_booked(clinic, daily)


async def nothing_is_booked(clinic: Clinic, daily: Daily) -> None:
    assert answered(await clinic.http.get(clinic.path)) == {"total_count": 0, "data": []}
    assert daily.requests == []


async def test_a_refused_move_says_why_and_changes_nothing(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    cancelled = await clinic.move(appointment, "cancel")
    daily.requests.clear()
    for move in set(MOVES) - {"reinstate", "reschedule"}:
        answer = await clinic.http.post(f"{clinic.path}/{appointment['id']}/{move}")
        assert (answer.status_code, answer.json()["error"]) == (409, "conflict-error")
        assert answer.json()["info"].startswith("the appointment is cancelled, so it cannot be ")
    assert await clinic.get(appointment) == cancelled
    assert daily.calls == []


IMPOSSIBLE_MOVES: list[tuple[str, Any, str]] = [
    ("reschedule", None, "the request has no body"),
    ("reschedule", {}, "missing required field 'started_at'"),
    ("reschedule", {"started_at": "2026-11-21T12:00:00Z"}, "missing required field 'ended_at'"),
    (
        "reschedule",
        {"started_at": "2026-11-21T08:00:00Z", "ended_at": "2026-11-21T09:00:00Z"},
        "ended_at is in the past; it is 2026-11-21 10:00 UTC now",
    ),
    ("cancel", {"reason": 7}, "reason: should be a text, not 7"),
    ("cancel", {"reason": "a\u0000b"}, "reason: must be a line of printable text"),
    ("cancel", {"why": "ill"}, "invalid property name 'why'"),
    (
        "reinstate",
        {"started_at": "2026-11-21T12:00:00Z"},
        "the body: give both started_at and ended_at, or neither",
    ),
]


async def test_a_move_with_a_wrong_body_is_refused_and_changes_nothing(clinic: Clinic) -> None:
    appointment = await clinic.book()
    for move, body, info in IMPOSSIBLE_MOVES:
        url = f"{clinic.path}/{appointment['id']}/{move}"
        answer = await clinic.http.post(url, json=body)
        assert (answer.status_code, answer.json()["info"]) == (400, info)
    assert await clinic.get(appointment) == appointment


async def test_who_moved_it_when_and_why_is_kept(clinic: Clinic, clock: FakeClock) -> None:
    appointment = await clinic.book(status="booked")
    await clinic.move(appointment, "onboard")
    clock.advance(timedelta(minutes=1))
    await clinic.move(appointment, "cancel", reason=" the patient\n is ill ")
    moves = await clinic.server.database.read(
        lambda tx: tx.run(select(appointment_moves).order_by(appointment_moves.c.id)).all()
    )
    assert [
        (move.move, move.old_status, move.new_status, move.by, move.reason) for move in moves
    ] == [
        ("onboard", "booked", "upcoming", "token:booking platform", None),
        ("cancel", "upcoming", "cancelled", "token:booking platform", "the patient is ill"),
    ]
    assert moves[1].at - moves[0].at == timedelta(minutes=1)
    events = await clinic.server.audit.list(clinic.organization.id, appointment["id"])
    assert [event.event for event in events if event.event.startswith("appointment")] == [
        "appointment.created",
        "appointment.moved",
        "appointment.moved",
    ]
    assert {event.actor for event in events} == {"token:booking platform", "vestibule"}


async def test_the_list_goes_by_start_and_in_pages(clinic: Clinic) -> None:
    starts = [50, 10, 30, 10, 40]
    booked = [
        await clinic.book(
            status="booked",
            started_at=clinic.in_minutes(start).isoformat(),
            ended_at=clinic.in_minutes(start + 30).isoformat(),
        )
        for start in starts
    ]
    in_order = [booked[place]["id"] for place in (1, 3, 2, 4, 0)]
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = answered(await clinic.http.get(clinic.path, params=query))
        assert page["total_count"] == 5
        seen += [each["id"] for each in page["data"]]
        if len(page["data"]) < 2:
            break
        query["starting_after"] = seen[-1]
    assert seen == in_order
    whole = answered(await clinic.http.get(clinic.path))
    assert [each["id"] for each in whole["data"]] == in_order
    assert whole["data"][0] == booked[1]


async def test_the_list_is_narrowed_by_status_person_and_time(clinic: Clinic) -> None:
    other = await clinic.server.organizations.create_person(
        clinic.organization.id, kind="specialist", name="Dr. Dan"
    )
    first = await clinic.book()
    second = await clinic.book(status="booked", specialist_id=other.id)
    later = await clinic.book(
        started_at=clinic.in_minutes(1440).isoformat(), ended_at=clinic.in_minutes(1470).isoformat()
    )

    async def ids(**query: Any) -> list[int]:
        page = answered(await clinic.http.get(clinic.path, params=query))
        assert page["total_count"] == len(page["data"])
        return [each["id"] for each in page["data"]]

    assert await ids(status="upcoming") == [first["id"], later["id"]]
    assert await ids(specialist_id=other.id) == [second["id"]]
    assert await ids(patient_id=clinic.patient.id) == [first["id"], second["id"], later["id"]]
    assert await ids(patient_id=other.id) == []
    assert await ids(to=later["started_at"]) == [first["id"], second["id"]]
    day = {"from": later["started_at"], "to": "2026-11-23T00:00:00+00:00"}
    assert await ids(**day) == [later["id"]]
    assert await ids(**day, status="booked") == []


IMPOSSIBLE_LISTS: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": 101},
    {"limit": "all"},
    {"status": "lost"},
    {"from": "2026-11-21"},
    {"starting_after": 999},
    {"specialist_id": 2**40},
]


async def test_a_list_that_cannot_be_is_refused(clinic: Clinic) -> None:
    for query in IMPOSSIBLE_LISTS:
        answer = await clinic.http.get(clinic.path, params=query)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid-request-error")
        assert next(iter(query)) in answer.json()["info"]


async def test_an_appointment_that_is_not_there_is_not_found(clinic: Clinic) -> None:
    for url in (f"{clinic.path}/999", f"{clinic.path}/{2**31 - 1}"):
        answer = await clinic.http.get(url)
        assert (answer.status_code, answer.json()["error"]) == (404, "not-found")
    assert (await clinic.http.get(f"{clinic.path}/{2**40}")).status_code == 404
    assert (await clinic.http.post(f"{clinic.path}/999/cancel")).status_code == 404
    assert (await clinic.http.delete(f"{clinic.path}/999")).status_code == 404


async def test_no_organization_reaches_into_another(clinic: Clinic, practice: Clinic) -> None:
    appointment = await clinic.book()
    inside = f"{clinic.path}/{appointment['id']}"
    requests = [
        ("GET", clinic.path, None),
        ("POST", clinic.path, clinic.request()),
        ("GET", inside, None),
        ("DELETE", inside, None),
        *(
            ("POST", f"{inside}/{move}", clinic.request() if move == "reschedule" else None)
            for move in MOVES
        ),
        ("GET", "/v1/organizations/999/appointments", None),
    ]
    for method, url, body in requests:
        answer = await practice.http.request(method, url, json=body)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden-error"), url
    through_own_path = await practice.http.get(f"{practice.path}/{appointment['id']}")
    assert through_own_path.status_code == 404
    moved = await practice.http.post(f"{practice.path}/{appointment['id']}/cancel")
    assert moved.status_code == 404
    assert await clinic.get(appointment) == appointment


async def test_nobody_comes_in_without_a_valid_token(clinic: Clinic) -> None:
    bad_header, wrong = (400, "authorization-header-error"), (401, "authentication-error")
    tries: list[tuple[dict[str, str], tuple[int, str]]] = [
        ({}, bad_header),
        ({"Authorization": "Basic abc"}, bad_header),
        ({"Authorization": "Bearer "}, bad_header),
        ({"Authorization": "Bearer wrong"}, wrong),
    ]
    for headers, refusal in tries:
        for method, body in (("GET", None), ("POST", clinic.request()), ("POST", {"nonsense": 1})):
            answer = await clinic.open.request(method, clinic.path, headers=headers, json=body)
            assert (answer.status_code, answer.json()["error"]) == refusal, headers


async def test_a_change_decided_on_an_old_view_is_not_made(clinic: Clinic) -> None:
    """What two servers that read at the same moment come to: the database lets one of them win."""
    booked = await clinic.book()
    service, of = clinic.server.appointments, clinic.organization.id
    seen = await service.get(of, booked["id"])
    times = Times(seen.started_at, seen.ended_at)
    await clinic.reschedule(booked, 60)
    database = clinic.server.database
    assert not await database.write(
        lambda tx: store.change(tx, seen, status=Status.UPCOMING, times=times, window=seen.window)
    )
    assert not await database.write(lambda tx: store.mark_deleted(tx, seen))
    seen = await service.get(of, booked["id"])
    await clinic.move(booked, "confirm")
    assert not await database.write(
        lambda tx: store.change(tx, seen, status=Status.CANCELLED, times=times, window=seen.window)
    )
    assert (await service.get(of, booked["id"])).status is Status.CONFIRMED
