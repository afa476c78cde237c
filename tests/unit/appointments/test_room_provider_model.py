"""The bodies that go to the provider, letter by letter as the requirements have them."""

from datetime import UTC, datetime, timedelta

from vestibule.appointments.model import Window
from vestibule.appointments.room_provider.model import (
    new_times,
    patient_token,
    right_room,
    room_name,
    specialist_token,
)

ENDED_AT = datetime(2024, 1, 24, 11, 10, tzinfo=UTC)  # the document's own example: 1706094600
WINDOW = Window(ENDED_AT - timedelta(minutes=35), ENDED_AT)


def test_a_room_is_named_after_its_organization_and_appointment() -> None:
    assert room_name("restartix", 1, 102) == "restartix-1-102"


def test_the_room_has_exactly_the_documented_body() -> None:
    assert right_room(WINDOW) == {
        "privacy": "private",
        "properties": {
            "exp": 1706094600,
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


def test_a_reschedule_changes_nothing_but_the_expiry() -> None:
    assert new_times(WINDOW) == {"properties": {"exp": 1706094600}}


def test_the_specialist_is_owner_and_starts_the_recording() -> None:
    token = specialist_token("restartix-1-102", user_name="Dr. Smith", until=ENDED_AT)
    assert token == {
        "properties": {
            "room_name": "restartix-1-102",
            "is_owner": True,
            "user_name": "Dr. Smith",
            "enable_recording": "cloud",
            "start_cloud_recording": True,
            "exp": 1706094600,
        }
    }


def test_the_patient_is_a_guest_and_knocks_where_there_is_a_waiting_room() -> None:
    guest = {
        "room_name": "restartix-1-102",
        "is_owner": False,
        "user_name": "John Doe",
        "enable_recording": "cloud",
        "start_cloud_recording": False,
        "exp": 1706094600,
    }
    with_lobby, without = (
        patient_token(
            "restartix-1-102", user_name="John Doe", until=ENDED_AT, waiting_room=waiting_room
        )
        for waiting_room in (True, False)
    )
    assert with_lobby == {"properties": {**guest, "knocking": True}}
    assert without == {"properties": guest}


def test_a_token_can_say_who_the_person_is() -> None:
    doctor = specialist_token("r", user_name="Ada", until=ENDED_AT, user_id="specialist-7")
    patient = patient_token(
        "r", user_name="Ben", until=ENDED_AT, waiting_room=True, user_id="patient-3"
    )
    assert doctor["properties"]["user_id"] == "specialist-7"
    assert (patient["properties"]["user_id"], patient["properties"]["knocking"]) == (
        "patient-3",
        True,
    )
