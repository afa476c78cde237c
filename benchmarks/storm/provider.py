"""A room provider that costs next to nothing, with Daily's limits if asked: `python -m … PORT`.

It keeps names only. `POST /v1/down` and `POST /v1/up` take it out of order and back.
"""

import json
import sys
import time
from collections import deque
from typing import Any, Final

import uvicorn

from vestibule.foundation.http import Receive, Scope, Send

LIMITS: Final = {"batch": (10, 30.0), "usual": (100, 5.0)}  # reference daily-rest 1.3


class Provider:
    """Rooms by name, and the requests of the last seconds."""

    def __init__(self, *, is_limited: bool) -> None:
        self._is_limited = is_limited
        self._is_down = False
        self._rooms: dict[str, Any] = {}
        self._sent: dict[str, deque[float]] = {kind: deque() for kind in LIMITS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content, more = b"", True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        status, body = self._answer(scope["method"], scope["path"], content)
        headers = [(b"content-type", b"application/json"), (b"retry-after", b"30")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def _answer(self, method: str, path: str, content: bytes) -> tuple[int, Any]:
        if path in ("/v1/down", "/v1/up"):
            self._is_down = path == "/v1/down"
            return 200, {}
        if self._is_down:
            return 503, {"info": "out of order"}
        if self._is_limited and self._is_too_much("batch" if "batch" in path else "usual"):
            return 429, {"info": "too many"}
        return self._work(method, path, content)

    def _work(self, method: str, path: str, content: bytes) -> tuple[int, Any]:
        if path == "/v1/batch/rooms":
            return 200, [self._made(room) for room in json.loads(content)["rooms"]]
        if path == "/v1/rooms" and method == "POST":
            return 200, self._made(json.loads(content))
        if path == "/v1/rooms":
            return 200, {"total_count": 0, "data": []}
        room = self._rooms.get(path.rpartition("/")[2])
        return (200, room) if room else (404, {"info": "not found"})

    def _made(self, asked: dict[str, Any]) -> dict[str, Any]:
        name, times = asked["name"], asked["properties"]
        made = {
            "id": name,
            "name": name,
            "url": f"https://rooms.example/{name}",
            "privacy": asked["privacy"],
            "config": {key: times[key] for key in ("exp", "nbf") if key in times},
        }
        self._rooms[name] = made
        return made

    def _is_too_much(self, kind: str) -> bool:
        (count, seconds), sent, now = LIMITS[kind], self._sent[kind], time.monotonic()
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) >= count:
            return True
        sent.append(now)
        return False


if __name__ == "__main__":
    provider = Provider(is_limited=sys.argv[2] == "limited")
    uvicorn.run(provider, port=int(sys.argv[1]), log_level="critical", lifespan="off", ws="none")
