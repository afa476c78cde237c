"""The page behind a join link says what is true of the appointment, and leads in on time."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MINUTES = timedelta(minutes=1)
SMALLEST_WIDTH = 320


def open_link(page: Page, appointment: dict[str, Any], role: str = "patient") -> None:
    page.goto(appointment[f"{role}_url"])


def says(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible(timeout=20_000)


def has_no_button(page: Page) -> None:
    expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(
    ("starts_in", "moves", "words"),
    [
        (60 * MINUTES, ["onboard"], "The video room opens"),
        (60 * MINUTES, [], "This appointment is not confirmed yet"),
        (3 * MINUTES, ["onboard", "cancel"], "This appointment was cancelled"),
        (3 * MINUTES, ["onboard", "no-show"], "This appointment was missed"),
        (-60 * MINUTES, [], "This appointment is over"),
    ],
)
def test_a_closed_door_says_why_and_has_no_button(
    clinic: Clinic, new_page: NewPage, starts_in: timedelta, moves: list[str], words: str
) -> None:
    page = new_page()
    open_link(page, clinic.book(starts_in, *moves))
    expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your appointment with Dr. Ada Popescu"
    )
    has_no_button(page)
    assert_no_barrier(page)
    assert_fits(page, SMALLEST_WIDTH)


def test_inside_the_window_one_press_leads_into_the_call(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    appointment = clinic.book(3 * MINUTES, "onboard")
    open_link(page, appointment)
    says(page, "You can join now")
    assert_no_barrier(page)
    assert_fits(page, SMALLEST_WIDTH)
    page.get_by_role("button", name="Join Video Call").press("Enter")
    page.wait_for_url(f"{appointment['videocall_room_url']}*")


def test_it_tells_the_time_in_the_zone_and_language_of_whoever_looks(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(60 * MINUTES, "onboard")
    start = datetime.fromisoformat(appointment["started_at"])
    for locale, place, hours_ahead, zone in (
        ("en-GB", "Asia/Kolkata", 5.5, "India Standard Time"),
        ("de-DE", "Asia/Tokyo", 9, "Japanische Normalzeit"),
    ):
        page = new_page(locale=locale, timezone_id=place)
        open_link(page, appointment)
        shown = page.get_by_role("definition").first
        there = start.astimezone(timezone(timedelta(hours=hours_ahead)))
        expect(shown).to_contain_text(f"{there:%H:%M}")
        expect(shown).to_contain_text(zone)
        expect(shown.locator("time")).to_have_attribute("lang", locale)


def test_specialist_and_patient_each_see_the_other(clinic: Clinic, new_page: NewPage) -> None:
    appointment = clinic.book(60 * MINUTES, "onboard")
    for role, own, other in (
        ("specialist", "Dr. Ada Popescu", "Ben Ionescu"),
        ("patient", "Ben Ionescu", "Dr. Ada Popescu"),
    ):
        page = new_page()
        open_link(page, appointment, role)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Your appointment with {other}")
        expect(page.get_by_role("definition").last).to_have_text(own)


def test_the_door_opens_by_itself(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    open_link(page, clinic.book(5 * MINUTES + timedelta(seconds=15), "onboard"))
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"Opens in \d seconds?"))
    says(page, "You can join now")
    expect(page.get_by_role("button", name="Join Video Call")).to_be_enabled()


def test_a_countdown_does_not_trust_the_clock_of_the_device(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=7))
    open_link(page, clinic.book(65 * MINUTES, "onboard"))
    expect(page.get_by_role("timer")).to_contain_text("Opens in 59 minutes")


def test_an_open_page_hears_of_a_move_and_of_a_cancellation(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    appointment = clinic.book(3 * MINUTES, "onboard")
    open_link(page, appointment)
    says(page, "You can join now")
    clinic.reschedule(appointment, timedelta(days=3))
    expect(page.get_by_role("timer")).to_have_text("Opens in 2 days 23 hours", timeout=20_000)
    has_no_button(page)
    clinic.move(appointment, "cancel")
    says(page, "This appointment was cancelled")
    assert "cancelled" in page.title()


def test_a_press_on_a_button_that_is_no_longer_true_says_so(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    appointment = clinic.book(3 * MINUTES, "onboard")
    open_link(page, appointment)
    button = page.get_by_role("button", name="Join Video Call")
    expect(button).to_be_visible()
    clinic.move(appointment, "cancel")
    button.click()
    says(page, "This appointment was cancelled")
    has_no_button(page)


def test_while_the_room_is_not_there_the_page_waits_and_then_opens(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    with clinic.provider_down():
        appointment = clinic.book(3 * MINUTES, "onboard")
        open_link(page, appointment)
        says(page, "Your video room is being prepared")
        has_no_button(page)
        assert_no_barrier(page)
    clinic.reschedule(appointment, 2 * MINUTES)  # which tries again at once
    says(page, "You can join now")


def test_when_no_token_can_be_made_the_plain_room_is_offered(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    appointment = clinic.book(3 * MINUTES, "onboard")
    open_link(page, appointment)
    button = page.get_by_role("button", name="Join Video Call")
    with clinic.provider_down():
        button.click()
        says(page, "Videocall temporarily unavailable")
        room = page.get_by_role("link", name="Open the video room")
        expect(room).to_have_attribute("href", appointment["videocall_room_url"])
        assert_no_barrier(page)
    button.click()
    page.wait_for_url(f"{appointment['videocall_room_url']}*")


def test_a_link_of_nobody_is_not_valid(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{clinic.demo['base_url']}/a/never-given-to-anybody")
    says(page, "This link is not valid")
    has_no_button(page)
    assert_no_barrier(page)


def test_without_a_connection_it_says_so_and_goes_on_by_itself(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    open_link(page, clinic.book(3 * MINUTES, "onboard"))
    says(page, "You can join now")
    page.context.set_offline(True)
    says(page, "You are offline")
    assert_no_barrier(page)
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_have_count(0, timeout=20_000)


def test_nothing_on_the_page_breaks_its_content_security_policy(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    open_link(page, clinic.book(3 * MINUTES, "onboard"))
    says(page, "You can join now")
    assert complaints == []
