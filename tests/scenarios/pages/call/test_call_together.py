"""What people do with each other in a call: chat, hands, the host's actions; free of barriers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.call_page import CallPage
from tests.scenarios.crowd import gather
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NewContext = Callable[[], BrowserContext]
EVERYTHING = {
    "enable_chat": True,
    "enable_advanced_chat": True,
    "enable_emoji_reactions": True,
    "enable_hand_raising": True,
    "enable_pip_ui": True,
    "enable_network_ui": True,
    "start_video_off": True,
}


def check(person: CallPage) -> None:
    """No barrier in either scheme, and no sideways scrolling on the smallest phone."""
    assert_no_barrier(person.page)
    assert_fits(person.page, 320)
    person.page.set_viewport_size({"width": 1280, "height": 800})


def write(person: CallPage, text: str) -> None:
    field = person.page.get_by_role("textbox", name="Write to everybody")
    field.fill(text)
    field.press("Enter")


def test_people_write_react_and_raise_their_hands(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic, **EVERYTHING)
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = enter(CallPage(new_context()), room.link("Ben"))
    ada.sees_people(2)
    expect(ben.page).to_have_title("Call with Ada")
    ben.button("Chat").click()
    expect(ben.page.get_by_role("textbox", name="Write to everybody")).to_be_focused()
    write(ben, "My results: https://clinic.example/r/7.")
    unread = ada.button("Chat, 1 new message")
    unread.click()
    link = ada.page.get_by_role("link", name="https://clinic.example/r/7", exact=True)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    write(ada, "Thank you!")
    expect(ben.page.get_by_role("log", name="Messages")).to_contain_text("Thank you!")
    check(ada)
    ada.page.keyboard.press("Escape")
    expect(ada.button("Chat")).to_be_focused()
    cleo = enter(CallPage(new_context()), room.link("Cleo"))
    cleo.page.keyboard.press("Alt+KeyC")
    expect(cleo.page.get_by_role("log", name="Messages")).to_contain_text("Thank you!")
    ben.button("Raise hand").click()
    expect(ben.button("Raise hand")).to_have_attribute("aria-pressed", "true")
    expect(ada.page.get_by_role("group", name="Ben")).to_contain_text("hand raised")
    ben.button("React").click()
    ben.button("Heart").click()
    expect(ada.page.get_by_role("list", name="Reactions")).to_contain_text("Ben")
    expect(ada.page.get_by_role("log").last).to_contain_text("Ben raises a hand")
    ada.button("Keep Ben in front").click()
    expect(ada.page.locator('[data-place="front"]')).to_have_attribute("aria-label", "Ben")
    check(ada)
    ada.button("More").click()
    check(ada)
    ada.button("Keyboard shortcuts").click()
    check(ada)
    assert (ada.errors, ben.errors, cleo.errors) == ([], [], [])


def test_a_host_keeps_order(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic, **EVERYTHING, max_participants=16)
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = enter(CallPage(new_context()), room.link("Ben"))
    ada.sees_people(2)
    ada.button("People").click()
    check(ada)
    ada.button("Mute Ben").click()
    ben.says("A host muted your microphone")
    expect(ben.button("Unmute")).to_be_visible()
    check(ben)
    ben.button("Share screen").click()
    ada.button("Stop sharing of Ben").click()
    expect(ben.button("Share screen")).to_be_visible()
    ada.button("Lock the call").click()
    expect(ada.button("Unlock the call")).to_be_visible()
    cleo, dan = CallPage(new_context()), CallPage(new_context())
    cleo.open(room.link("Cleo"))
    cleo.page.get_by_role("button", name="join", exact=False).click()
    cleo.says("Waiting to be let in")
    cleo.page.get_by_role("textbox", name="Write to the host").fill("My train is late")
    cleo.button("Send").click()
    check(cleo)
    knocks = ada.page.get_by_role("region", name="Waiting to join")
    expect(knocks).to_contain_text("My train is late")
    knocks.locator("summary").click()
    knocks.get_by_role("textbox", name="Write back").fill("Two minutes, please")
    knocks.get_by_role("button", name="Send").click()
    cleo.says("Two minutes, please")
    dan.open(room.url)
    dan.ask_to_join("Dan")
    ada.button("Admit all 2").click()
    ada.sees_people(4)
    ada.button("Remove Dan").click()
    check(ada)
    ada.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    dan.says("You were removed from the call")
    check(dan)
    fill(ada, room)
    assert (ada.errors, ben.errors, cleo.errors, dan.errors) == ([], [], [], [])


def fill(ada: CallPage, room: Room) -> None:
    """Thirteen more come: sixteen are alike, or behind somebody; nothing is out of reach."""
    ada.sees_people(3)
    ada.button("Unlock the call").click()
    others = CallPage(ada.page.context)
    others.open(room.url.replace(room.name, "console"))
    gather(others.page, [room.link(f"Guest {number}") for number in range(13)])
    ada.page.bring_to_front()
    ada.sees_people(16)
    check(ada)
    ada.page.keyboard.press("Escape")
    ada.button("Keep Guest 7 in front").click()
    check(ada)
    expect(ada.page.locator('[data-place="front"]')).to_have_attribute("aria-label", "Guest 7")
