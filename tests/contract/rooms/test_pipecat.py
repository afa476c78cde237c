"""pipecat's own client of Daily, unmodified, against a real server."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import uvicorn
from pipecat.transports.daily.utils import (
    DailyMeetingTokenParams,
    DailyMeetingTokenProperties,
    DailyRESTHelper,
    DailyRoomParams,
    DailyRoomProperties,
    DailyRoomSipParams,
)

from tests.contract.rooms.conftest import RoomsApi, build_api
from vestibule.foundation.clock import SystemClock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[RoomsApi, str]]:
    """The API on a port of its own, and its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    api = build_api(database_url, tmp_path, SystemClock(), address)
    running = uvicorn.Server(uvicorn.Config(api.vestibule.app, lifespan="off", log_level="warning"))
    task = asyncio.create_task(running.serve(sockets=[listener]))
    yield api, address
    running.should_exit = True
    await task
    await api.vestibule.stop()


@pytest.fixture
async def helper(server: tuple[RoomsApi, str]) -> AsyncIterator[DailyRESTHelper]:
    api, address = server
    async with aiohttp.ClientSession() as session:
        yield DailyRESTHelper(
            daily_api_key=await api.key("clinic"),
            daily_api_url=f"{address}/v1",
            aiohttp_session=session,
        )


async def test_pipecat_makes_reads_opens_and_deletes_a_room(helper: DailyRESTHelper) -> None:
    properties = DailyRoomProperties(
        exp=time.time() + 300,
        enable_chat=True,
        eject_at_room_exp=True,
        enable_recording="cloud",
        max_participants=2,
        sip=DailyRoomSipParams(display_name="bot", codecs={"audio": ["OPUS"]}, provider="daily"),
    )
    made = await helper.create_room(
        DailyRoomParams(name="bot-room", privacy="private", properties=properties)
    )
    assert properties.exp is not None
    assert made.config.exp == int(properties.exp)
    assert (made.name, made.privacy, made.config.max_participants) == ("bot-room", "private", 2)
    assert await helper.get_room_from_url(made.url) == made
    owner = await helper.get_token(made.url)
    guest = await helper.get_token(
        made.url,
        owner=False,
        eject_at_token_exp=True,
        params=DailyMeetingTokenParams(
            properties=DailyMeetingTokenProperties(
                user_name="Ben", user_id="patient-7", permissions={"canSend": ["audio"]}
            )
        ),
    )
    assert owner != guest
    assert await helper.delete_room_by_url(made.url)
    assert await helper.delete_room_by_url(made.url)  # a missing room is a success to it
    with pytest.raises(Exception, match="Room not found"):
        await helper.get_room_from_url(made.url)


async def test_pipecats_tokens_say_who_owns_the_room(
    helper: DailyRESTHelper, server: tuple[RoomsApi, str]
) -> None:
    made = await helper.create_room(DailyRoomParams())
    for is_owner in (True, False):
        token = await helper.get_token(made.url, owner=is_owner)
        async with helper.aiohttp_session.get(
            f"{helper.daily_api_url}/meeting-tokens/{token}",
            headers={"Authorization": f"Bearer {helper.daily_api_key}"},
        ) as answer:
            said = await answer.json()
        assert (said["room_name"], said["is_owner"]) == (made.name, is_owner)


async def test_pipecat_hears_why_a_room_cannot_be(helper: DailyRESTHelper) -> None:
    with pytest.raises(Exception, match=r"status: 400.*in the past"):
        await helper.create_room(DailyRoomParams(properties=DailyRoomProperties(exp=1.5)))
    with pytest.raises(Exception, match=r"status: 400.*invalid property name 'chat'"):
        await helper.create_room(
            DailyRoomParams(properties=DailyRoomProperties.model_validate({"chat": True}))
        )
