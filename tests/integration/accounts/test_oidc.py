"""Signing in with an account elsewhere: who comes in, and who does not whatever they send."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from tests.servers.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, new_key, public_jwk
from vestibule.assembly import Vestibule, build
from vestibule.settings import Settings

pytestmark = pytest.mark.anyio

ADA = {"sub": "ada-1", "email": "Ada@Clinic.example", "email_verified": True, "name": "Ada"}
URL = "https://video.clinic.example"
API = "/console/api"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    provider = OidcProvider(claims=dict(ADA))
    yield provider
    provider.close()


def installed(folder: Path, provider: OidcProvider, **more: Any) -> Vestibule:
    return build(
        Settings(
            data=folder,
            base_url=URL,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SecretStr(CLIENT_SECRET),
            oidc_name="Clinic login",
            **more,
        )
    )


@pytest.fixture
def vestibule(tmp_path: Path, provider: OidcProvider) -> Iterator[Vestibule]:
    vestibule = installed(tmp_path, provider)
    yield vestibule
    vestibule.shared.database.close()


@asynccontextmanager
async def browser(vestibule: Vestibule) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=vestibule.http)
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


async def asked(client: httpx2.AsyncClient) -> str:
    """Press the button; the address that the provider sends the browser back to."""
    start = await client.get(f"{API}/oidc/start")
    assert start.status_code == 303
    async with httpx2.AsyncClient() as outside:
        answer = await outside.get(start.headers["location"])
    back: str = answer.headers["location"]
    assert back.startswith(f"{URL}{API}/oidc/callback?")
    return back


async def ended(client: httpx2.AsyncClient, back: str | None = None) -> str:
    """Where somebody lands who presses the button."""
    answer = await client.get(back or await asked(client))
    assert answer.status_code == 303
    landed: str = answer.headers["location"]
    return landed


async def who(client: httpx2.AsyncClient) -> str | None:
    session = await client.get(f"{API}/session")
    return session.json()["user"]["email"] if session.status_code == 200 else None


async def test_who_has_an_account_here_comes_in_and_stays_the_same_person(
    vestibule: Vestibule, provider: OidcProvider
) -> None:
    await vestibule.shared.users.create("ada@clinic.example", "Ada", "correct horse battery")
    async with browser(vestibule) as client:
        assert (await client.get(f"{API}/oidc")).json() == {"name": "Clinic login"}
        assert await ended(client) == "/console"
        assert await who(client) == "ada@clinic.example"
    provider.claims["email"] = "married@clinic.example"  # the subject is who she is
    async with browser(vestibule) as client:
        assert await ended(client) == "/console"
        assert await who(client) == "ada@clinic.example"


async def test_nobody_gets_an_account_unless_the_setting_allows_it(
    tmp_path: Path, vestibule: Vestibule, provider: OidcProvider
) -> None:
    async with browser(vestibule) as client:
        assert await ended(client) == "/console?oidc=no-account"
        assert await who(client) is None
    allowing = installed(tmp_path / "allowing", provider, oidc_create_users=True)
    async with browser(allowing) as client:
        assert await ended(client) == "/console"
        session = (await client.get(f"{API}/session")).json()
        assert (session["user"]["email"], session["memberships"]) == ("ada@clinic.example", [])
        form = {"email": "ada@clinic.example", "password": ""}
        assert (await client.post(f"{API}/sign-in", json=form)).status_code == 401
    provider.claims |= {"sub": "eve-1", "email": "eve@clinic.example", "email_verified": False}
    async with browser(allowing) as client:
        assert await ended(client) == "/console?oidc=no-account"
    allowing.shared.database.close()


async def test_an_address_that_the_provider_has_not_verified_opens_nobodys_account(
    vestibule: Vestibule, provider: OidcProvider
) -> None:
    await vestibule.shared.users.create("ada@clinic.example", "Ada", "correct horse battery")
    for verified in (False, "true", None):
        provider.claims["email_verified"] = verified
        async with browser(vestibule) as client:
            assert await ended(client) == "/console?oidc=no-account"
            assert await who(client) is None


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of another sign-in"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another program"},
    "an audience among others": {"aud": [CLIENT_ID, "another program"]},
    "made for another": {"azp": "another program"},
    "expired": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "from the future": {"iat": 4_000_000_000, "exp": 4_000_000_300},
    "about nobody": {"sub": ""},
    "about no text": {"sub": 5},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_is_not_the_answer_is_refused(
    vestibule: Vestibule, provider: OidcProvider, lie: str
) -> None:
    await vestibule.shared.users.create("ada@clinic.example", "Ada", "correct horse battery")
    changed = LIES[lie]
    provider.change = lambda claims: {
        name: value for name, value in {**claims, **changed}.items() if value is not None
    }
    async with browser(vestibule) as client:
        assert await ended(client) == "/console?oidc=refused"
        assert await who(client) is None


def with_parts(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """A token made by hand, signed with a shared secret or not at all."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=")
        for each in (header, claims)
    ]
    content = b".".join(parts)
    digest = b"" if secret is None else hmac.digest(secret, content, hashlib.sha256)
    return (content + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


@pytest.mark.parametrize(
    "forgery", ["none", "NONE", "public key as secret", "client secret", "own key"]
)
async def test_a_token_that_the_provider_has_not_signed_is_refused(
    vestibule: Vestibule, provider: OidcProvider, forgery: str
) -> None:
    await vestibule.shared.users.create("ada@clinic.example", "Ada", "correct horse battery")
    public = json.dumps(public_jwk(provider.key, "k1")).encode()
    forged = {
        "none": lambda claims: with_parts({"alg": "none"}, claims, None),
        "NONE": lambda claims: with_parts({"alg": "NONE", "kid": "k1"}, claims, None),
        "public key as secret": lambda claims: with_parts(
            {"alg": "HS256", "kid": "k1"}, claims, public
        ),
        "client secret": lambda claims: with_parts(
            {"alg": "HS256"}, claims, CLIENT_SECRET.encode()
        ),
        "own key": lambda claims: provider.signed(claims, key=new_key()),
    }
    provider.sign = forged[forgery]
    async with browser(vestibule) as client:
        assert await ended(client) == "/console?oidc=refused"
        assert await who(client) is None


async def test_only_the_browser_that_asked_is_signed_in_and_only_once(
    vestibule: Vestibule, provider: OidcProvider
) -> None:
    await vestibule.shared.users.create("ada@clinic.example", "Ada", "correct horse battery")
    async with browser(vestibule) as eve, browser(vestibule) as ada:
        of_eve = await asked(eve)
        assert await ended(ada, of_eve) == "/console?oidc=refused", "she has not asked"
        await asked(ada)
        assert await ended(ada, of_eve) == "/console?oidc=refused", "this answers Eve's question"
        assert await who(ada) is None
        back = await asked(ada)
        elsewhere = back.replace(
            provider.issuer.replace(":", "%3A").replace("/", "%2F"), "https%3A%2F%2Fevil"
        )
        assert elsewhere != back
        assert await ended(ada, elsewhere) == "/console?oidc=refused", "another has answered"
        back = await asked(ada)
        assert await ended(ada, back) == "/console"
        assert await ended(ada, back) == "/console?oidc=refused", "a code counts once"
        start = await ada.get(f"{API}/oidc/start")
        kept = start.headers["set-cookie"]
        assert all(
            word in kept for word in ("HttpOnly", "Secure", "SameSite=lax", f"Path={API}/oidc")
        )
        question = parse_qs(urlsplit(start.headers["location"]).query)
        assert question["scope"] == ["openid email profile"]
        assert (
            await ended(ada, f"{API}/oidc/callback?error=access_denied")
            == "/console?oidc=cancelled"
        )


async def test_a_provider_that_is_down_or_another_one_is_told_apart(
    vestibule: Vestibule, provider: OidcProvider
) -> None:
    provider.issuer_in_discovery = "https://evil.example"
    async with browser(vestibule) as client:
        assert await ended(client, f"{API}/oidc/start") == "/console?oidc=unreachable"
        provider.issuer_in_discovery = None
        back = await asked(client)
        provider.close()
        assert await ended(client, back) == "/console?oidc=unreachable"


async def test_without_the_setting_there_is_no_such_way_in(tmp_path: Path) -> None:
    vestibule = build(Settings(data=tmp_path, base_url=URL))
    async with browser(vestibule) as client:
        assert (await client.get(f"{API}/oidc")).json() == {"name": None}
        assert (await client.get(f"{API}/oidc/start")).status_code == 404
    vestibule.shared.database.close()
