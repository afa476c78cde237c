"""Makes the README's pictures from the running product: `make screenshots`."""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import chromium  # noqa: E402
from tests.servers.vestibule import VestibuleProcess  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE: ViewportSize = {"width": 1280, "height": 800}

# In place of the browser's green test picture, a drawn person looks into the camera.
PORTRAIT = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  if (!stream.getVideoTracks().length) return stream;
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const pen = canvas.getContext("2d");
  const { wall, light, skin, hair, coat, shirt } = PERSON;
  const shape = (colour, draw) => { pen.fillStyle = colour; pen.beginPath(); draw(); pen.fill(); };
  const oval = (x, y, w, h) => pen.ellipse(x, y, w, h, 0, 0, 7);
  const paint = () => {
    const back = pen.createLinearGradient(0, 0, 1280, 720);
    back.addColorStop(0, light); back.addColorStop(1, wall);
    shape(back, () => pen.rect(0, 0, 1280, 720));
    shape("#ffffff33", () => pen.roundRect(90, 70, 250, 330, 12));
    shape("#ffffff22", () => pen.roundRect(980, 120, 190, 600, 12));
    const nod = Math.sin(performance.now() / 900) * 4;
    shape(hair, () => oval(640, 300 + nod, 152, 178));
    shape(coat, () => pen.roundRect(380, 520, 520, 400, 150));
    shape(shirt, () => { pen.moveTo(570, 520); pen.lineTo(640, 650); pen.lineTo(710, 520); });
    shape(skin, () => pen.roundRect(588, 430, 104, 120, 46));
    shape(skin, () => oval(640, 322 + nod, 118, 150));
    shape(hair, () => { pen.ellipse(640, 235 + nod, 128, 82, 0, Math.PI, 0); });
    for (const x of [596, 684]) shape("#2b2320", () => oval(x, 318 + nod, 9, 11));
    pen.strokeStyle = "#00000055"; pen.lineWidth = 6; pen.lineCap = "round";
    pen.beginPath(); pen.arc(640, 366 + nod, 44, 0.35, Math.PI - 0.35); pen.stroke();
  };
  paint();
  setInterval(paint, 33);
  return new MediaStream([...stream.getAudioTracks(), ...canvas.captureStream(30).getTracks()]);
};
"""
SPECIALIST = {
    "wall": "#7fa7a3",
    "light": "#dbe9e4",
    "skin": "#e0ac86",
    "hair": "#4a2f27",
    "coat": "#f5f7f8",
    "shirt": "#3d7f9c",
}
PATIENT = {
    "wall": "#b98f6b",
    "light": "#f3e3cf",
    "skin": "#c98d63",
    "hair": "#2c2522",
    "coat": "#3f5f86",
    "shirt": "#e8eef4",
}


def person(browser: Browser, portrait: dict[str, str] | None = None) -> Page:
    """A browser of one more person."""
    context = browser.new_context(viewport=SIZE, color_scheme="light")
    if portrait:
        context.add_init_script(PORTRAIT.replace("PERSON", json.dumps(portrait)))
    return context.new_page()


def picture_call(browser: Browser, demo: dict[str, str]) -> None:
    """Specialist and patient in their call."""
    specialist, patient = person(browser, SPECIALIST), person(browser, PATIENT)
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
    page.get_by_role("textbox", name="E-mail").fill(admin["email"])
    page.get_by_role("textbox", name="Password").fill(admin["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Ben Ionescu").first).to_be_visible()
    page.screenshot(path=IMAGES / "console.png")


def main() -> None:
    """Start a demonstration, take the pictures, end it."""
    expect.set_options(timeout=60_000)  # pictures have no hurry
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = VestibuleProcess(Path(folder) / "clinic", recordings="true")
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
