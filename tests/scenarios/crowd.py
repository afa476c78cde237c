"""Many people in one call, of whom only one browser tab is needed."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "crowd.js").read_text()
# Wall, hair and coat of each drawn portrait.
LOOKS = [
    ["#b9cbd6", "#3b2a22", "#465a77"],
    ["#d9cbb4", "#7a4a2a", "#7d4a5b"],
    ["#c3d2bd", "#20201f", "#3f6f6a"],
    ["#cfc2d6", "#8a8580", "#5a5f43"],
    ["#e0c9bd", "#54301f", "#2f4a63"],
]


def gather(page: Page, links: list[str], *, video: bool = False) -> None:
    """Have a person go in, or knock, by each link; nobody hears them, and `video` draws them.

    They connect to everybody but each other, and go when the page is closed.
    """
    media = {"audio": False, "video": video, "screen": False}
    page.evaluate(SCRIPT, [links, media, LOOKS])


def disperse(page: Page) -> None:
    """All of them leave."""
    page.evaluate('for (const socket of sockets) socket.send(\'{"type":"leave"}\')')
