"""Keeps a picture of each page of the console, at every size and scheme: `make console-pages`."""

import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Route, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.integration.rooms.recordings.invented_call import ada, ben, record  # noqa: E402
from tests.scenarios.accessibility import AXE, FIND  # noqa: E402
from tests.servers import chromium  # noqa: E402
from tests.servers.vestibule import VestibuleProcess  # noqa: E402
from vestibule.rooms.definitions.shapes import RecordingOptions  # noqa: E402
from vestibule.rooms.recordings.compositor import compose  # noqa: E402

TARGET = ROOT / "test-results" / "console-pages"
SIZES: dict[str, ViewportSize] = {
    "1440": {"width": 1440, "height": 900},
    "820": {"width": 820, "height": 1180},
    "390": {"width": 390, "height": 844},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = "Prof. Dr. Maximiliane-Alexandrine Wolkenstein-Trostburg von und zu Hohenlohe"
PATIENTS = ["Ben Ionescu", "Cleo Marin", "Dan Pop", LONG, "Eva Stan", "Florin Dinu", "Gabi Ene"]
MOVES: list[list[str]] = [
    ["onboard"],
    ["onboard", "confirm"],
    ["onboard", "confirm", "start"],
    ["onboard", "cancel"],
    ["onboard", "no-show"],
    [],
]
APPOINTMENTS = 200
LOADED = "[data-appointment], .section, .rows, .empty-title"
WHOLE = (
    "appointment",
    "settings",
    "domain",
    "recordings",
)  # the pages with something below the fold
PROBLEM = "the room provider does not accept the API key (401)"


class Studio:
    """A clinic with a full day, and browsers that look at it."""

    def __init__(self, clinic: VestibuleProcess, browser: Browser) -> None:
        self.clinic = clinic
        self.browser = browser
        self.organization = clinic.demo["organization_id"]
        self.api = f"/v1/organizations/{self.organization}"

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        token = self.clinic.demo["organization_token"]
        status, answer = self.clinic.request(method, path, key=token, body=body)
        assert status == 200, answer
        said: dict[str, Any] = answer
        return said

    def book_a_day(self) -> int:
        """Many appointments today; the number of one of them."""
        doctors = ["Dr. Ada Popescu", "Dr. Radu Ilie", LONG]
        specialists = [self._person("specialists", name) for name in doctors]
        patients = [self._person("patients", name) for name in PATIENTS]
        now = datetime.now(UTC).replace(microsecond=0)
        last = 0
        for number in range(APPOINTMENTS):
            start = now + timedelta(minutes=2 + number // 4)
            end = start + timedelta(minutes=30)
            booked = self.ask(
                "POST",
                f"{self.api}/appointments",
                {
                    "specialist_id": specialists[number % len(specialists)],
                    "patient_id": patients[number % len(patients)],
                    "started_at": start.isoformat(),
                    "ended_at": end.isoformat(),
                },
            )
            for move in MOVES[number % len(MOVES)] if number < 40 else []:
                self.ask("POST", f"{self.api}/appointments/{booked['id']}/{move}")
            last = booked["id"] if number == 1 else last
        return last

    def _person(self, kind: str, name: str) -> int:
        number: int = self.ask("POST", f"{self.api}/{kind}", {"name": name})["id"]
        return number

    def place(self, name: str) -> str:
        """The address of a page of the organization."""
        return f"{self.clinic.demo['console_url']}/organizations/{self.organization}/{name}"

    def places(self, page: Page, appointment: int) -> dict[str, str]:
        """The address of each page that needs somebody signed in, but the board's."""
        domain = page.locator("a[href$='/keys']").first.get_attribute("href")
        assert domain is not None
        here = self.clinic.demo["base_url"] + domain
        of_domain = {name: here.replace("keys", name) for name in ("keys", "team", "webhooks")}
        own = ("people", "reports", "audit", "settings")
        return {
            "appointment": self.place(f"appointments/{appointment}"),
            **{name: self.place(name) for name in own},
            **of_domain,
            "domain": here.replace("keys", "settings"),
        }

    def window(self, scheme: Literal["light", "dark"], **more: Any) -> Page:
        """A browser of somebody who has not signed in."""
        context = self.browser.new_context(
            viewport=SIZES["1440"], color_scheme=scheme, **{"locale": "en-GB", **more}
        )
        return context.new_page()

    def sign_in(self, page: Page) -> None:
        admin = self.clinic.demo["admin"]
        page.goto(self.clinic.demo["console_url"])
        page.get_by_role("textbox", name="E-mail").fill(admin["email"])
        page.get_by_role("textbox", name="Password").fill(admin["password"])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("link", name="Appointments")).to_be_attached(timeout=30_000)

    def keep(
        self, page: Page, name: str, scheme: str, *, sizes: Sequence[str] = tuple(SIZES)
    ) -> None:
        """A picture at each size, and what a program finds wrong with the page."""
        for size in sizes:
            shape = SIZES[size]
            page.set_viewport_size(shape)
            page.wait_for_timeout(150)  # for what follows the size
            picture = TARGET / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=picture, full_page=name.startswith(WHOLE))
            width = page.evaluate("() => document.documentElement.scrollWidth")
            if width > shape["width"]:
                print(f"{name} at {size}: {width} pixels wide", flush=True)
        page.evaluate(AXE.read_text())
        for each in page.evaluate(FIND)["found"]:
            print(f"{name} in {scheme}: {each}", flush=True)
        page.set_viewport_size(SIZES["1440"])


def outside(studio: Studio, scheme: Literal["light", "dark"]) -> None:
    """Signing in, and failing to."""
    page = studio.window(scheme)
    page.goto(studio.clinic.demo["console_url"])
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    studio.keep(page, "sign-in", scheme)
    page.get_by_role("textbox", name="E-mail").fill("mara@clinic.example")
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("is wrong")).to_be_visible(timeout=30_000)
    studio.keep(page, "sign-in-wrong", scheme)
    page.goto(f"{studio.clinic.demo['base_url']}/nothing/at/all")
    studio.keep(page, "missing", scheme)


def inside(studio: Studio, scheme: Literal["light", "dark"], appointment: int) -> None:
    """Every page with what a busy clinic has."""
    page = studio.window(scheme)
    studio.sign_in(page)
    expect(page.get_by_text("appointments", exact=False).first).to_be_visible(timeout=30_000)
    studio.keep(page, "board", scheme)
    places = {
        **studio.places(page, appointment),
        "nowhere": studio.place("nowhere"),
        "empty-day": f"{studio.clinic.demo['console_url']}?day=2026-01-01",
    }
    for name, address in places.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Loading")).to_have_count(0, timeout=30_000)
        if name == "appointment":
            page.get_by_role("button", name="Check now").click()
            expect(page.get_by_text("in the way.")).to_be_visible(timeout=30_000)
        studio.keep(page, name, scheme)
    page.set_viewport_size(SIZES["390"])
    page.get_by_role("button", name="Menu").click()
    page.screenshot(path=TARGET / f"menu-390-{scheme}.png")


def recordings(studio: Studio, scheme: Literal["light", "dark"], film: Path) -> None:
    """In every state that a recording has, with a film that plays and with raw tracks."""
    page = studio.window(scheme)
    studio.sign_in(page)
    show_recordings(studio, page, film)
    page.goto(studio.place("recordings"))
    expect(page.get_by_text("Deleted", exact=True)).to_be_visible(timeout=30_000)
    studio.keep(page, "recordings", scheme)
    for _ in range(2):
        page.get_by_role("button", name="Play").first.click()
    expect(page.get_by_text("Download sound")).to_have_count(3)
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    studio.keep(page, "recordings-open", scheme)


def show_recordings(studio: Studio, page: Page, film: Path) -> None:
    """Have the page hear of recordings in every state, one of which could not be deleted yet."""
    at = datetime.now(UTC).isoformat()
    states = ("ready", "ready", "recording", "making", "failed", "deleted")
    shown = [
        {
            "id": number,
            "appointment_id": number,
            "specialist_name": "Dr. Ada Popescu" if number % 2 else LONG,
            "patient_name": PATIENTS[number],
            "started_by": LONG if number == 1 else "Dr. Ada Popescu",
            "state": state,
            "at": at,
            "duration_seconds": 61 * number if state in ("ready", "deleted") else None,
            "progress": 0.42 if state == "making" else None,
            "problem": PROBLEM if number == 1 else None,
        }
        for number, state in enumerate(states)
    ]
    files = {
        0: [{"url": "/film.mp4", "holds": "film"}],
        1: [{"url": f"/{at}", "holds": holds} for at, holds in enumerate(["video", "audio"] * 3)],
    }
    table = f"**/console/api/organizations/{studio.organization}/recordings"
    page.route(table, partial(answer, {"total_count": 6, "keep_days": 90, "data": shown}))
    for number, each in files.items():
        page.route(f"{table}/{number}/link", partial(answer, {"files": each}))
    page.route("**/film.mp4", lambda route: route.fulfill(path=film))


def answer(said: Any, route: Route) -> None:
    """In the server's place."""
    route.fulfill(json=said)


def a_film(folder: Path) -> Path:
    """A second of two invented people."""
    record(folder / "call", ada(goes=1), ben(goes=1), stops=1)
    options = RecordingOptions(width=640, height=240)
    return compose(folder / "call", folder / "film.mp4", options).path


def in_trouble(studio: Studio, scheme: Literal["light", "dark"]) -> None:
    """While the server is slow, and while it cannot be reached."""
    page = studio.window(scheme)
    studio.sign_in(page)
    waiting: list[Route] = []
    page.route("**/console/api/organizations/*/people*", waiting.append)
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("Loading")).to_be_visible(timeout=30_000)
    studio.keep(page, "people-loading", scheme)
    for route in waiting:
        route.abort()
    expect(page.get_by_text("We cannot reach the server right now").first).to_be_visible()
    studio.keep(page, "people-unreachable", scheme)
    page.route("**/console/api/**", lambda route: route.abort())
    page.get_by_role("link", name="Appointments").click()
    expect(page.get_by_text("We cannot reach the server right now").first).to_be_visible()
    studio.keep(page, "board-unreachable", scheme)


def in_languages(studio: Studio, appointment: int, film: Path) -> None:
    """Every page in every other language, wide and on a phone."""
    for language in ("ro", "de", "fr", "es"):
        page = studio.window("light")
        studio.sign_in(page)
        show_recordings(studio, page, film)
        places = {
            "board": studio.clinic.demo["console_url"],
            **studio.places(page, appointment),
            "recordings": studio.place("recordings"),
        }
        for name, address in places.items():
            page.goto(f"{address}?lang={language}")
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
            expect(page.locator(LOADED).first).to_be_visible(timeout=60_000)
            if name == "appointment":
                page.locator(".section .button-primary").click()
                expect(page.locator(".checks")).to_be_visible(timeout=60_000)
            studio.keep(page, f"{name}-{language}", "light", sizes=("1440", "390"))
        page.set_viewport_size(SIZES["390"])
        page.locator(".menu").click()
        page.screenshot(path=TARGET / f"menu-{language}-390-light.png")
        page.context.close()


def main() -> None:
    """Start a clinic, look at everything, say what is wrong, end it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = VestibuleProcess(Path(folder) / "clinic")
        clinic.start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        try:
            studio = Studio(clinic, browser)
            appointment = studio.book_a_day()
            film = a_film(Path(folder))
            for scheme in SCHEMES if "languages" not in sys.argv else ():
                outside(studio, scheme)
                recordings(studio, scheme, film)
                inside(studio, scheme, appointment)
                in_trouble(studio, scheme)
            in_languages(studio, appointment, film)
        finally:
            browser.close()
            clinic.stop()


if __name__ == "__main__":
    main()
