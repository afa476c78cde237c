"""A stand-in for Daily's cloud: a real HTTP server that keeps rooms, and can fail in every way."""

import asyncio
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import uvicorn

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.http import Message, Receive, Scope, Send

KEY: Final = "daily-key"
ROOM_DEFAULTS: Final = {
    "exp": None,
    "nbf": None,
    "enable_screenshare": True,
    "enable_chat": False,
    "enable_knocking": False,
    "enable_prejoin_ui": True,
    "start_video_off": False,
    "start_audio_off": False,
    "owner_only_broadcast": False,
    "enable_recording": None,
    "max_participants": 200,
}
TOKEN_PROPERTIES: Final = {
    *("room_name", "is_owner", "user_name", "enable_recording", "start_cloud_recording"),
    *("exp", "knocking", "user_id"),
}


@dataclass
class Fault:
    """How one answer fails. `held` faults wait for `release()` before they do their work."""

    how: Literal["status", "lost-before", "lost-after", "garbage", "held"]
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    is_held: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let the held request go on."""
        self._released.set()

    async def wait(self) -> None:
        """Hold the request until it is released."""
        self.is_held.set()
        await asyncio.get_running_loop().run_in_executor(None, self._released.wait)


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    body: Any
    authorization: str
    query: str = ""


Answer = tuple[int, Any]


class Daily:
    """Daily's rooms and meeting tokens, as far as appointments use them (daily-rest 3, 4, 6)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._faults: deque[Fault] = deque()
        self._held: list[Fault] = []
        self.begin(now=lambda: datetime.now(UTC))

    def begin(self, *, now: Callable[[], datetime]) -> None:
        """Begin anew, without rooms and faults, at the time that `now` tells."""
        self.rooms: dict[str, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.recordings: dict[str, dict[str, Any]] = {}
        self.requests: list[Request] = []
        self.is_down = False
        self._now = now
        self._faults.clear()
        self.let_go()

    def fail_next(self, how: Any, **details: Any) -> Fault:
        """Let the next request that has no fault yet fail."""
        fault = Fault(how, **details)
        self._faults.append(fault)
        self._held.append(fault)
        return fault

    def let_go(self) -> None:
        """Release whatever is held, so that a test that failed holds up nothing."""
        while self._held:
            self._held.pop().release()

    @property
    def calls(self) -> list[str]:
        """What was asked so far, as `METHOD /path`, since the last look."""
        calls = [f"{request.method} {request.path}" for request in self.requests]
        self.requests.clear()
        return calls

    def room(self, name: str) -> dict[str, Any] | None:
        """The room of this name, unless it has expired."""
        room = self.rooms.get(name)
        if room is None or (room["exp"] is not None and room["exp"] <= unix_seconds(self._now())):
            return None
        return room

    def records(self, room: str, recording: str, *, status: str = "finished") -> None:
        """Have a recording of a minute of a room (daily-rest 8)."""
        self.recordings[recording] = {
            "id": recording,
            "room_name": room,
            "start_ts": unix_seconds(self._now()),
            "status": status,
            "max_participants": 2,
            **({"duration": 61} if status == "finished" else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await self._read(scope, receive)
        self.requests.append(request)
        fault = self._faults.popleft() if self._faults else None
        if self.is_down:
            fault = Fault("status", status=503)
        if fault and fault.how == "held":
            await fault.wait()
        status: int = 200
        body: Any = {}
        if fault is None or fault.how in ("lost-after", "held"):
            status, body = self._answer(request)
        await self._send(send, status, json.dumps(body).encode(), fault)
        if fault:
            fault.is_over.set()

    async def _read(self, scope: Scope, receive: Receive) -> Request:
        content, more = b"", True
        while more:
            message: Message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        headers = dict(scope["headers"])
        return Request(
            method=scope["method"],
            path=scope["path"].removeprefix("/v1"),
            body=json.loads(content) if content else None,
            authorization=headers.get(b"authorization", b"").decode(),
            query=scope["query_string"].decode(),
        )

    async def _send(self, send: Send, status: int, body: bytes, fault: Fault | None) -> None:
        headers: list[tuple[bytes, bytes]] = [(b"content-type", b"application/json")]
        if fault and fault.how == "status":
            status, body = fault.status, b'{"error": "server-error", "info": "out of order"}'
            headers += [(k.encode(), v.encode()) for k, v in fault.headers.items()]
        if fault and fault.how == "garbage":
            body = b"<html>It works!</html>"
        is_lost = fault is not None and fault.how in ("lost-before", "lost-after")
        length = len(body) + (1 if is_lost else 0)
        headers.append((b"content-length", str(length).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        # An answer that promises more than it holds: the server cuts the connection.
        await send({"type": "http.response.body", "body": body, "more_body": is_lost})

    def _answer(self, request: Request) -> Answer:
        if request.authorization != f"Bearer {KEY}":
            return 401, {"error": "authentication-error"}
        place, _, name = request.path.removeprefix("/").partition("/")
        if place == "rooms" and name and self.room(name) is None:
            return 404, {"error": "not-found", "info": f"room {name} not found"}
        if place == "recordings" and name and name not in self.recordings:
            return 404, {"error": "not-found", "info": f"recording {name} not found"}
        asked: dict[tuple[str, str, bool], Callable[[], Answer]] = {
            ("POST", "meeting-tokens", False): lambda: self._token(request.body),
            ("POST", "rooms", False): lambda: self._create(request.body),
            ("GET", "rooms", False): lambda: self._list(request.query),
            ("POST", "batch", True): lambda: self._create_all(request.body["rooms"]),
            ("DELETE", "batch", True): lambda: self._delete_all(request.body["room_names"]),
            ("GET", "rooms", True): lambda: (200, self._shown(name)),
            ("GET", "webhooks", False): lambda: (200, list(self.hooks.values())),
            ("POST", "webhooks", False): lambda: self._hook(None, request.body),
            ("POST", "webhooks", True): lambda: self._hook(name, request.body),
            ("POST", "rooms", True): lambda: self._change(name, request.body),
            ("DELETE", "rooms", True): lambda: self._delete(name),
            ("GET", "recordings", False): self._list_recordings,
            ("GET", "recordings", True): lambda: (200, self.recordings[name]),
            ("DELETE", "recordings", True): lambda: self._delete_recording(name),
        }
        answer = asked.get((request.method, place, bool(name)))
        return answer() if answer else (404, {"error": "not-found"})

    def _create(self, body: dict[str, Any]) -> Answer:
        name = body["name"]
        if self.room(name) is not None:
            return _refusal(f"a room named {name} already exists")
        self.rooms.pop(name, None)
        return self._change(name, {key: body[key] for key in body if key != "name"})

    def _create_all(self, rooms: list[dict[str, Any]]) -> Answer:
        before = dict(self.rooms)
        answers = [self._create(room) for room in rooms]
        refused = [answer for answer in answers if answer[0] != 200]
        if refused:
            self.rooms = before
            return refused[0]
        return 200, [shown for _, shown in answers]

    def _list(self, query: str) -> Answer:
        asked = dict(parse_qsl(query))
        names = [name for name in reversed(self.rooms) if self.room(name)]
        start = names.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
        page = names[start : start + int(asked["limit"])]
        return 200, {"total_count": len(names), "data": [self._shown(name) for name in page]}

    def _list_recordings(self) -> Answer:
        newest_first = list(reversed(self.recordings.values()))
        return 200, {"total_count": len(newest_first), "data": newest_first}

    def _delete_recording(self, name: str) -> Answer:
        del self.recordings[name]
        return 200, {"deleted": True, "id": name, "s3_bucket": "", "s3_region": "", "s3_key": ""}

    def _hook(self, number: str | None, body: dict[str, Any]) -> Answer:
        number = number or f"hook-{len(self.hooks) + 1}"
        known = self.hooks.get(number, {"uuid": number})
        self.hooks[number] = {**known, **body, "state": "ACTIVE"}
        return 200, self.hooks[number]

    def _delete(self, name: str) -> Answer:
        del self.rooms[name]
        return 200, {"deleted": True, "name": name}

    def _delete_all(self, names: list[str]) -> Answer:
        if any(self.room(name) is None for name in names):
            return _refusal("some of the rooms do not exist")
        for name in names:
            del self.rooms[name]
        return 200, {"deleted_count": len(names)}

    def _change(self, name: str, body: dict[str, Any]) -> Answer:
        before = self.rooms.get(name, {"privacy": "public", **ROOM_DEFAULTS})
        properties = body.get("properties", {})
        for unknown in {*properties} - {*ROOM_DEFAULTS} | {*body} - {"privacy", "properties"}:
            return _refusal(f"invalid property name '{unknown}'")
        if (properties.get("exp") or 2**40) <= unix_seconds(self._now()):
            return _refusal(f"exp was '{properties['exp']}', which is in the past")
        self.rooms[name] = {
            **before,
            **properties,
            "privacy": body.get("privacy", before["privacy"]),
        }
        return 200, self._shown(name)

    def _token(self, body: dict[str, Any]) -> Answer:
        for unknown in {*body["properties"]} - TOKEN_PROPERTIES:
            return _refusal(f"invalid property name '{unknown}'")
        return 200, {"token": f"token-of-{body['properties']['user_name'].replace(' ', '-')}"}

    def _shown(self, name: str) -> dict[str, Any]:
        room = self.rooms[name]
        config = {key: room[key] for key, usual in ROOM_DEFAULTS.items() if room[key] != usual}
        return {
            "id": name,  # opaque
            "name": name,
            "api_created": True,
            "privacy": room["privacy"],
            "url": f"https://clinic.daily.example/{name}",
            "created_at": "2026-11-21T10:00:00.000Z",
            "config": config,
        }


def _refusal(info: str) -> Answer:
    return 400, {"error": "invalid-request-error", "info": info}


@contextmanager
def running_daily() -> Iterator[Daily]:
    """Daily on a free port, in a thread of its own, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        daily = Daily(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
        config = uvicorn.Config(
            daily, loop="asyncio", lifespan="off", ws="none", log_level="critical"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name="daily")
        thread.start()
        try:
            yield daily
        finally:
            daily.let_go()
            server.should_exit = True
            thread.join()
