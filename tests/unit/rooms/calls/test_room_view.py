"""What a page learns of its room: token over room over domain (reference 5.1)."""

from typing import Any

import pytest

from tests.unit.rooms.calls.people import room
from tests.unit.rooms.definitions.samples import ROOM, TOKEN
from vestibule.rooms.calls.answers import room_view
from vestibule.rooms.calls.views import RoomView
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.properties import RoomProperties, given
from vestibule.rooms.tokens.model import MeetingToken

OF_THE_PAGE = sorted(set(RoomView.model_fields) & set(ROOM) - {"nbf", "exp", "enable_recording"})


def with_only(properties: dict[str, Any]) -> Room:
    kept = given(RoomProperties.model_validate(properties))
    return Room(**{**vars(room()), "properties": kept})


def told(room: Room, name: str, **token: Any) -> Any:
    return getattr(room_view(room, MeetingToken(token) if token else None), name)


@pytest.mark.parametrize("name", OF_THE_PAGE)
def test_the_page_is_told_what_holds_for_this_person(name: str) -> None:
    default, values, _ = ROOM[name]
    assert told(with_only({}), name) == (False if default is None else default)
    for value in values:
        here = with_only({name: value})
        assert told(here, name) == value
        if name in TOKEN:
            for other in TOKEN[name][1]:
                assert told(here, name, **{name: other}) == other


@pytest.mark.parametrize(
    ("of_room", "of_token", "kinds"),
    [
        (None, None, []),
        ("cloud", None, ["cloud"]),
        (["cloud", "local"], None, ["cloud", "local"]),
        ("cloud", "local", ["local"]),
        (None, ["cloud"], ["cloud"]),
    ],
)
def test_which_recordings_a_person_may_start(of_room: Any, of_token: Any, kinds: list[str]) -> None:
    here = room(enable_recording=of_room) if of_room else room()
    token = {"enable_recording": of_token} if of_token else {}
    assert told(here, "enable_recording", **token) == kinds
    assert told(here, "enable_recording_ui", enable_recording_ui=False) is False
    assert told(here, "enable_recording_ui") is True


def in_domain(**domain: Any) -> Room:
    plain = room()
    return Room(**{**vars(plain), "defaults": domain})


ELSEWHERE = "https://clinic.example/thanks?id=7"


@pytest.mark.parametrize(
    ("domain", "token", "address"),
    [
        ({}, {}, ""),
        ({"redirect_on_meeting_exit": ELSEWHERE}, {}, ELSEWHERE),
        ({"redirect_on_meeting_exit": "https://a.example/"}, ELSEWHERE, ELSEWHERE),
        ({"redirect_on_meeting_exit_allowed_hosts": ["clinic.example"]}, ELSEWHERE, ELSEWHERE),
        ({"redirect_on_meeting_exit_allowed_hosts": ["other.example"]}, ELSEWHERE, ""),
        ({"redirect_on_meeting_exit_allowed_hosts": ["Clinic.Example"]}, ELSEWHERE, ELSEWHERE),
        ({}, f"{ELSEWHERE}&mail=ada@clinic.example", f"{ELSEWHERE}&mail=ada@clinic.example"),
        ({}, "https://other.example\\@clinic.example/", ""),
        ({}, "https://other.example\t@clinic.example/", ""),
        ({}, "https://somebody@clinic.example/", ""),
        ({}, "javascript:alert(1)", ""),
        ({}, "data:text/html,hello", ""),
        ({}, "//clinic.example/", ""),
        ({}, "https://[", ""),
    ],
)
def test_where_people_go_on_leaving(domain: dict[str, Any], token: Any, address: str) -> None:
    said = {"redirect_on_meeting_exit": token} if token else {}
    assert told(in_domain(**domain), "redirect_on_meeting_exit", **said) == address
    assert told(room(), "close_tab_on_exit", close_tab_on_exit=True) is True
    assert told(room(), "close_tab_on_exit") is False


def test_a_domain_can_hide_the_products_own_mark() -> None:
    assert told(in_domain(hide_daily_branding=True), "hide_daily_branding") is True
    assert told(in_domain(), "hide_daily_branding") is False


def test_what_the_domain_sets_holds_for_its_rooms() -> None:
    here = in_domain(lang="fr", enable_hand_raising=True)
    assert (told(here, "lang"), told(here, "enable_hand_raising")) == ("fr", True)
    assert told(here, "lang", lang="de") == "de"
