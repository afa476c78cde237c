"""The one place that knows how a failure looks over HTTP: Daily's `{error, info}`.

Source: reference daily-rest 1.1.
"""

import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from vestibule.foundation import errors
from vestibule.foundation.ids import Ids
from vestibule.foundation.logging import current_request_id
from vestibule.foundation.pages import page
from vestibule.foundation.validation import describe_address, describe_validation

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1024 * 1024
REQUEST_ID = "X-Request-Id"
GOOD_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
NOT_JSON = "the body is not valid JSON"

log = structlog.get_logger()

ANSWERS: dict[type[errors.VestibuleError], tuple[int, str]] = {
    errors.Invalid: (400, "invalid-request-error"),
    errors.MalformedJson: (400, "json-parsing-error"),
    errors.MissingCredentials: (400, "authorization-header-error"),
    errors.Unauthenticated: (401, "authentication-error"),
    errors.Forbidden: (403, "forbidden-error"),
    errors.NotFound: (404, "not-found"),
    errors.Conflict: (409, "conflict-error"),
    errors.PreconditionFailed: (412, "precondition-failed"),
    errors.TooLarge: (413, "invalid-request-error"),
    errors.TooMany: (429, "rate-limit-error"),
    errors.Unavailable: (503, "server-error"),
}


def answer_for(error: errors.VestibuleError) -> tuple[int, dict[str, Any]]:
    """The HTTP status and body for a failure, by the nearest kind in its class's ancestry."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            status, name = ANSWERS[kind]
            extra = getattr(error, "extra", {})
            return status, {"error": name, "info": error.info, **extra}
    return 500, {"error": "server-error", "info": "something went wrong on our side"}


def install_error_answers(app: FastAPI) -> None:
    """Make every failure, the framework's own included, leave as `{error, info}`."""
    for kind in (errors.VestibuleError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, failure_answer)


async def failure_answer(request: Request, error: Exception) -> Response:
    """How a failure leaves; 500 if nobody foresaw it."""
    if isinstance(error, errors.VestibuleError):
        return await _vestibule_error(request, error)
    if isinstance(error, RequestValidationError):
        return await _validation_error(request, error)
    if isinstance(error, HTTPException):
        return await _http_exception(request, error)
    status, body = answer_for(errors.VestibuleError(""))
    return JSONResponse(body, status)


async def _vestibule_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.VestibuleError)
    if isinstance(error, errors.NotFound) and wants_a_page(request):
        return page("missing", status=404)
    status, body = answer_for(error)
    headers = {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return JSONResponse(body, status, headers)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _vestibule_error(request, refusal_of(error))


def refusal_of(error: RequestValidationError) -> errors.VestibuleError:
    """What is wrong with a request that the framework refused before any of our code saw it."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return errors.MalformedJson(NOT_JSON)
    nowhere = describe_address(first)
    if nowhere is not None:
        return errors.NotFound(nowhere)
    return errors.Invalid(describe_validation(first))


def unread_body(error: HTTPException) -> errors.VestibuleError | None:
    """Why the framework gave up on a body: somebody refused it on its way, or it is no text."""
    if isinstance(error.__cause__, errors.VestibuleError):
        return error.__cause__
    if isinstance(error.__cause__, ValueError | RecursionError):
        return errors.MalformedJson(NOT_JSON)
    return None


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await _vestibule_error(request, errors.NotFound("there is nothing at this address"))
    if error.status_code == 405:
        return _wrong_method(request, (error.headers or {}).get("Allow", ""))
    unread = unread_body(error)
    if unread is not None:
        return await _vestibule_error(request, unread)
    return JSONResponse(
        {"error": "invalid-request-error", "info": error.detail},
        error.status_code,
        headers=dict(error.headers or {}),
    )


def _wrong_method(request: Request, possible: str) -> JSONResponse:
    return JSONResponse(
        {
            "error": "invalid-request-error",
            "info": f"{request.method} is not possible at this address; possible: {possible}",
        },
        405,
        headers={"Allow": possible},
    )


def wants_a_page(request: Request) -> bool:
    """Whether a person in a browser asks, and not for an address of an API."""
    is_api = request.url.path.startswith(("/v1/", "/domains/"))
    return "text/html" in request.headers.get("accept", "") and not is_api


def bearer_key(request: Request) -> str:
    """The key of `Authorization: Bearer <key>`; MissingCredentials if there is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise errors.MissingCredentials(
            "bad Authorization header format; expected 'Authorization: Bearer <key>'"
        )
    return key.strip()


class BodyLimit:
    """Refuses bodies over the limit before anybody reads them into memory.

    `larger` gives paths that may take more than the others, without a slash at the end.
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        max_bytes: int = MAX_BODY_BYTES,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"].rstrip("/"), self.max_bytes)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            _, body = answer_for(errors.TooLarge(_too_large(limit)))
            await JSONResponse(body, 413)(scope, receive, send)
            return
        await self._pass_counted(scope, receive, send, limit)

    async def _pass_counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # The framework takes any other exception for a body that it cannot parse.
                raise HTTPException(413, _too_large(limit))
            return message

        await self.app(scope, counted, send)


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit} bytes"


class RequestLog:
    """Gives each request an id and logs it: method, path, status, time; never query or body.

    The id is the caller's own `X-Request-Id` if that is one, so that it goes through every server
    on the way.
    """

    def __init__(self, app: AsgiApp, *, ids: Ids) -> None:
        self.app = app
        self.ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(REQUEST_ID.lower().encode(), b"")
        request_id = given.decode() if GOOD_REQUEST_ID.fullmatch(given) else self.ids.uuid()
        if scope["type"] != "http":
            with structlog.contextvars.bound_contextvars(request_id=request_id):
                await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                route = scope.get("route")
                log.info(
                    "request",
                    method=scope["method"],
                    # The template, not the path: paths of join links are secrets.
                    route=getattr(route, "path", "(none)"),
                    status=status,
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )


async def pass_request_id_on(request: Any) -> None:
    """Names the request for which this one is made outward; an event hook for HTTP clients."""
    request_id = current_request_id()
    if request_id is not None:
        request.headers[REQUEST_ID] = request_id


def content_security_policy(*, embedders: Iterable[str] = (), pictures: Iterable[str] = ()) -> str:
    """What pages may load, and the origins that may show them in a frame besides our own.

    Pages around a call give it pictures of their own for its buttons (docs/embedding.md); other
    origins that pictures may come from are `pictures`.
    """
    around = " ".join(["'self'", *embedders])
    images = " ".join([around, "data: blob:", *pictures])
    return (
        f"default-src 'self'; connect-src 'self'; img-src {images}; "
        "media-src 'self' blob:; style-src 'self'; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {around}"
    )


class SecurityHeaders:
    """Headers that every answer carries; a route that says otherwise wins."""

    DEFAULTS = (
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (
            b"permissions-policy",
            b"camera=(self), microphone=(self), display-capture=(self), geolocation=()",
        ),
        (b"content-security-policy", content_security_policy().encode()),
    )

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                missing = [pair for pair in self.DEFAULTS if pair[0] not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class PlainPaths:
    """Takes `/v1/rooms/` for `/v1/rooms`: many clients of Daily write the slash (reference 1).

    Also answers HEAD like GET; the server sends the headers alone.
    """

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if len(path) > 1 and path.endswith("/"):
                scope = {**scope, "path": path.rstrip("/") or "/"}
            if scope["method"] == "HEAD":
                scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
