"""The two links of an appointment: always true, and at the click a way into the call."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import (
    KEYRING,
    Clinic,
    Installation,
    answered,
    exp_of,
    name_of,
)
from vestibule.appointments.schema import audit_events, join_links
from vestibule.foundation.encryption import Keyring
from vestibule.settings import Settings


async def look(clinic: Clinic, url: str) -> dict[str, Any]:
    answer = await clinic.open.get(f"{url}/state")
    assert answer.headers["cache-control"] == "no-store"
    return answered(answer)


async def enter(clinic: Clinic, url: str) -> httpx2.Response:
    return await clinic.open.post(f"{url}/enter")


async def test_a_link_tells_each_person_what_is_true(clinic: Clinic) -> None:
    appointment = await clinic.book()
    both = {
        "state": "open",
        "organization_name": "Restartix Clinic",
        "started_at": "2026-11-21T10:05:00Z",
        "ended_at": "2026-11-21T10:35:00Z",
        "opens_at": "2026-11-21T10:00:00Z",
        "closes_at": "2026-11-21T10:35:00Z",
        "now": "2026-11-21T10:00:00Z",
    }
    ada, ben = "Dr. Ada Popescu", "Ben Ionescu"
    assert await look(clinic, appointment["specialist_url"]) == {
        **both,
        "role": "specialist",
        "your_name": ada,
        "other_name": ben,
    }
    assert await look(clinic, appointment["patient_url"]) == {
        **both,
        "role": "patient",
        "your_name": ben,
        "other_name": ada,
    }


async def test_the_specialist_enters_as_owner_with_a_token_made_at_the_click(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    daily.requests.clear()
    answer = await enter(clinic, appointment["specialist_url"])
    assert answer.headers["cache-control"] == "no-store"
    assert answered(answer) == {
        "url": f"{appointment['videocall_room_url']}?t=token-of-Dr.-Ada-Popescu"
    }
    (request,) = daily.requests
    assert (request.method, request.path) == ("POST", "/meeting-tokens")
    assert request.body == {
        "properties": {
            "room_name": name_of(clinic, appointment),
            "is_owner": True,
            "user_name": "Dr. Ada Popescu",
            "enable_recording": "cloud",
            "start_cloud_recording": True,
            "exp": exp_of(appointment),
            "user_id": f"specialist-{appointment['specialist_id']}",
        }
    }


async def test_the_patient_enters_as_a_guest_who_knocks(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    answered(await enter(clinic, appointment["patient_url"]))
    assert daily.requests[-1].body == {
        "properties": {
            "room_name": name_of(clinic, appointment),
            "is_owner": False,
            "user_name": "Ben Ionescu",
            "enable_recording": "cloud",
            "start_cloud_recording": False,
            "exp": exp_of(appointment),
            "knocking": True,
            "user_id": f"patient-{appointment['patient_id']}",
        }
    }


async def test_without_a_waiting_room_the_patient_walks_in(clinic: Clinic, daily: Daily) -> None:
    appointment = await clinic.book()
    await clinic.server.organizations.change(clinic.organization.id, waiting_room=False)
    answered(await enter(clinic, appointment["patient_url"]))
    assert "knocking" not in daily.requests[-1].body["properties"]


async def test_each_token_is_audited_with_its_role(clinic: Clinic) -> None:
    appointment = await clinic.book()
    await enter(clinic, appointment["specialist_url"])
    await enter(clinic, appointment["patient_url"])
    name = name_of(clinic, appointment)
    assert (await clinic.events(appointment))[1:] == [
        ("token_generated", {"role": "specialist", "room_name": name}),
        ("token_generated", {"role": "patient", "room_name": name}),
    ]
    events = await clinic.server.audit.list(clinic.organization.id, appointment["id"])
    assert [event.actor for event in events[-2:]] == [
        f"specialist:{clinic.specialist.id}",
        f"patient:{clinic.patient.id}",
    ]
    rows = await clinic.server.database.read(lambda tx: tx.run(select(audit_events)).all())
    assert "token-of" not in repr(rows)


async def test_a_link_opens_in_its_window_and_only_then(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book(
        started_at=clinic.in_minutes(60).isoformat(), ended_at=clinic.in_minutes(90).isoformat()
    )
    url = appointment["patient_url"]
    early = await enter(clinic, url)
    assert (early.status_code, early.json()) == (
        409,
        {
            "error": "conflict-error",
            "info": "this appointment opens at 2026-11-21 10:55 UTC",
            "state": "not-open-yet",
        },
    )
    clock.advance(timedelta(minutes=55))
    assert (await look(clinic, url))["state"] == "open"
    assert (await enter(clinic, url)).status_code == 200
    clock.advance(timedelta(minutes=35))
    assert (await look(clinic, url))["state"] == "over"
    late = await enter(clinic, url)
    assert (late.status_code, late.json()["state"]) == (409, "over")
    assert sum(request.path == "/meeting-tokens" for request in daily.requests) == 1


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ([], "open"),
        (["confirm", "start"], "open"),
        (["cancel"], "cancelled"),
        (["cancel", "reinstate"], "open"),
        (["no-show"], "no-show"),
        (["start", "complete"], "over"),
    ],
)
async def test_one_link_stays_true_through_every_move(
    clinic: Clinic, moves: list[str], state: str
) -> None:
    appointment = await clinic.book()
    for move in moves:
        moved = await clinic.move(appointment, move)
        assert moved["patient_url"] == appointment["patient_url"]
    assert (await look(clinic, appointment["patient_url"]))["state"] == state
    entered = await enter(clinic, appointment["patient_url"])
    assert entered.status_code == (200 if state == "open" else 409)


async def test_a_link_follows_a_reschedule(clinic: Clinic) -> None:
    appointment = await clinic.book()
    moved = await clinic.reschedule(appointment, 60 * 24)
    assert moved["specialist_url"] == appointment["specialist_url"]
    told = await look(clinic, appointment["specialist_url"])
    assert (told["state"], told["started_at"]) == ("not-open-yet", moved["started_at"])


async def test_a_booked_appointment_has_links_that_say_so(clinic: Clinic) -> None:
    booked = await clinic.book(status="booked")
    assert (await look(clinic, booked["patient_url"]))["state"] == "not-scheduled"
    answer = await enter(clinic, booked["patient_url"])
    assert (answer.status_code, answer.json()["info"]) == (
        409,
        "this appointment is not scheduled yet",
    )


async def test_while_the_room_is_pending_the_link_says_so(clinic: Clinic, daily: Daily) -> None:
    daily.is_down = True
    appointment = await clinic.book()
    assert (await look(clinic, appointment["patient_url"]))["state"] == "pending"
    answer = await enter(clinic, appointment["patient_url"])
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "error": "server-error",
            "info": "Videocall temporarily unavailable",
            "room_url": None,
        },
    )


async def test_when_no_token_can_be_made_the_plain_room_is_offered(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    failures: list[tuple[str, dict[str, Any]]] = [
        *(("status", {"status": status}) for status in (400, 401, 404, 429, 500)),
        ("lost-after", {}),
        ("garbage", {}),
    ]
    for how, details in failures:
        daily.fail_next(how, **details)
        answer = await enter(clinic, appointment["patient_url"])
        assert (answer.status_code, answer.json()) == (
            503,
            {
                "error": "server-error",
                "info": "Videocall temporarily unavailable",
                "room_url": appointment["videocall_room_url"],
            },
        ), (how, details)
    assert [event for event, _ in await clinic.events(appointment)] == ["room_created"]
    assert (await enter(clinic, appointment["patient_url"])).status_code == 200


async def test_a_wrong_link_and_a_deleted_one_are_the_same_nothing(
    clinic: Clinic, daily: Daily
) -> None:
    appointment = await clinic.book()
    daily.is_down = True
    await clinic.delete(appointment)
    assert await clinic.row(appointment) is not None, "its room is still being removed"
    deleted = appointment["patient_url"]
    wrong = deleted[:-1] + ("A" if deleted[-1] != "A" else "B")
    for url in (deleted, wrong, "/a/x", "/a/%00", "/a/" + "x" * 5000):
        for answer in (await clinic.open.get(f"{url}/state"), await enter(clinic, url)):
            assert (answer.status_code, answer.json()) == (
                404,
                {
                    "error": "not-found",
                    "info": "there is no appointment behind this link; it may be mistyped",
                },
            )


async def test_the_page_is_the_same_for_every_link(clinic: Clinic) -> None:
    appointment = await clinic.book()
    real = await clinic.open.get(appointment["patient_url"])
    wrong = await clinic.open.get("/a/wrong")
    assert (real.status_code, real.content) == (200, wrong.content)
    assert real.headers["content-type"].startswith("text/html")


async def test_the_database_holds_no_link(clinic: Clinic) -> None:
    appointment = await clinic.book()
    secrets = [appointment[url].rpartition("/")[2] for url in ("specialist_url", "patient_url")]
    assert all(len(secret) == 27 for secret in secrets)
    rows = await clinic.server.database.read(lambda tx: tx.run(select(join_links)).all())
    assert len(rows) == 2
    assert not any(secret in repr(rows) for secret in secrets)


async def test_links_survive_a_rotation_of_the_master_key(
    clinic: Clinic, database_url: str, clock: FakeClock, settings: Settings
) -> None:
    before = await clinic.book()
    keys = {"k2": b"2" * 32, "k1": bytes(32)}
    assert KEYRING.active == "k1"
    rotated = Installation(database_url, clock, settings, keyring=Keyring(keys, active="k2"))
    read = await rotated.appointments.get(clinic.organization.id, before["id"])
    assert rotated.join_links.links(read).patient == before["patient_url"]
    secret = before["patient_url"].rpartition("/")[2]
    assert (await rotated.join_links.look(secret)).appointment.appointment_id == before["id"]
    await rotated.close()
