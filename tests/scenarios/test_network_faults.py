"""A call whose media all goes through a real relay, and what it lives through: each way is cut."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import TOOK
from tests.scenarios.accessibility import assert_no_barrier
from tests.scenarios.browser_connections import REMEMBERS_CONNECTIONS
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic
from tests.scenarios.pages.rooms import Room, enter
from tests.servers import coturn
from tests.servers.bad_network import Line, WeakLink
from tests.servers.vestibule import VestibuleProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
    pytest.mark.skipif(coturn.program() is None, reason="coturn is missing on this machine"),
]

NewContext = Callable[[], BrowserContext]

PATIENCE_MS = 120_000
"""Connections have patience of their own before they mend themselves; a slow machine adds to it."""

# The kinds of the two addresses between which packets go now.
KINDS = """async () => {
  const connection = window.connections.findLast((each) => each.connectionState === "connected");
  const reports = [...(await connection.getStats()).values()];
  const { selectedCandidatePairId } = reports.find(({ type }) => type === "transport");
  const pair = reports.find(({ id }) => id === selectedCandidatePairId);
  const kind = (wanted) => reports.find(({ id }) => id === wanted).candidateType;
  return [kind(pair.localCandidateId), kind(pair.remoteCandidateId)];
}"""
ICE_SESSION = """() => {
  const open = ({ connectionState }) => connectionState !== "closed";
  const { sdp } = window.connections.findLast(open).localDescription;
  return /a=ice-ufrag:(\\S+)/.exec(sdp)[1];
}"""
# The most that may be sent of the camera's picture, in bits a second.
PICTURE_BITRATE = """() => {
  const connection = window.connections.findLast((each) => each.connectionState === "connected");
  const sends = connection.getSenders().filter(({ track }) => track?.kind === "video");
  const [{ active, maxBitrate }] = sends[0].getParameters().encodings;
  return active ? maxBitrate : 0;
}"""


class Place:
    """A clinic whose calls are relayed, over a network that a test can spoil."""

    def __init__(self, stack: ExitStack, data: Path) -> None:
        relay = coturn.Coturn()
        stack.callback(relay.stop)
        relay.start()
        self.media = WeakLink(relay.port)
        stack.callback(self.media.stop)
        url = f"turn:127.0.0.1:{self.media.port}?transport=udp"
        server = VestibuleProcess(data, turn_urls=json.dumps([url]), turn_secret=relay.secret)
        stack.callback(server.stop)
        server.start()
        self.clinic = Clinic(server)
        # Every connection goes through the relay, as in a network that lets nothing else out.
        key, body = server.demo["api_key"], {"properties": {"relay_only": True}}
        status, said = server.request("POST", "/v1", key=key, body=body)
        assert status == 200, said
        self.line = Line(server.port)
        stack.callback(self.line.stop)

    def link(self, room: Room, user_name: str, **properties: bool) -> str:
        """The room's address on the line that can be cut."""
        return re.sub(r":\d+/", f":{self.line.port}/", room.link(user_name, **properties), count=1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(stack, tmp_path_factory.mktemp("clinic"))


Timed = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def timed(record_property: Callable[[str, object], None]) -> Timed:
    """Have the summary say how long something took."""

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        record_property(TOOK, f"{what}: {time.monotonic() - started:.1f} s")

    return timed


def test_the_check_before_a_call_proves_the_relay(
    place: Place, new_context: NewContext, timed: Timed
) -> None:
    ada = CallPage(new_context())
    ada.open(place.link(Room(place.clinic), "Ada", is_owner=True))

    with timed("the check of the connection"):
        ada.button("Check my connection").click()
        ada.says("even where direct ways are closed")  # it gives up by itself after 9 seconds


def relayed(place: Place, new_context: NewContext) -> tuple[CallPage, CallPage]:
    """Two people in a call of which everything goes through the relay."""
    room, people = Room(place.clinic), (CallPage(new_context()), CallPage(new_context()))
    ada, ben = people
    for person in people:
        person.page.add_init_script(REMEMBERS_CONNECTIONS)
    enter(ada, place.link(room, "Ada", is_owner=True))
    enter(ben, place.link(room, "Ben"))
    ada.decodes_the_other()
    return people


def test_a_relayed_call_outlives_what_happens_to_the_network(
    place: Place, new_context: NewContext, timed: Timed
) -> None:
    ada, ben = people = relayed(place, new_context)
    assert ada.page.evaluate(KINDS) == ["relay", "relay"]

    with timed("a line that was cut is there again"):
        place.line.cut()
        ben.button("Mute").click()
        ada.says("microphone off")
    ben.button("Unmute").click()
    ada.sees_people(2)

    weak = ben.page.get_by_text("Your connection is weak.")
    expect(weak).to_have_count(0, timeout=PATIENCE_MS)
    full = ben.page.evaluate(PICTURE_BITRATE)
    with timed("a network of 200 kbit/s is noticed, and the picture made smaller"):
        place.media.bits_per_second = 400_000  # of both people together
        expect(weak).to_be_visible(timeout=PATIENCE_MS)
        expect(weak.locator("..")).to_contain_text("so that the sound stays clear")
    assert ben.page.evaluate(PICTURE_BITRATE) < full / 4
    assert ada.hears_the_other(), "the sound goes first"
    assert_no_barrier(ben.page)
    place.media.bits_per_second = float("inf")

    before = ben.page.evaluate(ICE_SESSION)
    lost = ada.page.get_by_text("Connection lost. Reconnecting…")
    with timed("a network that loses everything is noticed, and ICE restarted"):
        place.media.loss = 1
        lost.first.wait_for(timeout=PATIENCE_MS)
        other = f"(before) => ({ICE_SESSION})() !== before"
        ben.page.wait_for_function(other, arg=before, timeout=PATIENCE_MS)
    place.line.is_open = False  # as in a computer that sleeps, or between two networks
    place.line.cut()
    for person in people:
        person.says("Your call goes on.")
    with timed("the call goes on once there is a network again"):
        place.media.loss, place.line.is_open = 0, True
        for person in people:
            person.page.evaluate("dispatchEvent(new Event('online'))")
        expect(lost).to_have_count(0, timeout=PATIENCE_MS)
        assert ada.hears_the_other()
        assert ben.hears_the_other()
    with timed("the pictures are whole again"):
        expect(weak).to_have_count(0, timeout=PATIENCE_MS)
        ada.decodes_the_other()
        ben.decodes_the_other()
    assert ben.errors == ada.errors == []
