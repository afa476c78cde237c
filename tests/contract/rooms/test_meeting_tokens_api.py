"""Meeting tokens over HTTP (reference 6)."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from tests.contract.rooms.conftest import Customer
from tests.doubles.clock import FakeClock
from tests.unit.rooms.definitions.samples import PERMISSIONS, RECORDING_OPTIONS
from vestibule.foundation.clock import unix_seconds

pytestmark = pytest.mark.anyio


async def make(customer: Customer, **properties: Any) -> str:
    token: str = (await customer.post("/meeting-tokens", {"properties": properties}))["token"]
    return token


@pytest.mark.parametrize("body", [b"", b"{}", b'{"properties": {}}'])
async def test_a_token_for_every_room_needs_no_properties(ada: Customer, body: bytes) -> None:
    answer = await ada.post("/meeting-tokens", content=body)
    assert list(answer) == ["token"]
    assert await ada.get(f"/meeting-tokens/{answer['token']}") == {}


async def test_a_token_carries_the_claims_of_daily(ada: Customer, clock: FakeClock) -> None:
    now = unix_seconds(clock.now())
    token = await make(
        ada, room_name="ward-1", is_owner=True, exp=now + 60.5, enable_recording="cloud"
    )
    domain = (await ada.get("/"))["domain_id"]
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "r": "ward-1",
        "o": True,
        "exp": now + 60,
        "er": "cloud",
        "d": domain,
        "iat": now,
    }


async def test_a_token_is_answered_by_its_long_names(ada: Customer) -> None:
    said = {
        "room_name": "ward-1",
        "is_owner": False,
        "user_name": "Ben Ionescu",
        "user_id": "patient-7",
        "start_video_off": True,
        "permissions": PERMISSIONS,
        "start_cloud_recording_opts": RECORDING_OPTIONS,
        "enable_prejoin_ui": False,
        "lang": "de",
    }
    assert await ada.get(f"/meeting-tokens/{await make(ada, **said)}") == said


async def test_a_number_will_do_for_a_user_id(ada: Customer) -> None:
    assert await ada.get(f"/meeting-tokens/{await make(ada, user_id=42)}") == {"user_id": "42"}


async def test_an_expired_token_is_refused(ada: Customer, clock: FakeClock) -> None:
    token = await make(ada, exp=unix_seconds(clock.now()) + 60)
    clock.advance(timedelta(seconds=60))
    status, said = await ada.ask("GET", f"/meeting-tokens/{token}")
    assert (status, said["error"]) == (400, "invalid-request-error")
    assert "the token has expired" in said["info"]


async def test_an_early_token_is_refused_unless_its_nbf_is_to_be_ignored(
    ada: Customer, clock: FakeClock
) -> None:
    nbf = unix_seconds(clock.now()) + 60
    token = await make(ada, nbf=nbf)
    status, said = await ada.ask("GET", f"/meeting-tokens/{token}")
    assert (status, said["error"]) == (400, "invalid-request-error")
    assert await ada.get(f"/meeting-tokens/{token}?ignoreNbf=true") == {"nbf": nbf}


async def test_another_domains_token_is_refused(ada: Customer, cleo: Customer) -> None:
    status, said = await cleo.ask("GET", f"/meeting-tokens/{await make(ada)}")
    assert (status, said["error"]) == (400, "invalid-request-error")


async def test_a_tampered_token_is_refused(ada: Customer) -> None:
    header, claims, signature = (await make(ada, is_owner=False)).split(".")
    _, more, _ = (await make(ada, is_owner=True)).split(".")
    assert more != claims
    status, said = await ada.ask("GET", f"/meeting-tokens/{header}.{more}.{signature}")
    assert status == 400
    assert said["info"] == "the token is not signed by a key of this domain"


async def test_an_unsigned_token_is_refused(ada: Customer) -> None:
    domain = (await ada.get("/"))["domain_id"]
    bare = jwt.encode({"r": "x", "iat": 1, "d": domain, "o": True}, "", "none")
    status, said = await ada.ask("GET", f"/meeting-tokens/{bare}")
    assert (status, said["info"]) == (400, "the token is not signed with HS256")


async def test_nonsense_is_no_token(ada: Customer) -> None:
    for nonsense in ("x", "a.b.c", "%00", "%F0%9F%98%80", "x" * 9000):
        status, said = await ada.ask("GET", f"/meeting-tokens/{nonsense}")
        assert (status, said["error"]) == (400, "invalid-request-error")


async def test_a_customer_may_sign_tokens_with_the_api_key(ada: Customer, key: str) -> None:
    domain = (await ada.get("/"))["domain_id"]
    own = jwt.encode({"r": "test", "iat": 1610596413, "d": domain, "o": True}, key, "HS256")
    assert await ada.get(f"/meeting-tokens/{own}") == {"room_name": "test", "is_owner": True}


@pytest.mark.parametrize(
    ("properties", "info"),
    [
        ({"is_ovner": True}, "invalid property name 'is_ovner'"),
        ({"exp": 1}, "exp was '1', which is in the past rather than in the future"),
        ({"exp": "x"}, "exp was 'x' but should be a number of seconds since the unix epoch"),
        ({"is_owner": "yes"}, 'is_owner: should be true or false, not "yes"'),
        ({"user_id": "x" * 37}, "user_id: has 37 characters; at most 36 are possible"),
    ],
)
async def test_a_token_that_cannot_be_is_not_made(
    ada: Customer, properties: dict[str, Any], info: str
) -> None:
    status, said = await ada.ask("POST", "/meeting-tokens", {"properties": properties})
    assert (status, said) == (400, {"error": "invalid-request-error", "info": info})
