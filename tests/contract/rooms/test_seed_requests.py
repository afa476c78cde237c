"""The requests that two of the source documents print, sent as they stand to our host.

Only hosts, keys and times are ours: the documents' own times are long past, and what is past is
refused.
"""

from datetime import datetime
from typing import Any

import httpx2
import pytest

from tests.contract.rooms.conftest import Customer
from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds

pytestmark = pytest.mark.anyio

ROOM = {
    "name": "restartix-1-102",
    "privacy": "private",
    "properties": {
        "exp": 1706094600,
        "enable_screenshare": True,
        "enable_chat": True,
        "enable_knocking": True,
        "enable_prejoin_ui": True,
        "start_video_off": False,
        "start_audio_off": False,
        "owner_only_broadcast": False,
        "enable_recording": "cloud",
        "max_participants": 2,
    },
}
# The document's dates, as its clocks would show them.
BEFORE_THE_APPOINTMENT = datetime.fromisoformat("2024-01-24T10:00:00Z")
WHEN_THE_TUTORIAL_WAS_WRITTEN = datetime.fromisoformat("2019-04-14T23:00:00Z")


class TestAppointmentDocument:
    """`000`: the calls behind an appointment."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(BEFORE_THE_APPOINTMENT)

    async def test_the_room_is_made_moved_and_removed(self, ada: Customer) -> None:
        made = await ada.post("/rooms", ROOM)
        assert (made["name"], made["privacy"], made["api_created"]) == (
            "restartix-1-102",
            "private",
            True,
        )
        assert made["url"] == "https://video.clinic.example/restartix-1-102"
        assert made["config"] == {
            "exp": 1706094600,
            "enable_chat": True,
            "enable_knocking": True,
            "enable_recording": "cloud",
            "max_participants": 2,
        }
        status, moved = await ada.ask(
            "PATCH", "/rooms/restartix-1-102", {"properties": {"exp": 1706098200}}
        )
        assert status == 200
        assert moved == {**made, "config": {**made["config"], "exp": 1706098200}}
        assert await ada.get("/rooms/restartix-1-102") == moved
        await ada.delete("/rooms/restartix-1-102")
        status, gone = await ada.ask("DELETE", "/rooms/restartix-1-102")
        assert (status, gone["error"]) == (404, "not-found")

    @pytest.mark.parametrize(("is_owner", "user_name"), [(True, "Dr. Smith"), (False, "John Doe")])
    async def test_both_people_get_their_token(
        self, ada: Customer, is_owner: bool, user_name: str
    ) -> None:
        said = {
            "room_name": "restartix-1-102",
            "is_owner": is_owner,
            "user_name": user_name,
            "enable_recording": "cloud",
            "start_cloud_recording": is_owner,
        }
        token = (await ada.post("/meeting-tokens", {"properties": said}))["token"]
        assert token.startswith("eyJhbGciOiJIUzI1NiIs")
        assert await ada.get(f"/meeting-tokens/{token}") == said

    async def test_after_the_appointment_the_same_request_is_refused(
        self, ada: Customer, clock: FakeClock
    ) -> None:
        clock.advance(datetime.fromisoformat("2024-01-25T00:00:00Z") - clock.now())
        status, said = await ada.ask("POST", "/rooms", ROOM)
        assert (status, said) == (
            400,
            {
                "error": "invalid-request-error",
                "info": "exp was '1706094600', which is in the past rather than in the future",
            },
        )


class TestRoomsTutorial:
    """`003`: the tutorial's script and curl commands."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(WHEN_THE_TUTORIAL_WAS_WRITTEN)

    async def curl(
        self, http: httpx2.AsyncClient, key: str, method: str, path: str, data: str | None = None
    ) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        answer = await http.request(method, path, headers=headers, content=data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def test_a_room_that_expires_after_a_day(self, ada: Customer, clock: FakeClock) -> None:
        exp = unix_seconds(clock.now()) + 86400
        room = await ada.post("/rooms", {"properties": {"exp": exp}})
        assert list(room) == [
            *("id", "name", "api_created", "privacy", "url", "created_at", "config")
        ]
        assert (len(room["name"]), room["privacy"], room["config"]) == (20, "public", {"exp": exp})

    async def test_the_commands_of_the_tutorial_in_their_order(
        self, http: httpx2.AsyncClient, key: str
    ) -> None:
        async def curl(method: str, path: str, data: str | None = None) -> Any:
            return await self.curl(http, key, method, path, data)

        named = await curl("POST", "/rooms", '{"name":"example-room-name"}')
        assert named["name"] == "example-room-name"
        private = await curl("POST", "/rooms", '{"privacy":"private"}')
        assert private["privacy"] == "private"
        token = await curl(
            "POST",
            "/meeting-tokens",
            '{"properties":{"nbf":1572598800,"room_name":"example-private-room"}}',
        )
        said = await curl("GET", f"/meeting-tokens/{token['token']}?ignoreNbf=true")
        assert said == {"nbf": 1572598800, "room_name": "example-private-room"}
        await curl("POST", "/rooms", '{"name":"example-private-room"}')
        deleted = await curl("DELETE", "/rooms/example-private-room")
        assert deleted == {"deleted": True, "name": "example-private-room"}
        await curl("POST", "/rooms", '{"name":"example-existing-room"}')
        changed = await curl(
            "POST",
            "/rooms/example-existing-room",
            '{"privacy":"private", "properties":{"exp":"1572598800"}}',
        )
        assert (changed["privacy"], changed["config"]) == ("private", {"exp": 1572598800})
        listed = await curl("GET", "/rooms")
        assert listed["total_count"] == 3
        assert {room["name"] for room in listed["data"]} == {
            named["name"],
            private["name"],
            changed["name"],
        }
