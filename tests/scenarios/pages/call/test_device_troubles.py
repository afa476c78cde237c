"""Cameras and microphones that fail, each way with its fix, and that change in mid-call."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.browser_connections import REMEMBERS_CONNECTIONS
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]

# What no test can bring about in a real browser: the page says when, how and for which device.
FAILING = """
window.failures = {};
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wanted) {
  for (const [kind, [name, words]] of Object.entries(window.failures)) {
    if (wanted[kind]) return Promise.reject(new DOMException(words, name));
  }
  return open.call(this, wanted);
};
"""

SENT_DEVICE = """(kind) => window.connections
  .filter(({ connectionState }) => connectionState === "connected")
  .flatMap((connection) => connection.getSenders())
  .find(({ track }) => track?.kind === kind)?.track.getSettings().deviceId"""

SEES_ONESELF = """() => {
  const track = document.querySelector("video")?.srcObject?.getVideoTracks()[0];
  return track?.readyState === "live";
}"""

HAS_SOUND = """() => {
  const video = document.querySelector(".tile:not(.tile-own) video");
  return video?.srcObject?.getAudioTracks().length > 0;
}"""

BLOCKED = "['NotAllowedError', 'Permission denied']"

# The error of the browser, what the page calls it, and the beginning of what to do.
TROUBLES = [
    ("NotReadableError", "busy", "Your camera does not answer", "Close other programs"),
    ("NotFoundError", "none", "No camera was found", "Check that it is plugged in"),
    ("NotAllowedError", "denied by system", "Your system keeps the camera", "In the privacy"),
    ("TypeError", "?", "Your camera could not be started", "Try again."),
]


def test_every_trouble_with_devices_is_named_with_its_fix(
    clinic: Clinic, new_context: NewContext
) -> None:
    ben = CallPage(new_context())
    ben.page.add_init_script(FAILING)
    ben.page.add_init_script(REMEMBERS_CONNECTIONS)
    ben.page.add_init_script(f"failures.audio = failures.video = {BLOCKED}")
    ben.open(Room(clinic).link("Ben"))
    trouble = ben.page.get_by_role("alert")
    expect(trouble).to_contain_text("Your camera and microphone are blocked")
    expect(trouble).to_contain_text("Press the sign beside the address")
    assert_no_barrier(ben.page)

    ben.page.evaluate("failures = {}")
    ben.button("Try again").click()
    expect(trouble).to_have_count(0)
    ben.page.wait_for_function(SEES_ONESELF)
    for error, words, name, fix in TROUBLES:
        ben.button("Turn camera off").click()
        ben.page.evaluate("(failure) => { failures.video = failure }", [error, words])
        ben.button("Turn camera on").click()
        expect(trouble).to_contain_text(name)
        expect(trouble).to_contain_text(fix)
        expect(trouble).to_contain_text("Without it you see the others, but they do not see you.")
        ben.page.evaluate("failures = {}")
        ben.button("Try again").click()
        expect(trouble).to_have_count(0)
        ben.page.wait_for_function(SEES_ONESELF)
    assert_fits(ben.page, 320)


def test_one_takes_part_without_camera_or_without_microphone_and_changes_devices(
    clinic: Clinic, new_context: NewContext
) -> None:
    room = Room(clinic)
    ada, ben = CallPage(new_context()), CallPage(new_context())
    for person, kind in ((ada, "audio"), (ben, "video")):
        person.page.add_init_script(FAILING)
        person.page.add_init_script(REMEMBERS_CONNECTIONS)
        failures = f"failures.{kind} = ['NotFoundError', 'none']"
        person.page.add_init_script(failures)
    ada.open(room.link("Ada", is_owner=True))
    ada.says("No microphone was found")
    ada.join()
    ben.open(room.link("Ben"))
    ben.says("No camera was found")
    ben.join()
    ada.sees_people(2)
    ada.page.wait_for_function(HAS_SOUND)
    assert ada.hears_the_other(), "somebody without a camera is not heard"
    expect(ada.page.get_by_role("group", name="Ben")).to_have_attribute("data-video", "off")
    ada.says("microphone off")  # of her own tile
    ben.page.wait_for_function(
        "() => document.querySelector('.tile:not(.tile-own) video').videoWidth > 0"
    )

    ben.page.evaluate("failures = {}")
    ben.button("Turn camera on").click()
    ada.decodes_the_other()
    before = ben.page.evaluate(SENT_DEVICE, "audio")
    ben.button("More").click()
    ben.button("Devices").click()
    devices = ben.page.get_by_role("dialog").get_by_role("combobox", name="Microphone")
    devices.select_option(index=devices.locator("option").count() - 1)
    ben.page.wait_for_function(
        f"(before) => ![undefined, before].includes(({SENT_DEVICE})('audio'))", arg=before
    )
    ben.button("Done").click()
    assert ada.hears_the_other(), "the other microphone is not heard"
    assert (ada.errors, ben.errors) == ([], [])
