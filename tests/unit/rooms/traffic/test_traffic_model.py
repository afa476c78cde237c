"""Limits of routes, and what of a request may be written down."""

import json
from typing import Any

import pytest

from vestibule.rooms.traffic.model import (
    BATCHES,
    HIDDEN,
    MAX_LOGGED_BYTES,
    MOST,
    SLOW,
    STARTS,
    Limit,
    limit_of,
    scrubbed_body,
    scrubbed_url,
)

KEY = "0123456789abcdef" * 4
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJyIjoid2FyZCJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/v1", MOST),
        ("GET", "/v1/rooms", MOST),
        ("POST", "/v1/rooms/ward", MOST),
        ("DELETE", "/v1/rooms/ward", SLOW),
        ("GET", "/v1/recordings", SLOW),
        ("GET", "/v1/recordings/1/access-link", MOST),
        ("GET", "/v1/meetings", SLOW),
        ("GET", "/v1/meetings/1/participants", SLOW),
        ("POST", "/v1/rooms/ward/recordings/start", STARTS),
        ("POST", "/v1/rooms/ward/recordings/stop", MOST),
        ("POST", "/v1/rooms/ward/live-streaming/start", STARTS),
        ("POST", "/v1/rooms/ward/dialOut/start", STARTS),
        ("POST", "/v1/batch/rooms", BATCHES),
        ("DELETE", "/v1/batch/rooms", BATCHES),
    ],
)
def test_each_route_has_the_limit_of_the_reference(method: str, path: str, limit: Limit) -> None:
    assert limit_of(method, path)[1] == limit


def test_rooms_count_together_and_routes_apart() -> None:
    assert limit_of("GET", "/v1/rooms/a1") == limit_of("GET", "/v1/rooms/b2")
    routes = [
        limit_of(*request)[0]
        for request in (
            ("GET", "/v1/rooms/a1"),
            ("POST", "/v1/rooms/a1"),
            ("GET", "/v1/rooms"),
            ("GET", "/v1/rooms/a1/presence"),
            ("GET", "/v1"),
        )
    ]
    assert len(set(routes)) == 5


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"token": TOKEN}, {"token": HIDDEN}),
        ({"name": f"see {TOKEN}."}, {"name": f"see {HIDDEN}."}),
        ({"a": [{"b": KEY}, KEY.upper()]}, {"a": [{"b": HIDDEN}, HIDDEN]}),
        ({KEY: 1}, {HIDDEN: 1}),
        ({"hmac": "c2VjcmV0", "basicAuth": "YTpi"}, {"hmac": HIDDEN, "basicAuth": HIDDEN}),
        (
            {"url": "https://me:pw@x.example/y?k=v"},
            {"url": f"https://{HIDDEN}@x.example/y?{HIDDEN}"},
        ),
        (
            {"properties": {"user_name": "Ada", "user_id": "7", "exp": 9, "room_name": "ward"}},
            {"properties": {"user_name": HIDDEN, "user_id": HIDDEN, "exp": 9, "room_name": "ward"}},
        ),
        ({"data": {"text": "how are you"}, "recipient": "*"}, {"data": HIDDEN, "recipient": "*"}),
        ({"enable_chat": True, "n": None}, {"enable_chat": True, "n": None}),
        (
            {"properties": {"permissions": {"canReceive": {"byUserId": {"ada": True}}}}},
            {"properties": {"permissions": {"canReceive": {"byUserId": HIDDEN}}}},
        ),
        (
            {"pinless_dialin": [{"phone_number": "+40 21 555 0100", "name_prefix": "Tel"}]},
            {"pinless_dialin": [{"phone_number": HIDDEN, "name_prefix": "Tel"}]},
        ),
    ],
)
def test_a_body_is_kept_without_secrets_and_people(said: Any, kept: Any) -> None:
    written = scrubbed_body(json.dumps(said).encode())
    assert written is not None
    assert json.loads(written) == kept


@pytest.mark.parametrize(
    "body",
    [None, b"", b"not json", b"\xff", b"[" * 4000, b'"' + b"x" * MAX_LOGGED_BYTES + b'"'],
)
def test_a_body_that_cannot_be_scrubbed_is_not_kept(body: bytes | None) -> None:
    assert scrubbed_body(body) is None


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        ("/v1/rooms/ward", "", "/v1/rooms/ward"),
        ("/v1/rooms", "limit=3&starting_after=x", "/v1/rooms?limit=3&starting_after=x"),
        (
            f"/v1/meeting-tokens/{TOKEN}",
            "ignoreNbf=true",
            f"/v1/meeting-tokens/{HIDDEN}?ignoreNbf=true",
        ),
        ("/v1/meeting-tokens/short", "", f"/v1/meeting-tokens/{HIDDEN}"),
        (f"/v1/rooms/{KEY}", "", f"/v1/rooms/{HIDDEN}"),
        ("/v1/rooms/ward/presence", "userName=Ada", f"/v1/rooms/ward/presence?userName={HIDDEN}"),
        ("/v1/rooms", f"t={TOKEN}", f"/v1/rooms?t={HIDDEN}"),
    ],
)
def test_an_address_is_kept_without_secrets_and_people(path: str, query: str, kept: str) -> None:
    assert scrubbed_url(path, query) == kept
