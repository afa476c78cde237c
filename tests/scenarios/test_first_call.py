"""The main job of the product: an appointment is booked, two people meet in it, and it is gone."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.conftest import TOOK
from tests.scenarios.call_page import CallPage
from tests.servers.vestibule import VestibuleProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(tmp_path_factory.mktemp("clinic"))
    process.start()
    yield process
    process.stop()


def book(clinic: VestibuleProcess) -> dict[str, Any]:
    """Book an appointment that begins now with the demonstration's people, and onboard it."""
    demo = clinic.demo
    appointments = f"/v1/organizations/{demo['organization_id']}/appointments"
    token = demo["organization_token"]
    _, example = clinic.request("GET", f"{appointments}/{demo['appointment_id']}", key=token)
    starts = datetime.now(UTC).replace(microsecond=0)
    status, booked = clinic.request(
        "POST",
        appointments,
        key=token,
        body={
            "specialist_id": example["specialist_id"],
            "patient_id": example["patient_id"],
            "started_at": starts.isoformat(),
            "ended_at": (starts + timedelta(minutes=30)).isoformat(),
        },
    )
    assert (status, booked["status"], booked["videocall_room_name"]) == (200, "booked", None)
    status, upcoming = clinic.request("POST", f"{appointments}/{booked['id']}/onboard", key=token)
    assert (status, upcoming["status"]) == (200, "upcoming")
    return {**upcoming, "path": f"{appointments}/{booked['id']}"}


def meet(
    clinic: VestibuleProcess, new_context: NewContext, appointment: dict[str, Any]
) -> tuple[CallPage, CallPage]:
    """Let specialist and patient meet in the appointment's room, each in an own browser profile."""
    specialist, patient = CallPage(new_context()), CallPage(new_context())
    specialist.open_join_link(appointment["specialist_url"])
    specialist.join()
    specialist.sees_people(1)
    patient.open_join_link(appointment["patient_url"])
    patient.ask_to_join()
    patient.says("Waiting to be let in")
    specialist.says("wants to join")
    assert specialist.page.get_by_text("Came without an invitation").count() == 0
    specialist.button("Admit").click()
    specialist.sees_people(2)
    patient.sees_people(2)
    return specialist, patient


def test_a_private_appointment_from_booking_to_the_end(
    clinic: VestibuleProcess, new_context: NewContext
) -> None:
    demo = clinic.demo
    appointment = book(clinic)
    room_name = f"restartix-{demo['organization_id']}-{appointment['id']}"
    assert appointment["videocall_room_name"] == room_name
    assert appointment["videocall_room_url"] == f"{demo['base_url']}/{room_name}"
    status, room = clinic.request("GET", f"/v1/rooms/{room_name}", key=demo["api_key"])
    assert (status, room["privacy"]) == (200, "private")

    specialist, patient = meet(clinic, new_context, appointment)
    specialist.decodes_the_other()
    patient.decodes_the_other()
    for person in (specialist, patient):
        assert person.address == appointment["videocall_room_url"], "the token left the address bar"

    stranger = CallPage(new_context())
    stranger.open(appointment["videocall_room_url"])
    stranger.ask_to_join("Cleo")
    stranger.says("Waiting to be let in")
    assert stranger.tiles.count() == 0
    specialist.says("Cleo")
    specialist.says("Came without an invitation")
    specialist.button("Deny").click()
    stranger.says("You were not let in")
    assert stranger.tiles.count() == 0

    status, cancelled = clinic.request(
        "POST", f"{appointment['path']}/cancel", key=demo["organization_token"]
    )
    assert (status, cancelled["status"]) == (200, "cancelled")
    assert cancelled["videocall_room_name"] is None
    for person in (specialist, patient):
        person.says("The call has ended")
        person.sees_people(0)
    patient.open(appointment["patient_url"])
    patient.says("cancelled")
    assert patient.button("Join Video Call").count() == 0
    status, _ = clinic.request("GET", f"/v1/rooms/{room_name}", key=demo["api_key"])
    assert status == 404
    stranger.open(appointment["videocall_room_url"])
    stranger.says("This room does not exist")
    for person in (specialist, patient, stranger):
        assert person.errors == []


def test_the_controls_do_what_they_say_and_the_other_side_sees_it(
    clinic: VestibuleProcess, new_context: NewContext
) -> None:
    specialist, patient = meet(clinic, new_context, book(clinic))
    specialist.decodes_the_other()
    specialist.button("Mute").click()
    patient.says("microphone off")
    patient.hears_nothing()
    specialist.button("Unmute").click()
    specialist.button("Turn camera off").click()
    specialist.button("Turn camera on").click()
    patient.decodes_the_other()
    specialist.button("Share screen").click()
    patient.says("Screen of Dr. Ada Popescu")
    specialist.button("Stop sharing").click()
    patient.button("Leave").click()
    patient.says("You left")
    specialist.sees_people(1)


def test_a_server_that_dies_does_not_take_the_call_with_it(
    tmp_path: Path, new_context: NewContext, record_property: Callable[[str, object], None]
) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    clinic.start()
    try:
        specialist, patient = meet(clinic, new_context, book(clinic))
        specialist.decodes_the_other()
        clinic.kill()
        specialist.says("Reconnecting")
        specialist.decodes_the_other()
        patient.decodes_the_other()
        clinic.start()
        started = time.monotonic()
        specialist.button("Mute").click()
        patient.says("microphone off")
        seconds = time.monotonic() - started
        record_property(TOOK, f"back at a server that was killed and started: {seconds:.1f} s")
        specialist.sees_people(2)
        patient.sees_people(2)
        specialist.decodes_the_other()
    finally:
        clinic.stop()
