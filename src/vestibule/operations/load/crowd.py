"""The fake people: real connections that speak docs/signalling.md, without media."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any, Final

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from vestibule.foundation.errors import VestibuleError
from vestibule.operations.load.model import Outcome, Plan
from vestibule.rooms.calls.messages import PROTOCOL_VERSIONS

PATIENCE_SECONDS: Final = 60.0
ROOM_SECONDS: Final = 3600
SILENT: Final = {"audio": False, "video": False}

Advance = Callable[[str, int], None]


class LoadFailed(VestibuleError):
    """The load could not be driven at all."""


class Doors:
    """Makes rooms and tokens over the REST API, and removes the rooms."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        """`http` has the base URL `…/v1` and an API key."""
        self._http = http
        self._made: list[str] = []

    async def open(self) -> tuple[str, str, str]:
        """A private room where people may knock: its name, an owner's token, a guest's."""
        ends = int(time.time()) + ROOM_SECONDS
        properties = {"exp": ends, "enable_knocking": True, "max_participants": 200}
        room = await self._post("/rooms", {"privacy": "private", "properties": properties})
        self._made.append(room["name"])
        tokens = [
            await self._post(
                "/meeting-tokens",
                {"properties": {"room_name": room["name"], "is_owner": is_owner, "exp": ends}},
            )
            for is_owner in (True, False)
        ]
        return room["name"], tokens[0]["token"], tokens[1]["token"]

    async def close(self) -> None:
        """Remove what was made; what cannot be removed is over in an hour."""
        for name in self._made:
            with contextlib.suppress(httpx2.HTTPError):
                await self._http.delete(f"/rooms/{name}")

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._http.post(path, json=body)
            answer.raise_for_status()
        except httpx2.HTTPStatusError as error:
            info = error.response.text[:200]
            raise LoadFailed(f"{path} answers {error.response.status_code}: {info}") from error
        except httpx2.HTTPError as error:
            raise LoadFailed(f"{self._http.base_url} does not answer: {error}") from error
        made: dict[str, Any] = answer.json()
        return made


class Person:
    """One connection, from the first word to the last."""

    def __init__(self, socket: ClientConnection, outcome: Outcome) -> None:
        self._socket = socket
        self._outcome = outcome
        self._listening: asyncio.Task[None] | None = None

    async def come(self, room: str, token: str | None, name: str) -> str:
        """Say hello and join; `joined` or `waiting`. LoadFailed if refused."""
        versions = list(PROTOCOL_VERSIONS)
        await self.say({"type": "hello", "versions": versions, "room": room, "token": token})
        await self._hear("welcome")
        await self.say({"type": "join", "user_name": name, "media": SILENT})
        return await self._hear("joined", "waiting")

    async def say(self, message: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message))

    async def say_the_time(self) -> None:
        """Something to all others, by which they measure."""
        await self.say({"type": "app-message", "to": None, "data": {"at": time.perf_counter()}})

    def listen(self) -> None:
        """Read and measure all that comes from now on."""
        self._listening = asyncio.create_task(self._listen())

    async def go(self) -> None:
        """Leave."""
        if self._listening is not None:
            self._listening.cancel()
        with contextlib.suppress(WebSocketException):
            await self.say({"type": "leave"})
        await self._socket.close()

    async def _hear(self, *kinds: str) -> str:
        async for text in self._socket:
            kind: str = json.loads(text)["type"]
            if kind in kinds:
                return kind
            if kind in ("refused", "ended"):
                raise LoadFailed(f"somebody was sent away: {text!s:.200}")
        raise LoadFailed("the server closed a connection")

    async def _listen(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            if message["type"] == "app-message-from":
                at = message["data"]["at"]
                self._outcome.heard.append((time.perf_counter() - at) * 1000)
            elif message["type"] == "knock":
                knock = message["knock"]
                at = float(knock["user_name"])
                self._outcome.knocked.append((time.perf_counter() - at) * 1000)
                await self.say({"type": "deny", "session_id": knock["session_id"]})


class Crowd:
    """Everybody, room by room."""

    def __init__(self, signalling_url: str, doors: Doors, plan: Plan) -> None:
        self._url = signalling_url
        self._doors = doors
        self._plan = plan
        self.outcome = Outcome()
        self._rooms: list[tuple[str, list[Person]]] = []

    async def arrive(self, advance: Advance) -> None:
        """Fill the rooms, so many people a second."""
        left, coming = self._plan.participants, []
        began = time.perf_counter()
        for _ in range(self._plan.rooms):
            name, owner, guest = await self._doors.open()
            people: list[Person] = []
            self._rooms.append((name, people))
            for seat in range(min(self._plan.per_room, left)):
                token = owner if seat == 0 else guest
                coming.append(asyncio.create_task(self._enter(name, token, people, advance)))
                due = began + len(coming) / self._plan.arrivals_per_second
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            left -= self._plan.per_room
        await asyncio.gather(*coming)

    async def _enter(self, room: str, token: str, people: list[Person], advance: Advance) -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                person = await self._connected()
                await person.come(room, token, "Somebody")
        except (OSError, TimeoutError, WebSocketException, LoadFailed) as error:
            self.outcome.failures.append(f"entering: {type(error).__name__}: {error}"[:200])
        else:
            self.outcome.entered.append((time.perf_counter() - began) * 1000)
            person.listen()
            people.append(person)
        advance("entering", 1)

    async def _connected(self) -> Person:
        socket = await connect(
            self._url, compression=None, ping_interval=None, open_timeout=PATIENCE_SECONDS
        )
        return Person(socket, self.outcome)

    async def talk(self, advance: Advance) -> None:
        """Everybody says something now and then, evenly spread; wait until all was heard."""
        speaking = [(person, people) for _, people in self._rooms for person in people]
        total = round(len(speaking) * self._plan.messages_per_second * self._plan.seconds)
        began = time.perf_counter()
        for number in range(total):
            person, people = speaking[number % len(speaking)]
            self.outcome.expected += len(people) - 1
            try:
                await person.say_the_time()
            except WebSocketException as error:
                self.outcome.failures.append(f"talking: {type(error).__name__}")
            advance("talking", 1)
            due = began + (number + 1) / total * self._plan.seconds
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await self._until(lambda: len(self.outcome.heard) >= self.outcome.expected)

    async def knock(self, advance: Advance) -> None:
        """Strangers knock at each door, and are sent away by its owner."""
        doors = [name for name, people in self._rooms if people] * self._plan.knocks_per_room
        for room in doors:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    stranger = await self._connected()
                    seen = len(self.outcome.knocked) + 1
                    # The name is the time; all clocks here are this process's.
                    await stranger.come(room, None, repr(time.perf_counter()))
                    await self._until(lambda seen=seen: len(self.outcome.knocked) >= seen)  # type: ignore[misc]
                await stranger.go()
            except (OSError, TimeoutError, WebSocketException, LoadFailed) as error:
                self.outcome.failures.append(f"knocking: {type(error).__name__}: {error}"[:200])
            advance("knocking", 1)

    async def leave(self) -> None:
        """Everybody goes, and the rooms with them."""
        people = [person for _, people in self._rooms for person in people]
        await asyncio.gather(*(person.go() for person in people), return_exceptions=True)
        await self._doors.close()

    async def _until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while not is_true() and time.perf_counter() < deadline:  # noqa: ASYNC110 - many writers
            await asyncio.sleep(0.01)
