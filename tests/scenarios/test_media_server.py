"""Three people move to a real media server in the middle of their call, and outlive its death."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.conftest import TOOK
from tests.scenarios.browser_connections import REMEMBERS_CONNECTIONS
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter
from tests.servers.janus import Janus, two_januses
from tests.servers.vestibule import VestibuleProcess
from vestibule.rooms.recordings.track_log import Packet, read_track_log
from vestibule.rooms.recordings.track_store import read_recording

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]

PATIENCE_MS = 60_000

OPEN = "window.connections.filter(({ connectionState }) => connectionState === 'connected')"
ONLY_OVER_THE_SERVER = f"() => {OPEN}.length === 2"
# Who is seen: the others' pictures that have got on by ten since.
COUNTS = """(own) => Object.fromEntries([...document.querySelectorAll("[data-participant]")]
  .filter(({ dataset }) => dataset.participant !== own)
  .map((tile) => [tile.dataset.participant,
                  tile.querySelector("video").getVideoPlaybackQuality().totalVideoFrames]))"""
# Browsers count from nothing again when a stream gets another track.
GETS_ON = f"""([own, before]) => Object.entries(before).every(([id, frames]) => {{
  const now = (({COUNTS})(own)[id] ?? 0);
  return now > frames + 10 || (now < frames && now > 10);
}})"""
# Looks at what is shown of the others, and notes whenever that is nothing, or black.
WATCHES = """(own) => {
  window.gaps = [];
  const canvas = new OffscreenCanvas(8, 8);
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  const seen = new Set();
  setInterval(() => {
    for (const tile of document.querySelectorAll("[data-participant]")) {
      const id = tile.dataset.participant;
      const video = tile.querySelector("video");
      if (id === own || (window.watched ??= id) !== id) continue;
      paper.clearRect(0, 0, 8, 8);
      if (video.readyState >= 2) paper.drawImage(video, 0, 0, 8, 8);
      const light = Math.max(...paper.getImageData(0, 0, 8, 8).data.filter((_, at) => at % 4 < 3));
      if (light > 30) seen.add(id);
      else if (seen.has(id)) window.gaps.push([id, video.readyState, light]);
    }
  }, 40);
}"""


# Notes for how long a picture of somebody stands still at most, in milliseconds.
TIMES = f"""(own) => {{
  window.longest = 0;
  let before = ({COUNTS})(own);
  const since = Object.fromEntries(Object.keys(before).map((id) => [id, performance.now()]));
  setInterval(() => {{
    const counts = ({COUNTS})(own);
    for (const id of Object.keys(since)) {{
      if (counts[id] === before[id]) continue;
      window.longest = Math.max(window.longest, performance.now() - since[id]);
      since[id] = performance.now();
    }}
    before = counts;
  }}, 20);
}}"""


@pytest.fixture(scope="module")
def januses() -> Iterator[list[Janus]]:
    with two_januses() as servers:
        yield servers


@pytest.fixture(scope="module")
def clinic(januses: list[Janus], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    urls = ", ".join(f'"{janus.url}"' for janus in januses)
    folder: Path = tmp_path_factory.mktemp("carried")
    process = VestibuleProcess(
        folder,
        sfu="janus",
        janus_urls=f"[{urls}]",
        janus_api_secret=januses[0].secret,
        recordings="true",
    )
    process.start()
    yield Clinic(process)
    process.stop()


def come(new_context: NewContext, room: Room, name: str, **properties: Any) -> CallPage:
    context = new_context()
    context.add_init_script(REMEMBERS_CONNECTIONS)
    return enter(CallPage(context), room.link(name, **properties))


def see_each_other(people: list[CallPage]) -> None:
    """Everybody's picture gets on at everybody else's."""
    for person in people:
        person.sees_people(len(people))
    before = [person.page.evaluate(COUNTS, person.own_id()) for person in people]
    for person, counts in zip(people, before, strict=True):
        arguments = [person.own_id(), counts]
        person.page.wait_for_function(GETS_ON, arg=arguments, timeout=PATIENCE_MS)


def height_of(person: CallPage, *, at: CallPage) -> int:
    """How high somebody's picture arrives at somebody else, in its own pixels."""
    video = f'[data-participant="{person.own_id()}"] video'
    height: int = at.page.locator(video).evaluate("(video) => video.videoHeight")
    return height


def ask(clinic: Clinic, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    status, answer = clinic.server.request(method, path, key=clinic.demo["api_key"], body=body)
    assert status == 200, answer
    return answer


def wait(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def record(clinic: Clinic, room: Room) -> Path:
    """Begin to record the call; the folder of what is recorded."""
    ask(clinic, "POST", f"/v1/rooms/{room.name}/recordings/start", {})

    def begun() -> list[Any]:
        found = ask(clinic, "GET", f"/v1/recordings?room_name={room.name}")["data"]
        return [each for each in found if each["status"] == "in-progress"]

    wait(lambda: bool(begun()), "no recording has begun")
    identifier: str = begun()[0]["id"]
    return clinic.server.data / "recordings" / "raw" / identifier


def recorded_since(folder: Path, moment: float, people: list[CallPage]) -> bool:
    """Whether the recording holds somebody's picture of after a moment, for each of the people."""
    seen = {
        track.session_id
        for track in read_recording(folder).tracks
        if track.source == "camera"
        and any(
            isinstance(packet, Packet) and packet.arrival_us / 1e6 > moment
            for packet in read_track_log(track.path)
        )
    }
    return seen == {person.own_id() for person in people}


def test_a_call_moves_to_a_media_server_and_to_another_one_when_that_dies(
    clinic: Clinic,
    januses: list[Janus],
    new_context: NewContext,
    record_property: Callable[[str, object], None],
) -> None:
    room = Room(clinic, enable_recording="cloud")
    ada = come(new_context, room, "Ada", is_owner=True)
    ben = come(new_context, room, "Ben")
    see_each_other([ada, ben])
    for person in (ada, ben):
        person.page.evaluate(WATCHES, person.own_id())

    cleo = come(new_context, room, "Cleo")
    everybody = [ada, ben, cleo]
    see_each_other(everybody)
    for person in everybody:  # what browsers had of their own is given up
        person.page.wait_for_function(ONLY_OVER_THE_SERVER, timeout=PATIENCE_MS)
    see_each_other(everybody)
    assert [person.page.evaluate("window.gaps ?? []") for person in (ada, ben)] == [[], []]
    assert ada.hears_the_other()

    # Whoever shows a picture small gets it small; the sender sends it in several sizes at once.
    ada.page.set_viewport_size({"width": 320, "height": 480})
    wait(lambda: height_of(ben, at=ada) < height_of(ben, at=cleo), "Ada gets more than she shows")

    # The recorder has its pictures from the media server: no browser sends anything twice.
    folder = record(clinic, room)
    wait(lambda: recorded_since(folder, 0, everybody), "somebody is not recorded")
    for person in everybody:
        person.page.wait_for_function(ONLY_OVER_THE_SERVER, timeout=PATIENCE_MS)

    for person in everybody:
        person.page.evaluate(TIMES, person.own_id())
    moment = time.time()
    januses[0].kill()
    see_each_other(everybody)
    stood = max(person.page.evaluate("window.longest") for person in everybody) / 1000
    record_property(TOOK, f"{stood:.1f} s that pictures stood still when Janus was killed")
    wait(lambda: recorded_since(folder, moment, everybody), "the recorder was left behind")
    ask(clinic, "POST", f"/v1/rooms/{room.name}/recordings/stop")
    assert [person.errors for person in everybody] == [[], [], []]
