"""A real server with a room, and people in it whose cameras and microphones show signs."""

import json
import os
import shutil
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext

from tests.integration.rooms.recordings.film import Film, sound_minus_picture
from tests.integration.rooms.recordings.recorder_process import RecorderProcess
from tests.integration.rooms.recordings.signs import SCREEN, Look
from tests.scenarios.call_page import CallPage
from tests.servers.mail_server import MailServer, running_mail_server
from tests.servers.vestibule import VestibuleProcess
from vestibule.foundation.encryption import keyring_from_file
from vestibule.rooms.calls.passes import Passes, RecorderPass

COMPOSED_SECONDS = 180
SIGNS = (Path(__file__).parent / "signs.js").read_text()
SIGNS = SIGNS[SIGNS.index("(looks)") :]

# Has a browser that makes an offer prefer a codec of video.
PREFER = """(() => {
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (trackOrKind, options) {
    const transceiver = add.call(this, trackOrKind, options);
    const { codecs } = RTCRtpReceiver.getCapabilities("video");
    const rank = ({ mimeType }) => (mimeType === "video/%s" ? 0 : 1);
    if (transceiver.receiver.track.kind === "video")
      transceiver.setCodecPreferences(codecs.sort((one, two) => rank(one) - rank(two)));
    return transceiver;
  };
})()"""


# Counts the tones that the page gives off, and leaves its own signs out.
COUNT_TONES = """(() => {
  window.tones = 0;
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) window.tones += 1;
    return connect.call(this, target, ...rest);
  };
})()"""


class Guest(CallPage):
    """A person whose camera, microphone and screen show signs."""

    def __init__(self, context: BrowserContext, look: Look, codec: str | None = None) -> None:
        looks = {"camera": look._asdict(), "screen": SCREEN._asdict()}
        context.add_init_script(f"({SIGNS})({json.dumps(looks)})")
        if codec is not None:
            context.add_init_script(PREFER % codec)
        context.add_init_script(COUNT_TONES)
        super().__init__(context)

    def tones(self) -> int:
        """How often the page has let something be heard by itself."""
        count: int = self.page.evaluate("window.tones")
        return count

    def lateness(self) -> float:
        """By how many seconds the page itself drew its flashes too late, mostly."""
        late: list[float] = self.page.evaluate("window.signs.lateness")
        return statistics.median(late)


def is_in_step(film: Film, tile: str, look: Look, guest: Guest) -> bool:
    """True if sound and picture are within 80 ms of each other, as far as the page had them so."""
    late = statistics.median(sound_minus_picture(film, tile, look)) + guest.lateness()
    return abs(late) < 0.08


class Ward:
    """A room on a real server, and its recorders."""

    def __init__(self, server: VestibuleProcess) -> None:
        self.server = server
        status, room = server.request(
            "POST",
            "/v1/rooms",
            key=server.demo["api_key"],
            body={"properties": {"enable_prejoin_ui": True, "enable_recording": "cloud"}},
        )
        assert status == 200, room
        self.name: str = room["name"]
        self.url: str = room["url"]
        self._id: str = room["id"]
        self._recorders: list[RecorderProcess] = []

    def recorder_pass(self) -> str:
        """What lets one more recorder into the room."""
        granted = RecorderPass(recording_id=str(uuid4()), room_id=self._id, since=time.time())
        passes = Passes(keyring_from_file(self.server.data / "master.key"))
        return passes.sign(granted, until=time.time() + 3600)

    def recorder(
        self, folder: Path, *, lose_one_in: int = 0, disk_bytes: int = 0
    ) -> RecorderProcess:
        """A recorder of this room, perhaps with a bad network or a small disk."""
        recorder = RecorderProcess(
            folder,
            port=self.server.port,
            room=self.name,
            recorder_pass=self.recorder_pass(),
            lose_one_in=lose_one_in,
            disk_bytes=disk_bytes,
        )
        self._recorders.append(recorder)
        return recorder

    def close(self) -> None:
        """Leave no process and no room behind, also when a test has failed."""
        for recorder in self._recorders:
            recorder.close()
        self.delete()
        self.ask("POST", "/v1/", {"properties": {"recording_consent": None}})

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and JSON of one request to the API."""
        return self.server.request(method, path, key=self.server.demo["api_key"], body=body)

    def token(self, **properties: Any) -> str:
        """A meeting token for this room."""
        wanted = {"properties": {"room_name": self.name, **properties}}
        status, answer = self.ask("POST", "/v1/meeting-tokens", wanted)
        assert status == 200, answer
        token: str = answer["token"]
        return token

    def recordings(self) -> list[dict[str, Any]]:
        """The room's recordings, the newest first."""
        return self._all(f"/v1/recordings?room_name={self.name}")

    def meetings(self) -> list[dict[str, Any]]:
        """The room's meetings, the newest first."""
        return self._all(f"/v1/meetings?room={self.name}")

    def newest(self) -> dict[str, Any]:
        """The room's newest recording."""
        return self.recordings()[0]

    def finished(self) -> dict[str, Any]:
        """The room's newest recording, once it is known whether it has a file."""
        deadline = time.monotonic() + COMPOSED_SECONDS
        while (recording := self.newest())["status"] == "in-progress":
            assert time.monotonic() < deadline, f"not composed in time: {recording}"
            time.sleep(0.1)
        return recording

    def film(self, recording: dict[str, Any], folder: Path) -> Path:
        """Its file, fetched by a link."""
        path = f"/v1/recordings/{recording['id']}/access-link"
        status, link = self.ask("GET", path)
        assert status == 200, link
        file = folder / f"{recording['id']}.mp4"
        file.write_bytes(fetched(link["download_link"]))
        return file

    def _all(self, path: str) -> list[dict[str, Any]]:
        status, page = self.ask("GET", path)
        assert status == 200, page
        found: list[dict[str, Any]] = page["data"]
        return found

    def delete(self) -> int:
        """Delete the room; the status of the answer."""
        return self.ask("DELETE", f"/v1/rooms/{self.name}")[0]


def fetched(link: str, part: str | None = None) -> bytes:
    """What is at a link, without any key."""
    request = urllib.request.Request(link, headers={"Range": part} if part else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == (206 if part else 200)
        content: bytes = answer.read()
        return content


class Listener:
    """A receiver of webhooks that keeps what it is told."""

    def __init__(self) -> None:
        told = self.told = list[dict[str, Any]]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def hears(self, kind: str, **payload: Any) -> dict[str, Any]:
        """Wait for an event of this type that says this; its payload."""
        deadline = time.monotonic() + COMPOSED_SECONDS
        while time.monotonic() < deadline:
            for event in self.told:
                said = event.get("payload", {})
                if event.get("type") == kind and payload.items() <= said.items():
                    return dict(said)
            time.sleep(0.1)
        raise AssertionError(f"nobody told of {kind} with {payload}: {self.told}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class SmallDisk:
    """Has the disk look nearly full to recorders, by a file that takes half of what is free."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ballast"
        self._free = shutil.disk_usage(folder).free
        self.least_free_mb = self._free * 7 // 10 // 1_000_000

    def fill(self) -> None:
        with self._file.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, self._free // 2)

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)


@pytest.fixture(scope="package")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path_factory.mktemp("disk"))
    yield disk
    disk.clear()


@pytest.fixture(scope="package")
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture(scope="package")
def server(
    tmp_path_factory: pytest.TempPathFactory, disk: SmallDisk, mail_server: MailServer
) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(
        tmp_path_factory.mktemp("server"),
        recordings="true",
        recordings_encrypted="true",
        recordings_per_room="2",
        recordings_least_free_mb=str(disk.least_free_mb),
        webhook_allow_private_targets="true",
        mail_host="127.0.0.1",
        mail_port=str(mail_server.port),
        mail_security="none",
        mail_from="clinic@example.org",
    )
    try:
        process.start()
        yield process
    finally:
        process.stop()


@pytest.fixture
def listener(ward: Ward) -> Iterator[Listener]:
    """Told of everything that happens in the domain."""
    listener = Listener()
    status, hook = ward.ask("POST", "/v1/webhooks", {"url": listener.url})
    assert status == 200, hook
    yield listener
    ward.ask("DELETE", f"/v1/webhooks/{hook['uuid']}")
    listener.close()


@pytest.fixture
def ward(server: VestibuleProcess) -> Iterator[Ward]:
    if not server.is_running:  # a test has failed between killing and starting it
        server.start()
    ward = Ward(server)
    yield ward
    if server.is_running:
        ward.close()


@pytest.fixture
def guest(ward: Ward, new_context: Callable[[], BrowserContext]) -> Callable[..., Guest]:
    """Lets somebody join the ward, and waits until they are in the call."""

    def join(name: str, look: Look, codec: str | None = None, token: str | None = None) -> Guest:
        person = Guest(new_context(), look, codec)
        person.open(f"{ward.url}?t={token}" if token else ward.url)
        person.join(name)
        person.is_in()  # a recording that starts now finds somebody
        return person

    return join
