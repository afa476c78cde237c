"""A server, a browser and people in rooms, of whom pictures are taken."""

import json
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from scripts.screenshots import PORTRAIT
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


# People who are in a room without a picture and a sound of their own: only their names are wanted.
CROWD = """([links, media]) => Promise.all(links.map((link) => new Promise((resolve) => {
  const { origin, pathname, searchParams } = new URL(link);
  const socket = new WebSocket(`${origin.replace("http", "ws")}/signalling`);
  const say = (message) => socket.send(JSON.stringify(message));
  const [room, token] = [pathname.slice(1), searchParams.get("t")];
  socket.onopen = () => say({ type: "hello", versions: [1], room, token });
  socket.onmessage = ({ data }) => {
    const { type } = JSON.parse(data);
    if (type === "welcome") say({ type: "join", user_name: searchParams.get("name") ?? "", media });
    if (type === "joined" || type === "waiting") resolve(type);
  };
  window.sockets = [...(window.sockets ?? []), socket];
})))"""


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

    def crowd(self, links: list[str]) -> Page:
        """People whom nobody sees or hears go in, or knock; they go when the page is closed."""
        page = self.person()
        page.goto(f"{self.clinic.demo['base_url']}/console")
        page.evaluate(CROWD, [links, {"audio": False, "video": False, "screen": False}])
        return page

    def ask(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
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
