"""Keeps a picture of each state of the call page, at every size and scheme: `make call-states`."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.screenshots import PATIENT, PORTRAIT, SPECIALIST  # noqa: E402
from tests.servers import chromium  # noqa: E402
from tests.servers.vestibule import VestibuleProcess  # noqa: E402

TARGET = ROOT / "test-results" / "call-states"
SIZES: dict[str, ViewportSize] = {
    "1440": {"width": 1440, "height": 900},
    "820": {"width": 820, "height": 1180},
    "390": {"width": 390, "height": 844},
}
LYING: ViewportSize = {"width": 844, "height": 390}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EVERYTHING = {
    "enable_knocking": True,
    "enable_chat": True,
    "enable_advanced_chat": True,
    "enable_emoji_reactions": True,
    "enable_hand_raising": True,
    "enable_pip_ui": True,
    "enable_network_ui": True,
}
PEOPLE = ["Ben Ionescu", "Cleo Marin", "Dan Pop", "Eva Stan", "Florin Dinu", "Gabi Ene"]


class Studio:
    """A server, a browser, and people in rooms."""

    def __init__(self, clinic: VestibuleProcess, browser: Browser) -> None:
        self.clinic = clinic
        self.browser = browser

    def room(self, **properties: Any) -> dict[str, Any]:
        """A private room in which everything is switched on."""
        body = {"privacy": "private", "properties": {**EVERYTHING, **properties}}
        return self.ask("POST", "/v1/rooms", body)

    def link(self, room: dict[str, Any], user_name: str, **properties: Any) -> str:
        """The room's address with a token for this person."""
        person = {"room_name": room["name"], "user_name": user_name, **properties}
        token = self.ask("POST", "/v1/meeting-tokens", {"properties": person})["token"]
        return f"{room['url']}?t={token}"

    def person(self, portrait: dict[str, str] | None = None, **settings: Any) -> Page:
        """One more browser."""
        context = self.browser.new_context(
            viewport=SIZES["1440"], locale="en-GB", permissions=["camera", "microphone"], **settings
        )
        if portrait:
            context.add_init_script(PORTRAIT.replace("PERSON", json.dumps(portrait)))
        context.set_default_timeout(120_000)
        return context.new_page()

    def inside(self, page: Page, link: str) -> Page:
        """The person has gone into the call."""
        page.goto(link)
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_role("button", name="Leave", exact=True)).to_be_visible()
        return page

    def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of the API."""
        key = self.clinic.demo["api_key"]
        status, answer = self.clinic.request(method, path, key=key, body=body)
        assert status == 200, answer
        result: dict[str, Any] = answer
        return result


def keep(page: Page, state: str) -> None:
    """Take this state's pictures."""
    for name, size in {**SIZES, "lying": LYING}.items():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            if name == "lying" and scheme == "dark":
                continue
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(250)
            page.screenshot(path=TARGET / f"{state}-{name}-{scheme}.png")
    page.set_viewport_size(SIZES["1440"])


def button(page: Page, name: str) -> None:
    """Press it."""
    page.get_by_role("button", name=name, exact=True).first.click()


def picture_arrival(studio: Studio) -> None:
    """Prejoin, lobby, and who cannot come in."""
    room = studio.room()
    ada = studio.person(SPECIALIST)
    ada.goto(studio.link(room, "Dr. Ada Popescu", is_owner=True))
    expect(ada.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    ada.wait_for_timeout(800)
    keep(ada, "prejoin")
    button(ada, "Check my connection")
    expect(ada.get_by_text("Calls work in this browser")).to_be_visible(timeout=12_000)
    keep(ada, "prejoin-checked")
    ben = studio.person(PATIENT)
    ben.goto(room["url"])
    ben.get_by_role("textbox", name="Your name").fill("Ben Ionescu")
    button(ben, "Ask to join")
    expect(ben.get_by_text("Waiting to be let in")).to_be_visible()
    keep(ben, "lobby")
    picture_closed_doors(studio, room["url"])
    picture_knocks(studio, room["url"], ada)


def picture_closed_doors(studio: Studio, url: str) -> None:
    """Who has no devices, and who has no room."""
    blocked = studio.person()
    blocked.context.clear_permissions()
    blocked.add_init_script(
        "MediaDevices.prototype.getUserMedia = async () => {"
        "throw new DOMException('no', 'NotAllowedError')}"
    )
    blocked.goto(url)
    expect(blocked.get_by_role("alert").first).to_be_visible()
    keep(blocked, "prejoin-blocked")
    blocked.goto(f"{studio.clinic.demo['base_url']}/nothing-here")
    expect(blocked.get_by_text("This room does not exist")).to_be_visible()
    keep(blocked, "no-room")
    blocked.context.close()


def picture_knocks(studio: Studio, url: str, ada: Page) -> None:
    """The host's side of the lobby, while somebody waits already."""
    button(ada, "Join")
    expect(ada.get_by_role("button", name="Admit")).to_be_visible()
    keep(ada, "knock")
    cleo = studio.person()
    cleo.goto(url)
    cleo.get_by_role("textbox", name="Your name").fill("Cleo Marin")
    button(cleo, "Ask to join")
    cleo.get_by_role("textbox", name="Write to the host").fill("My train is late, sorry!")
    button(cleo, "Send")
    expect(ada.get_by_text("My train is late").first).to_be_visible()
    keep(ada, "two-knocks")
    button(ada, "Admit all 2")
    expect(ada.locator("[data-participant]")).to_have_count(3)
    button(cleo, "Leave")
    expect(cleo.get_by_text("You left")).to_be_visible()
    keep(cleo, "left")
    for context in studio.browser.contexts:
        context.close()


def picture_call(studio: Studio) -> None:
    """From one to seven people, with everything that can be opened."""
    room = studio.room(exp=int(time.time()) + 290, eject_at_room_exp=True)
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    keep(ada, "alone")
    ben = studio.inside(studio.person(PATIENT), studio.link(room, PEOPLE[0]))
    expect(ada.locator("[data-participant]")).to_have_count(2)
    ada.wait_for_timeout(2500)
    keep(ada, "pair")
    keep(ben, "pair-guest")
    button(ben, "Chat")
    ben.get_by_role("textbox").fill("Good morning! Here are my results: https://clinic.example/r/7")
    ben.get_by_role("textbox").press("Enter")
    ben.get_by_role("textbox").fill("I have them on paper too.")
    ben.get_by_role("textbox").press("Enter")
    expect(ada.get_by_role("button", name="Chat, 2 new messages")).to_be_visible()
    keep(ada, "unread")
    button(ada, "Chat, 2 new messages")
    ada.get_by_role("textbox").fill("Thank you, I have seen them.")
    ada.get_by_role("textbox").press("Enter")
    keep(ada, "chat")
    button(ada, "People")
    keep(ada, "people")
    button(ada, "Remove Ben Ionescu")
    keep(ada, "remove")
    button(ada, "Cancel")
    button(ada, "Close")
    button(ada, "More")
    keep(ada, "more")
    button(ada, "Devices")
    keep(ada, "devices")
    button(ada, "Done")
    button(ada, "More")
    button(ada, "Keyboard shortcuts")
    keep(ada, "shortcuts")
    button(ada, "Done")
    button(ben, "Share screen")
    expect(ada.get_by_text("Screen of Ben Ionescu")).to_be_visible()
    ada.wait_for_timeout(1500)
    keep(ada, "screen")
    for page in (ada, ben):
        page.context.close()


def picture_group(studio: Studio) -> None:
    """Four people, alike and with the speaker large."""
    room = studio.room()
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.inside(studio.person(PATIENT), studio.link(room, PEOPLE[0]))
    guests = [studio.inside(studio.person(), studio.link(room, name)) for name in PEOPLE[1:3]]
    expect(ada.locator("[data-participant]")).to_have_count(4, timeout=60_000)
    button(guests[0], "Raise hand")
    button(ben, "React")
    button(ben, "Heart")
    ada.wait_for_timeout(800)
    keep(ada, "four")
    button(ada, "More")
    button(ada, "Show the speaker large")
    ada.wait_for_timeout(500)
    keep(ada, "four-speaker")
    button(ada, "People")
    keep(ada, "four-people")
    for page in (ada, ben, *guests):
        page.context.close()


def picture_recording(studio: Studio) -> None:
    """The question for consent, what is shown while a call is recorded, and to whoever is not."""
    studio.ask("POST", "/v1/", {"properties": {"recording_consent": True}})
    room = studio.room(enable_recording="cloud")
    ada = studio.inside(
        studio.person(SPECIALIST), studio.link(room, "Dr. Ada Popescu", is_owner=True)
    )
    ben = studio.inside(studio.person(PATIENT), studio.link(room, PEOPLE[0]))
    button(ada, "Record this call")
    expect(ben.get_by_text("May you be recorded?")).to_be_visible()
    keep(ben, "recording-question")
    button(ada, "I agree")
    button(ben, "I agree")
    expect(ada.get_by_text("This call is being recorded.")).to_be_visible(timeout=60_000)
    keep(ada, "recording")
    button(ben, "Do not record me any more")
    expect(ben.get_by_text("without your picture and sound")).to_be_visible()
    keep(ben, "recording-without-you")
    button(ada, "Stop recording")
    studio.ask("POST", "/v1/", {"properties": {"recording_consent": None}})
    for page in (ada, ben):
        page.context.close()


def main() -> None:
    """Start a demonstration, take the pictures, end it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = VestibuleProcess(Path(folder) / "clinic", recordings="true")
        clinic.start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        studio = Studio(clinic, browser)
        try:
            picture_arrival(studio)
            picture_call(studio)
            picture_group(studio)
            picture_recording(studio)
        finally:
            browser.close()
            clinic.stop()


if __name__ == "__main__":
    main()
