"""The console's pages beside the board: an appointment, people, settings, audit and reports."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import Clinic, answered, name_of
from vestibule.appointments.audit.export import read_json_lines
from vestibule.appointments.audit.model import first_break


def of(clinic: Clinic, path: str) -> str:
    return f"/console/api/organizations/{clinic.organization.id}{path}"


def secret(link: str) -> str:
    return link.rpartition("/")[2]


async def test_the_page_of_an_appointment_tells_who_did_what_when_and_why(
    staff: httpx2.AsyncClient, clinic: Clinic, clock: FakeClock
) -> None:
    booked = await clinic.book()
    clock.advance(timedelta(minutes=1))
    await clinic.move(booked, "cancel", reason="the patient is ill")
    shown = answered(await staff.get(of(clinic, f"/appointments/{booked['id']}")))
    assert shown["appointment"]["status"] == "cancelled"
    assert shown["appointment"]["patient_url"] == booked["patient_url"]
    told = {each["event"]: each for each in shown["events"]}
    assert list(told) == [
        "appointment.created",
        "videocall.room_created",
        "appointment.moved",
        "videocall.room_deleted",
    ]
    moved = told["appointment.moved"]
    assert (moved["at"], moved["actor"]) == ("2026-11-21T10:01:00Z", "token:booking platform")
    assert moved["details"]["reason"] == "the patient is ill"


async def test_people_are_listed_added_and_changed(
    staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    people = of(clinic, "/people")
    body = {"kind": "patient", "name": " Cleo  Marin ", "email": "Cleo@mail.example"}
    added = answered(await staff.post(people, json=body))
    assert (added["name"], added["email"]) == ("Cleo Marin", "cleo@mail.example")
    changed = {"name": "Cleo Marin-Pop", "email": None}
    answered(await staff.put(f"{people}/{added['id']}", json=changed))
    listed = answered(await staff.get(people, params={"kind": "patient"}))
    assert [(each["name"], each["email"]) for each in listed["data"]] == [
        ("Ben Ionescu", "ben@mail.example"),
        ("Cleo Marin-Pop", None),
    ]
    assert (await staff.put(f"{people}/999", json=changed)).status_code == 404
    wrong = await staff.post(people, json={**body, "email": "nothing"})
    assert (wrong.status_code, "not an e-mail" in wrong.json()["info"]) == (400, True)


async def test_settings_and_the_providers_key_are_for_administrators(
    admin: httpx2.AsyncClient, staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    settings, provider = of(clinic, "/settings"), of(clinic, "/provider")
    answered(await admin.patch(settings, json={"waiting_room": False}))
    assert answered(await admin.get(settings))["waiting_room"] is False
    before = answered(await admin.get(provider))
    assert before["has_key"] is True
    form = {"base_url": "https://api.daily.co/v1", "api_key": "a-new-key"}
    answer = await admin.put(provider, json=form)
    assert answered(answer) == {"base_url": "https://api.daily.co/v1", "has_key": True}
    assert "a-new-key" not in (await admin.get(provider)).text
    assert KEY not in (await admin.get(provider)).text
    stored = await clinic.server.organizations.integration(clinic.organization.id)
    assert stored is not None
    assert stored.api_key == "a-new-key"
    gone = answered(await admin.delete(provider))
    assert gone == answered(await admin.get(provider)) == {"base_url": None, "has_key": False}
    assert await clinic.server.organizations.integration(clinic.organization.id) is None
    assert (await admin.delete(provider)).status_code == 404
    for method, url in (("GET", settings), ("PATCH", settings), ("GET", provider)):
        refused = await staff.request(method, url, json={} if method == "PATCH" else None)
        assert refused.status_code == 403
        assert "administrators" in refused.json()["info"]
    wrong = await admin.put(provider, json={"base_url": "http://10.0.0.1/v1", "api_key": "x"})
    assert wrong.status_code == 400


async def test_the_audit_is_read_in_pages_verified_and_taken_away(
    admin: httpx2.AsyncClient, staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    booked = await clinic.book()
    await clinic.move(booked, "cancel", reason="=HYPERLINK(1)")
    audit = of(clinic, "/audit")
    page = answered(await staff.get(audit))
    sequences = [each["sequence"] for each in page["data"]]
    assert sequences == sorted(sequences, reverse=True)
    assert len(sequences) == page["total_count"]
    older = answered(await staff.get(audit, params={"before": 2}))
    assert [each["event"] for each in older["data"]] == ["person.added"]
    assert answered(await staff.get(f"{audit}/verification")) == {"first_break": None}
    lines = await admin.get(f"{audit}/export", params={"kind": "jsonl"})
    assert "attachment" in lines.headers["content-disposition"]
    events = read_json_lines(lines.text.splitlines())
    assert first_break(events) is None
    assert len(events) == page["total_count"]
    changed = lines.text.replace("HYPERLINK", "hyperlink")
    moved = next(each.sequence for each in events if each.event == "appointment.moved")
    assert first_break(read_json_lines(changed.splitlines())) == moved
    table = await admin.get(f"{audit}/export", params={"kind": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["event"] for row in rows] == [each.event for each in events]
    assert (await staff.get(f"{audit}/export", params={"kind": "csv"})).status_code == 403


def failure(**changes: Any) -> dict[str, Any]:
    """The report of the source document."""
    return {
        "error_type": "videocall_error",
        "error_code": "ROOM_JOIN_FAILED",
        "error_message": "Failed to connect to Daily.co room",
        "feature_name": "videocall",
        "stack_trace": "Error: WebSocket connection failed...",
        "response_time_ms": 30000,
        **changes,
    }


async def test_pages_report_failures_which_staff_see_by_code_and_mark_as_handled(
    staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    booked = await clinic.book()
    link = secret(booked["patient_url"])
    report = "/v1/errors/report"
    answered(await clinic.open.post(report, json=failure(link=link)))
    answered(await clinic.open.post(report, json=failure(link=link)))
    answered(await clinic.http.post(report, json=failure(error_code="TOKEN_EXPIRED")))
    groups = answered(await staff.get(of(clinic, "/reports")))["groups"]
    joins = next(each for each in groups if each["code"] == "ROOM_JOIN_FAILED")
    assert (joins["count"], joins["open_count"]) == (2, 2)
    newest = joins["newest"][0]
    assert newest["reporter"] == f"patient:{clinic.patient.id}"
    assert newest["appointment_id"] == booked["id"]
    assert newest["stack_trace"].startswith("Error: WebSocket")
    answered(await clinic.open.post(report, json=failure(link=link)))  # after the look
    handled = of(clinic, "/reports/ROOM_JOIN_FAILED/handled")
    assert answered(await staff.post(handled, json={"up_to": newest["id"]})) == {"handled": 2}
    groups = answered(await staff.get(of(clinic, "/reports")))["groups"]
    joins = next(each for each in groups if each["code"] == "ROOM_JOIN_FAILED")
    assert (joins["count"], joins["open_count"]) == (3, 1)
    last = (await clinic.server.audit.list(clinic.organization.id))[-1]
    assert (last.event, last.actor) == ("error_reports.handled", "user:mara@clinic.example")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"link": "invented"}, 401),
        ({}, 400),  # neither a link nor a token
        ({"consent_level": 0}, 403),
        ({"error_code": "SOMETHING"}, 400),
        ({"error_message": "x" * 2001}, 400),
        ({"stack_trace": "x" * 16_001}, 400),
        ({"media_event": True}, 400),
        ({"response_time_ms": -1}, 400),
    ],
)
async def test_a_report_that_cannot_be_taken_stores_nothing(
    staff: httpx2.AsyncClient, clinic: Clinic, changes: dict[str, Any], status: int
) -> None:
    booked = await clinic.book()
    given = {"link": secret(booked["patient_url"])} if changes else {}
    answer = await clinic.open.post("/v1/errors/report", json=failure(**{**given, **changes}))
    assert answer.status_code == status, answer.text
    assert answered(await staff.get(of(clinic, "/reports")))["groups"] == []


async def test_a_program_reports_only_of_its_own_organizations_appointments(
    clinic: Clinic,
) -> None:
    answer = await clinic.http.post("/v1/errors/report", json=failure(appointment_id=999))
    assert answer.status_code == 404
    headers = {"Authorization": "Bearer invented"}
    answer = await clinic.open.post("/v1/errors/report", json=failure(), headers=headers)
    assert answer.status_code == 401


async def test_one_persons_page_cannot_flood_the_reports(clinic: Clinic, clock: FakeClock) -> None:
    booked = await clinic.book()
    body = failure(link=secret(booked["patient_url"]))
    for _ in range(20):
        answered(await clinic.open.post("/v1/errors/report", json=body))
    refused = await clinic.open.post("/v1/errors/report", json=body)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")
    other = failure(link=secret(booked["specialist_url"]))
    answered(await clinic.open.post("/v1/errors/report", json=other))
    clock.advance(timedelta(minutes=10))
    answered(await clinic.open.post("/v1/errors/report", json=body))


async def test_the_diagnosis_names_what_stops_somebody_and_the_fix(
    staff: httpx2.AsyncClient, clinic: Clinic, daily: Daily
) -> None:
    booked = await clinic.book()
    page = of(clinic, f"/appointments/{booked['id']}/diagnosis")
    found = answered(await clinic.http.get(f"{clinic.path}/{booked['id']}/diagnosis"))
    assert found == answered(await staff.get(page))
    checks = {each["name"]: each["outcome"] for each in found["checks"]}
    assert checks == {
        **dict.fromkeys(("link", "window", "room", "provider", "token"), "pass"),
        "media": "unknown",  # its media servers are its own
        "lobby": "unknown",  # this provider does not say who is there
        **dict.fromkeys(("patient", "specialist"), "unknown"),  # their pages have not tried
    }
    assert found["can_join"] is True
    daily.rooms.clear()
    report = failure(link=secret(booked["patient_url"]), error_code="MEDIA_DEVICE_ERROR")
    answered(await clinic.open.post("/v1/errors/report", json=report))
    found = answered(await staff.get(page))
    failing = {each["name"]: each["fix"] for each in found["checks"] if each["outcome"] == "fail"}
    assert found["can_join"] is False
    assert "made" in failing["provider"]
    assert "camera" in failing["media"]
    daily.is_down = True
    found = answered(await staff.get(page))
    failing = {each["name"]: each["says"] for each in found["checks"] if each["outcome"] == "fail"}
    assert "503" in failing["provider"]
    assert "503" in failing["token"]


async def test_what_a_page_finds_of_its_connection_is_told_to_staff_but_not_too_often(
    clinic: Clinic, clock: FakeClock
) -> None:
    booked = await clinic.book()
    patient = f"/a/{secret(booked['patient_url'])}/connection"
    specialist = f"/a/{secret(booked['specialist_url'])}/connection"

    async def found() -> dict[str, tuple[str, str]]:
        url = f"{clinic.path}/{booked['id']}/diagnosis"
        checks = answered(await clinic.http.get(url))["checks"]
        return {each["name"]: (each["outcome"], each["says"]) for each in checks}

    report = failure(link=secret(booked["patient_url"]), error_code="NETWORK_DISCONNECT")
    answered(await clinic.open.post("/v1/errors/report", json=report))
    answered(await clinic.open.post(patient, json={"proof": "none"}))
    answered(await clinic.open.post(specialist, json={"proof": "direct"}))
    told = await found()
    moment = "2026-11-21 10:00 UTC"
    assert told["patient"] == ("fail", f"Checked at {moment}: no call works from there.")
    assert told["specialist"][0] == "pass"
    assert told["media"][0] == "fail"
    clock.advance(timedelta(minutes=1))
    for _ in range(19):
        answered(await clinic.open.post(patient, json={"proof": "relay"}))
    told = await found()
    assert (told["patient"][0], "10:01" in told["patient"][1]) == ("pass", True)
    assert told["media"][0] != "fail", "the network that was bad works now"
    refused = await clinic.open.post(patient, json={"proof": "none"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")
    answered(await clinic.open.post(specialist, json={"proof": "local"}))
    clock.advance(timedelta(minutes=10))
    answered(await clinic.open.post(patient, json={"proof": "none"}))
    assert (await found())["specialist"][0] == "unknown"
    for wrong in ({"proof": "fine"}, {"proof": "relay", "address": "10.0.0.1"}, {}):
        assert (await clinic.open.post(patient, json=wrong)).status_code == 400
    answer = await clinic.open.post("/a/of-nobody/connection", json={"proof": "relay"})
    assert answer.status_code == 404
    clock.advance(timedelta(hours=24))
    assert {(await found())[each][0] for each in ("patient", "specialist")} == {"unknown"}


def knock(number: int, clinic: Clinic, appointment: dict[str, Any], **said: Any) -> bytes:
    payload = {"room": name_of(clinic, appointment), "session_id": "s1", "user_name": "Ben", **said}
    kind = said.pop("kind", "joined")
    return json.dumps(
        {
            "type": f"waiting-participant.{kind}",
            "id": f"knock-{number}",
            "payload": {"joined_at": 1795255200.0, **payload},
            "event_ts": 1795255200.0 + number,
        }
    ).encode()


async def test_who_knocks_is_told_until_it_is_answered_in_whichever_order_that_comes(
    staff: httpx2.AsyncClient, clinic: Clinic, clock: FakeClock
) -> None:
    first, second = await clinic.book(), await clinic.book()
    inbox, number = clinic.server.inbox, clinic.organization.id
    assert answered(await staff.get(of(clinic, "/knocks"))) == {"waiting": []}
    await inbox.keep(number, knock(1, clinic, first))
    await inbox.keep(number, knock(3, clinic, second, kind="left", session_id="s2"))
    await inbox.keep(number, knock(2, clinic, second, session_id="s2"))
    [told] = answered(await staff.get(of(clinic, "/knocks")))["waiting"]
    assert (told["appointment_id"], told["name"]) == (first["id"], "Ben")
    assert told["specialist_url"] == first["specialist_url"]
    await inbox.keep(number, knock(4, clinic, first, kind="left"))
    assert answered(await staff.get(of(clinic, "/knocks")))["waiting"] == []
    await inbox.keep(number, knock(5, clinic, first, joined_at=1795255260.0))  # once more
    assert len(answered(await staff.get(of(clinic, "/knocks")))["waiting"]) == 1
    await clinic.delete(first)
    assert answered(await staff.get(of(clinic, "/knocks")))["waiting"] == []
    await inbox.keep(number, knock(6, clinic, second, session_id="s3"))
    clock.advance(timedelta(hours=4))
    assert answered(await staff.get(of(clinic, "/knocks")))["waiting"] == [], "its end was lost"
