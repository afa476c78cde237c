"""A client that stops reading loses its own connection, and nobody else's (reference stack 1)."""

import asyncio
import json
import socket
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import PATIENCE_SECONDS, Person, Visitors

BIG = "x" * 60_000
ENOUGH = 150
"""Messages: more than the buffers of both ends hold, and fewer than a client may send at once."""


async def a_slow_visitor(visitor: Visitors) -> Person:
    """Reads one message ahead of what the test asks for, and has little room for more."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", visitor.port))
    return await visitor(sock=small, max_queue=1)


async def test_a_stalled_socket_does_not_freeze_its_room(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben, slow = await visitor(), await visitor(), await a_slow_visitor(visitor)
    await ada.joins("Ada")
    await ben.joins("Ben")
    await slow.joins("Cleo")
    for _ in range(2):
        await ada.hear("participant-joined")
    await ben.hear("participant-joined")

    for number in range(ENOUGH):
        await ada.say("description", to=slow.session_id, kind="offer", sdp=BIG)
        if number % 10 == 0:
            await ada.say("candidate", to=ben.session_id, candidate=str(number))

    heard = [(await ben_hears(ben))["candidate"] for _ in range(ENOUGH // 10)]
    assert heard == [str(number) for number in range(0, ENOUGH, 10)]
    cut_off = (await ada.hear("participant-updated"))["participant"]
    assert (cut_off["session_id"], cut_off["connected"]) == (slow.session_id, False)
    assert await rest_of(slow) == 4408

    back = await visitor()
    await back.comes_back(slow.ticket)
    assert (await back.is_in())["resumed"] is True


async def ben_hears(ben: Person) -> dict[str, Any]:
    """The next candidate, whenever the news of the slow one comes in between."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        message: dict[str, Any] = json.loads(await ben.socket.recv())
    return await ben.hear("candidate-from") if "candidate" not in message else message


async def rest_of(person: Person) -> int:
    """Read what is left, and say how it ended."""
    with pytest.raises(ConnectionClosed) as end:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                await person.socket.recv()
    assert end.value.rcvd is not None
    return end.value.rcvd.code
