"""What programs written for Daily ask, in their order: cal.com's Daily app, daily-python's demos.

Written from their public sources; only what this API has of it. Each program reads the answers
as strictly as it does there.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rooms.conftest import Customer
from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds

pytestmark = pytest.mark.anyio

BUCKET = {
    "bucket_name": "recordings-of-clinic",
    "bucket_region": "eu-central-1",
    "assume_role_arn": "arn:aws:iam::123456789012:role/recorder",
    "allow_api_access": True,
}


class CalCom:
    """cal.com: a room for each booking, whose organizer holds an owner's token."""

    def __init__(self, ada: Customer, clock: FakeClock) -> None:
        self.ada = ada
        self.clock = clock

    def translated(self, ends_in: timedelta) -> dict[str, Any]:
        """A booking of a team, as the app translates it: the room stays for two weeks."""
        return {
            "privacy": "public",
            "properties": {
                "geo": "eu-central-1",
                "enable_prejoin_ui": True,
                "enable_knocking": True,
                "enable_screenshare": True,
                "enable_chat": True,
                "enable_pip_ui": True,
                "exp": unix_seconds(self.clock.now() + ends_in + timedelta(days=14)),
                "enable_recording": "cloud",
                "recordings_bucket": {**BUCKET, "allow_streaming_from_bucket": True},
                "enable_transcription_storage": True,
                "permissions": {"canAdmin": ["transcription"]},
                "transcription_bucket": BUCKET,
            },
        }

    async def create_or_update(self, path: str, ends_in: timedelta) -> dict[str, Any]:
        room = await self.ada.post(path, self.translated(ends_in))
        token = await self.token(room["name"], room["config"]["exp"], is_owner=True)
        return {"id": room["name"], "password": token, "url": room["url"], "room": room}

    async def token(self, room_name: str, exp: int, **more: Any) -> str:
        properties = {"room_name": room_name, "exp": exp, "enable_recording_ui": False, **more}
        said = await self.ada.post("/meeting-tokens", {"properties": properties})
        token: str = said["token"]
        return token


@pytest.fixture
def cal(ada: Customer, clock: FakeClock) -> CalCom:
    return CalCom(ada, clock)


async def test_cal_com_books_moves_and_cancels_a_meeting(cal: CalCom) -> None:
    booked = await cal.create_or_update("/rooms", timedelta(hours=1))
    assert booked["room"].keys() == {
        *("id", "name", "api_created", "privacy", "url", "created_at", "config")
    }
    moved = await cal.create_or_update(f"/rooms/{booked['id']}", timedelta(hours=25))
    assert (moved["id"], moved["url"]) == (booked["id"], booked["url"])
    assert moved["room"]["config"]["exp"] - booked["room"]["config"]["exp"] == 86400
    assert await cal.ada.delete(f"/rooms/{booked['id']}") == {"deleted": True, "name": booked["id"]}
    assert (await cal.ada.ask("DELETE", f"/rooms/{booked['id']}"))[0] == 404


async def test_cal_com_renews_the_organizers_token_and_derives_a_guests(
    cal: CalCom, clock: FakeClock
) -> None:
    booked = await cal.create_or_update("/rooms", timedelta(hours=1))
    owner = await cal.ada.get(f"/meeting-tokens/{booked['password']}")
    assert (owner["is_owner"], owner["enable_recording_ui"]) == (True, False)
    guest = await cal.token(owner["room_name"], owner["exp"], user_id=7)
    said = await cal.ada.get(f"/meeting-tokens/{guest}")
    assert (said["room_name"], said["exp"], said["user_id"]) == (
        booked["id"],
        booked["room"]["config"]["exp"],
        "7",
    )
    clock.advance(timedelta(days=15))
    status, _ = await cal.ada.ask("GET", f"/meeting-tokens/{booked['password']}")
    assert status == 400  # whereupon the app makes another one
    later = unix_seconds(clock.now()) + 60
    assert await cal.token(booked["id"], later, is_owner=True)


async def test_cal_com_makes_a_room_at_once(cal: CalCom, clock: FakeClock) -> None:
    body = cal.translated(timedelta(hours=1))
    body["properties"] |= {"start_video_off": True, "enable_transcription_storage": False}
    del body["properties"]["recordings_bucket"], body["properties"]["geo"]
    room = await cal.ada.post("/rooms", body)
    assert room["config"]["start_video_off"] is True
    # It sends what it has no value for as nothing at all, and reads only what differs.
    assert "enable_prejoin_ui" not in room["config"]


async def test_daily_pythons_recording_demo_gets_its_token(ada: Customer, clock: FakeClock) -> None:
    options = {
        "width": 1920,
        "height": 1080,
        "fps": 30,
        "videoBitrate": 4000,
        "audioBitrate": 128,
        "max_duration": 3600,  # beside Daily's own maxDuration
    }
    properties = {
        "exp": unix_seconds(clock.now()) + 3600,
        "is_owner": True,
        "start_cloud_recording": True,
        "start_cloud_recording_opts": options,
    }
    token = (await ada.post("/meeting-tokens", {"properties": properties}))["token"]
    said = await ada.get(f"/meeting-tokens/{token}")
    assert said["start_cloud_recording_opts"]["maxDuration"] == 3600
    assert (said["is_owner"], said["start_cloud_recording"]) == (True, True)


async def test_a_script_that_asks_for_a_room_and_makes_it_if_it_is_not_there(
    ada: Customer,
) -> None:
    for expected in (404, 200):
        status, said = await ada.ask("GET", "/rooms/room1")
        assert status == expected
        if {"error", "info"} <= said.keys() and said["error"] == "not-found":
            body = b'{"properties":{"max_participants":2},"name":"room1"}'  # of no type at all
            await ada.post("/rooms/", content=body)
