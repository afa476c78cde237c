"""An organization's settings in the console: checked, explained, and safe against each other."""

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.test_console_page import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SAVED = "The settings are saved."


def open_settings(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Name of the organization")).to_be_visible()


def test_two_administrators_set_windows_and_mail_without_undoing_each_other(
    clinic: Clinic, new_page: NewPage
) -> None:
    organization = f"/v1/organizations/{clinic.demo['organization_id']}"
    mara, other = new_page(), new_page()
    open_settings(mara, clinic)
    open_settings(other, clinic)
    expect(mara.get_by_role("radio", name="As in a clinic")).to_be_checked()
    mara.get_by_label("Minutes until a failed room is tried again").fill("0")
    mara.get_by_role("button", name="Save settings").click()
    expect(mara.get_by_text("Please write a whole number from 1 to 120.")).to_be_visible()
    expect(mara.get_by_label("Minutes until a failed room is tried again")).to_be_focused()
    assert_no_barrier(mara)
    mara.get_by_label("Minutes until a failed room is tried again").fill("2")
    mara.get_by_role("radio", name="As in a school").check()
    mara.get_by_role("button", name="Save settings").click()
    expect(mara.get_by_text(SAVED)).to_be_visible()
    now = clinic.call("GET", organization)
    assert (now["closes_minutes_after"], now["locks_early"], now["retry_minutes"]) == (30, True, 2)

    other.get_by_label("Language of mail").select_option("ro")
    other.get_by_label("Time zone").select_option("Europe/Bucharest")
    other.get_by_label("Name of the sender").fill("Front desk")
    other.get_by_label("Where answers go").fill("desk")
    other.get_by_role("button", name="Save mail and time").click()
    expect(other.get_by_text("Please write an e-mail address, or nothing.")).to_be_visible()
    other.get_by_label("Where answers go").fill("desk@clinic.example")
    other.get_by_role("button", name="Save mail and time").click()
    expect(other.get_by_text("Somebody else has changed these settings")).to_be_visible()
    assert clinic.call("GET", organization)["language"] == "en", "nothing was saved"
    assert_no_barrier(other)
    other.get_by_role("button", name="Save mail and time").click()  # now knowingly
    expect(other.get_by_text(SAVED)).to_be_visible()
    now = clinic.call("GET", organization)
    assert (now["language"], now["mail_name"], now["retry_minutes"]) == ("ro", "Front desk", 2)

    other.get_by_role("button", name="Undo").click()
    expect(other.get_by_text("The settings are as they were before.")).to_be_visible()
    expect(other.get_by_label("Language of mail")).to_have_value("en")
    assert clinic.call("GET", organization)["mail_reply_to"] is None
    keep_recordings_for_a_month(other, clinic)
    assert_fits(other, 320)


def keep_recordings_for_a_month(page: Page, clinic: Clinic) -> None:
    """Which is asked about first, because it cannot be taken back."""
    page.get_by_label("Days after which recordings are deleted").fill("30")
    page.get_by_role("button", name="Save recordings").click()
    asked = page.get_by_role("dialog", name="Delete recordings after 30 days?")
    expect(asked).to_contain_text("nobody can bring them back")
    assert_no_barrier(page)
    organization = f"/v1/organizations/{clinic.demo['organization_id']}"
    assert clinic.call("GET", organization)["recordings_keep_days"] is None
    asked.get_by_role("button", name="Yes, delete them").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert clinic.call("GET", organization)["recordings_keep_days"] == 30
