"""Bad input of every kind: a clear error in Daily's shape, and nothing changed."""

from typing import Any

import httpx2
import pytest

from tests.contract.rooms.conftest import Customer
from vestibule.foundation.http import MAX_BODY_BYTES

pytestmark = pytest.mark.anyio

INVALID = "invalid-request-error"
JSON = "json-parsing-error"

BAD_BODIES: list[tuple[str, bytes, str, str]] = [
    ("half a JSON", b'{"name": "ward-2"', JSON, "the body is not valid JSON"),
    ("no JSON", b"name=ward-2", JSON, "the body is not valid JSON"),
    ("a list", b"[]", INVALID, "the body should be a JSON object"),
    ("a string", b'"ward-2"', INVALID, "the body should be a JSON object"),
    ("an unknown key", b'{"nmae": "x"}', INVALID, "invalid property name 'nmae'"),
    (
        "an unknown property",
        b'{"properties": {"enable_chatt": true}}',
        INVALID,
        "invalid property name 'enable_chatt'",
    ),
    (
        "an unknown nested key",
        b'{"properties": {"permissions": {"canFly": true}}}',
        INVALID,
        '"permissions.canFly" is not allowed',
    ),
    ("privacy in the wrong place", b'{"properties": {"privacy": "private"}}', INVALID, "'privacy'"),
    ("a wrong type", b'{"properties": {"enable_chat": "yes"}}', INVALID, "enable_chat: "),
    ("a number for a name", b'{"name": 5}', INVALID, "name: "),
    ("a wrong privacy", b'{"privacy": "secret"}', INVALID, "privacy: "),
    ("no privacy", b'{"privacy": null}', INVALID, "privacy: "),
    ("properties that are none", b'{"properties": []}', INVALID, "properties: "),
    (
        "a past exp",
        b'{"properties": {"exp": 1572598800}}',
        INVALID,
        "exp was '1572598800', which is in the past rather than in the future",
    ),
    (
        "a past exp in a string",
        b'{"properties": {"exp": "1572598800"}}',
        INVALID,
        "exp was '1572598800', which is in the past rather than in the future",
    ),
    (
        "an exp that is no time",
        b'{"properties": {"exp": "tomorrow"}}',
        INVALID,
        "exp was 'tomorrow' but should be a number of seconds since the unix epoch",
    ),
    ("an endless exp", b'{"properties": {"exp": Infinity}}', JSON, "Infinity, which JSON does not"),
    ("an exp beyond any", b'{"properties": {"exp": 1e999}}', JSON, "a number that is too large"),
    ("5,000 digits", b'{"properties": {"exp": %s}}' % (b"1" * 5000), JSON, "that is too large"),
    (
        "a number that is none",
        b'{"properties": {"sfu_switchover": NaN}}',
        JSON,
        "NaN or Infinity",
    ),
    (
        "a name with a slash",
        b'{"name": "ward/2"}',
        INVALID,
        "ward/2 contains invalid characters (room names can contain A-Z, a-z, 0-9, '-', and '_')",
    ),
    ("an empty name", b'{"name": ""}', INVALID, "contains invalid characters"),
    ("a name with a zero", b'{"name": "a\\u0000"}', INVALID, "contains invalid characters"),
    ("a name that is no text", b'{"name": "\\ud800"}', JSON, "half of a character"),
    ("a key that is no text", b'{"properties": {"\\ud800": 1}}', JSON, "half of a character"),
    ("an exp that is no text", b'{"properties": {"exp": "\\ud800"}}', JSON, "half of a character"),
    ("a name that is too long", b'{"name": "%s"}' % (b"x" * 129), INVALID, "129 characters long"),
    ("a reserved name", b'{"name": "console"}', INVALID, "the name console is reserved"),
    ("a duplicate name", b'{"name": "ward-1"}', INVALID, "a room named ward-1 already exists"),
    ("nothing at all", b"null", INVALID, "the body should be a JSON object"),
    ("a number", b"1", INVALID, "the body should be a JSON object"),
    ("bytes that are no text", b'{"name": "\xff"}', JSON, "the body is not valid JSON"),
    ("a very deep list", b"[" * 100_000, JSON, "more than 201 levels deep"),
    ("a very deep object", b'{"a":' * 100_000, JSON, "more than 201 levels deep"),
]


@pytest.mark.parametrize(
    ("body", "error", "info"), [row[1:] for row in BAD_BODIES], ids=[row[0] for row in BAD_BODIES]
)
async def test_a_bad_body_is_refused_and_changes_nothing(
    ada: Customer, body: bytes, error: str, info: str
) -> None:
    before = await ada.post("/rooms", {"name": "ward-1"})
    headers = {"Content-Type": "application/json"}
    ada.headers.update(headers)
    status, said = await ada.ask("POST", "/rooms", content=body)
    assert (status, said["error"]) == (400, error)
    assert info in said["info"]
    assert (await ada.get("/rooms"))["data"] == [before]


@pytest.mark.parametrize(
    ("body", "info"),
    [
        ({"properties": {"exp": 1572598800}}, "in the past"),
        ({"properties": {"max_participants": 2, "enable_chatt": True}}, "'enable_chatt'"),
        ({"privacy": "private", "properties": {"lang": "xx"}}, "lang: "),
        ({"privacy": None}, "privacy: "),
        ({"name": "ward-2"}, "'name'"),
    ],
)
async def test_a_bad_update_changes_nothing(ada: Customer, body: dict[str, Any], info: str) -> None:
    before = await ada.post("/rooms", {"name": "ward-1"})
    status, said = await ada.ask("POST", "/rooms/ward-1", body)
    assert (status, said["error"]) == (400, INVALID)
    assert info in said["info"]
    assert await ada.get("/rooms/ward-1") == before


ROUTES = [
    ("GET", ""),
    ("GET", "/rooms"),
    ("POST", "/rooms"),
    ("GET", "/rooms/ward-1"),
    ("POST", "/rooms/ward-1"),
    ("PATCH", "/rooms/ward-1"),
    ("DELETE", "/rooms/ward-1"),
    ("POST", "/meeting-tokens"),
    ("GET", "/meeting-tokens/x"),
]
CREDENTIALS: list[tuple[str, dict[str, str], tuple[int, str]]] = [
    ("no header", {}, (400, "authorization-header-error")),
    ("another scheme", {"Authorization": "Basic x"}, (400, "authorization-header-error")),
    ("no key", {"Authorization": "Bearer "}, (400, "authorization-header-error")),
    ("a wrong key", {"Authorization": f"Bearer {'0' * 64}"}, (401, "authentication-error")),
    ("an odd key", {"Authorization": "Bearer \xe4\xff"}, (401, "authentication-error")),
]


@pytest.mark.parametrize(
    ("headers", "error"), [row[1:] for row in CREDENTIALS], ids=[row[0] for row in CREDENTIALS]
)
async def test_nobody_gets_in_without_a_right_key(
    ada: Customer, http: httpx2.AsyncClient, headers: dict[str, str], error: tuple[int, str]
) -> None:
    before = await ada.post("/rooms", {"name": "ward-1"})
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    for method, path in ROUTES:
        answer = await http.request(method, path, headers=raw)
        assert (answer.status_code, answer.json()["error"]) == error, path
    assert (await ada.get("/rooms"))["data"] == [before]


async def test_an_oversized_body_is_refused_with_and_without_its_length(ada: Customer) -> None:
    body = b'{"name": "' + b"x" * MAX_BODY_BYTES + b'"}'

    async def pieces() -> Any:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    for content in (body, pieces()):
        status, said = await ada.ask("POST", "/rooms", content=content)
        assert (status, said["error"]) == (413, INVALID)
        assert str(MAX_BODY_BYTES) in said["info"]
    assert (await ada.get("/rooms"))["total_count"] == 0


@pytest.mark.parametrize("name", ["nobody", "a.b", "%00", "%C3%A4", "x" * 200, "a%20b"])
async def test_a_room_that_cannot_be_is_not_found(ada: Customer, name: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        status, said = await ada.ask(method, f"/rooms/{name}")
        assert (status, said["error"]) == (404, "not-found")


async def test_a_method_that_is_not_there_is_refused_in_the_same_shape(
    ada: Customer, http: httpx2.AsyncClient
) -> None:
    possible = "DELETE, GET, PATCH, POST"
    for path in ("/rooms/ward-1", "/rooms/ward-1/"):
        answer = await http.put(path, headers=ada.headers, json={})
        assert (answer.status_code, answer.headers["Allow"]) == (405, possible)
        assert answer.json() == {
            "error": "invalid-request-error",
            "info": f"PUT is not possible at this address; possible: {possible}",
        }


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_what_is_not_there_is_not_found_in_the_same_shape(ada: Customer, accept: str) -> None:
    ada.headers["Accept"] = accept
    for path in ("/nothing", "/rooms/ward-1/nothing", "/rooms/ward-1"):
        status, said = await ada.ask("GET", path)
        assert (status, said["error"], set(said)) == (404, "not-found", {"error", "info"})
