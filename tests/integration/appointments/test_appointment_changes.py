"""Changes that meet other changes, come twice, or concern the window (A5, B2)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import (
    Clinic,
    Installation,
    answered,
    exp_of,
    name_of,
)
from vestibule.appointments.idempotency.service import IdempotencyService
from vestibule.foundation.clock import unix_seconds


async def test_a_change_of_what_is_not_any_more_is_refused(clinic: Clinic) -> None:
    booked = await clinic.http.post(clinic.path, json=clinic.request())
    place, seen = f"{clinic.path}/{booked.json()['id']}", {"If-Match": booked.headers["etag"]}
    assert (await clinic.http.get(place)).headers["etag"] == booked.headers["etag"]
    confirmed = await clinic.http.post(f"{place}/confirm", headers=seen)
    assert confirmed.status_code == 200
    for method, path in (("POST", f"{place}/cancel"), ("DELETE", place)):
        late = await clinic.http.request(method, path, headers=seen)
        assert (late.status_code, late.json()["error"]) == (412, "precondition-failed")
        assert "has version 2 now" in late.json()["info"]
    assert (await clinic.http.get(place)).json()["status"] == "confirmed"
    for tag in ('"nonsense"', 'W/"2"', "2", ""):
        refused = await clinic.http.post(f"{place}/cancel", headers={"If-Match": tag})
        assert refused.status_code == 412, tag
    started = await clinic.http.post(f"{place}/start", headers={"If-Match": '"1", "2"'})
    assert (started.status_code, started.headers["etag"]) == (200, '"3"')
    gone = await clinic.http.delete(place, headers={"If-Match": "*"})
    assert gone.status_code == 200


async def test_the_same_request_books_once_and_is_answered_the_same(
    clinic: Clinic, daily: Daily
) -> None:
    key, body = {"Idempotency-Key": "booking-7"}, clinic.request()
    first = await clinic.http.post(clinic.path, json=body, headers=key)
    appointment = answered(first)
    await clinic.move(appointment, "confirm")
    again = await clinic.http.post(clinic.path, json=body, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["etag"] == first.headers["etag"]
    assert answered(await clinic.http.get(clinic.path))["total_count"] == 1
    other = await clinic.http.post(clinic.path, json=clinic.request(status="booked"), headers=key)
    assert (other.status_code, other.json()["error"]) == (409, "conflict-error")
    elsewhere = await clinic.http.post(f"{clinic.path}/{appointment['id']}/cancel", headers=key)
    assert elsewhere.status_code == 409
    wrong = await clinic.http.post(clinic.path, json=body, headers={"Idempotency-Key": "a b"})
    assert wrong.status_code == 400
    assert len(daily.rooms) == 1


async def test_a_move_that_comes_again_is_made_once(clinic: Clinic) -> None:
    appointment, key = await clinic.book(), {"Idempotency-Key": "cancel-1"}
    place = f"{clinic.path}/{appointment['id']}"
    first = await clinic.http.post(f"{place}/cancel", headers=key)
    await clinic.move(appointment, "reinstate")
    again = await clinic.http.post(f"{place}/cancel", headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await clinic.get(appointment))["status"] == "upcoming"


async def test_a_refused_request_may_be_sent_again(clinic: Clinic) -> None:
    appointment, key = await clinic.book(), {"Idempotency-Key": "reinstate-1"}
    place = f"{clinic.path}/{appointment['id']}/reinstate"
    assert (await clinic.http.post(place, headers=key)).status_code == 409
    await clinic.move(appointment, "cancel")
    assert (await clinic.http.post(place, headers=key)).status_code == 200


async def test_of_two_same_requests_at_once_one_books(
    clinic: Clinic, database_url: str, clock: FakeClock
) -> None:
    body = clinic.request()
    answers = await asyncio.gather(
        *(
            clinic.http.post(clinic.path, json=body, headers={"Idempotency-Key": "k"})
            for _ in range(8)
        )
    )
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert answered(await clinic.http.get(clinic.path))["total_count"] == 1


async def test_a_request_whose_server_died_before_it_answered_books_once(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, body = {"Idempotency-Key": "booking-8"}, clinic.request()
    with monkeypatch.context() as dying:
        dying.setattr(IdempotencyService, "answer", _answer_and_forget)
        first = answered(await clinic.http.post(clinic.path, json=body, headers=key))
    again = answered(await clinic.http.post(clinic.path, json=body, headers=key))
    assert again["id"] == first["id"]


async def _answer_and_forget(
    _self: Any, _organization: int, _once: Any, _form: Any, make: Any
) -> Any:
    """What is left of `answer` in a process that is killed before it keeps the answer."""
    return await make()


async def test_after_a_week_a_key_is_free_again(clinic: Clinic, clock: FakeClock) -> None:
    key = {"Idempotency-Key": "k"}
    first = answered(await clinic.http.post(clinic.path, json=clinic.request(), headers=key))
    clock.advance(timedelta(days=8))
    later = answered(await clinic.http.post(clinic.path, json=clinic.request(), headers=key))
    assert later["id"] != first["id"]


async def set_window(clinic: Clinic, **settings: Any) -> dict[str, Any]:
    path = f"/v1/organizations/{clinic.organization.id}"
    return answered(await clinic.http.patch(path, json=settings))


async def test_a_school_s_room_lives_from_five_minutes_before_until_thirty_after(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    school = await set_window(clinic, preset="school")
    assert (school["opens_minutes_before"], school["closes_minutes_after"]) == (5, 30)
    meeting = await clinic.book(
        started_at=clinic.in_minutes(60).isoformat(), ended_at=clinic.in_minutes(90).isoformat()
    )
    room, link = daily.rooms[name_of(clinic, meeting)], meeting["patient_url"]
    assert room["nbf"] == unix_seconds(clinic.in_minutes(55))
    assert room["exp"] == unix_seconds(clinic.in_minutes(120))
    for advance, state in ((54, "not-open-yet"), (1, "open"), (64, "open"), (1, "over")):
        clock.advance(timedelta(minutes=advance))
        assert (await clinic.open.get(f"{link}/state")).json()["state"] == state
        entered = await clinic.open.post(f"{link}/enter")
        assert (entered.status_code == 200) == (state == "open")
    assert (await clinic.get(meeting))["room"]["state"] == "none"


async def test_a_clinic_s_room_has_the_documented_body_and_ends_with_the_appointment(
    clinic: Clinic, daily: Daily
) -> None:
    meeting = await clinic.book()
    room = daily.rooms[name_of(clinic, meeting)]
    assert (room["nbf"], room["exp"]) == (None, exp_of(meeting))


async def test_another_window_moves_the_rooms_that_are_there(clinic: Clinic, daily: Daily) -> None:
    meeting, cancelled = await clinic.book(), await clinic.book()
    await clinic.move(cancelled, "cancel")
    room = name_of(clinic, meeting)
    end = exp_of(meeting)
    await set_window(clinic, preset="school")
    await clinic.server.reconcile()
    assert (daily.rooms[room]["nbf"], daily.rooms[room]["exp"]) == (
        unix_seconds(clinic.in_minutes(0)),
        end + 1800,
    )
    await set_window(clinic, preset="clinic", closes_minutes_after=10)
    await clinic.server.reconcile()
    assert (daily.rooms[room]["nbf"], daily.rooms[room]["exp"]) == (None, end + 600)
    assert list(daily.rooms) == [room]
    assert (await clinic.get(meeting))["room"] == {"state": "ready", "problem": None}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"closes_minutes_after": 1441}, "closes_minutes_after"),
        ({"preset": "hospital"}, "preset"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"language": "tlh"}, "language"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused(
    clinic: Clinic, changes: dict[str, Any], why: str
) -> None:
    path = f"/v1/organizations/{clinic.organization.id}"
    refused = await clinic.http.patch(path, json=changes)
    assert refused.status_code == 400
    assert why in refused.json()["info"]


async def test_rescheduled_and_reinstated_any_number_of_times_in_any_order(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    name = name_of(clinic, appointment)
    link = appointment["patient_url"]
    for round_ in range(1, 4):
        await clinic.move(appointment, "cancel", reason="ill")
        moved = await clinic.reschedule(appointment, 60 * round_)
        assert (moved["status"], moved["room"]["state"], daily.rooms) == ("cancelled", "none", {})
        back = await clinic.move(appointment, "reinstate")
        assert daily.rooms[name]["exp"] == exp_of(back)
        back = await clinic.reschedule(appointment, 90 * round_)
        await clinic.move(appointment, "no-show")
        back = await clinic.reschedule(appointment, 45 * round_, move="reinstate")
        assert daily.rooms[name]["exp"] == exp_of(back)
        assert (back["status"], back["patient_url"]) == ("upcoming", link)
    path = f"{clinic.path}/{appointment['id']}/moves"
    moves = answered(await clinic.http.get(path))["data"]
    assert [each["move"] for each in moves] == [
        *("cancel", "reschedule", "reinstate", "reschedule", "no-show", "reinstate"),
    ] * 3
    assert moves[0] == {
        "move": "cancel",
        "old_status": "upcoming",
        "new_status": "cancelled",
        "by": "token:booking platform",
        "reason": "ill",
        "at": "2026-11-21T10:00:00Z",
    }


async def test_a_day_is_the_organization_s_own(clinic: Clinic) -> None:
    await set_window(clinic, timezone="Europe/Bucharest")
    late = await clinic.book(started_at="2026-11-21T22:30:00Z", ended_at="2026-11-21T23:00:00Z")
    early = await clinic.book(started_at="2026-11-21T20:30:00Z", ended_at="2026-11-21T21:00:00Z")

    async def listed(**query: str) -> list[int]:
        answer = await clinic.http.get(clinic.path, params=query)
        return [each["id"] for each in answered(answer)["data"]]

    assert await listed(day="2026-11-21") == [early["id"]]
    assert await listed(day="2026-11-22") == [late["id"]]
    assert await listed(day="2026-11-21", timezone="UTC") == [early["id"], late["id"]]
    for wrong in ({"day": "2026-11-21", "to": "2026-11-22T00:00:00Z"}, {"day": "soon"}):
        assert (await clinic.http.get(clinic.path, params=wrong)).status_code == 400


async def test_two_servers_book_the_same_request_once(
    clinic: Clinic, database_url: str, clock: FakeClock
) -> None:
    from vestibule.appointments.idempotency.model import Once
    from vestibule.appointments.lifecycle.model import Booking, Request, Times
    from vestibule.appointments.model import Status

    peer = Installation(database_url, clock, clinic.server.settings)
    booking = Booking(
        specialist_id=clinic.specialist.id,
        patient_id=clinic.patient.id,
        times=Times(clinic.in_minutes(5), clinic.in_minutes(35)),
        status=Status.BOOKED,
    )
    request = Request(once=Once("k", "same"))
    made = await asyncio.gather(
        *(
            each.appointments.book(clinic.organization.id, booking, request)
            for each in [clinic.server, peer] * 4
        )
    )
    await peer.close()
    assert len({each.id for each in made}) == 1
