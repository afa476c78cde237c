"""A call by keyboard alone: every place can be reached and left, and screen readers are told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.call.test_call_page import focused
from tests.scenarios.pages.call.test_call_together import EVERYTHING
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]

CONTROLS = {"Mute", "Turn camera on", "Share screen", "Raise hand", "React", "Chat", "People"}
MOST_STEPS = 60


def step_to(page: Page, name: str) -> None:
    """Press the tabulator until the keyboard is at what has this name."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name} was not reached")


def round_trip(page: Page) -> list[str]:
    """Where the keyboard comes by on the way from a place back to it."""
    first, places = focused(page), []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        places.append(focused(page))
        if places[-1] == first:
            return places
    raise AssertionError(f"no way back to {first}: {places}")


def test_a_call_from_its_start_to_its_end_by_keyboard(
    clinic: Clinic, new_context: NewContext
) -> None:
    room = Room(clinic, **EVERYTHING)
    ada = CallPage(new_context())
    page, keyboard, told = ada.page, ada.page.keyboard, ada.page.get_by_role("log").last
    ada.open(room.link("Ada", is_owner=True))
    expect(ada.button("Mute")).to_be_visible()
    step_to(page, "Join")
    keyboard.press("Enter")
    ada.is_in()

    step_to(page, "Mute")
    assert set(round_trip(page)) >= {*CONTROLS, "More", "Leave"}, "something cannot be reached"
    keyboard.press("Space")
    expect(ada.button("Unmute")).to_be_focused()  # the name says what it is now
    ben = enter(CallPage(new_context()), room.link("Ben"))
    expect(told).to_contain_text("Ben joined")
    ben.button("Leave").click()
    expect(told).to_contain_text("Ben left")

    step_to(page, "Raise hand")
    keyboard.press("Enter")
    expect(ada.button("Raise hand")).to_have_attribute("aria-pressed", "true")
    step_to(page, "People")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 person in the call")).to_be_focused()
    keyboard.press("Escape")
    expect(ada.button("People")).to_be_focused()
    step_to(page, "More")
    keyboard.press("Enter")
    step_to(page, "Devices")
    keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    round_trip(page)
    keyboard.press("Escape")
    expect(ada.button("More")).to_be_focused()
    step_to(page, "Leave")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You left")).to_be_focused()
    assert ada.errors == []


def test_shortcuts_do_what_the_buttons_do_and_a_window_can_stay_above(
    clinic: Clinic, new_context: NewContext
) -> None:
    room = Room(clinic, **EVERYTHING)
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = enter(CallPage(new_context()), room.link("Ben"))
    ada.sees_people(2)
    page, press = ada.page, ada.page.keyboard.press
    press("Alt+KeyM")
    expect(ada.button("Unmute")).to_be_visible()
    press("Alt+KeyV")
    expect(ada.button("Turn camera off")).to_be_visible()
    press("Alt+KeyH")
    expect(ben.page.get_by_role("group", name="Ada")).to_contain_text("hand raised")
    press("Alt+KeyS")
    ben.says("Screen of Ada")
    press("Alt+KeyS")
    expect(ada.button("Share screen")).to_be_visible()
    press("Alt+KeyP")
    expect(page.get_by_role("complementary", name="2 people in the call")).to_be_visible()
    press("Alt+KeyP")
    expect(page.get_by_role("complementary")).to_have_count(0)
    press("Alt+KeyG")
    expect(page.locator(".stage")).to_have_attribute("data-arrangement", "grid")
    press("Alt+KeyG")
    expect(page.locator(".stage")).to_have_attribute("data-arrangement", "pair")
    press("Alt+KeyF")
    page.wait_for_function("() => document.fullscreenElement !== null")
    press("Alt+KeyF")
    page.wait_for_function("() => document.fullscreenElement === null")

    ben.page.wait_for_function(
        "() => document.querySelector('.tile:not(.tile-own) video').videoWidth > 0"
    )
    ben.button("More").click()
    ben.button("Picture in picture").click()
    ben.page.wait_for_function("() => document.pictureInPictureElement !== null")
    ben.button("More").click()
    ben.button("Picture in picture").click()
    ben.page.wait_for_function("() => document.pictureInPictureElement === null")
    assert (ada.errors, ben.errors) == ([], [])


def test_who_wants_less_motion_gets_none(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic)
    moving = "document.getAnimations().filter(({playState}) => playState === 'running').length"
    ben = CallPage(new_context())
    ben.open(room.url)
    ben.ask_to_join("Ben")
    ben.says("Waiting to be let in")
    assert ben.page.evaluate(moving) > 0
    ben.page.emulate_media(reduced_motion="reduce")
    ben.page.wait_for_function(f"() => {moving} === 0")
