"""Two real processes share one installation: what happens to a call when parts of it end."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import TOOK
from tests.integration.rooms.calls.people import Person, Visitors
from tests.servers.several import Several

PATIENCE_SECONDS = 90

Record = Callable[[str, object], None]


@pytest.fixture
def several(tmp_path: Path, postgresql_url: str) -> Iterator[Several]:
    with Several(tmp_path, postgresql_url) as several:
        yield several


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
    several: Several, postgresql_url: str, record_property: Record
) -> None:
    several.ask(0, "POST", "/v1/rooms", {"name": "consult"})
    async with gathered(several) as call:
        await lives_through(several, call, record_property)
    assert told(postgresql_url) == {"meeting.started": 1, "participant.joined": 4}
    assert meetings(postgresql_url) == [(4, 4)]


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
