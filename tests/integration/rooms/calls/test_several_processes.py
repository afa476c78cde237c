"""Two processes that keep calls together: who owns one, and what becomes of who loses it."""

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import PATIENCE_SECONDS, Visitors
from vestibule.assembly import Vestibule
from vestibule.rooms.calls.crossing import Crossing
from vestibule.rooms.ownership.peers import NOT_MINE, RELAY_PATH, Introduction

pytestmark = pytest.mark.parametrize("installation", ["scaled"], indirect=True)


def crossing(vestibule: Vestibule) -> Crossing:
    found = vestibule.rooms.crossing
    assert found is not None
    return found


async def lose(room_id: str, *, by: Vestibule, to: Vestibule) -> None:
    """One process stood still for long, and another takes a call of it for abandoned."""
    holder, _ = await crossing(by).leases.claim(room_id)
    await crossing(to)._claim(room_id, instead_of=holder)
    await crossing(by).leases.step()


async def test_who_loses_a_call_sends_everybody_on_and_nobody_has_left(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room()
    ada, ben, cleo = await visitor(), await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await cleo.says_hello()  # and looks at the camera yet
    await cleo.hear("welcome")
    first, second = installation.vestibule, installation.others[0]
    assert crossing(first).leases.owns(room.id)

    await lose(room.id, by=first, to=second)

    await ada.hear("participant-joined")
    assert [await each.closed() for each in (ada, ben, cleo)] == [1012] * 3
    assert first.rooms.calls.live.find(room.id) is None
    back = [await visitor(), await visitor()]
    for person, before in zip(back, (ada, ben), strict=True):
        await person.comes_back(before.ticket)
        joined = await person.is_in()
        assert (person.session_id, joined["resumed"]) == (before.session_id, True)
    assert second.rooms.calls.live.find(room.id) is not None
    await crossing(first).step()
    assert await events(installation) == ["meeting.started"] + ["participant.joined"] * 2

    # It comes to the first one again, which has forgotten nothing that it should know.
    await lose(room.id, by=second, to=first)
    again = await visitor()
    await again.comes_back(back[0].ticket)
    assert (await again.is_in())["resumed"] is True
    assert await events(installation) == ["meeting.started"] + ["participant.joined"] * 2
    assert await first.rooms.meetings.is_kept_elsewhere(room.id), "Ben has not come back yet"


async def events(installation: Installation) -> list[str]:
    """What was told of the installation's calls, once all is written."""
    for vestibule in (installation.vestibule, *installation.others):
        await vestibule.rooms.calls.chronicle.settled()
    return await installation.events()


async def test_nobody_but_a_process_of_the_installation_brings_people(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room()
    ada = await visitor()
    await ada.joins("Ada")
    holder, _ = await crossing(installation.vestibule).leases.claim(room.id)
    said = Introduction(room_id=room.id, fence=holder.fence, headers=[], scheme="ws")
    several = installation.vestibule.shared.several
    assert several is not None
    right = several.peers.sign(said.model_dump_json())
    older = several.peers.sign(said.model_copy(update={"fence": 1}).model_dump_json())

    for introduction in (said.model_dump_json(), right[:-1] + "x", older):
        assert await introduced(installation.port, introduction) == NOT_MINE
    assert await introduced(installation.port, right) == "mine"


async def introduced(port: int, text: str) -> object:
    """What a process says to somebody who claims to be another one."""
    address = f"ws://127.0.0.1:{port}{RELAY_PATH}"
    async with connect(address, open_timeout=PATIENCE_SECONDS) as socket:
        await socket.send(text)
        try:
            return await socket.recv()
        except ConnectionClosed:
            return socket.close_code
