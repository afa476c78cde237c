"""Clients that do not keep to the protocol."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI, WebSocket
from websockets.exceptions import ConnectionClosed

from tests.integration.rooms.calls.conftest import Installation, served
from tests.integration.rooms.calls.people import MEDIA, PATIENCE_SECONDS, Person, Visitors
from vestibule.rooms.calls.connections import Connection
from vestibule.rooms.calls.from_browser import FromBrowser
from vestibule.server import listen

HELLO = {"type": "hello", "versions": [1], "room": "consult"}
JOIN = {"type": "join", "user_name": "Cleo", "media": MEDIA}


async def is_cut_off(person: Person) -> str:
    problem = await person.hear("problem")
    assert problem["code"] == "protocol-error"
    assert await person.closed() == 4400
    text: str = problem["message"]
    return text


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        ("{", "JSON"),
        ("[]", "an object"),
        (b"{}", "text frames"),
        ('{"type": "shout"}', "shout"),
        (json.dumps({**HELLO, "colour": "red"}), "hello.colour"),
        (json.dumps({**HELLO, "versions": "1"}), "hello.versions"),
        (json.dumps({**HELLO, "room": "x" * 257}), "hello.room"),
        (json.dumps({**HELLO, "token": "x" * 8193}), "hello.token"),
        (json.dumps(JOIN), "hello"),
        ('{"type": "ping"}', "hello"),
    ],
)
async def test_a_first_message_of_the_wrong_shape(
    installation: Installation, visitor: Visitors, frame: str | bytes, what: str
) -> None:
    await installation.room()
    cleo = await visitor()

    await cleo.socket.send(frame)

    assert what in await is_cut_off(cleo)


@pytest.mark.parametrize(
    "message",
    [
        HELLO,
        {**JOIN, "user_name": "x" * 101},
        {"type": "set-media", "media": MEDIA},
        {"type": "admit", "session_id": "x"},
        {"type": "description", "to": "x", "kind": "offer", "sdp": ""},
    ],
)
async def test_what_nobody_says_before_joining(
    installation: Installation, visitor: Visitors, message: dict[str, Any]
) -> None:
    await installation.room()
    cleo = await visitor()
    await cleo.says_hello()
    await cleo.hear("welcome")

    await cleo.socket.send(json.dumps(message))

    await is_cut_off(cleo)


@pytest.mark.parametrize(
    "message",
    [
        JOIN,
        {"type": "description", "to": "x", "kind": "shout", "sdp": ""},
        {"type": "description", "to": "x", "kind": "offer", "sdp": "", "sender": "x"},
        {"type": "set-media", "media": {"audio": "yes", "video": True}},
    ],
)
async def test_a_wrong_message_in_the_call_changes_nothing_for_the_others(
    installation: Installation, visitor: Visitors, message: dict[str, Any]
) -> None:
    await installation.room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada")
    await cleo.joins("Cleo")
    await ada.hear("participant-joined")

    await cleo.socket.send(json.dumps(message))

    await is_cut_off(cleo)
    lost = (await ada.hear("participant-updated"))["participant"]
    assert (lost["session_id"], lost["connected"]) == (cleo.session_id, False)


async def test_nobody_who_waits_can_reach_into_the_call(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token())
    await cleo.asks_to_join("Cleo")
    await cleo.waits()

    await cleo.say("description", to=ada.session_id, kind="offer", sdp="v=0")
    await cleo.say("set-media", media=MEDIA)

    for _ in range(2):
        assert (await cleo.hear("problem"))["code"] == "not-allowed"
    await ada.hears_nothing()


async def test_a_message_that_is_too_big(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada")
    await cleo.joins("Cleo")
    await ada.hear("participant-joined")

    await cleo.say("description", to=ada.session_id, kind="offer", sdp="x" * 64 * 1024)

    assert await cleo.closed() == 1009
    await ada.hear("participant-updated")
    await ada.hears_nothing()


async def test_a_client_that_goes_too_fast_is_told_and_then_cut_off(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    cleo = await visitor()
    await cleo.joins("Cleo")

    for _ in range(1000):
        await cleo.say("ping")

    codes = [await answer(cleo)]
    while codes[-1] is not None:
        codes.append(await answer(cleo))
    assert codes.count("pong") >= 197  # of 200 at once, two were used for coming in
    assert "too-fast" in codes
    assert await cleo.closed() == 4429


async def answer(person: Person) -> str | None:
    """What the next message says; None if the connection is closed."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            message = json.loads(await person.socket.recv())
    except ConnectionClosed:
        return None
    said: str = message.get("code", message["type"])
    return said


@pytest.fixture
async def impatient_server() -> AsyncIterator[Visitors]:
    """A server that waits a tenth of a second for the first message."""
    app = FastAPI()

    @app.websocket("/signalling")
    async def signalling(socket: WebSocket) -> None:
        await socket.accept()
        await Connection(socket, hello_seconds=0.1).talk(ignore)

    async def ignore(message: FromBrowser) -> None:
        """Not to be reached."""

    with listen("127.0.0.1", 0) as listener:
        async with served(app, listener):
            yield Visitors(listener.getsockname()[1])


async def test_who_says_nothing_at_all_is_not_waited_for(impatient_server: Visitors) -> None:
    cleo = await impatient_server()

    assert "first message" in await is_cut_off(cleo)


async def test_who_has_said_hello_may_take_their_time(impatient_server: Visitors) -> None:
    cleo = await impatient_server()

    await cleo.says_hello()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(cleo.socket.recv(), timeout=0.5)
    await impatient_server.see_off()
