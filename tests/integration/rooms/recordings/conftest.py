"""A real server with a room, and people in it whose cameras and microphones show signs."""

import json
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext

from tests.integration.rooms.recordings.recorder_process import RecorderProcess
from tests.integration.rooms.recordings.signs import SCREEN, Look
from tests.scenarios.call_page import CallPage
from tests.servers.vestibule import VestibuleProcess
from vestibule.foundation.encryption import keyring_from_file
from vestibule.rooms.calls.passes import Passes, RecorderPass

COMPOSED_SECONDS = 60
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


class Guest(CallPage):
    """A person whose camera, microphone and screen show signs."""

    def __init__(self, context: BrowserContext, look: Look, codec: str | None = None) -> None:
        looks = {"camera": look._asdict(), "screen": SCREEN._asdict()}
        context.add_init_script(f"({SIGNS})({json.dumps(looks)})")
        if codec is not None:
            context.add_init_script(PREFER % codec)
        super().__init__(context)

    def lateness(self) -> float:
        """By how many seconds the page itself drew its flashes too late, mostly."""
        late: list[float] = self.page.evaluate("window.signs.lateness")
        return statistics.median(late)


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
        granted = RecorderPass(recording_id=str(uuid4()), room_id=room["id"], since=time.time())
        passes = Passes(keyring_from_file(server.data / "master.key"))
        self.recorder_pass = passes.sign(granted, until=time.time() + 3600)

    def recorder(
        self, folder: Path, *, lose_one_in: int = 0, most_bytes: int = 0
    ) -> RecorderProcess:
        """A recorder of this room, perhaps with a bad network or a small disk."""
        return RecorderProcess(
            folder,
            port=self.server.port,
            room=self.name,
            recorder_pass=self.recorder_pass,
            lose_one_in=lose_one_in,
            most_bytes=most_bytes,
        )

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

    def newest(self) -> dict[str, Any]:
        """The room's newest recording."""
        status, page = self.ask("GET", f"/v1/recordings?room_name={self.name}")
        assert status == 200, page
        recording: dict[str, Any] = page["data"][0]
        return recording

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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(
        tmp_path_factory.mktemp("server"), recordings="true", recordings_encrypted="true"
    )
    try:
        process.start()
        yield process
    finally:
        process.stop()


@pytest.fixture
def ward(server: VestibuleProcess) -> Ward:
    return Ward(server)


@pytest.fixture
def guest(ward: Ward, new_context: Callable[[], BrowserContext]) -> Callable[..., Guest]:
    """Lets somebody join the ward."""

    def join(name: str, look: Look, codec: str | None = None, token: str | None = None) -> Guest:
        person = Guest(new_context(), look, codec)
        person.open(f"{ward.url}?t={token}" if token else ward.url)
        person.join(name)
        person.is_in()  # a recording that starts now finds somebody
        return person

    return join
