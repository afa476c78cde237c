"""`vestibule compose` as the server runs it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.rooms.recordings.invented_call import ada, record
from tests.integration.rooms.recordings.recorder_process import PROGRAM

SMALL = json.dumps({"width": 320, "height": 240, "fps": 10})


def composing(folder: Path, output: Path, options: str = SMALL) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-c", PROGRAM.format(before="")),
            *("compose", str(folder), str(output), "--options", options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_progress_and_the_result_are_told(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3), stops=3)

    said, _ = composing(tmp_path, tmp_path / "film.mp4").communicate()

    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == [*["progress"] * 3, "composed"]
    assert lines[2]["done"] == 1
    assert lines[3]["seconds"] == 3
    assert (tmp_path / "film.mp4").stat().st_size > 1000


def test_work_that_was_killed_leaves_no_film_and_can_be_repeated(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=6), stops=6)
    work = composing(tmp_path, tmp_path / "film.mp4")
    assert work.stdout is not None
    work.stdout.readline()
    work.kill()
    work.communicate()
    assert not (tmp_path / "film.mp4").exists()

    work = composing(tmp_path, tmp_path / "film.mp4")
    work.communicate()

    assert work.returncode == 0
    assert {path.name for path in tmp_path.glob("film*")} == {"film.mp4"}


def test_wrong_options_are_an_error_for_people(tmp_path: Path) -> None:
    work = composing(tmp_path, tmp_path / "film.mp4", '{"width": 321}')
    _, complaint = work.communicate()

    assert work.returncode == 2
    assert "width" in complaint
    assert "Traceback" not in complaint
