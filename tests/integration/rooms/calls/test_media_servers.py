"""What a real Janus carries: who gets whom, who is silenced, and what a call outlives."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiortc import RTCRtpReceiver, RTCSessionDescription
from aiortc.stats import RTCInboundRtpStreamStats

from tests.conftest import TOOK
from tests.integration.rooms.calls.carried import Carried, connection, until
from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import PATIENCE_SECONDS, Visitors
from tests.servers.janus import Janus, two_januses
from vestibule.foundation.errors import Invalid
from vestibule.rooms.calls.passes import Passes, RecorderPass
from vestibule.rooms.sfu.janus import Janus as Client
from vestibule.rooms.sfu.local import LocalJanus
from vestibule.rooms.sfu.pool import Pool, Server
from vestibule.rooms.sfu.service import MediaServerService

Come = Callable[..., Any]


@pytest.fixture
def januses() -> Iterator[list[Janus]]:
    with two_januses() as servers:
        yield servers


@pytest.fixture
def chosen(januses: list[Janus]) -> dict[str, Any]:
    urls = [janus.url for janus in januses]
    return {"sfu": "janus", "janus_urls": urls, "janus_api_secret": januses[0].secret}


@pytest.fixture
async def media_servers(installation: Installation) -> MediaServerService:
    """Both are connected to."""
    service = installation.vestibule.rooms.media_servers
    assert service is not None
    await service.step()
    await until(lambda: all(server.load.is_usable for server in service.pool.servers))
    return service


@pytest.fixture
async def come(visitor: Visitors) -> AsyncIterator[Come]:
    """Lets somebody into the call who follows it to the media server."""
    everybody: list[Carried] = []

    async def come(name: str, **options: Any) -> Carried:
        person = await visitor()
        joined = await person.joins(name, **options)
        everybody.append(Carried(person))
        if joined["path"] is not None:
            await everybody[-1].goes_to(joined["path"])
        return everybody[-1]

    yield come
    for person in everybody:
        await person.close()


async def test_more_than_two_are_carried_and_what_is_not_allowed_does_not_pass(
    installation: Installation, media_servers: MediaServerService, come: Come
) -> None:
    await installation.room()
    ada = await come("Ada", token=await installation.token(is_owner=True))
    ben = await come("Ben")
    await ada.hear("participant-joined")
    await ada.person.say("ping")
    await ada.hear("pong")
    assert ada.paths == ben.paths == []  # two have each other

    cleo = await come("Cleo")

    for listener, others in ((ada, (ben, cleo)), (ben, (ada, cleo)), (cleo, (ada, ben))):
        for other in others:
            await listener.hears(other)
    assert ada.path == ben.path == cleo.path is not None
    for person, other in ((ada, ben), (ben, ada)):
        await person.person.say("receives", path=person.path, session_ids=[other.id])
    assert (await ada.hear("direct-over"))["session_id"] == ben.id
    assert (await ben.hear("direct-over"))["session_id"] == ada.id

    # Ben's page pays no heed to a host who mutes him, and is not heard all the same.
    await ada.person.say("mute", session_id=ben.id, source="audio")
    await cleo.hears_no_more_of(ben, witness=ada)
    await ben.person.say("set-media", media={"audio": True, "video": False, "screen": False})
    await cleo.hears(ben)
    change: dict[str, Any] = {"can_send": ["video"]}
    await ada.person.say("update-permissions", session_id=ben.id, permissions=change)
    await cleo.hears_no_more_of(ben, witness=ada)

    # What Cleo may not receive is not sent to her.
    assert (ada.id, "microphone") in cleo.gets()
    change = {"can_receive": {"base": True, "byParticipantId": {ada.id: False}}}
    await ada.person.say("update-permissions", session_id=cleo.id, permissions=change)
    await until(lambda: not any(session_id == ada.id for session_id, _ in cleo.gets()))

    # Whoever is sent out is cut off at the media server too.
    await ada.person.say("eject", session_id=cleo.id)
    await until(lambda: not any(session_id == cleo.id for session_id, _ in ada.gets() | ben.gets()))
    await ben.hears(ada)  # and two stay where they are


async def test_a_call_outlives_its_media_servers(
    installation: Installation,
    media_servers: MediaServerService,
    januses: list[Janus],
    come: Come,
    record_property: Callable[[str, object], None],
) -> None:
    for name in ("consult", "busy"):
        await installation.room(name, sfu_switchover=0.5)
    ada, ben = await come("Ada"), await come("Ben")
    await ada.hears(ben)
    other = await come("Cleo", room="busy")
    await other.hear("published")
    urls = [server_of(media_servers, person).url for person in (ada, other)]
    assert len(set(urls)) == 2, "one server has both calls"

    [first] = [janus for janus in januses if janus.url == urls[0]]
    began, before = time.monotonic(), ada.path
    first.kill()
    await until(lambda: ada.path != before)
    await ada.hears(ben)
    record_property(TOOK, f"{time.monotonic() - began:.2f} s until a call is on another Janus")

    [second] = [janus for janus in januses if janus is not first]
    second.kill()
    await until(lambda: ada.path is None and ben.path is None)


async def test_a_call_that_another_process_keeps_has_its_path_until_it_has_another(
    installation: Installation, media_servers: MediaServerService, come: Come
) -> None:
    room = await installation.room(sfu_switchover=0.5)
    ada, ben = await come("Ada"), await come("Ben")
    await ada.hears(ben)
    server = server_of(media_servers, ada)
    media_servers.leave_seconds = 0.5

    installation.vestibule.rooms.calls.live.abandon(room.id)

    await media_servers.pool.look(server)
    assert sum(server.rooms.values()) == 2, "media was cut off"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while server.rooms:
            await media_servers.pool.look(server)


async def test_a_recorder_gets_whom_it_may_hear_from_the_media_server(
    installation: Installation,
    media_servers: MediaServerService,
    visitor: Visitors,
    come: Come,
) -> None:
    room = await installation.room(sfu_switchover=0.5)
    ada = await come("Ada")
    await ada.hear("published")
    passes = Passes(installation.vestibule.shared.keyring)
    granted = RecorderPass("rec-1", room.id, since=installation.now)
    text = passes.sign(granted, until=installation.now + 60)
    recorder, peer = await visitor(), connection()
    await recorder.say("hello", versions=[1], room="consult", recorder=text)
    await recorder.hear("joined")
    await recorder.hear("participant-joined")

    # The server stands for Ada: her page has no connection to the recorder.
    offer = await recorder.hear("description-from")
    assert (offer["sender"], offer["kind"]) == (ada.id, "offer")
    await peer.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    kinds = [transceiver.kind for transceiver in peer.getTransceivers()]
    assert kinds == ["audio", "video", "video", "audio"]
    answer = {"kind": "answer", "sdp": peer.localDescription.sdp}
    await recorder.say("description", to=ada.id, **answer)
    microphone = peer.getTransceivers()[0].receiver
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await arrived(microphone):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert (await ada.hear("direct-over"))["session_id"] == "rec-1"

    # An offer of its own asks for a new connection; the server makes it, and Ada hears nothing.
    await recorder.say("description", to=ada.id, kind="offer", sdp="v=0")
    again = await recorder.hear("description-from")
    assert (again["sender"], again["kind"]) == (ada.id, "offer")
    assert ada.heard["description-from"] == []
    await peer.close()


async def arrived(receiver: RTCRtpReceiver) -> int:
    reports = (await receiver.getStats()).values()
    return sum(r.packetsReceived for r in reports if isinstance(r, RTCInboundRtpStreamStats))


def server_of(service: MediaServerService, person: Carried) -> Server:
    """The server on which this person's path is."""
    [found] = [
        carried.server
        for carried in service._calls.values()
        if carried.path is not None and carried.path.name == person.path
    ]
    assert found is not None
    return found


async def test_a_janus_of_its_own_is_started_and_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = LocalJanus(tmp_path / "own", media_ports="27000-27999", public_address=None)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("PATH", str(tmp_path))
        with pytest.raises(Invalid, match="install Debian's 'janus'"):
            local.prepare()
    local.prepare()
    local.start()
    pool = Pool([local.url], local.secret, on_lost=lambda _janus: None)
    pool.start()
    [server] = pool.servers
    await until(lambda: server.janus is not None)
    first = server.janus
    assert (tmp_path / "own" / "conf" / "janus.jcfg").stat().st_mode & 0o077 == 0

    [number] = children("janus")
    os.kill(number, signal.SIGKILL)

    await until(lambda: server.janus not in (None, first))
    await pool.close()
    await local.close()
    assert children("janus") == []


def children(name: str) -> list[int]:
    """The processes of this name that this one has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            lines = dict(
                line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line
            )
            if (lines["Name"], lines["PPid"]) == (name, str(os.getpid())):
                found.append(int(lines["Pid"]))
    return found


async def test_a_wrong_secret_is_no_way_in(januses: list[Janus]) -> None:
    janus = await Client.open(januses[0].url, "made up")
    reading = asyncio.create_task(janus.read())
    with pytest.raises(Exception, match="Unauthorized"):
        await janus.begin()
    await janus.close()
    await reading
