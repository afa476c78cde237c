"""Stands before the Rooms API: holds keys to their limits, and notes what they ask."""

from collections.abc import Callable, Sequence

from fastapi import Request
from fastapi.responses import JSONResponse

from vestibule.foundation.errors import TooMany, VestibuleError
from vestibule.foundation.http import AsgiApp, Message, Receive, Scope, Send, answer_for, bearer_key
from vestibule.foundation.signature import secret_hash
from vestibule.rooms.domains.routes import CALLER
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.traffic.limiter import Limiter
from vestibule.rooms.traffic.model import MAX_LOGGED_BYTES, limit_of
from vestibule.rooms.traffic.service import RequestLogService


class Traffic:
    """Every request to `/v1` that carries a right API key passes here.

    `others`: paths below `/v1` that are not of the Rooms API. `limiter` None: no limits.
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        domains: DomainService,
        log: RequestLogService,
        limiter: Limiter | None,
        others: Sequence[str],
        is_counted: Callable[[Scope], bool] = lambda _scope: True,
    ) -> None:
        """Not `is_counted`: another process has counted the request, and notes it."""
        self.app = app
        self._domains = domains
        self._log = log
        self._limiter = limiter
        self._others = tuple(others)
        self._is_counted = is_counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        domain_id, key = None, ""
        is_ours = scope["type"] == "http" and self._is_ours(scope["path"])
        if is_ours and self._is_counted(scope):
            try:
                key = bearer_key(Request(scope))
                scope[CALLER] = await self._domains.authenticate(key)
                domain_id = scope[CALLER].id
            except VestibuleError:
                domain_id = None  # the route says so
        if domain_id is None:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        try:
            await self._limited(key, scope, exchange)
        finally:
            if self._log.is_on:
                self._note(domain_id, scope, exchange)

    def _is_ours(self, path: str) -> bool:
        return (path == "/v1" or path.startswith("/v1/")) and not path.startswith(self._others)

    async def _limited(self, key: str, scope: Scope, exchange: "_Exchange") -> None:
        if self._limiter is not None:
            try:
                route, limit = limit_of(scope["method"], scope["path"])
                await self._limiter.admit(secret_hash(key), route, limit)
            except TooMany as error:
                status, body = answer_for(error)
                headers = {"Retry-After": str(error.retry_after_seconds)}
                answer = JSONResponse(body, status, headers)
                await answer(scope, exchange.receive, exchange.send)
                return
        await self.app(scope, exchange.receive, exchange.send)

    def _note(self, domain_id: str, scope: Scope, exchange: "_Exchange") -> None:
        client = scope.get("client")
        self._log.note(
            domain_id=domain_id,
            ip=client[0] if client else None,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            status=exchange.status,
            bodies=(exchange.asked.kept, exchange.answered.kept),
        )


class _Body:
    """The beginning of a body, as far as the log takes it."""

    def __init__(self) -> None:
        self._bytes = b""
        self._is_long = False

    def add(self, message: Message) -> None:
        self._is_long |= len(self._bytes) + len(message.get("body", b"")) > MAX_LOGGED_BYTES
        if not self._is_long:
            self._bytes += message.get("body", b"")

    @property
    def kept(self) -> bytes | None:
        """The whole body; None if it is longer than the log takes."""
        return None if self._is_long else self._bytes


class _Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.asked, self.answered = _Body(), _Body()
        self.status = 500

    async def receive(self) -> Message:
        message = await self._receive()
        self.asked.add(message)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.answered.add(message)
        await self._send(message)
