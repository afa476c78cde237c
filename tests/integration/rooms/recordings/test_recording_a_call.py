"""Calls between browsers are recorded as people and customers ask for it, and files are fetched."""

import itertools
import json
import os
import signal
import statistics
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.conftest import TOOK
from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import (
    Guest,
    Listener,
    SmallDisk,
    Ward,
    fetched,
    is_in_step,
)
from tests.integration.rooms.recordings.film import Film, measure
from vestibule.rooms.recordings.layouts import Area
from vestibule.rooms.recordings.receipts import is_genuine
from vestibule.rooms.recordings.track_log import read_track_log
from vestibule.rooms.recordings.track_store import read_recording, recorder_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

Join = Callable[..., Guest]
OPTIONS = {"width": 320, "height": 120}
OTHER = "11111111-2222-4333-8444-555555555555"
TOO_MANY = "a room can have at most 2 recordings at once; stop one first"
FILM_LEFT, FILM_RIGHT = Area(0, 121, 636, 477), Area(644, 121, 636, 477)
FILM_MIDDLE = Area(160, 0, 960, 720)
LEFT, RIGHT, MIDDLE = Area(0, 0, 160, 120), Area(160, 0, 160, 120), Area(80, 0, 160, 120)


def measured(ward: Ward, folder: Path) -> Film:
    recording = ward.finished()
    assert recording["status"] == "finished", recording
    return measure(ward.film(recording, folder), {"left": LEFT, "right": RIGHT, "middle": MIDDLE})


def test_from_the_request_to_record_to_the_deletion_of_the_file(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    path = f"/v1/rooms/{ward.name}/recordings"
    assert ward.ask("POST", f"{path}/start", OPTIONS)[1]["info"].endswith("not hosting a call")
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)
    silent = [person.tones() for person in (ada, ben)]

    assert ward.ask("POST", f"{path}/start", OPTIONS) == (200, {"status": "sent"})
    began = time.time()
    for person, before in zip((ada, ben), silent, strict=True):
        person.says("This call is being recorded.")
        person.page.wait_for_function("(before) => window.tones > before", arg=before)
    assert ward.ask("POST", f"{path}/start", OPTIONS)[0] == 400
    assert ward.newest()["status"] == "in-progress"
    time.sleep(3)
    single = {"layout": {"preset": "single-participant", "session_id": ben.own_id()}}
    assert ward.ask("POST", f"{path}/update", single) == (200, {"status": "sent"})
    updated = time.time() - began
    time.sleep(2)
    lasted = time.time() - began
    assert ward.ask("POST", f"{path}/stop") == (200, {"status": "sent"})
    assert ward.ask("POST", f"{path}/stop")[0] == 400

    film = measured(ward, tmp_path)
    recording = ward.newest()
    assert recording["max_participants"] == 2
    assert recording["duration"] == pytest.approx(film.seconds, abs=1)
    assert film.seconds == pytest.approx(lasted, abs=1)
    assert film.tiles["left"].shows(signs.ADA, 0.5, updated - 0.5) > 0.95
    assert film.tiles["right"].shows(signs.BEN, 0.5, updated - 0.5) > 0.95
    assert film.tiles["middle"].shows(signs.BEN, updated + 1, film.seconds - 0.5) > 0.95
    _, link = ward.ask("GET", f"/v1/recordings/{recording['id']}/access-link?valid_for_secs=60")
    assert link["expires"] == pytest.approx(time.time() + 60, abs=5)
    whole = fetched(link["download_link"])
    half = len(whole) // 2
    assert fetched(link["download_link"], f"bytes={half}-{half + 70}") == whole[half : half + 71]
    stored = [file.read_bytes() for file in ward.server.data.glob("recordings/files/**/*.mp4")]
    assert all(b"ftyp" not in content for content in stored), "a file lies there in the clear"

    assert ward.ask("DELETE", f"/v1/recordings/{recording['id']}")[1]["deleted"] is True
    assert ward.ask("GET", f"/v1/recordings/{recording['id']}")[0] == 404
    with pytest.raises(urllib.error.HTTPError):
        fetched(link["download_link"])


def arrivals(folder: Path) -> list[float]:
    """When each packet of a recording arrived, in unix seconds."""
    return sorted(
        record.arrival_us / 1e6
        for track in read_recording(folder).tracks
        for record in read_track_log(track.path)
    )


def kill_recorder(folder: Path) -> tuple[float, float]:
    """End the recorder as a crash would, and wait for the next one's media: two unix times."""
    tracks = len(list((folder / "tracks").iterdir()))
    number = recorder_of(folder)
    assert number is not None
    os.kill(number, signal.SIGKILL)
    killed = time.time()
    assert killed - arrivals(folder)[-1] < 0.5, "what had arrived was not written"
    while len(list((folder / "tracks").iterdir())) < tracks + 4:
        time.sleep(0.05)
    return killed, time.time()


def longest_gap(folder: Path, start: float, end: float) -> float:
    """The longest time between two packets, in unix seconds."""
    times = [start, *(at for at in arrivals(folder) if start < at < end), end]
    return max(later - earlier for earlier, later in itertools.pairwise(times))


def await_spare(ward: Ward, folder: Path) -> None:
    """Wait until the server has a recorder ready: one that has loaded everything, and sleeps."""
    naps, deadline = 0, time.monotonic() + 60
    while naps < 5:
        assert time.monotonic() < deadline, "no recorder stands ready"
        time.sleep(0.1)
        states = [state for number, state in recorders(ward) if number != recorder_of(folder)]
        naps = naps + 1 if states == ["S"] else 0


def recorders(ward: Ward) -> Iterator[tuple[int, str]]:
    """Each recorder process of the server with its state."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            state, parent = (process / "stat").read_text().rpartition(") ")[2].split()[:2]
        except OSError:  # it has just ended
            continue
        if b"await-job" in command and int(parent) == ward.server.number and state != "Z":
            yield int(process.name), state


@dataclass(frozen=True)
class Crashes:
    """What became of a recording while its recorders, and then its server, were killed."""

    killed: float
    """Unix seconds of the first end of a recorder."""
    again: float
    """Unix seconds of the moment from which the last one recorded."""
    lost: list[float]
    """How many seconds of media each end of a recorder cost."""
    lost_by_server: float


def crash(ward: Ward, folder: Path) -> Crashes:
    """Kill three recorders, one after the other, and the server."""
    kills = []
    for _ in range(3):
        await_spare(ward, folder)
        kills.append(kill_recorder(folder))
        time.sleep(1)  # so that it really records
    server_killed = time.time()
    ward.server.kill()
    ward.server.start()
    time.sleep(2)
    return Crashes(
        killed=kills[0][0],
        again=kills[-1][1],
        lost=[longest_gap(folder, killed, back + 1) for killed, back in kills],
        lost_by_server=longest_gap(folder, server_killed, time.time() - 0.5),
    )


def agreements(ward: Ward) -> dict[str, list[bool]]:
    """Who agreed, or no longer did, by the newest receipt, which nobody has changed."""
    receipts = ward.server.data.glob("recordings/files/**/*.consent.json")
    receipt = max(receipts, key=lambda file: file.stat().st_mtime)
    assert is_genuine(receipt.read_text())
    people = json.loads(receipt.read_text())["people"]
    return {who["user_name"]: [one["agrees"] for one in who["answers"]] for who in people}


def want_another(ward: Ward) -> None:
    """A second recording is not begun while somebody does not agree, who stays left out."""
    wish = {**OPTIONS, "instanceId": OTHER}
    status, why = ward.ask("POST", f"/v1/rooms/{ward.name}/recordings/start", wish)
    assert (status, "does not agree" in why["info"]) == (409, True)
    time.sleep(2)


def test_nobody_is_recorded_against_their_will_and_no_crash_ends_a_recording(
    ward: Ward,
    guest: Join,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    ward.ask("POST", "/v1/", {"properties": {"recording_consent": True}})
    ada = guest("Ada", signs.ADA, token=ward.token(is_owner=True))
    ben = guest("Ben", signs.BEN)
    ada.sees_people(2)
    status, why = ward.ask("POST", f"/v1/rooms/{ward.name}/recordings/start", OPTIONS)
    assert (status, "starts by itself once all have agreed" in why["info"]) == (409, True)
    for person in (ada, ben):
        person.says("May you be recorded?")
    ada.button("I agree").click()
    expect(ada.button("I agree")).to_be_hidden()
    path = f"/v1/recordings?room_name={ward.name}"
    assert ward.ask("GET", path)[1]["total_count"] == 0, "recorded too soon"
    agreed = time.time()
    ben.button("I agree").click()
    ada.says("This call is being recorded.")
    began = ward.newest()["start_ts"]
    folder = ward.server.data / "recordings/raw" / ward.newest()["id"]
    connecting = arrivals(folder)[0] - agreed
    time.sleep(2.5)

    crashes = crash(ward, folder)
    killed, again = crashes.killed - began, crashes.again - began
    record_property(TOOK, f"lost by crashes: {crashes}; connecting: {connecting:.1f} s")
    # As long as a recorder takes to connect, on this machine and with its load.
    assert statistics.median(crashes.lost) <= max(2, 3 * connecting)
    assert crashes.lost_by_server <= 2, "the recorder did not outlive the server"
    withdrawing = time.time() - began
    ben.button("Do not record me any more").click()
    ben.says("without your picture and sound")
    want_another(ward)
    stopping = time.time() - began
    ada.button("Stop recording").click()
    expect(ada.page.get_by_text("This call is being recorded.")).to_be_hidden(timeout=30_000)
    stopped = time.time() - began
    film = measured(ward, tmp_path)

    assert stopping - 1.5 < film.seconds < stopped
    for tile, look, who in (("left", signs.ADA, ada), ("right", signs.BEN, ben)):
        assert film.tiles[tile].shows(look, 0.5, killed - 1) > 0.95
        assert film.tiles[tile].shows(look, again + 0.5, withdrawing - 1) > 0.95
        assert film.tiles[tile].frames_per_second(again + 0.5, withdrawing - 1) > 5
        assert is_in_step(film, tile, look, who)
    assert film.tiles["right"].shows(signs.BEN, withdrawing + 1, film.seconds) == 0
    assert film.tiles["middle"].shows(signs.ADA, withdrawing + 1, film.seconds - 0.5) > 0.95
    assert agreements(ward) == {"Ada": [True], "Ben": [True, False]}


def test_a_film_that_somebodys_own_browser_makes_leaves_out_who_does_not_agree(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    ward.ask("POST", "/v1/", {"properties": {"recording_consent": True}})
    token = ward.token(is_owner=True, enable_recording="local")
    ada, ben = guest("Ada", signs.ADA, token=token), guest("Ben", signs.BEN)
    ada.sees_people(2)
    ada.decodes_the_other()
    ada.button("Record this call").click()
    for person in (ada, ben):
        person.button("I agree").click()
    ada.says("The film is saved on this computer")
    began = time.time()
    ben.says("This call is being recorded.")
    time.sleep(3)
    withdrawing = time.time() - began
    ben.button("Do not record me any more").click()
    ben.says("without your picture and sound")
    time.sleep(2)
    with ada.page.expect_download() as download:
        ada.button("Stop recording").click()
    stopped = time.time() - began
    expect(ben.page.get_by_text("without your picture and sound")).to_have_count(0)
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert ward.ask("GET", f"/v1/recordings?room_name={ward.name}")[1]["total_count"] == 0

    film = measure(file, {"left": FILM_LEFT, "right": FILM_RIGHT, "middle": FILM_MIDDLE})
    assert film.seconds == pytest.approx(stopped, abs=2)
    assert film.tiles["left"].shows(signs.BEN, 0.5, withdrawing - 0.5) > 0.95
    assert film.tiles["right"].shows(signs.ADA, 0.5, withdrawing - 0.5) > 0.95
    assert film.is_heard(signs.BEN, 0, withdrawing)
    gone = withdrawing + 1
    assert film.tiles["left"].shows(signs.BEN, gone, film.seconds) == 0
    assert film.tiles["middle"].shows(signs.ADA, gone, film.seconds) > 0.95
    assert not film.is_heard(signs.BEN, gone, film.seconds)
    assert film.is_heard(signs.ADA, gone, film.seconds)


def test_every_way_in_which_a_recording_ends(
    ward: Ward, guest: Join, listener: Listener, disk: SmallDisk, tmp_path: Path
) -> None:
    """When asked, after its longest duration, in an empty room, on a full disk, with its room."""
    path = f"/v1/rooms/{ward.name}/recordings"
    token = ward.token(
        is_owner=True, start_cloud_recording=True, start_cloud_recording_opts=OPTIONS
    )
    ada = guest("Ada", signs.ADA, token=token)
    first = listener.hears("recording.started", room_name=ward.name)
    assert first["started_by"] == ada.own_id()
    other = {**OPTIONS, "instanceId": OTHER, "minIdleTimeOut": 3}
    assert ward.ask("POST", f"{path}/start", other) == (200, {"status": "sent"})
    short = {**OPTIONS, "instanceId": str(uuid4()), "maxDuration": 3}
    status, why = ward.ask("POST", f"{path}/start", short)
    assert (status, why["info"]) == (400, TOO_MANY)
    assert [one["status"] for one in ward.recordings()] == ["in-progress"] * 2
    assert ward.ask("POST", f"{path}/stop", {"instanceId": first["instance_id"]})[0] == 200
    listener.hears("recording.stopped", reason="asked", recording_id=first["recording_id"])
    assert ward.ask("POST", f"{path}/start", short)[0] == 200
    listener.hears("recording.stopped", reason="max-duration", instance_id=short["instanceId"])
    ada.button("Leave").click()
    listener.hears("recording.stopped", reason="idle", instance_id=OTHER)
    assert ward.meetings() == [], "who is alone has no meeting: a recorder was counted as a person"

    token = ward.token(is_owner=True)
    ada = guest("Ada", signs.ADA, token=token)
    assert ward.ask("POST", f"{path}/start", OPTIONS)[0] == 200
    disk.fill()
    ada.says("MB are free")
    listener.hears("recording.stopped", reason="disk-low")
    assert "MB are free" in listener.hears("recording.error", room_name=ward.name)["error_msg"]
    status, why = ward.ask("POST", f"{path}/start", OPTIONS)
    assert (status, "MB are free" in why["info"]) == (503, True)
    disk.clear()
    assert ward.ask("POST", f"{path}/start", OPTIONS)[0] == 200
    assert ward.delete() == 200
    listener.hears("recording.stopped", reason="room-deleted")

    ward.finished()
    while any(one["status"] == "in-progress" for one in ward.recordings()):
        time.sleep(0.1)
    ended = ward.recordings()
    assert [one["status"] for one in ended] == ["finished"] * 5
    assert ended[2]["duration"] == pytest.approx(3, abs=2)
    for one in ended:
        listener.hears("recording.ready-to-download", recording_id=one["id"])
