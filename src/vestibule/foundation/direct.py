"""The short way through the framework, for routes that need nothing special of it.

The framework prepares for what a route might want: files to close, answers to amend, background
work, dependencies of dependencies. Most of our routes want a key, a path and a JSON body. They are
answered here from the same analysis of the endpoint, checked and written by the same code of the
framework, at a third of the cost (decision 0028). What is not understood here goes the long way.
"""

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from vestibule.foundation import errors
from vestibule.foundation.http import NOT_JSON, failure_answer
from vestibule.foundation.key_first import KeyFirst, callers_of, parameters_of
from vestibule.foundation.routing import Declared, Found, Routes

JSON_TYPES = frozenset({b"application/json", b"application/json; charset=utf-8"})


class Direct:
    """Answers the simple routes of `routes`; leaves all others to `app`, which has them too."""

    def __init__(self, app: ASGIApp, routes: Routes) -> None:
        self.app = app
        self._routes = routes
        self._ways: dict[Declared, ShortWay | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._found(scope) if scope["type"] == "http" else None
        way = self._way(found.declared) if found else None
        if found is None or way is None or not way.understands(scope):
            await self.app(scope, receive, send)
            return
        scope.update(app=self.app, route=found.declared, path_params=found.parameters)
        await way.answer(Request(scope, receive), send)

    def _found(self, scope: Scope) -> Found | None:
        try:
            return self._routes.find(scope["method"], scope["path"])
        except HTTPException:
            return None

    def _way(self, declared: Declared) -> "ShortWay | None":
        if declared not in self._ways:
            route = declared.route
            self._ways[declared] = short_way(route) if isinstance(route, APIRoute) else None
        return self._ways[declared]


class ShortWay:
    """Answers one route."""

    def __init__(self, route: APIRoute, dependant: Dependant) -> None:
        self._dependant = dependant
        self._call: Callable[..., Awaitable[Any]] = dependant.call  # type: ignore[assignment]
        self._field = route.response_field
        self._has_body = route.body_field is not None
        self._needs_type = bool(_value(route.strict_content_type))

    def understands(self, scope: Scope) -> bool:
        """Whether a body that may come says that it is JSON."""
        if not self._has_body:
            return True
        said = next((value for name, value in scope["headers"] if name == b"content-type"), None)
        return not self._needs_type if said is None else said.lower() in JSON_TYPES

    async def answer(self, request: Request, send: Send) -> None:
        """Send what the endpoint answers, or how it failed."""
        try:
            answer = await self._asked(request)
        except Exception as error:
            failure = await failure_answer(request, error)
            await failure(request.scope, request.receive, send)
            if failure.status_code == 500:
                raise
            return
        if isinstance(answer, Response):
            await answer(request.scope, request.receive, send)
        else:
            await _send_json(self._written(answer), send)

    async def _asked(self, request: Request) -> Any:
        arguments = await callers_of(self._dependant, request)
        body = await _json_of(request) if self._has_body else None
        wrong: list[Any] = []
        for needed in self._dependant.dependencies:
            if needed.name in arguments:
                continue
            given, problems = parameters_of(needed, request)
            wrong += problems
            if not problems:
                assert needed.call is not None
                assert needed.name is not None
                arguments[needed.name] = await needed.call(**given)
        given, problems = parameters_of(self._dependant, request)
        arguments.update(given)
        wrong += problems
        if self._has_body:
            given, problems = await request_body_to_args(
                body_fields=self._dependant.body_params,
                received_body=body,
                embed_body_fields=False,
            )
            arguments.update(given)
            wrong += problems
        if wrong:
            raise RequestValidationError(wrong, body=body)
        return await self._call(**arguments)

    def _written(self, answer: Any) -> bytes:
        assert self._field is not None
        value, wrong = self._field.validate(answer, {}, loc=("response",))
        if wrong:
            raise ResponseValidationError(errors=wrong, body=answer)
        return self._field.serialize_json(value)


def short_way(route: APIRoute) -> ShortWay | None:
    """How to answer this route here; None if it wants more than is known here."""
    dependant = route.dependant
    if type(route) is not KeyFirst or not _is_plain(route) or not _is_simple(dependant):
        return None
    for needed in dependant.dependencies:
        if needed.dependencies or needed.body_params or needed.name is None:
            return None
        if not _is_simple(needed):
            return None
    return ShortWay(route, dependant)


def _is_plain(route: APIRoute) -> bool:
    """Whether it answers 200 and JSON as the framework writes it by itself."""
    answers_itself = inspect.isclass(
        returned := inspect.signature(route.endpoint).return_annotation
    )
    answers_itself = answers_itself and issubclass(returned, Response)
    return (
        (answers_itself or route.response_field is not None)
        and route.status_code is None
        and isinstance(route.response_class, DefaultPlaceholder)
        and not (route._embed_body_fields or isinstance(_info(route), Form))
        and not (route.is_sse_stream or route.is_json_stream or route.dependencies)
        and not (route.response_model_include or route.response_model_exclude)
        and not (
            route.response_model_exclude_unset
            or route.response_model_exclude_defaults
            or route.response_model_exclude_none
        )
    )


def _is_simple(dependant: Dependant) -> bool:
    """Whether it is a coroutine that is told of nothing but the request."""
    call = dependant.call
    is_coroutine = inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - is it a coroutine, not is it callable
    )
    return is_coroutine and not (
        dependant.cookie_params
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
    )


async def _json_of(request: Request) -> Any:
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise HTTPException(400, "the client went away") from error
    if not body:
        return PydanticUndefined
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise errors.MalformedJson(NOT_JSON) from error


async def _send_json(body: bytes, send: Send) -> None:
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"application/json"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _value(setting: Any) -> Any:
    return setting.value if isinstance(setting, DefaultPlaceholder) else setting


def _info(route: APIRoute) -> Any:
    return route.body_field.field_info if route.body_field else None
