"""Has the process that keeps a call answer what is asked of it over HTTP, wherever that arrived."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import httpx2
import structlog
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from vestibule.foundation.errors import Unavailable, VestibuleError
from vestibule.foundation.http import (
    AsgiApp,
    Receive,
    Scope,
    Send,
    answer_for,
    bearer_key,
    pass_request_id_on,
)
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.routes import CALLER
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.ownership.leases import Leases, NobodyKnows
from vestibule.rooms.ownership.peers import Peers

OF_A_CALL: Final = re.compile(
    r"/v1/rooms/([^/]+)/(?:presence|eject|send-app-message|(?:get|set)-session-data"
    r"|update-permissions|recordings/(?:start|update|stop))/?"
)
PRESENCE: Final = "/v1/presence"
PATIENCE_SECONDS: Final = 5.0
ASK_AGAIN_SECONDS: Final = 0.2
ANSWER_SECONDS: Final = 60.0
"""A recording takes up to ten seconds to start."""
CONNECT_SECONDS: Final = 1.0
PASSED_ON: Final = ("authorization", "content-type", "accept")

log = structlog.get_logger()


class OwnerAway(Unavailable):
    """The process that keeps the call does not answer; another is about to take the call over."""

    def __init__(self) -> None:
        super().__init__("the server that keeps this call does not answer; try again in a second")


class AtOwner:
    """Stands before the Rooms API: passes on what another process has to answer."""

    def __init__(
        self,
        app: AsgiApp,
        *,
        leases: Leases,
        peers: Peers,
        domains: DomainService,
        definitions: DefinitionService,
    ) -> None:
        self.app = app
        self._leases = leases
        self._peers = peers
        self._domains = domains
        self._definitions = definitions
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
            event_hooks={"request": [pass_request_id_on]},
        )

    async def close(self) -> None:
        """End the connections to the other processes."""
        await self._http.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._peers.is_peer(scope["headers"]):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        match = OF_A_CALL.fullmatch(path)
        try:
            if match:
                await self._at_owner(match[1], scope, receive, send)
            elif path.rstrip("/") == PRESENCE and scope["method"] == "GET":
                await self._everywhere(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        except (NobodyKnows, OwnerAway) as error:
            status, body = answer_for(error)
            await JSONResponse(body, status)(scope, receive, send)

    async def _at_owner(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        room_id = await self._room_id(name, scope)
        if room_id is None or self._leases.owns(room_id):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            holder = await self._leases.holder(room_id)
            if holder is None or self._leases.owns(room_id):
                await self.app(scope, _again(body), send)
                return
            try:
                answer = await self._ask(holder.url, request, body)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                # Nothing was done there. Whoever comes back first has the call taken over.
                if asyncio.get_running_loop().time() > deadline:
                    raise OwnerAway from error
                await asyncio.sleep(ASK_AGAIN_SECONDS)
            except httpx2.HTTPError as error:
                raise OwnerAway from error
            else:
                await answer(scope, receive, send)
                return

    async def _everywhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = _Kept()
        await self.app(scope, receive, own.send)
        if own.status != 200:
            await own.answer(scope, receive, send)
            return
        request = Request(scope, receive)
        others = await asyncio.gather(
            *(self._presence(url, request) for url in await self._leases.peers())
        )
        found: dict[str, Any] = json.loads(own.body)
        for other in others:
            found.update(other)
        await JSONResponse(found)(scope, receive, send)

    async def _presence(self, url: str, request: Request) -> Mapping[str, Any]:
        """Who is in the calls of another process; nobody, if that has just died."""
        try:
            answer = await self._ask(url, request, b"")
        except httpx2.HTTPError as error:
            log.warning("presence_not_told", peer=url, error=type(error).__name__)
            return {}
        if answer.status_code != 200:
            return {}
        found: dict[str, Any] = json.loads(bytes(answer.body))
        return found

    async def _ask(self, url: str, request: Request, body: bytes) -> Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        query = f"?{request.url.query}" if request.url.query else ""
        answer = await self._http.request(
            request.method,
            f"{url}{request.url.path}{query}",
            content=body,
            headers={**headers, **self._peers.header},
        )
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name in {"content-type", "retry-after"}
        }
        return Response(answer.content, answer.status_code, kept)

    async def _room_id(self, name: str, scope: Scope) -> str | None:
        """The room that is meant; None if the route has to say what is wrong."""
        try:
            domain = scope.get(CALLER) or await self._domains.authenticate(
                bearer_key(Request(scope))
            )
        except VestibuleError:
            return None
        room = await self._definitions.find(domain.id, name)
        return room.id if room else None


class _Kept:
    """An answer that is looked at before it goes out."""

    def __init__(self) -> None:
        self.status = 500
        self.body = b""
        self._headers: list[tuple[bytes, bytes]] = []

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self._headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in self._headers
            if name not in {b"content-length"}
        }
        await Response(self.body, self.status, headers)(scope, receive, send)


def _again(body: bytes) -> Receive:
    """A body that was read already, for whoever reads it next."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive
