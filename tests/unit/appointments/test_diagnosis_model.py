"""Why somebody cannot join: each fact, and the check that names it with its fix."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vestibule.appointments.connection_checks.model import ConnectionCheck
from vestibule.appointments.diagnosis.model import Check, Facts, Failed, Name, Tried, diagnose
from vestibule.appointments.error_reports.model import ErrorCode, Report, StoredReport
from vestibule.appointments.model import Appointment, RoomState, Status, Window
from vestibule.appointments.room_provider.model import ProviderRoom
from vestibule.foundation.clock import unix_seconds

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=30)
APPOINTMENT = Appointment(
    id=7,
    organization_id=1,
    specialist_id=1,
    specialist_name="Dr. Ada",
    patient_id=2,
    patient_name="Ben",
    status=Status.UPCOMING,
    started_at=NOW,
    ended_at=END,
    window=Window(NOW - timedelta(minutes=5), END),
    version=1,
    created_at=NOW,
    updated_at=NOW,
    videocall_room_name="restartix-1-7",
    videocall_room_url="https://x.example/restartix-1-7",
    room=RoomState("ready", None),
    link_key_id="k1",
)
ROOM = ProviderRoom("restartix-1-7", "https://x.example/restartix-1-7", unix_seconds(END))
WORKS = Tried("turn:a")
ALL_WELL = Facts(
    appointment=APPOINTMENT,
    waiting_room=True,
    room=ROOM,
    token=None,
    present=["Dr. Ada"],
    reports=[],
    media_servers=[WORKS],
    now=NOW,
    connections=[
        ConnectionCheck("specialist", "relay", NOW),
        ConnectionCheck("patient", "direct", NOW),
    ],
)


def reported(code: ErrorCode) -> list[StoredReport]:
    report = Report("videocall_error", code, "It failed", "videocall")
    return [StoredReport(1, report, "patient:2", 7, NOW)]


def checked(name: Name, **changes: Any) -> Check:
    of_appointment = {
        key: changes.pop(key) for key in ("status", "room_state", "opens") if key in changes
    }
    appointment = APPOINTMENT
    if "status" in of_appointment:
        appointment = replace(appointment, status=of_appointment["status"])
    if "room_state" in of_appointment:
        appointment = replace(appointment, room=of_appointment["room_state"])
    if "opens" in of_appointment:
        appointment = replace(appointment, window=Window(of_appointment["opens"], END))
    facts = replace(ALL_WELL, appointment=appointment, **changes)
    return next(check for check in diagnose(facts) if check.name == name)


def test_when_all_is_well_every_check_passes() -> None:
    checks = diagnose(ALL_WELL)
    assert [check.outcome for check in checks] == ["pass"] * 9
    assert [check.name for check in checks][:2] == ["link", "window"]
    assert {check.fix for check in checks} == {None}


@pytest.mark.parametrize(
    ("name", "changes", "outcome", "says"),
    [
        ("link", {"status": Status.CANCELLED}, "fail", "cancelled"),
        ("link", {"status": Status.BOOKED}, "fail", "not onboarded"),
        ("link", {"status": Status.NOSHOW}, "fail", "no-show"),
        ("link", {"status": Status.COMPLETED}, "fail", "completed"),
        ("link", {"status": Status.INPROGRESS}, "pass", "lead to this"),
        ("window", {"opens": NOW + timedelta(minutes=1)}, "fail", "10:01 UTC"),
        ("window", {"opens": NOW}, "pass", "time of"),
        ("window", {"now": END}, "fail", "over"),
        ("room", {"room_state": RoomState("pending", "it is down")}, "fail", "it is down"),
        ("room", {"room_state": RoomState("none", None)}, "fail", "no room"),
        ("provider", {"room": None}, "fail", "no room of this name"),
        ("provider", {"room": Failed("it is down")}, "fail", "it is down"),
        ("provider", {"room": replace(ROOM, is_right=False)}, "fail", "anybody"),
        ("provider", {"room": replace(ROOM, exp=unix_seconds(NOW))}, "fail", "expired"),
        ("provider", {"room": replace(ROOM, exp=None)}, "pass", "private"),
        ("token", {"token": Failed("the key is wrong")}, "fail", "the key is wrong"),
        ("lobby", {"waiting_room": False, "present": []}, "pass", "no waiting room"),
        ("lobby", {"present": []}, "fail", "Dr. Ada is not in the call"),
        ("lobby", {"present": None}, "unknown", "does not say"),
        ("media", {"reports": reported(ErrorCode.MEDIA_DEVICE_ERROR)}, "fail", "patient's page"),
        ("media", {"reports": reported(ErrorCode.NETWORK_DISCONNECT)}, "fail", "10:00 UTC"),
        ("media", {"reports": reported(ErrorCode.RECORDING_FAILED)}, "pass", "No page"),
        ("media", {"media_servers": None}, "unknown", "were not tried"),
        ("media", {"media_servers": []}, "unknown", "No media server"),
        (
            "media",
            {"media_servers": [WORKS, Tried("turn:b", "silent")]},
            "fail",
            "turn:b was tried",
        ),
        ("media", {"media_servers": [Tried("turn:b", "refused")]}, "fail", "not let us in"),
    ],
)
def test_each_fact_is_named_by_its_check(
    name: Name, changes: dict[str, Any], outcome: str, says: str
) -> None:
    check = checked(name, **changes)
    assert check.outcome == outcome
    assert says in check.says
    assert (check.fix is None) == (outcome == "pass")
