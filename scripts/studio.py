"""A server, a browser and people in rooms, of whom pictures are taken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from scripts.screenshots import PORTRAIT
from tests.scenarios.crowd import gather
from tests.servers.vestibule import VestibuleProcess

TARGET = Path(__file__).parent.parent / "test-results" / "call-states"
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


# The page can be cut off from its server, as by a cable that is pulled out, while `window.isCut`.
CUTTABLE = """
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(window.isCut ? `${address}-is-cut` : address);
    (window.lines ??= []).push(this);
  }
};
window.cut = () => {
  window.isCut = true;
  for (const line of window.lines) line.close();
};
"""


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

    def crowd(self, links: list[str], *, video: bool = False) -> Page:
        """People whom nobody hears go in, or knock; they go when the page is closed."""
        page = self.person()
        page.goto(f"{self.clinic.demo['base_url']}/console")
        gather(page, links, video=video)
        return page

    def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = self.clinic.demo["api_key"]
        status, answer = self.clinic.request(method, path, key=key, body=body)
        assert status == 200, answer
        result: dict[str, Any] = answer
        return result


def keep(page: Page, state: str, before_each: Callable[[], object] = bool) -> None:
    """Take this state's pictures; what does not last is brought about `before_each`."""
    for name, size in {**SIZES, "lying": LYING}.items():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            if name == "lying" and scheme == "dark":
                continue
            page.emulate_media(color_scheme=scheme)
            before_each()
            page.wait_for_timeout(250)
            page.screenshot(path=TARGET / f"{state}-{name}-{scheme}.png")
    page.set_viewport_size(SIZES["1440"])


def button(page: Page, name: str) -> None:
    """Press it."""
    page.get_by_role("button", name=name, exact=True).first.click()
