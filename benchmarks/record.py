"""Recording: processor time and memory for each recorded minute, while a call goes on and after it.

It counts processor time, not time, so it means something on a busy machine too; but what busy
browsers do not send costs nothing, so the pictures that arrived stand beside it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.rows import Aim, Row
from tests.servers import chromium
from tests.servers.vestibule import VestibuleProcess
from vestibule.rooms.recordings.track_log import Packet, read_track_log
from vestibule.rooms.recordings.track_store import read_recording, recorder_of

SECONDS: Final = int(os.environ.get("BENCH_RECORD_SECONDS", "10"))
PATIENCE_SECONDS: Final = 60
SIZES: Final = ((640, 480), (1280, 720))
MOST_CORES: Final = 0.1
TICKS: Final = os.sysconf("SC_CLK_TCK")
MEGABYTE: Final = 1_000_000
MINUTE: Final = 60.0

# The test camera in exactly this size.
CAMERA: Final = """([width, height]) => {
  const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wanted) => open(wanted.video ? { ...wanted, video: {
    ...wanted.video, width: { exact: width }, height: { exact: height } } } : wanted);
}"""


@dataclass(frozen=True)
class Used:
    """What something cost."""

    cores: float
    """Processor seconds for each second of the recording."""
    megabytes: float


@dataclass(frozen=True)
class Call:
    """A call of two that was recorded."""

    live: Used
    pictures_per_second: float
    """Of one person, as they arrived."""


def run() -> Iterable[Row]:
    """The rows of this part."""
    with tempfile.TemporaryDirectory(prefix="vestibule-bench-") as folder, a_clinic(folder) as it:
        for width, height in SIZES:
            size, kept = f"{width}x{height}", Path(folder) / f"{width}"
            call = it.records(width, height, kept)
            live = call.live
            most = Aim("at most", MOST_CORES)
            yield Row(f"{size}, live", live.cores * MINUTE, "CPU s/min", ratio=live.cores, aim=most)
            yield Row(f"{size}, live, memory", live.megabytes, "MB")
            yield Row(f"{size}, pictures of each person", call.pictures_per_second, "1/s")
            yield Row(f"{size}, recordings on one core", 1 / live.cores, "")
            for wide, high in ((2 * width, height), (1920, 1080)):
                made = compose(kept, wide, high)
                name = f"{size}, composing {wide}x{high}"
                fast = Aim("at most", 1.0)
                yield Row(name, made.cores * MINUTE, "CPU s/min", ratio=made.cores, aim=fast)
                yield Row(f"{name}, memory", made.megabytes, "MB")


@contextmanager
def a_clinic(folder: str) -> Iterator["Clinic"]:
    server = VestibuleProcess(Path(folder) / "server", recordings="true")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.program(), args=chromium.FLAGS
            )
            yield Clinic(server, browser)
            browser.close()
    finally:
        server.stop()


class Clinic:
    """A server and a browser."""

    def __init__(self, server: VestibuleProcess, browser: Browser) -> None:
        self._server = server
        self._browser = browser

    def records(self, width: int, height: int, kept: Path) -> Call:
        """Record a call of two with cameras of this size, and keep what was captured."""
        name = f"bench-{width}"
        properties = {"enable_prejoin_ui": False, "enable_recording": "cloud"}
        self._ask("POST", "rooms", {"name": name, "properties": properties})
        people = [self._browser.new_context() for _ in range(2)]
        for number, context in enumerate(people, start=1):
            context.add_init_script(f"({CAMERA})([{width}, {height}])")
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{self._server.port}/{name}")
            page.wait_for_function(
                "(number) => document.querySelectorAll('[data-participant]').length === number",
                arg=number,
                timeout=PATIENCE_SECONDS * 1000,
            )
        self._start(name)
        time.sleep(3)  # connecting and loading are no part of a long recording
        call = self._watch(name, kept)
        for context in people:
            context.close()
        return call

    def _start(self, name: str) -> None:
        """As often as it takes: a busy machine may need longer than the ten seconds of a start."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._ask("POST", f"rooms/{name}/recordings/start", {})[0] != 200:
            assert time.monotonic() < deadline, "it was not recorded"

    def _watch(self, name: str, kept: Path) -> Call:
        recording = self._ask("GET", f"recordings?room_name={name}")[1]["data"][0]["id"]
        folder = self._server.data / "recordings/raw" / recording
        number = recorder_of(folder)
        assert number is not None
        began, used = time.time(), _cpu_seconds(number)
        time.sleep(SECONDS)
        ended, used = time.time(), _cpu_seconds(number) - used
        live = Used(used / (ended - began), _peak_megabytes(number))
        shutil.copytree(folder, kept)
        self._ask("POST", f"rooms/{name}/recordings/stop", {})
        return Call(live, _pictures(kept, began, ended) / 2 / (ended - began))

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        key = self._server.demo["api_key"]
        return self._server.request(method, f"/v1/{path}", key=key, body=body)


def compose(folder: Path, width: int, height: int) -> Used:
    """Make the film of what was captured."""
    film, options = folder.with_suffix(".mp4"), f'{{"width": {width}, "height": {height}}}'
    command = [sys.executable, "-m", "vestibule.rooms.recordings", "compose"]
    command += [str(folder), str(film), "--options", options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "composing failed"
    return Used((used.ru_utime + used.ru_stime) / _seconds(film), used.ru_maxrss * 1024 / MEGABYTE)


def _seconds(film: Path) -> float:
    import av

    with av.open(film) as file:
        assert file.duration is not None
        return file.duration / av.time_base


def _cpu_seconds(number: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak_megabytes(number: int) -> float:
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise AssertionError("the system does not say how much memory a process had")


def _pictures(folder: Path, began: float, ended: float) -> int:
    """How many arrived in this time."""
    found: set[tuple[Path, int]] = set()
    for track in read_recording(folder).tracks:
        if track.source == "camera":
            found |= {
                (track.path, packet.timestamp)
                for packet in read_track_log(track.path)
                if isinstance(packet, Packet) and began * 1e6 <= packet.arrival_us < ended * 1e6
            }
    return len(found)
