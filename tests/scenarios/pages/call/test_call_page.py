"""The call page in each of its states, by keyboard, on a phone, after a reload, without devices."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]

SMALLEST_WIDTH = 320
CAMERA_REQUESTS = """
window.cameraRequests = 0;
const ask = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (...wanted) {
  window.cameraRequests += 1;
  return ask.apply(this, wanted);
};
"""

WITHOUT_DEVICES = """
MediaDevices.prototype.getUserMedia = async () => {
  throw new DOMException("Requested device not found", "NotFoundError");
};
"""

OTHER_PLAYS_ON = """async () => {
  const video = document.querySelector("[data-participant]:not(.tile-own) video");
  const before = video.currentTime;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return video.currentTime > before;
}"""


@pytest.fixture
def room(clinic: Clinic) -> Room:
    return Room(clinic)


def two_in(room: Room, new_context: NewContext) -> tuple[CallPage, CallPage]:
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = enter(CallPage(new_context()), room.link("Ben"))
    return ada, ben


def check(page: Page) -> None:
    """No barrier in either scheme, and no sideways scrolling on the smallest phone."""
    assert_no_barrier(page)
    assert_fits(page, SMALLEST_WIDTH)
    page.set_viewport_size({"width": 1280, "height": 800})


def focused(page: Page) -> str:
    """What a screen reader says of the place where the keyboard is."""
    return str(
        page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText")
    )


def test_every_state_is_free_of_barriers(room: Room, new_context: NewContext) -> None:
    ada, ben, cleo = (CallPage(new_context()) for _ in range(3))
    ada.open(room.link("Ada", is_owner=True))
    expect(ada.button("Mute")).to_be_visible()
    check(ada.page)
    ada.join()
    ada.says("Nobody else is here yet")
    check(ada.page)
    ben.open(room.url)
    ben.ask_to_join("")
    ben.says("Please write your name")
    check(ben.page)
    ben.ask_to_join("Ben")
    ben.says("Waiting to be let in")
    check(ben.page)
    cleo.open(room.url)
    cleo.ask_to_join("Cleo")
    ada.says("Cleo")
    check(ada.page)
    ada.button("Admit").first.click()
    ada.sees_people(2)
    check(ada.page)
    ben.button("Share screen").click()
    ada.says("Screen of Ben")
    check(ada.page)
    check(ben.page)
    ada.button("More").click()
    ada.button("Devices").click()
    check(ada.page)
    ada.button("Done").click()
    ben.button("Leave").click()
    ben.says("You left")
    check(ben.page)
    room.delete()
    ada.says("The call has ended")
    check(ada.page)


def test_a_link_that_opens_nothing_says_why_and_starts_no_camera(
    clinic: Clinic, new_context: NewContext
) -> None:
    private = Room(clinic, enable_knocking=False)
    foreign = private.link("Ben").partition("?")[2]
    over = private.link("Ben", exp=int(time.time()) + 1)
    guest = CallPage(new_context())
    guest.page.add_init_script(CAMERA_REQUESTS)
    heading = guest.page.get_by_role("heading", level=1)
    for link, title, words in (
        (f"{clinic.demo['base_url']}/nothing-here", "This room does not exist", "a new one"),
        (private.url, "You cannot enter this room", "this link does not open it"),
        (f"{private.url}?t=x.y.z", "You cannot enter this room", "does not belong to this room"),
        (f"{Room(clinic).url}?{foreign}", "You cannot enter this room", "does not belong"),
        (over, "Your invitation has ended", "It ended today at"),
    ):
        guest.open(link)
        expect(heading).to_have_text(title)
        expect(heading).to_be_focused()
        expect(guest.page.get_by_role("main")).to_contain_text(words)
        assert guest.page.evaluate("window.cameraRequests") == 0
        expect(guest.page.get_by_role("button")).to_have_count(0)
    check(guest.page)


def test_a_room_that_opens_later_lets_in_by_itself(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic, nbf=int(time.time()) + 15)
    guest = CallPage(new_context())
    guest.open(room.link("Ben"))
    guest.says("This room is not open yet")
    check(guest.page)
    expect(guest.button("Join")).to_be_visible(timeout=20_000)


def test_the_token_stays_in_the_tab_and_outlives_leaving_there(
    room: Room, new_context: NewContext
) -> None:
    ada = CallPage(new_context())
    ada.open(f"{room.link('Ada', is_owner=True)}&lang=en")
    assert ada.address == f"{room.url}?lang=en"
    assert "eyJ" in ada.page.evaluate("JSON.stringify(sessionStorage)")
    assert "eyJ" not in ada.page.evaluate("JSON.stringify(localStorage)")
    ada.join()
    ada.button("Leave").click()
    ada.says("You left")
    assert ":resume" not in ada.page.evaluate("JSON.stringify(sessionStorage)")
    ada.button("Join again").click()
    expect(ada.page.get_by_role("textbox", name="Your name")).to_have_value("Ada")
    ada.page.reload()
    expect(ada.page.get_by_role("textbox", name="Your name")).to_have_value("Ada")


def test_a_reload_goes_on_with_the_call(room: Room, new_context: NewContext) -> None:
    ada, ben = two_in(room, new_context)
    ben.decodes_the_other()
    ben.button("Mute").click()
    ada.says("microphone off")
    before = ben.own_id()
    ben.page.reload()
    expect(ben.button("Unmute")).to_be_visible()
    assert ben.own_id() == before
    ben.decodes_the_other()
    ada.hears_nothing()
    ben.button("Unmute").click()
    ada.decodes_the_other()
    ada.page.reload()
    ada.decodes_the_other()
    ben.decodes_the_other()
    ben.sees_people(2)


def test_a_second_tab_takes_the_call_over(room: Room, new_context: NewContext) -> None:
    ada, ben = two_in(room, new_context)
    kept = ben.page.evaluate("JSON.stringify({...sessionStorage})")
    copy = CallPage(ben.page.context)
    copy.page.add_init_script(
        f"if (sessionStorage.length === 0) Object.assign(sessionStorage, {kept})"
    )
    copy.open(room.url)
    ben.says("The call goes on elsewhere")
    check(ben.page)
    copy.decodes_the_other()
    ada.sees_people(2)


def test_without_camera_and_microphone_one_still_sees_and_hears(
    room: Room, new_context: NewContext
) -> None:
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = CallPage(new_context())
    ben.page.add_init_script(WITHOUT_DEVICES)
    ben.open(room.link("Ben"))
    ben.says("No camera and no microphone were found")
    check(ben.page)
    ben.join()
    ben.decodes_the_other()
    expect(ben.page.get_by_role("alert")).to_have_count(0)
    ada.says("microphone off")
    ben.button("Unmute").click()
    ben.says("No microphone was found")
    check(ben.page)


def test_somebody_who_came_without_picture_is_heard(
    clinic: Clinic, new_context: NewContext
) -> None:
    room = Room(clinic, start_video_off=True, start_audio_off=True)
    ada, ben = two_in(room, new_context)
    ada.sees_people(2)
    ben.button("Unmute").click()
    assert ada.hears_the_other()
    assert ada.page.evaluate(OTHER_PLAYS_ON), "the element that plays the sound stands still"
    ben.button("Turn camera on").click()
    ada.decodes_the_other()


def test_without_prejoin_one_is_in_the_call_at_once(
    clinic: Clinic, new_context: NewContext
) -> None:
    room = Room(clinic, enable_prejoin_ui=False)
    ada, ben = CallPage(new_context()), CallPage(new_context())
    ada.open(room.link("Ada", is_owner=True))
    ada.sees_people(1)
    ben.open(room.link("Ben"))
    ben.decodes_the_other()
    ada.decodes_the_other()


def test_several_knocks_are_told_apart_and_answered_by_keyboard(
    room: Room, new_context: NewContext
) -> None:
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    for name in ("Ben", "Cleo"):
        guest = CallPage(new_context())
        guest.open(room.url)
        guest.ask_to_join(name)
        ada.says(name)
    admit = ada.button("Admit")
    expect(admit.nth(0)).to_have_accessible_description(re.compile("^Ben wants to join"))
    expect(admit.nth(1)).to_have_accessible_description(re.compile("^Cleo wants to join"))
    expect(ada.page.get_by_role("log")).to_contain_text("Cleo wants to join")
    admit.nth(0).focus()
    ada.page.keyboard.press("Enter")
    ada.sees_people(2)
    expect(admit).to_have_count(1)
    expect(admit).to_be_focused()
    ada.page.keyboard.press("Enter")
    ada.sees_people(3)
    assert focused(ada.page) == f"Call in {room.name}"


def test_nothing_on_the_page_breaks_its_content_security_policy(
    room: Room, new_context: NewContext
) -> None:
    ada = CallPage(new_context())
    complaints: list[str] = []
    ada.page.on("console", lambda message: complaints.append(message.text))
    enter(ada, room.link("Ada", is_owner=True))
    enter(CallPage(new_context()), room.link("Ben"))
    ada.decodes_the_other()
    assert complaints == []
    assert ada.errors == []
