"""The console's pages about an organization, and that they change without being loaded again."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.test_console_page import HEALS_MS, PHONE, row_of, sign_in
from tests.scenarios.pages.test_domain_pages import heading

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MINUTES = timedelta(minutes=1)
CAMERA_IN_USE = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("in use by another program", "NotReadableError");
};
"""


def test_the_page_of_an_appointment_tells_all_and_follows_what_happens(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    with clinic.provider_down():
        appointment = clinic.book(3 * MINUTES, "onboard")
        sign_in(page, clinic)
        row_of(page, appointment).get_by_role("link").click()
        heading(page, f"Appointment {appointment['id']}")
        expect(page.get_by_text("Videocall room pending")).to_be_visible()
        page.get_by_role("button", name="Check now").click()
        expect(page.get_by_text("Something is in the way.")).to_be_visible()
        expect(page.get_by_text("Asking the room provider failed")).to_be_visible()
        assert_no_barrier(page)
        page.get_by_role("button", name="Try now").click()
        expect(page.get_by_role("button", name="Try now")).to_be_enabled()
    expect(page.get_by_text("Ready", exact=True)).to_be_visible(timeout=HEALS_MS)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("The room provider has the room")).to_be_visible()
    # Well before the console would ask by itself: the server tells.
    clinic.move(appointment, "cancel", reason="the patient is ill")
    expect(page.get_by_text("reason: the patient is ill")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    assert_no_barrier(page)
    assert_fits(page, 320)


def go(page: Page, name: str) -> None:
    """Another page, by the menu of a phone."""
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name=name).click()
    heading(page, name)


def test_staff_keep_people_and_settings(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    sign_in(page, clinic)
    go(page, "People")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Cleo Marin")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Cleo Marin is added.")).to_be_visible()
    page.get_by_role("button", name="Edit Cleo Marin").click()
    assert_no_barrier(page)
    page.get_by_label("E-mail address (optional)").last.fill("cleo@mail.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("cleo@mail.example")).to_be_visible()
    expect(page.get_by_role("button", name="Edit Cleo Marin")).to_be_focused()
    assert_fits(page, 320)
    go(page, "Settings")
    page.get_by_label("Links open so many minutes").fill("7")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    page.get_by_role("button", name="Delete the key").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("No key is stored yet")).to_be_visible()
    page.get_by_role("radio", name="This Vestibule").check()
    page.get_by_label("New API key").fill(clinic.demo["api_key"])
    page.get_by_role("button", name="Save video rooms").click()
    expect(page.get_by_text("The room provider and its key are saved.")).to_be_visible()
    expect(page.get_by_label("New API key")).to_have_value("")
    assert_no_barrier(page)
    assert_fits(page, 320)
    organization = clinic.call("GET", f"/v1/organizations/{clinic.demo['organization_id']}")
    assert organization["opens_minutes_before"] == 7


def test_staff_see_reports_as_they_come_and_the_audit(clinic: Clinic, new_page: NewPage) -> None:
    appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page(**PHONE)
    sign_in(page, clinic)
    go(page, "Problem reports")
    expect(page.get_by_text("No problem was reported")).to_be_visible()
    patient = new_page()
    patient.add_init_script(CAMERA_IN_USE)
    patient.goto(appointment["patient_url"])
    patient.get_by_role("button", name="Join Video Call").click()
    expect(page.get_by_text("The camera cannot be used: in-use")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("The patient").first).to_be_visible()
    assert_no_barrier(page)
    patient.get_by_role("button", name="Check my connection").click()
    expect(patient.get_by_text("sees this result and can help you.")).to_be_visible(timeout=30_000)
    assert_no_barrier(patient)
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_text("Handled", exact=True)).to_be_visible()
    assert_fits(page, 320)
    go(page, "Audit")
    expect(page.get_by_text("Problem reports marked as handled")).to_be_visible()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Every entry is as it was written.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert "error_reports.handled" in download.value.path().read_text()
    assert_no_barrier(page)
    assert_fits(page, 320)
    organization = f"{clinic.demo['console_url']}/organizations/{clinic.demo['organization_id']}"
    page.goto(f"{organization}/appointments/{appointment['id']}")
    page.get_by_role("button", name="Check now").click()
    found = page.get_by_role("listitem").filter(has_text="The patient’s connection")
    expect(found).to_contain_text("calls work from there")
    other = page.get_by_role("listitem").filter(has_text="The specialist’s connection")
    expect(other).to_contain_text("has not checked the connection lately")
    assert_fits(page, 320)
