"""Who knocks is seen and heard on every page of the console, one click away from the call."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.test_console_page import row_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PATIENCE_MS = 40_000
COUNT_SOUNDS = """
window.sounds = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  window.sounds += 1;
  return start.apply(this, at);
};
"""


def test_a_patient_who_knocks_is_shown_until_the_specialist_has_come_from_the_console(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(timedelta(minutes=3), "onboard")
    desk = new_page()
    desk.add_init_script(COUNT_SOUNDS)
    sign_in(desk, clinic)
    desk.get_by_role("link", name="People").click()
    patient = new_page()
    patient.goto(appointment["patient_url"])
    patient.get_by_role("button", name="Join Video Call").click()
    patient.get_by_role("button", name="Ask to join").click()

    told = desk.get_by_role("region", name="Waiting to be let in")
    expect(told).to_contain_text("Ben Ionescu is waiting to be let in", timeout=PATIENCE_MS)
    expect(told).to_contain_text("Appointment of Dr. Ada Popescu")
    for title in ("Ben Ionescu is waiting", "People · Vestibule console"):  # in turns
        desk.wait_for_function("(title) => document.title === title", arg=title)
    assert desk.evaluate("() => window.sounds") == 2, "two notes"
    assert_no_barrier(desk)
    desk.get_by_role("link", name="Appointments").click()
    expect(row_of(desk, appointment)).to_contain_text("Is waiting")
    expect(told).to_be_visible()

    with desk.expect_popup() as opened:
        told.get_by_role("link", name="Open the call").click()
    specialist = opened.value
    specialist.get_by_role("button", name="Join Video Call").click()
    specialist.get_by_role("button", name="Join", exact=True).click()
    specialist.get_by_role("button", name="Admit", exact=True).click()
    expect(told).to_have_count(0, timeout=PATIENCE_MS)
    expect(desk).to_have_title("Vestibule console")
    assert_fits(desk, 320)
