"""The document that describes the HTTP APIs (OpenAPI 3.1), made from the routes themselves.

The framework tells addresses, parameters and shapes. Added here is what all routes share: how
they fail, and an example of everything.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.models import HTTPBearer
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.security.base import SecurityBase

from vestibule.foundation.api_examples import Examples

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")


class BearerKey(SecurityBase):
    """What a route depends on to learn who sends `Authorization: Bearer <key>`.

    The document reads from its name which key that is.
    """

    def __init__(self, name: str, description: str) -> None:
        self.scheme_name = name
        self.model = HTTPBearer(description=description)


ERROR_ANSWER: Json = {
    "title": "ErrorAnswer",
    "description": "What went wrong. Programs look at `error`, people read `info`.",
    "type": "object",
    "required": ["error", "info"],
    "properties": {
        "error": {
            "type": "string",
            "description": "Stable name of the kind of failure.",
            "enum": [
                *("authorization-header-error", "authentication-error", "forbidden-error"),
                *("json-parsing-error", "invalid-request-error", "not-found", "conflict-error"),
                *("rate-limit-error", "server-error", "precondition-failed"),
            ],
        },
        "info": {
            "type": "string",
            "description": "What happened, to what, and what to do. The wording may change.",
        },
        "deleted": {
            "type": "boolean",
            "description": "True when an expired room was deleted, which was gone for others.",
        },
    },
}

# Status, name of the component, when, and an example.
FAILURES: dict[int, tuple[str, str, Json]] = {
    400: (
        "BadRequest",
        "The request is wrong, or has no usable Authorization header. Nothing was changed.",
        {"error": "invalid-request-error", "info": "invalid property name 'enable_chatt'"},
    ),
    401: (
        "NotAuthenticated",
        "The key is not valid.",
        {"error": "authentication-error", "info": "this API key is not valid"},
    ),
    403: (
        "Forbidden",
        "The key is valid, but does not give access to this.",
        {
            "error": "forbidden-error",
            "info": "this token does not give access to organization 2",
        },
    ),
    404: (
        "NotFound",
        "What the address names is not there.",
        {"error": "not-found", "info": "room example-room not found"},
    ),
    409: (
        "Conflict",
        "The present state refuses this change.",
        {"error": "conflict-error", "info": "a completed appointment cannot be cancelled"},
    ),
    412: (
        "ChangedSince",
        "What the request names in `If-Match` is not any more what is there.",
        {"error": "precondition-failed", "info": "appointment 102 was changed by somebody else"},
    ),
    413: (
        "TooLarge",
        "The body is too large.",
        {"error": "invalid-request-error", "info": "the body is larger than 1048576 bytes"},
    ),
    429: (
        "TooMany",
        "Too many requests, if this installation has rate limits switched on.",
        {"error": "rate-limit-error", "info": "too many requests with this key"},
    ),
    503: (
        "Unavailable",
        "A part that this request needs is down for now.",
        {"error": "server-error", "info": "try again in a moment"},
    ),
}


def failing(*statuses: int) -> dict[int | str, Json]:
    """For `responses=` of a route: failures beyond those that all routes of its kind have."""
    return {
        status: {"$ref": f"#/components/responses/{FAILURES[status][0]}"} for status in statuses
    }


def api_document(
    app: FastAPI,
    *,
    info: Json,
    server: str,
    tags: Mapping[str, str],
    prefixes: Sequence[str],
    always_ok: str,
    failures_of_key: Mapping[str, Sequence[int]],
) -> Json:
    """The document of all routes whose path begins with one of `prefixes`.

    `failures_of_key`: how requests with each kind of key can fail besides 400 and 401. Routes
    below `always_ok` describe their failures themselves. `tags` say what each group is for.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate Operation ID")  # mended by _name_once
        document = get_openapi(
            **info, servers=[{"url": server}], routes=routes_below(app, prefixes)
        )
    _rename_schemas(document)
    _take_defaults_from_changes(document)
    document["components"]["schemas"]["ErrorAnswer"] = ERROR_ANSWER
    document["components"]["responses"] = {
        name: _failure(status, description, example)
        for status, (name, description, example) in FAILURES.items()
    }
    taken = set[str]()
    for path, method, operation in operations(document):
        _say_what_it_does(operation)
        _name_once(operation, method, taken)
        operation["responses"].pop("422", None)
        operation["responses"]["200"]["description"] = "Done."
        if not path.startswith(always_ok):
            _add_failures(operation, path, failures_of_key)
    used = dict.fromkeys(
        tag for _, _, operation in operations(document) for tag in operation["tags"]
    )
    document["tags"] = [{"name": tag, "description": tags.get(tag, "")} for tag in {**tags, **used}]
    Examples(document).add()
    return document


def routes_below(app: FastAPI, prefixes: Sequence[str]) -> list[RouteContext]:
    """The routes whose path begins with one of these."""
    beginnings = tuple(f"{prefix}/" for prefix in prefixes)
    return [
        route
        for route in iter_route_contexts(app.routes)
        if f"{route.path}/".startswith(beginnings)
    ]


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and description of each operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _failure(status: int, description: str, example: Json) -> Json:
    answer: Json = {
        "description": description,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ErrorAnswer"},
                "example": example,
            }
        },
    }
    if status == 429:
        answer["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait before the next try.",
                "schema": {"type": "integer"},
            }
        }
    return answer


def _references(statuses: Sequence[int]) -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/{FAILURES[status][0]}"}
        for status in statuses
    }


def _add_failures(operation: Json, path: str, failures_of_key: Mapping[str, Sequence[int]]) -> None:
    statuses = {400, 401}
    for requirement in operation.get("security", []):
        for key in requirement:
            statuses.update(failures_of_key.get(key, ()))
    if "requestBody" in operation:
        statuses.add(413)
    if path.endswith("}") or "}/" in path:
        statuses.add(404)
    declared = operation["responses"]
    all_of_them = {**_references(sorted(statuses)), **declared}
    operation["responses"] = dict(sorted(all_of_them.items()))


def _say_what_it_does(operation: Json) -> None:
    """The first sentence of the route's docstring is its summary; the rest, its description."""
    first, _, rest = operation.pop("description", "").partition("\n")
    sentence, dot, more = first.partition(". ")
    operation["summary"] = sentence.removesuffix(".")
    rest = f"{more if dot else ''} {rest}".strip()
    if rest:
        operation["description"] = rest


def _name_once(operation: Json, method: str, taken: set[str]) -> None:
    """An id from the group and the route's function, such as `rooms_create_room`."""
    name = operation["operationId"]
    if name in taken:
        name = f"{name}_{method}"
    taken.add(name)
    operation["operationId"] = name


def _rename_schemas(document: Json) -> None:
    """`vestibule__rooms__definitions__schemas__RoomAnswer` becomes `DefinitionsRoomAnswer`.

    Of a shape that differs in requests and in answers, that of answers gets a name of its own.
    """
    schemas = document["components"]["schemas"]
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    names = {name: _short(name) for name in schemas}
    document["components"]["schemas"] = {names[name]: schemas[name] for name in sorted(schemas)}
    before = "#/components/schemas/"

    def mend(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(before):
                name = reference.removeprefix(before)
                node["$ref"] = before + names.get(name, name)
            if isinstance(node.get("title"), str) and "version" not in node:
                del node["title"]  # only the name again
            for value in node.values():
                mend(value)
        elif isinstance(node, list):
            for value in node:
                mend(value)

    mend(document)


def _take_defaults_from_changes(document: Json) -> None:
    """What a change leaves out stays as it is, whatever a new thing would get there."""
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Changes"):
            for part in schema.get("properties", {}).values():
                part.pop("default", None)


def _short(name: str) -> str:
    parts = name.removesuffix("-Input").replace("-Output", "InAnswer").split("__")
    if len(parts) == 1:
        return parts[0]
    slice_ = "".join(word.capitalize() for word in parts[-3].split("_"))
    return f"{slice_}{parts[-1]}"
