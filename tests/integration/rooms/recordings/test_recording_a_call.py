"""A call between two browsers is recorded as customers ask for it, and the file is fetched."""

import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import Guest, Ward
from tests.integration.rooms.recordings.film import measure
from vestibule.rooms.recordings.layouts import Area

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Join = Callable[..., Guest]
OPTIONS = {"width": 320, "height": 120, "minIdleTimeOut": 5}
LEFT, RIGHT = Area(0, 0, 160, 120), Area(160, 0, 160, 120)


def ask(ward: Ward, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    return ward.server.request(method, path, key=ward.server.demo["api_key"], body=body)


def until_finished(ward: Ward) -> dict[str, Any]:
    """Wait until the room's newest recording has its file."""
    for _ in range(600):
        status, page = ask(ward, "GET", f"/v1/recordings?room_name={ward.name}")
        assert status == 200
        newest: dict[str, Any] = page["data"][0]
        if newest["status"] != "in-progress":
            return newest
        time.sleep(0.1)
    raise AssertionError(f"not composed in time: {newest}")


def test_from_the_start_of_a_recording_to_its_file(ward: Ward, guest: Join, tmp_path: Path) -> None:
    path = f"/v1/rooms/{ward.name}/recordings"
    assert ask(ward, "POST", f"{path}/start", OPTIONS)[1]["info"].endswith("not hosting a call")
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)

    assert ask(ward, "POST", f"{path}/start", OPTIONS) == (200, {"status": "sent"})
    began = time.time()
    ben.says("This call is being recorded.")
    assert ask(ward, "POST", f"{path}/start", OPTIONS)[0] == 400
    status, page = ask(ward, "GET", "/v1/recordings")
    assert (status, page["data"][0]["status"]) == (200, "in-progress")
    time.sleep(4)
    assert ask(ward, "POST", f"{path}/stop") == (200, {"status": "sent"})
    lasted = time.time() - began
    assert ask(ward, "POST", f"{path}/stop")[0] == 400

    recording = until_finished(ward)
    assert recording["status"] == "finished", recording
    assert recording["max_participants"] == 2
    _, link = ask(ward, "GET", f"/v1/recordings/{recording['id']}/access-link?valid_for_secs=60")
    assert link["expires"] == pytest.approx(time.time() + 60, abs=5)
    whole = fetched(link["download_link"])
    part = fetched(link["download_link"], "bytes=100-199")
    assert part == whole[100:200]
    (tmp_path / "film.mp4").write_bytes(whole)
    film = measure(tmp_path / "film.mp4", {"left": LEFT, "right": RIGHT})
    assert film.seconds == pytest.approx(lasted, abs=1)
    assert film.tiles["left"].shows(signs.ADA, 0.5, film.seconds - 0.5) > 0.95
    assert film.tiles["right"].shows(signs.BEN, 0.5, film.seconds - 0.5) > 0.95

    assert ask(ward, "DELETE", f"/v1/recordings/{recording['id']}")[1]["deleted"] is True
    assert ask(ward, "GET", f"/v1/recordings/{recording['id']}")[0] == 404
    with pytest.raises(urllib.error.HTTPError):
        fetched(link["download_link"])


def fetched(link: str, part: str | None = None) -> bytes:
    """What is at a link, without any key."""
    request = urllib.request.Request(link, headers={"Range": part} if part else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == (206 if part else 200)
        content: bytes = answer.read()
        return content
