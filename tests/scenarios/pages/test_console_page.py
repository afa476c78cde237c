"""The console: signing in, a day's appointments, and what staff can do about their rooms."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MINUTES = timedelta(minutes=1)
HEALS_MS = 20_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASSWORD = "correct horse battery"


def fill_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, clinic: Clinic, address: str = "") -> None:
    """Sign in as the clinic's administrator, and wait for the appointments."""
    page.goto(clinic.demo["console_url"] + address)
    admin = clinic.demo["admin"]
    fill_in(page, admin["email"], admin["password"])
    expect(page.get_by_text("Updated at")).to_be_visible(timeout=20_000)


def row_of(page: Page, appointment: dict[str, Any]) -> Locator:
    return page.locator(f"[data-appointment='{appointment['id']}']")


def test_staff_sign_in_by_keyboard_and_find_the_day_in_a_table(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard", "confirm")
    page = new_page()
    page.goto(clinic.demo["console_url"])
    admin = clinic.demo["admin"]
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type(admin["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(admin["password"])
    page.keyboard.press("Enter")
    cells = row_of(page, appointment).get_by_role("cell")
    expect(cells).to_contain_text(["Dr. Ada Popescu", "Ben Ionescu", "Confirmed", "Ready"])
    start = datetime.fromisoformat(appointment["started_at"]).astimezone()
    header = row_of(page, appointment).get_by_role("rowheader").locator("time")
    expect(header).to_have_attribute("datetime", appointment["started_at"])
    expect(header).to_contain_text(f"{start:%M}–")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert_no_barrier(page)
    assert_fits(page, 720)  # a window of 1440 pixels at 200 %


def test_the_links_of_both_people_can_be_copied(clinic: Clinic, new_page: NewPage) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, clinic)
    for name, role in (("Dr. Ada Popescu", "specialist"), ("Ben Ionescu", "patient")):
        row_of(page, appointment).get_by_role("button", name=f"Copy link of {name}").click()
        expect(page.get_by_text(f"The link of {name} is copied.")).to_be_attached()
        assert page.evaluate("navigator.clipboard.readText()") == appointment[f"{role}_url"]


def test_where_the_browser_forbids_copying_the_link_is_shown_to_copy_by_hand(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page()
    page.add_init_script("delete Navigator.prototype.clipboard")  # as on a page without https
    sign_in(page, clinic)
    row_of(page, appointment).get_by_role("button", name="Copy link of Ben Ionescu").click()
    link = page.get_by_role("textbox", name="Link of Ben Ionescu")
    expect(link).to_have_value(appointment["patient_url"])
    assert page.evaluate("document.getSelection().toString()") == appointment["patient_url"]
    assert_no_barrier(page)


def test_a_pending_room_says_why_can_be_tried_again_and_heals(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    with clinic.provider_down():
        appointment = clinic.book(3 * MINUTES, "onboard")
        sign_in(page, clinic)
        row = row_of(page, appointment)
        expect(row).to_contain_text("Videocall room pending")
        expect(page.get_by_text(re.compile("rooms? needs? attention"))).to_be_visible()
        assert_no_barrier(page)
        row.get_by_role("button", name="Try now").click()
        expect(row.get_by_role("button", name="Try now")).to_be_enabled()
        expect(row).to_contain_text("Videocall room pending")
    expect(row).to_contain_text("Ready", timeout=HEALS_MS)
    expect(row.get_by_role("button", name="Try now")).to_have_count(0)


def test_new_appointments_appear_and_change_by_themselves(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    sign_in(page, clinic)
    appointment = clinic.book(3 * MINUTES, "onboard")
    expect(row_of(page, appointment)).to_contain_text("Ready", timeout=20_000)
    clinic.move(appointment, "cancel")
    expect(row_of(page, appointment)).to_contain_text("Cancelled", timeout=20_000)
    expect(row_of(page, appointment)).to_contain_text("No room")


def test_the_days_before_and_after_are_one_press_away(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, clinic)
    heading = page.get_by_role("heading", level=1)
    today = heading.inner_text()
    assert "Today" in today
    page.get_by_role("button", name="Previous day").click()
    expect(page.get_by_text("No appointments on this day")).to_be_visible()
    assert_no_barrier(page)
    assert heading.inner_text() != today
    page.reload()
    expect(page.get_by_text("No appointments on this day")).to_be_visible()
    page.go_back()
    expect(heading).to_contain_text("Today")
    page.get_by_role("button", name="Next day").click()
    expect(heading).not_to_contain_text("Today")
    page.get_by_role("button", name="Back to today").click()
    expect(heading).to_contain_text("Today")


def test_on_a_phone_each_appointment_is_a_card(clinic: Clinic, new_page: NewPage) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page(**PHONE)
    sign_in(page, clinic)
    expect(page.get_by_role("table")).to_have_count(0)
    card = (
        page.get_by_role("listitem")
        .filter(has=row_of(page, appointment))
        .or_(row_of(page, appointment))
    )
    for text in ("Dr. Ada Popescu", "Ben Ionescu", "Upcoming", "Ready"):
        expect(card.first).to_contain_text(text)
    assert_no_barrier(page)
    assert_fits(page, 320)


def test_a_wrong_sign_in_says_what_is_wrong(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    page.goto(clinic.demo["console_url"])
    assert_no_barrier(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_accessible_description(
        "Please write your e-mail address."
    )
    assert_no_barrier(page)
    fill_in(page, clinic.demo["admin"]["email"], "not the password")
    expect(page.get_by_role("alert")).to_contain_text("password is wrong")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.get_by_label("Show the password").check()
    expect(page.get_by_label("Password", exact=True)).to_have_value("not the password")
    assert_no_barrier(page)
    assert_fits(page, 320)


def test_after_too_many_tries_it_says_when_to_come_back(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    page.goto(clinic.demo["console_url"])
    form = {"email": "cleo@stranger.example", "password": "guess"}
    for _ in range(10):
        address = f"{clinic.demo['console_url']}/api/sign-in"
        assert page.request.post(address, data=form).status == 401
    fill_in(page, form["email"], form["password"])
    expect(page.get_by_role("alert")).to_contain_text("try again in 15 minutes")
    assert_no_barrier(page)


def test_signing_out_leaves_nothing_on_the_screen(clinic: Clinic, new_page: NewPage) -> None:
    clinic.book(3 * MINUTES, "onboard")
    page = new_page()
    sign_in(page, clinic)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert "Ben Ionescu" not in page.content()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_session_that_ended_leads_back_to_the_sign_in(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, clinic)
    page.context.clear_cookies()
    page.get_by_role("button", name="Next day").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    assert_no_barrier(page)


def test_without_a_connection_the_board_says_how_old_it_is(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page()
    sign_in(page, clinic)
    page.context.set_offline(True)
    expect(page.get_by_text("We cannot reach the server right now")).to_be_visible(timeout=20_000)
    expect(page.get_by_text(re.compile("what was known at"))).to_be_visible()
    expect(row_of(page, appointment)).to_be_visible()
    assert_no_barrier(page)
    page.context.set_offline(False)
    expect(page.get_by_text("We cannot reach the server right now")).to_have_count(
        0, timeout=20_000
    )


def test_people_of_two_organizations_choose_between_them(clinic: Clinic, new_page: NewPage) -> None:
    school = json.loads(
        clinic.command("organizations", "create", "--name", "Kineto School", "--json")
    )
    both = (clinic.demo["organization_id"], school["organization_id"])
    email = f"mara-{school['organization_id']}@clinic.example"
    clinic.command("users", "create", "--email", email, "--name", "Mara Pop", stdin=PASSWORD)
    page = new_page()
    page.goto(clinic.demo["console_url"])
    fill_in(page, email, PASSWORD)
    expect(page.get_by_text("You do not belong to an organization yet")).to_be_visible()
    assert_no_barrier(page)
    for organization in both:
        clinic.command("users", "grant", "--email", email, "--organization", str(organization))
    choice = page.get_by_role("combobox", name="Organization")
    expect(choice).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Updated at")).to_be_visible()
    choice.select_option("Kineto School")
    expect(page.get_by_text("No appointments on this day")).to_be_visible()
    assert_no_barrier(page)
    page.reload()
    expect(choice).to_have_value(str(school["organization_id"]))


def test_an_organization_of_others_is_not_shown(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, clinic, "?organization=999")
    expect(page.get_by_text("Restartix Clinic")).to_be_visible()


def test_nothing_on_the_page_breaks_its_content_security_policy(
    clinic: Clinic, new_page: NewPage
) -> None:
    clinic.book(3 * MINUTES, "onboard")
    page = new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, clinic)
    page.get_by_role("button", name="Next day").click()
    expect(page.get_by_text("No appointments on this day")).to_be_visible()
    assert [text for text in complaints if "401" not in text] == []
