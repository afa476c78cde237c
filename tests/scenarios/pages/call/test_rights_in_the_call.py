"""What the server takes from a person is gone from the page and for the others, at once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.call_page import OTHER_VIDEO
from tests.scenarios.pages.call.test_call_page import two_in
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room

# Whatever arrived would not be played: the sound is in no stream any more.
SEES_BUT_CANNOT_HEAR = f"""(own) => {{
  const stream = ({OTHER_VIDEO})(own).srcObject;
  return stream.getAudioTracks().length === 0 && stream.getVideoTracks().length === 1;
}}"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def act(clinic: Clinic, room: Room, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """One live action of the customer's own server."""
    path, key = f"/v1/rooms/{room.name}/{what}", clinic.demo["api_key"]
    status, answer = clinic.server.request("POST", path, key=key, body=body)
    assert status == 200, answer
    told: dict[str, Any] = answer
    return told


def test_what_may_not_be_sent_is_let_go_and_whoever_is_ejected_is_told(
    clinic: Clinic, new_context: Callable[[], BrowserContext]
) -> None:
    room = Room(clinic)
    ada, ben = two_in(room, new_context)
    ada.sees_people(2)
    ada.decodes_the_other()

    act(clinic, room, "update-permissions", {"data": {ben.own_id(): {"canSend": ["video"]}}})

    expect(ben.button("Unmute")).to_be_disabled()
    expect(ben.button("Turn camera off")).to_be_enabled()
    expect(ben.button("Share screen")).to_have_count(0)
    ada.page.wait_for_function(f"(own) => ({SEES_BUT_CANNOT_HEAR})(own)", arg=ada.own_id())

    assert act(clinic, room, "eject", {"ids": [ben.own_id()]})["ejectedIds"]

    ben.says("You were removed from the call")
    ada.sees_people(1)
    assert [*ada.errors, *ben.errors] == []
