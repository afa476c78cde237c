"""A real server with a room, and people in it whose cameras and microphones show signs."""

import json
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.integration.rooms.recordings.recorder_process import RecorderProcess
from tests.integration.rooms.recordings.signs import SCREEN, Look
from tests.scenarios.call_page import MEDIA_SECONDS, CallPage
from tests.servers.vestibule import VestibuleProcess

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
            body={"properties": {"enable_prejoin_ui": True}},
        )
        assert status == 200, room
        self.name: str = room["name"]
        self.url: str = room["url"]

    def recorder(
        self, folder: Path, *, lose_one_in: int = 0, most_bytes: int = 0
    ) -> RecorderProcess:
        """A recorder of this room, perhaps with a bad network or a small disk."""
        return RecorderProcess(
            folder,
            port=self.server.port,
            room=self.name,
            lose_one_in=lose_one_in,
            most_bytes=most_bytes,
        )

    def delete(self) -> int:
        """Delete the room; the status of the answer."""
        key = self.server.demo["api_key"]
        return self.server.request("DELETE", f"/v1/rooms/{self.name}", key=key)[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(tmp_path_factory.mktemp("server"))
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
    """Lets somebody join the ward, and waits until they are in the call."""

    def join(name: str, look: Look, codec: str | None = None) -> Guest:
        person = Guest(new_context(), look, codec)
        person.open(ward.url)
        person.join(name)
        expect(person.button("Leave")).to_be_visible(timeout=MEDIA_SECONDS * 1000)
        return person

    return join
