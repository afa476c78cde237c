"""Who calls is asked before anything is read of what they say.

The framework reads and judges the body first: whoever has no key would learn what is wrong with
their JSON, and have the server work for it.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from vestibule.foundation.api_document import BearerKey

Arguments = dict[str, Any]


class KeyFirst(APIRoute):
    """A route whose key is checked before its body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def check_key_and_handle(request: Request) -> Response:
            await callers_of(self.dependant, request)
            return await handle(request)

        return check_key_and_handle


async def callers_of(dependant: Dependant, request: Request) -> Arguments:
    """What the keys of this request stand for, by the names of the endpoint's parameters."""
    callers: Arguments = {}
    for needed in dependant.dependencies:
        call: Any = needed.call
        if not isinstance(call, BearerKey):
            continue
        given, wrong = parameters_of(needed, request)
        if wrong:
            raise RequestValidationError(wrong)
        assert needed.name is not None
        callers[needed.name] = await call(**given)  # type: ignore[operator]
    return callers


def parameters_of(dependant: Dependant, request: Request) -> tuple[Arguments, list[Any]]:
    """What the address and the headers say of an endpoint's parameters, and what is wrong there."""
    given: Arguments = {}
    wrong: list[Any] = []
    for fields, received in (
        (dependant.path_params, request.path_params),
        (dependant.query_params, request.query_params if dependant.query_params else {}),
        (dependant.header_params, request.headers),
    ):
        if fields:
            values, problems = request_params_to_args(fields, received)
            given.update(values)
            wrong += problems
    if dependant.request_param_name:
        given[dependant.request_param_name] = request
    return given, wrong
