"""Frames of daily-js in which devices fail, and several of them on one page (issue 4, point 7)."""

import time

import pytest
from playwright.sync_api import Frame, expect

from tests.scenarios.embedding.conftest import Clinic, OpenHost

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# The frame's camera and microphone fail in the way that the newest script says.
FAIL = """
MediaDevices.prototype.getUserMedia = async () => {
  throw new DOMException("no", "ERROR");
};
"""

CAMERA_ERRORS = [
    ("NotAllowedError", {"permissions"}),
    ("NotReadableError", {"cam-in-use", "mic-in-use"}),
    ("NotFoundError", {"not-found"}),
    ("NotSupportedError", {"unknown"}),
]

NEW_FRAME = """(given) => {
  const iframeStyle = { width: "600px", height: "400px" };
  const frame = Daily.createFrame(document.body, { allowMultipleCallInstances: true, iframeStyle });
  window[given.as] = frame;
  window.heard = window.heard ?? {};
  window.heard[given.as] = record(frame);
  return frame.join({ url: given.url, token: given.token }).then(() => null);
}"""


@pytest.mark.parametrize("version", ["current", "of-2023"])
def test_a_host_is_told_why_there_is_no_camera_and_no_microphone(
    clinic: Clinic, open_host: OpenHost, version: str
) -> None:
    room = f"broken-{time.time_ns()}"
    url, token = clinic.room(room), clinic.token(room, "Ben")
    host = open_host(version)
    host.create()
    host.page.evaluate("frame.iframe().allow = 'autoplay'")  # passes nothing on
    host.do("frame.join(given) && null", {"url": url, "token": token})
    host.until("events.filter(({action}) => action === 'camera-error').length === 2")
    for event in host.events("camera-error"):
        assert (event["error"]["type"], event["error"]["blockedBy"]) == ("permissions", "browser")
    alert = host.call_page.get_by_role("alert")
    expect(alert).to_contain_text("Camera and microphone are not allowed here", timeout=20_000)
    expect(alert).to_contain_text("Open the call in a tab of its own.")
    tracks = host.do("frame.participants().local.tracks")
    assert [tracks[kind]["blocked"] for kind in ("audio", "video")] == [{"byPermissions": True}] * 2

    host.page.evaluate("frame.iframe().allow = 'camera; microphone; autoplay'")
    for error, types in CAMERA_ERRORS:
        host.do("frame.leave()")
        host.do("{ events.length = 0 }")
        host.page.add_init_script(FAIL.replace("ERROR", error))
        host.do("frame.join(given) && null", {"url": url, "token": token})
        host.until("events.filter(({action}) => action === 'camera-error').length === 2")
        assert {event["error"]["type"] for event in host.events("camera-error")} == types
        host.until("frame.meetingState() === 'joined-meeting'")
    assert host.errors == []


def test_two_frames_on_one_page_keep_their_calls_apart(clinic: Clinic, open_host: OpenHost) -> None:
    host = open_host("current")
    for name in ("left", "right"):
        room = f"{name}-{time.time_ns()}"
        url, token = clinic.room(room), clinic.token(room, f"Ada on the {name}")
        host.page.evaluate(NEW_FRAME, {"as": name, "url": url, "token": token})
    for name in ("left", "right"):
        people = host.do(f"Object.values({name}.participants()).map((p) => p.user_name)")
        assert people == [f"Ada on the {name}"]

    host.do("left.setLocalAudio(false) && null")
    host.until("left.localAudio() === false")
    host.do("left.updateCustomTrayButtons({ notes: { label: 'Notes', tooltip: 'Notes' } }) && null")
    left, right = sorted(host.page.frames[1:], key=lambda frame: frame.url)
    left.get_by_role("button", name="Notes").click()
    host.until("heard.left.some(({action}) => action === 'custom-button-click')")
    assert_untouched(right)
    assert host.do("right.localAudio()") is True
    assert host.do("heard.right.filter(({action}) => action === 'custom-button-click')") == []

    host.do("left.destroy()")
    assert host.do("right.meetingState()") == "joined-meeting"
    host.do("right.leave()")
    assert host.errors == []


def assert_untouched(frame: Frame) -> None:
    """Nothing that the page does in the other frame shows in this one."""
    expect(frame.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    expect(frame.get_by_role("button", name="Notes")).to_have_count(0)
