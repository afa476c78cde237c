"""What staff see in the console, and what nobody else gets from it."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import (
    Clinic,
    answered,
    opened_clinic,
)
from tests.integration.appointments.console.conftest import Console


def board(clinic: Clinic) -> str:
    return f"/console/api/organizations/{clinic.organization.id}/appointments"


def today(clock: FakeClock) -> dict[str, str]:
    start = clock.now().replace(hour=0)
    return {"from": start.isoformat(), "to": (start + timedelta(days=1)).isoformat()}


async def rows(browser: httpx2.AsyncClient, clinic: Clinic) -> list[dict[str, Any]]:
    answer = await browser.get(board(clinic), params=today(clinic.server.clock))
    appointments: list[dict[str, Any]] = answered(answer)["appointments"]
    return appointments


async def test_staff_see_the_appointments_of_a_day_with_rooms_and_links(
    staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    later = await clinic.book(
        started_at=clinic.in_minutes(60).isoformat(), ended_at=clinic.in_minutes(90).isoformat()
    )
    sooner = await clinic.book()
    await clinic.book(  # tomorrow
        started_at=clinic.in_minutes(24 * 60).isoformat(),
        ended_at=clinic.in_minutes(25 * 60).isoformat(),
    )
    first, second = await rows(staff, clinic)
    assert first == {
        "id": sooner["id"],
        "status": "upcoming",
        "started_at": "2026-11-21T10:05:00Z",
        "ended_at": "2026-11-21T10:35:00Z",
        "specialist_name": "Dr. Ada Popescu",
        "patient_name": "Ben Ionescu",
        "specialist_url": sooner["specialist_url"],
        "patient_url": sooner["patient_url"],
        "room": {"state": "ready", "problem": None},
    }
    assert second["id"] == later["id"]


async def test_answers_with_join_links_are_kept_by_no_cache(
    staff: httpx2.AsyncClient, clinic: Clinic, clock: FakeClock
) -> None:
    answer = await staff.get(board(clinic), params=today(clock))
    assert answer.headers["cache-control"] == "no-store"


async def test_a_pending_room_shows_its_cause_and_is_made_at_once_on_demand(
    staff: httpx2.AsyncClient, clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    booked = await clinic.book()
    [row] = await rows(staff, clinic)
    assert row["room"]["state"] == "pending"
    assert "503" in row["room"]["problem"]
    daily.is_down = False
    retry = f"{board(clinic)}/{booked['id']}/retry-room"
    assert answered(await staff.post(retry))["room"] == {"state": "ready", "problem": None}
    assert (await rows(staff, clinic))[0]["room"]["state"] == "ready"


async def test_a_room_that_cannot_be_removed_yet_is_removed_on_demand(
    staff: httpx2.AsyncClient, clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book()
    daily.is_down = True
    await clinic.move(booked, "cancel")
    retry = f"{board(clinic)}/{booked['id']}/retry-room"
    failed = answered(await staff.post(retry))
    assert (failed["status"], failed["room"]["state"]) == ("cancelled", "removing")
    daily.is_down = False
    assert answered(await staff.post(retry))["room"]["state"] == "none"
    assert daily.rooms == {}


async def test_trying_again_with_nothing_to_do_asks_the_provider_nothing(
    staff: httpx2.AsyncClient, clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book()
    assert daily.calls
    answer = await staff.post(f"{board(clinic)}/{booked['id']}/retry-room")
    assert answered(answer)["room"]["state"] == "ready"
    assert daily.calls == []


async def test_people_choose_among_the_organizations_they_work_for(
    console: Console, clinic: Clinic, daily: Daily
) -> None:
    own = clinic.organization.id
    async with opened_clinic(console.server, "Kineto School", daily.url) as school:
        roles = {f"organization_{own}": "admin", f"organization_{school.organization.id}": "staff"}
        async with console.signed_in("mara@clinic.example", **roles) as browser:
            answer = answered(await browser.get("/console/api/organizations"))
    assert answer["organizations"] == [
        {"id": own, "name": "Restartix Clinic", "role": "admin"},
        {"id": school.organization.id, "name": "Kineto School", "role": "staff"},
    ]


def every_question(clinic: Clinic, appointment_id: int) -> list[tuple[str, str]]:
    return [
        ("GET", f"{board(clinic)}?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"),
        ("POST", f"{board(clinic)}/{appointment_id}/retry-room"),
    ]


async def test_nobody_gets_an_answer_without_a_session(console: Console, clinic: Clinic) -> None:
    booked = await clinic.book()
    questions = [("GET", "/console/api/organizations"), *every_question(clinic, booked["id"])]
    for cookie in (None, "vestibule_session=invented"):
        headers = {"Cookie": cookie} if cookie else {}
        async with console.browser() as browser:
            for method, url in questions:
                answer = await browser.request(method, url, headers=headers)
                assert (answer.status_code, answer.json()["error"]) == (401, "authentication-error")


@pytest.mark.parametrize("role", ["of another", "domain", "member", "none"])
async def test_a_person_without_a_role_there_gets_nothing(
    console: Console, clinic: Clinic, daily: Daily, role: str
) -> None:
    booked = await clinic.book()
    async with opened_clinic(console.server, "Kineto School", daily.url) as school:
        roles = {
            "of another": {f"organization_{school.organization.id}": "admin"},
            "domain": {f"domain_{clinic.organization.id}": "owner"},
            "member": {f"organization_{clinic.organization.id}": "member"},
            "none": {},
        }[role]
        async with console.signed_in("cleo@school.example", **roles) as browser:
            for method, url in every_question(clinic, booked["id"]):
                answer = await browser.request(method, url)
                assert (answer.status_code, answer.json()["error"]) == (403, "forbidden-error")
            listed = answered(await browser.get("/console/api/organizations"))
    assert clinic.organization.name not in str(listed)


async def test_another_organizations_appointment_is_not_found_in_ones_own(
    console: Console, clinic: Clinic, staff: httpx2.AsyncClient, daily: Daily
) -> None:
    async with opened_clinic(console.server, "Kineto School", daily.url) as school:
        foreign = await school.book()
        answer = await staff.post(f"{board(clinic)}/{foreign['id']}/retry-room")
    assert answer.status_code == 404


async def test_a_role_that_was_changed_counts_at_once(
    console: Console, clinic: Clinic, staff: httpx2.AsyncClient
) -> None:
    mara = await console.users.find_by_email("mara@clinic.example")
    await console.users.grant(mara.id, f"organization:{clinic.organization.id}", "member")
    for method, url in every_question(clinic, 1):
        assert (await staff.request(method, url)).status_code == 403


async def test_a_session_that_ended_answers_nothing(
    staff: httpx2.AsyncClient, clinic: Clinic, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=12))
    for method, url in every_question(clinic, 1):
        assert (await staff.request(method, url)).status_code == 401


async def test_another_site_cannot_make_the_browser_try_again(
    staff: httpx2.AsyncClient, clinic: Clinic, daily: Daily
) -> None:
    daily.is_down = True
    booked = await clinic.book()
    daily.calls.clear()
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = await staff.post(f"{board(clinic)}/{booked['id']}/retry-room", headers=headers)
        assert answer.status_code == 403
    assert daily.calls == []


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({}, "missing required field 'from'"),
        ({"from": "2026-11-21T00:00:00Z"}, "missing required field 'to'"),
        ({"from": "2026-11-21", "to": "2026-11-22T00:00:00Z"}, "ISO 8601"),
        ({"from": "2026-11-22T00:00:00Z", "to": "2026-11-21T00:00:00Z"}, "later than 'from'"),
        ({"from": "2026-11-21T00:00:00Z", "to": "2026-12-21T00:00:00Z"}, "at most 8 days"),
    ],
)
async def test_a_span_of_time_that_cannot_be_shown_is_refused_in_words(
    staff: httpx2.AsyncClient, clinic: Clinic, span: dict[str, str], words: str
) -> None:
    answer = await staff.get(board(clinic), params=span)
    assert answer.status_code == 400
    assert words in answer.json()["info"]
