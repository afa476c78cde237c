"""Routes are found by their path, and made when they are needed."""

import pytest
from fastapi import APIRouter, FastAPI, HTTPException, WebSocket
from starlette.testclient import TestClient

from vestibule.foundation.routing import WEBSOCKET, Routes


async def nothing() -> None:
    """An endpoint whose answer does not matter."""


def routes(*declared: str) -> Routes:
    """A router with these, such as `GET /rooms/{name}`; each is named after itself."""
    made = Routes()
    for each in declared:
        method, _, path = each.partition(" ")
        made.add_api_route(path, nothing, methods=[method], name=each)
    return made


@pytest.mark.parametrize(
    ("path", "name", "parameters"),
    [
        ("/", "GET /", {}),
        ("/rooms", "GET /rooms", {}),
        ("/rooms/consultation", "GET /rooms/{name}", {"name": "consultation"}),
        ("/rooms/consultation/presence", "GET /rooms/{name}/presence", {"name": "consultation"}),
        ("/rooms/a.b-c~d", "GET /rooms/{name}", {"name": "a.b-c~d"}),
        ("/anything", "GET /{page}", {"page": "anything"}),
        ("/files/a/b/c", "GET /files/{rest:path}", {"rest": "a/b/c"}),
        ("/files/", "GET /files/{rest:path}", {"rest": ""}),
        ("/rooms/newest", "GET /rooms/newest", {}),
    ],
)
def test_the_route_that_names_most_of_a_path_answers_it(
    path: str, name: str, parameters: dict[str, str]
) -> None:
    there = routes(
        *("GET /{page}", "GET /", "GET /rooms", "GET /rooms/{name}", "GET /rooms/newest"),
        *("GET /rooms/{name}/presence", "GET /files/{rest:path}"),
    )

    found = there.find("GET", path)

    assert found is not None
    assert (found.declared.options["name"], found.parameters) == (name, parameters)


@pytest.mark.parametrize("path", ["/rooms", "/rooms/a/b/c", "", "rooms/a", "/rooms/a\n/b"])
def test_no_route_answers_what_none_was_declared_for(path: str) -> None:
    assert routes("GET /rooms/{name}", "POST /rooms/{name}/eject").find("GET", path) is None


def test_a_wrong_method_is_told_the_right_ones() -> None:
    there = routes("GET /rooms/{name}", "POST /rooms/{name}", "GET /rooms")

    with pytest.raises(HTTPException) as refused:
        there.find("DELETE", "/rooms/consultation")

    assert refused.value.status_code == 405
    assert refused.value.headers == {"Allow": "GET, POST"}


def test_no_route_is_made_before_it_is_asked_for() -> None:
    made: list[str] = []

    class Noted(Routes):
        def __init__(self) -> None:
            super().__init__(route_class=lambda path, *_a, **_o: made.append(path))  # type: ignore[arg-type]

    there = Noted()
    for path in ("/one", "/two", "/three"):
        there.get(path)(nothing)

    found = there.find("GET", "/two")
    assert made == []
    assert found is not None
    _ = found.declared.route, found.declared.route
    assert made == ["/two"]


def test_a_router_in_a_router_keeps_its_place_its_groups_and_its_secrets() -> None:
    part = Routes(prefix="/keys", tags=["keys"])
    part.get("/{key}")(nothing)
    whole = Routes(prefix="/console", tags=["console"], include_in_schema=False)

    whole.include_router(part, prefix="/{domain}")
    found = whole.find("GET", "/console/clinic/keys/7")

    assert found is not None
    assert found.parameters == {"domain": "clinic", "key": "7"}
    assert found.declared.options["tags"] == ["console", "keys"]
    assert found.declared.options["include_in_schema"] is False


def test_a_router_of_the_framework_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="no vestibule"):
        Routes().include_router(APIRouter())


def test_it_serves_requests_and_connections() -> None:
    app = FastAPI(openapi_url=None)
    app.router = there = Routes()

    @there.post("/double/{number}")
    async def double(number: int) -> int:
        return 2 * number

    @there.websocket("/double/{number}")
    async def double_here(websocket: WebSocket, number: int) -> None:
        await websocket.accept()
        await websocket.send_json(2 * number)

    client = TestClient(app)
    assert client.post("/double/21").json() == 42
    assert client.post("/double/none").status_code == 422
    assert client.get("/double/21").headers["allow"] == "POST"
    assert client.get("/triple/21").status_code == 404
    with client.websocket_connect("/double/21") as connection:
        assert connection.receive_json() == 42
    assert there.find(WEBSOCKET, "/double/21") is not None
