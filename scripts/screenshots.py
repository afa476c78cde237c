"""Makes the README's pictures from the running product: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import chromium  # noqa: E402
from tests.servers.vestibule import VestibuleProcess  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}


def person(browser: Browser) -> Page:
    """A browser of one more person."""
    return browser.new_context(viewport=SIZE, color_scheme="light").new_page()


def picture_call(browser: Browser, demo: dict[str, str]) -> None:
    """Specialist and patient in their call."""
    specialist, patient = person(browser), person(browser)
    for page, url in ((specialist, demo["specialist_url"]), (patient, demo["patient_url"])):
        page.goto(url)
        page.get_by_role("button", name="Join Video Call").click()
    specialist.get_by_role("button", name="Join", exact=True).click()
    patient.get_by_role("button", name="Ask to join").click()
    specialist.get_by_role("button", name="Admit", exact=True).click()
    expect(specialist.locator("[data-participant]")).to_have_count(2)
    specialist.wait_for_function(
        """() => [...document.querySelectorAll('[data-participant] video')]
          .every((video) => video.getVideoPlaybackQuality().totalVideoFrames > 60)"""
    )
    specialist.screenshot(path=IMAGES / "call.png")


def picture_console(browser: Browser, demo: dict[str, str], admin: dict[str, str]) -> None:
    """The console after signing in."""
    page = person(browser)
    page.goto(demo["console_url"])
    page.get_by_label("E-mail").fill(admin["email"])
    page.get_by_label("Password").fill(admin["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Ben Ionescu").first).to_be_visible()
    page.screenshot(path=IMAGES / "console.png")


def main() -> None:
    """Start a demonstration, take the pictures, end it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = VestibuleProcess(Path(folder) / "clinic")
        demo = clinic.start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        try:
            picture_call(browser, demo)
            picture_console(browser, demo, demo["admin"])
        finally:
            browser.close()
            clinic.stop()


if __name__ == "__main__":
    main()
