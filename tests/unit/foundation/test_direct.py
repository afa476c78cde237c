"""The short way answers as the framework does, or leaves it to the framework."""

from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Body, Depends, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel, Field

from vestibule.foundation.direct import Direct, short_way
from vestibule.foundation.errors import Conflict, NotFound, Unauthenticated
from vestibule.foundation.http import BodyLimit, install_error_answers
from vestibule.foundation.routing import Routes

MAX_BYTES = 400


class Wish(BaseModel):
    """What is asked for."""

    name: str
    places: int = Field(default=2, ge=1)


class Answer(BaseModel):
    """What was made."""

    name: str
    places: int | None
    by: str


async def person(request: Request) -> str:
    name = request.headers.get("x-person")
    if name is None:
        raise Unauthenticated("who is there?")
    return name


Person = Annotated[str, Depends(person)]


def declared() -> Routes:
    """Routes of the kinds that there are."""
    routes = Routes(strict_content_type=False)

    @routes.post("/rooms")
    async def make(by: Person, wish: Wish) -> Answer:
        if wish.name == "taken":
            raise Conflict("there is one")
        return Answer(name=wish.name, places=wish.places, by=by)

    @routes.post("/rooms/{number}")
    async def change(
        by: Person, number: int, wish: Annotated[Wish, Body(default_factory=lambda: Wish(name="?"))]
    ) -> Answer:
        return Answer(name=wish.name, places=number, by=by)

    @routes.get("/rooms/{name}")
    async def read(
        name: str,
        limit: Annotated[int, Query(ge=1)] = 7,
        if_match: Annotated[str | None, Header()] = None,
    ) -> list[Answer]:
        if name == "broken":
            raise RuntimeError("nobody foresaw this")
        if name == "none":
            raise NotFound("there is none")
        return [Answer(name=name, places=limit, by=if_match or "anybody")]

    @routes.delete("/rooms/{name}")
    async def remove(name: str) -> Response:
        return Response(f"gone: {name}", media_type="text/plain", status_code=202)

    return routes


def application(routes: Routes, *, short: bool) -> Any:
    app = FastAPI(openapi_url=None)
    app.router = routes
    install_error_answers(app)
    return BodyLimit(Direct(app, routes) if short else app, max_bytes=MAX_BYTES)


JSON = {"content-type": "application/json", "x-person": "Ada"}
ASKED: list[tuple[str, str, dict[str, str], bytes]] = [
    ("POST", "/rooms", JSON, b'{"name": "a", "places": 3}'),
    ("POST", "/rooms", {"x-person": "Ada"}, b'{"name": "a"}'),
    ("POST", "/rooms", {**JSON, "content-type": "application/json; charset=UTF-8"}, b'{"name": 1}'),
    ("POST", "/rooms", {**JSON, "content-type": "text/plain"}, b'{"name": "a"}'),
    ("POST", "/rooms", JSON, b""),
    ("POST", "/rooms", JSON, b"null"),
    ("POST", "/rooms", JSON, b"[" * 300),
    ("POST", "/rooms", JSON, b'{"name": '),
    ("POST", "/rooms", JSON, b'"\xff"'),
    ("POST", "/rooms", JSON, b" " * (MAX_BYTES + 1)),
    ("POST", "/rooms", JSON, b'{"places": 0}'),
    ("POST", "/rooms", JSON, b'{"name": "taken"}'),
    ("POST", "/rooms", {"content-type": "application/json"}, b'{"name": "a"}'),
    ("POST", "/rooms/12", JSON, b""),
    ("POST", "/rooms/twelve", JSON, b'{"name": 2}'),
    ("GET", "/rooms/a%20b", {}, b""),
    ("GET", "/rooms/a?limit=3", {"if-match": "Ben"}, b""),
    ("GET", "/rooms/a?limit=0", {}, b""),
    ("GET", "/rooms/none", {}, b""),
    ("GET", "/rooms/none", {"accept": "text/html"}, b""),
    ("GET", "/rooms/broken", {}, b""),
    ("DELETE", "/rooms/a", {}, b""),
    ("PUT", "/rooms/a", {}, b""),
    ("GET", "/elsewhere", {}, b""),
]


@pytest.mark.parametrize(("method", "path", "headers", "body"), ASKED)
async def test_both_ways_answer_the_same(
    method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    answers = []
    for short in (True, False):
        transport = httpx2.ASGITransport(
            app=application(declared(), short=short), raise_app_exceptions=False
        )
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.request(method, path, headers=headers, content=body)
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))

    assert answers[0] == answers[1]


async def test_what_nobody_foresaw_is_told_to_the_server_too() -> None:
    transport = httpx2.ASGITransport(app=application(declared(), short=True))

    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        with pytest.raises(RuntimeError, match="nobody foresaw"):
            await client.get("/rooms/broken")


def test_only_what_needs_something_special_goes_the_long_way() -> None:
    special = Routes()

    @special.get("/a")
    async def amends_the_answer(response: Response) -> int:
        return 1

    @special.get("/b", response_model_exclude_none=True)
    async def leaves_out(a: int = 1) -> Answer:
        return Answer(name="", places=None, by="")

    @special.get("/c", status_code=201)
    async def says_created() -> int:
        return 1

    @special.get("/d")
    def is_no_coroutine() -> int:
        return 1

    @special.get("/e")
    async def depends_on_more(by: Annotated[str, Depends(lambda: "Ada")]) -> int:
        return 1

    assert [short_way(route) for route in special.routes] == [None] * 5  # type: ignore[arg-type]
    assert None not in [short_way(route) for route in declared().routes]  # type: ignore[arg-type]
