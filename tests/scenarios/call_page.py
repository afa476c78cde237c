"""The call page as a person uses it: by the names that screen readers say."""

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

MEDIA_SECONDS = 20

REMOTE_MEDIA = """(own) => [...document.querySelectorAll('[data-participant] video')]
  .filter((video) => video.closest('[data-participant]').dataset.participant !== own)
  .map((video) => ({
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    audioBytes: video.webkitAudioDecodedByteCount,
  }))"""


class CallPage:
    """One person's browser tab."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def open_join_link(self, url: str) -> None:
        """Open an appointment's link and press its button, as from an e-mail."""
        self.page.goto(url)
        self.button("Join Video Call").click()

    def open(self, url: str) -> None:
        self.page.goto(url)

    def join(self, name: str | None = None) -> None:
        """Press "Join" on the prejoin page, after giving a name if one is given."""
        self._give(name)
        self.button("Join").click()

    def ask_to_join(self, name: str | None = None) -> None:
        """Press "Ask to join" on the prejoin page, after giving a name if one is given."""
        self._give(name)
        self.button("Ask to join").click()

    def _give(self, name: str | None) -> None:
        if name is not None:
            self.page.get_by_role("textbox", name="Your name").fill(name)

    @property
    def tiles(self) -> Locator:
        return self.page.locator("[data-participant]")

    def sees_people(self, count: int) -> None:
        expect(self.tiles).to_have_count(count, timeout=MEDIA_SECONDS * 1000)

    def says(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=MEDIA_SECONDS * 1000)

    def decodes_the_other(self) -> None:
        """Wait until the other person's video and audio are decoded, and go on being decoded."""
        self._wait_for_growth({"frames": 0, "audioBytes": 0})
        self._wait_for_growth(self._remote_media())

    def _remote_media(self) -> dict[str, int]:
        media: list[dict[str, int]] = self.page.evaluate(REMOTE_MEDIA, self._own_id())
        assert len(media) == 1, f"expected one other person, found {len(media)}"
        return media[0]

    def _wait_for_growth(self, seen: dict[str, int]) -> None:
        self.page.wait_for_function(
            f"""([own, seen]) => ({REMOTE_MEDIA})(own).some((media) =>
              media.frames > seen.frames + 5 && media.audioBytes > seen.audioBytes + 500)""",
            arg=[self._own_id(), seen],
            timeout=MEDIA_SECONDS * 1000,
        )

    def _own_id(self) -> Any:
        return self.page.locator("[data-participant][data-self]").get_attribute("data-participant")

    @property
    def address(self) -> str:
        return self.page.url
