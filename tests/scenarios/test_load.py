"""The load generator against a real server, and how it says that something was lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.installed import clean_environment
from tests.servers.vestibule import VestibuleProcess, free_port


def load(url: str, key: str, *options: str) -> subprocess.CompletedProcess[str]:
    import os

    environment = {**clean_environment(), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    return subprocess.run(
        [sys.executable, "-m", "vestibule", "load", "--url", url, "--json", *options],
        input=f"{key}\n",
        capture_output=True,
        text=True,
        timeout=200,
        env=environment,
        check=False,
    )


@pytest.mark.timeout(240)
def test_fake_people_enter_talk_and_knock_and_nothing_is_lost(tmp_path: Path) -> None:
    server = VestibuleProcess(tmp_path / "clinic")
    demo = server.start()
    options = ("--participants", "23", "--per-room", "5", "--seconds", "2", "--messages", "1")
    done = load(demo["base_url"], demo["api_key"], *options)
    _, rooms = server.request("GET", "/v1/rooms", key=demo["api_key"])
    server.stop()
    assert done.returncode == 0, done.stderr + done.stdout
    said = json.loads(done.stdout)
    # 46 words, two by each person: in four rooms of five and one of three.
    assert said["heard"]["count"] == said["expected"] == 2 * (20 * 4 + 3 * 2)
    assert (said["entered"]["count"], said["knocked"]["count"]) == (23, 5)
    assert (said["lost"], said["failures"]) == (0, [])
    for measured in ("entered", "heard", "knocked"):
        values = said[measured]
        assert 0 < values["p50"] <= values["p95"] <= values["p99"] <= values["most"]
    assert "load" in done.stderr, "the bar is on standard error"
    assert rooms["total_count"] == 1, "only the demonstration's own room is left"


@pytest.mark.timeout(240)
def test_a_server_that_is_not_there_is_one_clear_line() -> None:
    dead = load(f"http://127.0.0.1:{free_port()}", "key")
    assert dead.returncode == 1
    assert "does not answer" in dead.stderr
    assert "Traceback" not in dead.stderr
