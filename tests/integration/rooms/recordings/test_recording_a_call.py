"""Calls between browsers are recorded as people and customers ask for it, and files are fetched."""

import json
import os
import signal
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import Guest, Ward, fetched
from tests.integration.rooms.recordings.film import Film, measure
from vestibule.rooms.recordings.layouts import Area
from vestibule.rooms.recordings.receipts import is_genuine
from vestibule.rooms.recordings.track_store import recorder_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Join = Callable[..., Guest]
OPTIONS = {"width": 320, "height": 120}
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

    assert ward.ask("POST", f"{path}/start", OPTIONS) == (200, {"status": "sent"})
    began = time.time()
    ben.says("This call is being recorded.")
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
    assert fetched(link["download_link"], "bytes=65530-65600") == whole[65530:65601]
    stored = [file.read_bytes() for file in ward.server.data.glob("recordings/files/**/*.mp4")]
    assert all(b"ftyp" not in content for content in stored), "a file lies there in the clear"

    assert ward.ask("DELETE", f"/v1/recordings/{recording['id']}")[1]["deleted"] is True
    assert ward.ask("GET", f"/v1/recordings/{recording['id']}")[0] == 404
    with pytest.raises(urllib.error.HTTPError):
        fetched(link["download_link"])


def kill_recorder(folder: Path) -> None:
    """End the recorder as a crash would, and wait until the next one writes media."""
    tracks = len(list((folder / "tracks").iterdir()))
    killed = recorder_of(folder)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    while len(list((folder / "tracks").iterdir())) < tracks + 4:
        time.sleep(0.1)


def test_nobody_is_recorded_against_their_will_and_no_crash_ends_a_recording(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    ward.ask("POST", "/v1/", {"properties": {"recording_consent": True}})
    opts = {**OPTIONS, "minIdleTimeOut": 60}
    token = ward.token(is_owner=True, start_cloud_recording=True, start_cloud_recording_opts=opts)
    ben = guest("Ben", signs.BEN)
    ada = guest("Ada", signs.ADA, token=token)
    ada.sees_people(2)
    for person in (ada, ben):
        person.says("May you be recorded?")
    ada.button("I agree").click()
    ben.says("May you be recorded?")
    path = f"/v1/recordings?room_name={ward.name}"
    assert ward.ask("GET", path)[1]["total_count"] == 0, "recorded too soon"
    ben.button("I agree").click()
    ada.says("This call is being recorded.")
    began = ward.newest()["start_ts"]
    folder = ward.server.data / "recordings/raw" / ward.newest()["id"]
    time.sleep(2.5)

    killed = time.time() - began
    kill_recorder(folder)
    again = time.time() - began
    time.sleep(2)
    ward.server.kill()
    ward.server.start()
    time.sleep(2)
    withdrawing = time.time() - began
    ben.button("Do not record me any more").click()
    ben.says("without your picture and sound")
    time.sleep(2)
    ada.button("Stop recording").click()
    film = measured(ward, tmp_path)

    assert film.seconds == pytest.approx(withdrawing + 2.5, abs=2)
    for start, end in ((0.5, killed - 1), (again + 0.5, withdrawing - 1)):
        assert film.tiles["left"].shows(signs.BEN, start, end) > 0.95
        assert film.tiles["right"].shows(signs.ADA, start, end) > 0.95
    assert film.tiles["left"].shows(signs.BEN, withdrawing + 1, film.seconds) == 0
    assert film.tiles["middle"].shows(signs.ADA, withdrawing + 1, film.seconds - 0.5) > 0.95
    [receipt] = ward.server.data.glob("recordings/files/**/*.consent.json")
    said = json.loads(receipt.read_text())
    answers = {
        who["user_name"]: [one["agrees"] for one in who["answers"]] for who in said["people"]
    }
    assert answers == {"Ada": [True], "Ben": [True, False]}
    assert is_genuine(receipt.read_text())
    ward.ask("POST", "/v1/", {"properties": {"recording_consent": None}})
