"""How a recorder ends when there is nothing to record, or it must not, or cannot."""

from pathlib import Path

import pytest

from tests.integration.rooms.recordings.conftest import Ward
from tests.integration.rooms.recordings.recorder_process import RecorderProcess
from tests.servers.vestibule import free_port
from vestibule.rooms.recordings.journal import Stopped
from vestibule.rooms.recordings.track_store import RecorderClock, RecordingWriter, read_recording

pytestmark = pytest.mark.timeout(300)


def test_an_empty_call_is_not_recorded(ward: Ward, tmp_path: Path) -> None:
    recorder = RecorderProcess(
        tmp_path / "rec",
        port=ward.server.port,
        room=ward.name,
        recorder_pass=ward.recorder_pass(),
        options={"start-seconds": 1},
    )

    ended = recorder.ends()

    assert (ended["event"], ended["reason"], ended["code"]) == ("failed", "empty", 5)
    assert isinstance(read_recording(tmp_path / "rec").entries[-1], Stopped)


def test_a_recorder_that_is_refused_says_why(ward: Ward, tmp_path: Path) -> None:
    recorder = RecorderProcess(
        tmp_path / "rec", port=ward.server.port, room=ward.name, recorder_pass="not-a-pass"
    )

    ended = recorder.ends()

    assert (ended["event"], ended["reason"], ended["code"]) == ("failed", "not-allowed", 3)
    assert ended["message"]


def test_a_server_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    ended = RecorderProcess(
        tmp_path / "rec", port=free_port(), room="ward", recorder_pass="any"
    ).ends()

    assert (ended["event"], ended["reason"], ended["code"]) == ("failed", "unreachable", 4)


def test_a_disk_that_is_nearly_full_is_said_before_anything_is_lost(tmp_path: Path) -> None:
    recorder = RecorderProcess(
        tmp_path / "rec",
        port=free_port(),
        room="ward",
        recorder_pass="any",
        options={"least-free-mb": 10**9},
    )

    ended = recorder.ends()

    assert (ended["event"], ended["reason"], ended["code"]) == ("failed", "disk-low", 6)
    assert "MB are free" in ended["message"]
    assert not (tmp_path / "rec").exists()


def test_a_folder_in_use_is_not_touched(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "rec", room="ward", clock=RecorderClock())

    ended = RecorderProcess(
        tmp_path / "rec", port=free_port(), room="ward", recorder_pass="any"
    ).ends()

    writer.close("asked")
    assert (ended["event"], ended["reason"], ended["code"]) == ("failed", "folder", 6)
    assert len(read_recording(tmp_path / "rec").entries) == 2
