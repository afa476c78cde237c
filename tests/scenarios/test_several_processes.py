"""Two real processes share one installation: what happens to a call when parts of it end."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import TOOK
from tests.integration.rooms.calls.people import Person, Visitors
from tests.scenarios.call_page import DECODED_FRAMES, CallPage
from tests.scenarios.pages.rooms import enter
from tests.servers.postgresql import PostgreSQL
from tests.servers.several import Several

PATIENCE_SECONDS = 90

Record = Callable[[str, object], None]

# What a page keeps for us: its connections, how they went, and when it was in the call.
REMEMBERS = """
window.connections = [];
window.lines = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration) {
    super(configuration);
    window.connections.push(this);
    this.addEventListener("connectionstatechange", () => {
      if (this.connectionState !== "connected") window.lines.push(this.connectionState);
    });
  }
};
window.joined = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (JSON.parse(data).type === "joined") window.joined.push(Date.now());
    });
  }
};
"""


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSQL, migrated_postgresql: str
) -> Iterator[Several]:
    name = postgresql.create_database(template=migrated_postgresql)
    with Several(tmp_path_factory.mktemp("several"), postgresql.url(name)) as several:
        yield several
    postgresql.drop_database(name)


@pytest.fixture
def several(installation: Several) -> Several:
    """Both processes run, whatever became of them before."""
    for process in installation.processes:
        if not process.is_running:
            process.start()
    return installation


class Gathered:
    """People in one call, who come back as their pages do."""

    def __init__(self, several: Several) -> None:
        self._several = several
        self._ways = [Visitors(each.port) for each in several.processes]
        self.people: dict[str, Person] = {}

    async def comes(self, name: str, process: int, **token: Any) -> Person:
        """Somebody comes to a process, and into the call."""
        person = await self._ways[process](max_queue=None)
        properties = {"room_name": "consult", "user_name": name, **token}
        body = {"properties": properties}
        given = await asyncio.to_thread(
            self._several.ask, process, "POST", "/v1/meeting-tokens", body
        )
        await person.joins(name, token=given["token"])
        self.people[name] = person
        return person

    async def all_come_back(self, process: int) -> float:
        """Everybody's connection ends, and all come back to this process; seconds it took."""
        started = time.monotonic()
        await asyncio.gather(*(self._comes_back(name, process) for name in self.people))
        return time.monotonic() - started

    async def _comes_back(self, name: str, process: int) -> None:
        before = self.people[name]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await before.socket.wait_closed()
        assert before.socket.close_code in {1006, 1012}, before.socket.close_code
        person = await self._ways[process](max_queue=None)
        await person.comes_back(before.ticket)
        joined = await person.is_in()
        assert (joined["resumed"], person.session_id) == (True, before.session_id)
        self.people[name] = person

    async def all_are_told_of_all(self) -> None:
        """What one says reaches all the others."""
        for name, speaker in self.people.items():
            await speaker.say("app-message", data={"from": name})
        for name, listener in self.people.items():
            heard = set[str]()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while heard != self.people.keys() - {name}:
                    message = await anything(listener)
                    if message["type"] == "app-message-from":
                        heard.add(message["data"]["from"])

    async def see_off(self) -> None:
        for way in self._ways:
            await way.see_off()


@asynccontextmanager
async def gathered(several: Several) -> AsyncIterator[Gathered]:
    """A call, whose people are gone afterwards."""
    call = Gathered(several)
    try:
        yield call
    finally:
        await call.see_off()


async def anything(person: Person) -> dict[str, Any]:
    """The next message, whichever it is."""
    message: dict[str, Any] = json.loads(await person.socket.recv())
    return message


def told(database_url: str) -> Counter[str]:
    """The events of the installation, by their kinds."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        return Counter(
            kind for (kind,) in connection.execute("SELECT type FROM webhook_events").fetchall()
        )


def meetings(database_url: str) -> list[tuple[int, int]]:
    """Of each meeting: how many stays there were, and how many go on."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        found = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE p.left_at IS NULL AND m.ended_at IS NULL)"
            " FROM meetings m JOIN meeting_participants p ON p.meeting_id = m.id GROUP BY m.id"
        )
        return [(int(stays), int(present)) for stays, present in found.fetchall()]


@pytest.mark.timeout(400)
async def test_a_call_goes_on_whichever_part_ends(
    several: Several, record_property: Record
) -> None:
    several.ask(0, "POST", "/v1/rooms", {"name": "consult"})
    async with gathered(several) as call:
        await lives_through(several, call, record_property)
    assert told(several.database_url) == {"meeting.started": 1, "participant.joined": 4}
    assert meetings(several.database_url) == [(4, 4)]


async def lives_through(several: Several, call: Gathered, record_property: Record) -> None:
    """Each part ends once, and the call is as it was."""
    first, second = several.processes
    ada = await call.comes("Ada", 0, is_owner=True)
    ben = await call.comes("Ben", 1)
    await call.all_are_told_of_all()
    inside = {ada.session_id, ben.session_id}
    assert present(several, 0) == present(several, 1) == inside

    # The one that keeps the call is killed.
    first.kill()
    seconds = await call.all_come_back(1)
    record_property(TOOK, f"kill -9 of the process that keeps a call: {seconds:.2f} s")
    await call.all_are_told_of_all()
    assert present(several, 1) == inside

    # It is started again, and somebody comes there.
    await asyncio.to_thread(first.start)
    cleo = await call.comes("Cleo", 0)
    inside.add(cleo.session_id)
    await call.all_are_told_of_all()
    assert present(several, 0) == present(several, 1) == inside

    # Redis is lost, with all that it held: who is in the call notices nothing.
    several.redis.kill()
    await call.all_are_told_of_all()
    await asyncio.to_thread(several.redis.start)
    started = time.monotonic()
    dora = await call.comes("Dora", 0)
    record_property(TOOK, f"restart of Redis until the next one joins: {since(started)}")
    inside.add(dora.session_id)
    await call.all_are_told_of_all()
    assert present(several, 0) == present(several, 1) == inside

    # The one that keeps the call is told to end, as at a new version.
    ending = asyncio.create_task(asyncio.to_thread(second.drain))
    seconds = await call.all_come_back(0)
    record_property(TOOK, f"a call handed over: {seconds:.2f} s")
    assert await ending == 0
    await call.all_are_told_of_all()
    assert present(several, 0) == inside


def present(several: Several, process: int) -> set[str]:
    """Who is in the call, as this process tells it: for the room, and among all."""
    of_room = several.ask(process, "GET", "/v1/rooms/consult/presence")["data"]
    of_all = several.ask(process, "GET", "/v1/presence")
    found = {person["id"] for person in of_room}
    assert {person["id"] for person in of_all.get("consult", [])} == found
    return found


def since(started: float) -> str:
    return f"{time.monotonic() - started:.2f} s"


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_two_people_stay_in_their_call_when_the_process_that_keeps_it_is_killed(
    several: Several, new_context: Callable[[], BrowserContext], record_property: Record
) -> None:
    room = several.ask(0, "POST", "/v1/rooms", {"properties": {"enable_prejoin_ui": True}})
    ada, ben = people = CallPage(new_context()), CallPage(new_context())
    for name, person in zip(("Ada", "Ben"), people, strict=True):
        person.page.add_init_script(REMEMBERS)
        body = {"properties": {"room_name": room["name"], "user_name": name}}
        token = several.ask(0, "POST", "/v1/meeting-tokens", body)["token"]
        enter(person, f"{room['url']}?t={token}")
    ada.decodes_the_other()
    ben.decodes_the_other()
    before = [person.page.evaluate("window.connections.length") for person in people]
    sessions = [person.own_id() for person in people]
    frames = [person.page.evaluate(DECODED_FRAMES, person.own_id()) for person in people]
    for person in people:
        person.page.evaluate("window.lines.length = 0")

    killed_at = time.time()
    several.processes[0].kill()
    for person in people:
        person.page.wait_for_function("() => window.joined.length > 1", timeout=60_000)
    back_at = max(person.page.evaluate("window.joined.at(-1)") for person in people) / 1000
    took = f"{back_at - killed_at:.2f} s"
    record_property(TOOK, f"kill -9 of the process that keeps a call, in the browser: {took}")

    # What is said goes through the new owner; what is seen and heard never stopped.
    ben.button("Mute").click()
    ada.says("microphone off")
    ben.button("Unmute").click()
    expect(ada.page.get_by_text("microphone off")).to_have_count(0)
    for person, known, session, seen in zip(people, before, sessions, frames, strict=True):
        assert person.own_id() == session
        assert person.page.evaluate("window.connections.length") == known
        assert person.page.evaluate("window.lines") == []
        assert person.page.evaluate(DECODED_FRAMES, session) > seen
        person.decodes_the_other()
    in_call = several.ask(1, "GET", f"/v1/rooms/{room['name']}/presence")
    assert {each["id"] for each in in_call["data"]} == set(sessions)
    assert ada.errors == ben.errors == []
