"""Keeps a picture of each state of the call page, at every size and scheme: `make call-states`.

With names of parts (`arrival`, `call`, `group`, …), only those.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.call_endings import picture_endings, picture_refusals  # noqa: E402
from scripts.call_groups import PEOPLE, picture_crowd, picture_group  # noqa: E402
from scripts.call_troubles import picture_devices, picture_lines, picture_notices  # noqa: E402
from scripts.screenshots import PATIENT, SPECIALIST  # noqa: E402
from scripts.studio import TARGET, Studio, button, keep  # noqa: E402
from tests.servers import chromium  # noqa: E402
from tests.servers.vestibule import VestibuleProcess  # noqa: E402


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
    picture_knocks(studio, room["url"], ada)


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
    card = ada.get_by_role("listitem").filter(has_text="My train is late")
    card.locator("summary").click()
    card.get_by_role("textbox", name="Write back").fill("No hurry: five minutes more.")
    card.get_by_role("button", name="Send").click()
    expect(cleo.get_by_text("five minutes more")).to_be_visible()
    keep(cleo, "lobby-answered")
    button(ada, "Admit all 2")
    expect(ada.locator("[data-participant]")).to_have_count(3)
    button(cleo, "Leave")
    expect(cleo.get_by_text("You left")).to_be_visible()
    keep(cleo, "left")
    for context in studio.browser.contexts:
        context.close()


def picture_call(studio: Studio) -> None:
    """Alone and with two, with everything that can be opened."""
    room = studio.room()
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


PARTS: dict[str, Callable[[Studio], None]] = {
    "arrival": picture_arrival,
    "call": picture_call,
    "group": picture_group,
    "crowd": picture_crowd,
    "recording": picture_recording,
    "devices": picture_devices,
    "notices": picture_notices,
    "lines": picture_lines,
    "refusals": picture_refusals,
    "endings": picture_endings,
}


def main() -> None:
    """Start a demonstration, take the pictures, end it."""
    expect.set_options(timeout=60_000)  # pictures have no hurry
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or list(PARTS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = VestibuleProcess(Path(folder) / "clinic", recordings="true")
        clinic.start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        try:
            for name in wanted:
                PARTS[name](Studio(clinic, browser))
        finally:
            browser.close()
            clinic.stop()


if __name__ == "__main__":
    main()
