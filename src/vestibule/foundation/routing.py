"""Routes that cost nothing until somebody asks for them.

The framework looks into each endpoint when a route is made: types, dependencies, body. For all
routes of an installation that takes half a second. Here a route is written down as it is declared,
is found by its path, and is made when the first request for it, or the API document, needs it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.routing import APIWebSocketRoute
from starlette.routing import BaseRoute, compile_path
from starlette.types import Receive, Scope, Send

from vestibule.foundation.key_first import KeyFirst

WEBSOCKET = "WEBSOCKET"


@dataclass(frozen=True, eq=False)
class Declared:
    """A route as it was declared."""

    path: str
    methods: frozenset[str]
    endpoint: Callable[..., Any]
    made_by: Callable[..., BaseRoute]
    options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def route(self) -> BaseRoute:
        """The framework's route, made at the first look."""
        return self.made_by(self.path, self.endpoint, **self.options)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the paths look like that it answers."""
        return compile_path(self.path)[0]

    def below(self, prefix: str, outer: "Routes") -> "Declared":
        """The same in a router around its own."""
        options = dict(self.options)
        if WEBSOCKET not in self.methods:
            options["tags"] = [*outer.tags, *options["tags"]]
            options["include_in_schema"] &= outer.include_in_schema
        return replace(self, path=prefix + self.path, options=options)


@dataclass(frozen=True)
class Found:
    """What answers a request, and what its path says."""

    declared: Declared
    parameters: dict[str, str]


class Routes(APIRouter):
    """The framework's router with lazy routes. Knows of its settings those that are named here."""

    def __init__(
        self,
        *,
        prefix: str = "",
        tags: Sequence[str] = (),
        include_in_schema: bool = True,
        strict_content_type: bool = True,
        route_class: type[KeyFirst] = KeyFirst,
    ) -> None:
        self._declared: list[Declared] = []
        self._index: _Index | None = None
        super().__init__(
            prefix=prefix,
            tags=list(tags),
            include_in_schema=include_in_schema,
            strict_content_type=strict_content_type,
            route_class=route_class,
            redirect_slashes=False,
        )

    @property
    def routes(self) -> list[BaseRoute]:
        """Every route, made now if it was not yet."""
        return [declared.route for declared in self._declared]

    @routes.setter
    def routes(self, _none: list[BaseRoute]) -> None:
        """The framework begins with an empty list."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        """Declare a route, with what the framework's own method takes."""
        given.pop("form_limits", None)
        methods = given.get("methods") or ["GET"]
        options = {
            **given,
            "tags": [*self.tags, *(given.get("tags") or [])],
            "include_in_schema": self.include_in_schema and given.get("include_in_schema", True),
            "strict_content_type": self.strict_content_type,
            "generate_unique_id_function": operation_id,
        }
        self._declare(
            Declared(self.prefix + path, frozenset(methods), endpoint, self.route_class, options)
        )

    def add_api_websocket_route(
        self, path: str, endpoint: Callable[..., Any], name: str | None = None, **_given: Any
    ) -> None:
        """Declare a WebSocket."""
        methods = frozenset({WEBSOCKET})
        self._declare(
            Declared(self.prefix + path, methods, endpoint, APIWebSocketRoute, {"name": name})
        )

    def include_router(self, router: APIRouter, *, prefix: str = "", **_given: Any) -> None:
        """Take over what another router declares."""
        if not isinstance(router, Routes):
            raise TypeError(f"{router!r} is no vestibule.foundation.routing.Routes")
        for declared in router._declared:
            self._declare(declared.below(self.prefix + prefix, self))

    def find(self, method: str, path: str) -> Found | None:
        """What answers this; None if there is nothing. 405 if there is, by other methods."""
        if self._index is None:
            self._index = _Index(self._declared)
        others = set[str]()
        for found in self._index.at(path):
            if method in found.declared.methods:
                return found
            others |= found.declared.methods
        if others - {WEBSOCKET}:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(others - {WEBSOCKET}))})
        return None

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        scope.setdefault("router", self)
        method = scope["method"] if scope["type"] == "http" else WEBSOCKET
        found = self.find(method, scope["path"])
        if found is None:
            await self.default(scope, receive, send)
            return
        route = found.declared.route
        scope.update(route=route, endpoint=found.declared.endpoint, path_params=found.parameters)
        await route.handle(scope, receive, send)

    def _declare(self, declared: Declared) -> None:
        self._declared.append(declared)
        self._index = None


class _Index:
    """Declared routes by where in a path the first parameter stands.

    The more of a path a route names, the earlier it is asked; then in the order of declaration.
    """

    def __init__(self, declared: Iterable[Declared]) -> None:
        self._by_beginning: dict[tuple[str, int], list[Declared]] = {}
        for each in declared:
            beginning, _, rest = each.path.partition("{")
            slashes = -1 if ":path}" in rest else each.path.count("/")
            self._by_beginning.setdefault((beginning, slashes), []).append(each)

    def at(self, path: str) -> Iterator[Found]:
        """The routes whose pattern this path has."""
        slashes = path.count("/")
        for beginning in _beginnings(path):
            for count in (slashes, -1):
                for declared in self._by_beginning.get((beginning, count), ()):
                    match = declared.pattern.match(path)
                    if match is not None:
                        yield Found(declared, match.groupdict())


def _beginnings(path: str) -> Iterator[str]:
    """`/a/b`, `/a/`, `/`: where a parameter may begin, the longest first."""
    yield path
    end = path.rfind("/")
    while end >= 0:
        if end + 1 < len(path):
            yield path[: end + 1]
        end = path.rfind("/", 0, end)


def operation_id(route: Any) -> str:
    """The name of a route in the API document: its group and its function."""
    group = "_".join(str(tag) for tag in route.tags[:1])
    return re.sub(r"\W+", "_", f"{group}_{route.name}").strip("_")
