"""Coming in: until one sees the other, what the page weighs, and how soon a knock is seen."""

import gzip
import json
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, sync_playwright
from websockets.sync.client import connect

from benchmarks.rows import Aim, Row
from tests.servers import chromium
from tests.servers.vestibule import VestibuleProcess

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
KNOCKS = int(os.environ.get("BENCH_KNOCKS", "60"))
PATIENCE_SECONDS = 30
MOST_KILOBYTES = 90
KNOCK_MILLISECONDS = 100

# Milliseconds from the beginning of the navigation to the first decoded frame of somebody else.
WATCH = """
const look = () => {
  const video = document.querySelector("[data-participant]:not(.tile-own) video");
  if (video === null) return void requestAnimationFrame(look);
  video.requestVideoFrameCallback(() => { window.firstFrame = performance.now(); });
};
look();
"""

# The floor: the same camera, and two connections that hand each other everything in one page.
FLOOR = """
(async () => {
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate);
  const screen = document.createElement("video");
  screen.muted = true;
  screen.requestVideoFrameCallback(() => { window.firstFrame = performance.now(); });
  other.ontrack = ({ streams: [stream] }) => { screen.srcObject = stream; screen.play(); };
  for (const track of camera.getTracks()) one.addTrack(track, camera);
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
})();
"""

# Notes when the card of each knock is drawn, in milliseconds of the machine's clock, by name.
WATCH_KNOCKS = """() => {
  window.seen = {};
  const look = () => {
    for (const { textContent } of document.querySelectorAll(".knock strong")) {
      window.seen[textContent] ??= Date.now();
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


class Clinic:
    """A server, a browser, and a host who is in the call already."""

    def __init__(self, server: VestibuleProcess, browser: Browser) -> None:
        self.server = server
        self._browser = browser
        self.weights: dict[str, int] = {}
        properties = {"enable_prejoin_ui": False, "enable_knocking": True}
        body = {"name": "bench", "privacy": "private", "properties": properties}
        self._post("rooms", body)
        self.host = browser.new_context().new_page()
        self.host.goto(self.url(self.token("Ada", is_owner=True)))
        self.host.wait_for_selector("[data-participant]")

    def url(self, token: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/bench?t={token}"

    def token(self, user_name: str, **properties: Any) -> str:
        given = {"room_name": "bench", "user_name": user_name, **properties}
        token: str = self._post("meeting-tokens", {"properties": given})["token"]
        return token

    def joins(self) -> float:
        """Milliseconds from a guest's navigation to the host's first frame."""
        address = self.url(self.token("Ben"))
        return self._first_frame(address, WATCH)

    def floor(self) -> float:
        """The same of a bare page of the same origin."""
        return self._first_frame(f"http://127.0.0.1:{self.server.port}/bench.txt", FLOOR)

    def _first_frame(self, address: str, script: str) -> float:
        context = self._browser.new_context()
        try:
            page = context.new_page()
            page.on("response", self._weigh)
            page.add_init_script(script)
            page.goto(address)
            found = page.wait_for_function(
                "() => window.firstFrame", timeout=PATIENCE_SECONDS * 1000
            )
            milliseconds: float = found.json_value()
            self._sees_alone(page)
        finally:
            context.close()
        return milliseconds

    def _sees_alone(self, page: Page) -> None:
        """Leave, so that the next one finds the host alone."""
        leave = page.get_by_role("button", name="Leave", exact=True)
        if leave.count() > 0:
            leave.click()
            self.host.wait_for_function(
                "() => document.querySelectorAll('[data-participant]').length === 1"
            )

    def _weigh(self, response: Response) -> None:
        if urlsplit(response.url).path.endswith((".js", ".css")):
            self.weights[response.url] = len(gzip.compress(response.body(), 9))

    def knocks(self, count: int) -> list[float]:
        """Milliseconds from each stranger's "join" to its card on the host's page."""
        self.host.evaluate(WATCH_KNOCKS)
        return [self._knock(f"Stranger {number}") for number in range(count)]

    def _knock(self, name: str) -> float:
        with connect(f"ws://127.0.0.1:{self.server.port}/signalling") as socket:
            hello = {"type": "hello", "versions": [1], "room": "bench"}
            socket.send(json.dumps(hello))
            socket.recv(PATIENCE_SECONDS)
            media = {"audio": False, "video": False, "screen": False}
            started = time.time() * 1000
            socket.send(json.dumps({"type": "join", "user_name": name, "media": media}))
            seen = self.host.wait_for_function(
                "(name) => window.seen[name]", arg=name, timeout=PATIENCE_SECONDS * 1000
            )
            at: float = seen.json_value()
            socket.send(json.dumps({"type": "leave"}))
        return at - started

    def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        key = self.server.demo["api_key"]
        status, answer = self.server.request("POST", f"/v1/{what}", key=key, body=body)
        if status != 200:
            raise RuntimeError(f"{what}: {answer}")
        result: dict[str, Any] = answer
        return result


@contextmanager
def clinic() -> Iterator[Clinic]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = VestibuleProcess(Path(folder))
        server.start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        try:
            yield Clinic(server, browser)
        finally:
            browser.close()
            server.stop()


def run() -> Iterable[Row]:
    """Floor and subject in turns, in one browser; the first round only warms up."""
    with clinic() as there:
        rounds = [(there.floor(), there.joins()) for _ in range(ROUNDS + 1)][1:]
        yield Row(
            "navigation with a token until the other's first frame",
            median(joins for _, joins in rounds),
            "ms",
            floor=median(floor for floor, _ in rounds),
            ratio=median(joins / floor for floor, joins in rounds),
            aim=Aim("at most", 1.5),
        )
        kilobytes = sum(there.weights.values()) / 1000
        yield Row(
            f"JavaScript and CSS of the call page, gzipped, against {MOST_KILOBYTES} kB",
            kilobytes,
            "kB",
            ratio=kilobytes / MOST_KILOBYTES,
            aim=Aim("at most", 1),
        )
        slow = quantiles(there.knocks(KNOCKS), n=20)[-1]
        yield Row(
            f"knock until the host's page shows it, p95, against {KNOCK_MILLISECONDS} ms",
            slow,
            "ms",
            ratio=slow / KNOCK_MILLISECONDS,
            aim=Aim("at most", 1),
        )
