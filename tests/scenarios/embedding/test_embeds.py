"""Other ways to put a call into a page: our own element, and the React example (A14)."""

import pytest
from playwright.sync_api import expect

from tests.scenarios.embedding.conftest import Clinic, OpenHost

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_react_portal_and_a_page_with_our_element_meet_in_one_call(
    clinic: Clinic, open_host: OpenHost
) -> None:
    url = clinic.room("portal")
    ada = open_host("component", url=url, token=clinic.token("portal", "Ada", is_owner=True))
    ada.until("events.some(({action}) => action === 'joined-meeting')")
    assert ada.do("call.meetingState") == "joined-meeting"

    ben = open_host("react-example", url=url, token=clinic.token("portal", "Ben"))
    leave = ben.page.get_by_role("button", name="Leave the call")
    expect(leave).to_be_visible(timeout=20_000)
    expect(ben.page.get_by_role("button", name="Fullscreen")).to_be_visible()
    ada.until("call.participantCounts().present === 2")
    names = ada.do("Object.values(call.participants()).map((p) => p.user_name)")
    assert sorted(names) == ["Ada", "Ben"]
    ada.do("call.setLocalVideo(false)")
    ada.until("call.participants().local.tracks.video.state === 'off'")

    leave.click()
    expect(ben.page.get_by_role("heading", name="Thank you for your visit")).to_be_visible()
    ada.until("call.participantCounts().present === 1")
    ada.do("call.leave()")
    assert ada.do("[call.meetingState, Object.keys(call.participants())]") == ["left-meeting", []]
    assert ada.errors == ben.errors == []


def test_our_element_says_why_a_call_did_not_begin(clinic: Clinic, open_host: OpenHost) -> None:
    url = clinic.room("closed")
    page = open_host("component", url=url)
    page.until("events.some(({action}) => action === 'error')")

    refused = page.do("call.join().then(() => null, ({type, message}) => ({type, message}))")

    assert refused == {
        "type": "not-allowed",
        "message": "You are not allowed to join this meeting",
    }
