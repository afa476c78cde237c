"""Who waits is not forgotten: the host hears and sees it until answering; either may reload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.accessibility import assert_no_barrier
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones += 1;
  return start.apply(this, when);
};
"""


def test_a_host_is_told_of_who_waits_until_there_is_an_answer(
    clinic: Clinic, new_context: Callable[[], BrowserContext]
) -> None:
    room = Room(clinic)
    ada, ben = CallPage(new_context()), CallPage(new_context())
    ada.page.add_init_script(COUNT_TONES)
    ada.page.clock.install()
    enter(ada, room.link("Ada", is_owner=True))
    own_title = f"Call in {room.name}"
    expect(ada.page).to_have_title(own_title)
    ben.open(room.url)
    ben.ask_to_join("Ben")
    card = ada.page.get_by_role("region", name="Waiting to join")
    expect(card).to_contain_text("Ben wants to join")
    for title in ("Ben wants to join", own_title, "Ben wants to join"):
        expect(ada.page).to_have_title(title)
    ada.page.wait_for_function("() => window.tones > 0")
    first = ada.page.evaluate("window.tones")
    ada.page.clock.fast_forward(31_000)
    ada.page.wait_for_function("(first) => window.tones > first", arg=first)

    ben.page.reload()
    ben.says("Waiting to be let in")
    expect(card.get_by_role("listitem")).to_have_count(1)
    ada.page.reload()
    expect(card).to_contain_text("Ben wants to join")
    assert_no_barrier(ada.page)

    ada.button("Deny").click()
    ben.says("You were not let in")
    expect(card).to_have_count(0)
    expect(ada.page).to_have_title(own_title)
    assert_no_barrier(ben.page)
    assert (ada.errors, ben.errors) == ([], [])
