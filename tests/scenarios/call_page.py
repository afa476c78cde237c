"""The call page as a person uses it: by the names that screen readers say."""

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

MEDIA_SECONDS = 20
BEEPS_IN_BUFFER = 3  # sent before the microphone went off, heard after: more on a busy machine

OTHER_VIDEO = """(own) => document.querySelector(
  `[data-participant]:not([data-participant="${own}"]) video`)"""

DECODED_FRAMES = f"(own) => ({OTHER_VIDEO})(own)?.getVideoPlaybackQuality().totalVideoFrames ?? 0"

# The test microphone beeps once a second. Resolves when a beep is heard in the decoded sound.
HEARS_A_BEEP = f"""async (own) => {{
  const stream = ({OTHER_VIDEO})(own).srcObject;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context);
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const started = performance.now();
  let loudest = 0;
  while (loudest < 0.01 && performance.now() - started < {MEDIA_SECONDS * 1000}) {{
    await new Promise((resolve) => setTimeout(resolve, 20));
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map(Math.abs));
  }}
  await context.close();
  return loudest >= 0.01;
}}"""


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

    def is_in(self) -> None:
        """Wait until the person is in the call."""
        own = self.page.get_by_role("group", name="(you)")
        expect(own).to_be_visible(timeout=MEDIA_SECONDS * 1000)

    def says(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=MEDIA_SECONDS * 1000)

    def decodes_the_other(self) -> None:
        """Wait until the other person's video goes on being decoded, and their sound is heard."""
        seen = self.page.evaluate(DECODED_FRAMES, self.own_id())
        self.page.wait_for_function(
            f"([own, seen]) => ({DECODED_FRAMES})(own) > seen + 10",
            arg=[self.own_id(), seen],
            timeout=MEDIA_SECONDS * 1000,
        )
        assert self.hears_the_other(), "the other cannot be heard"

    def hears_the_other(self) -> bool:
        """Whether the other person's microphone is heard before long."""
        return bool(self.page.evaluate(HEARS_A_BEEP, self.own_id()))

    def hears_nothing(self) -> None:
        """The other person's microphone is off, and really silent once its buffer has run dry."""
        beeps = (
            self.page.evaluate(HEARS_A_BEEP.replace("20000", "2500"), self.own_id())
            for _ in range(BEEPS_IN_BUFFER + 1)
        )
        assert not all(beeps), "the other can still be heard"

    def own_id(self) -> Any:
        """The session id of the person's own tile."""
        own = self.page.get_by_role("group", name="(you)")
        return own.get_attribute("data-participant")

    @property
    def address(self) -> str:
        return self.page.url
