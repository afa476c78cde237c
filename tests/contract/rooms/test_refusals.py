"""Refusals are sentences for the developer who reads them: what was wrong, with what, what will do.

Around them stands Daily's envelope; the framework's own words appear nowhere.
"""

from typing import Any

import pytest

from tests.contract.rooms.conftest import Customer

pytestmark = pytest.mark.anyio

SOMEBODY = "01a1fd90-b403-73bf-beb2-8d91e625565d"
WEBHOOK = f"/webhooks/{SOMEBODY}"
UNKNOWN_WEBHOOK = f"webhook {SOMEBODY} not found; GET /v1/webhooks lists those of this domain"
NO_UUID = f"should be a UUID such as {SOMEBODY}, not 'x'"
SENDING = (
    "data.*.canSend: should be true, false or a list of 'video', 'audio', 'screenVideo', "
    "'screenAudio', 'customVideo', 'customAudio'"
)
PRIVATE = (
    "the address http://127.0.0.1:9/hook could not be checked: "
    "127.0.0.1 is not on the public internet; "
    "this server does not send webhooks into private networks. "
    "VESTIBULE_WEBHOOK_ALLOW_PRIVATE_TARGETS permits it. "
    "It must answer the check request with 200"
)
HOST = (
    "redirect_on_meeting_exit_allowed_hosts.0: should be a host name such as clinic.example, "
    "without https://, port or path"
)
SECOND_HOST = HOST.replace(".0:", ".1:")
COLOUR = "branding.colors.accent: should be a colour as #rrggbb, such as #1a73e8"
PERMISSIONS = "/rooms/ward-1/update-permissions"


def domain(**properties: Any) -> tuple[str, str, Any]:
    return ("POST", "", {"properties": properties})


def room(**properties: Any) -> tuple[str, str, Any]:
    return ("POST", "/rooms", {"properties": properties})


REFUSALS: list[tuple[tuple[str, str, Any], int, str]] = [
    (
        ("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook"}),
        400,
        PRIVATE,
    ),
    (("GET", "/webhooks/x", None), 404, f"there is nothing at this address: uuid {NO_UUID}"),
    (("POST", "/webhooks/x", {}), 404, f"there is nothing at this address: uuid {NO_UUID}"),
    (("GET", WEBHOOK, None), 404, UNKNOWN_WEBHOOK),
    (("DELETE", WEBHOOK, None), 404, UNKNOWN_WEBHOOK),
    (("GET", f"{WEBHOOK}/deliveries", None), 404, UNKNOWN_WEBHOOK),
    (
        ("POST", f"{WEBHOOK}/deliveries/first/replay", None),
        404,
        "there is nothing at this address: delivery_id should be a whole number, not 'first'",
    ),
    (domain(branding={"colors": {"accent": "red"}}), 400, COLOUR),
    (domain(branding={"colors": "red"}), 400, 'branding.colors: should be an object, not "red"'),
    (domain(redirect_on_meeting_exit_allowed_hosts=["https://clinic.example"]), 400, HOST),
    (domain(redirect_on_meeting_exit_allowed_hosts=["clinic.example", "a b"]), 400, SECOND_HOST),
    (domain(redirect_on_meeting_exit_allowed_hosts=["clinic.example:443/x"]), 400, HOST),
    (
        domain(token_policy={"max_lifetime_seconds": 0}),
        400,
        "token_policy.max_lifetime_seconds: should be at least 1, not 0",
    ),
    (("POST", PERMISSIONS, {"data": {"*": {"canSend": "all"}}}), 400, SENDING),
    (("POST", PERMISSIONS, {"data": {"*": {"canSend": ["films"]}}}), 400, SENDING),
    (
        ("POST", PERMISSIONS, {"data": {"*": {"canFly": True}}}),
        400,
        '"data.*.canFly" is not allowed',
    ),
    (("POST", PERMISSIONS, {"data": {"*": 1}}), 400, "data.*: should be an object, not 1"),
    (("POST", PERMISSIONS, {"data": []}), 400, "data: should be an object, not a list"),
    (
        ("POST", "/batch/rooms", {"rooms": [{}] * 1001}),
        400,
        "rooms: has 1001 entries; at most 1000 are possible in one request, so send several",
    ),
    (
        ("DELETE", "/batch/rooms", {"room_names": ["ward-1"] * 1001}),
        400,
        "room_names: has 1001 entries; at most 1000 are possible in one request, so send several",
    ),
    (room(max_participants="2"), 400, 'max_participants: should be a whole number, not "2"'),
    (room(enable_chat="yes"), 400, 'enable_chat: should be true or false, not "yes"'),
    (("GET", "/rooms?limit=1000", None), 400, 'limit: should be at most 100, not "1000"'),
    (("POST", "/rooms", {"name": 5}), 400, "name: should be a text, not 5"),
    (
        ("POST", "/rooms", {"privacy": "secret"}),
        400,
        "privacy: should be 'public', 'private' or 'org', not \"secret\"",
    ),
]


@pytest.mark.parametrize(
    ("asked", "status", "info"), REFUSALS, ids=[f"{row[0][0]} {row[2][:40]}" for row in REFUSALS]
)
async def test_a_refusal_says_what_was_wrong_with_what_and_what_will_do(
    ada: Customer, asked: tuple[str, str, Any], status: int, info: str
) -> None:
    error = "not-found" if status == 404 else "invalid-request-error"
    assert await ada.ask(*asked) == (status, {"error": error, "info": info})


async def test_a_secret_that_has_the_wrong_form_is_not_repeated(ada: Customer) -> None:
    secret = "0123456789abcdef" * 200
    for name in ("hmac", "basicAuth"):
        _, said = await ada.ask("POST", "/webhooks", {"url": "https://a.example", name: secret})
        assert said["info"].startswith(f"{name} must be")
        assert secret[:16] not in said["info"]
