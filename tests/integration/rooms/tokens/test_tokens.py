"""Meeting tokens made and read back with keys from both databases."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import update

from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database
from vestibule.foundation.errors import Invalid
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.schema import api_keys
from vestibule.rooms.tokens.model import MeetingToken, Unusable
from vestibule.rooms.tokens.service import TokenService

pytestmark = pytest.mark.anyio


def self_signed(domain: Domain, key: str, **claims: Any) -> str:
    return jwt.encode({"r": "ward-1", "iat": 7, "d": domain.id, **claims}, key, "HS256")


async def test_a_token_says_what_it_was_made_to_say(tokens: TokenService, clinic: Domain) -> None:
    said = {"room_name": "ward-1", "is_owner": True, "user_name": "Ada", "lang": "de"}
    token = await tokens.create(clinic, said)
    assert await tokens.read(clinic, token) == said
    assert await tokens.check(clinic, token) == MeetingToken(said)


async def test_another_domain_does_not_take_it(
    tokens: TokenService, clinic: Domain, practice: Domain
) -> None:
    token = await tokens.create(clinic, {"room_name": "ward-1"})
    assert isinstance(await tokens.check(practice, token), Unusable)
    with pytest.raises(Invalid, match="not signed by a key of this domain"):
        await tokens.read(practice, token)


async def test_a_token_cannot_begin_over(
    tokens: TokenService, clinic: Domain, clock: FakeClock
) -> None:
    now = unix_seconds(clock.now())
    with pytest.raises(Invalid, match=f"exp was '{now}', which is in the past"):
        await tokens.create(clinic, {"exp": now})


async def test_a_token_is_read_until_it_expires_but_checked_for_ever(
    tokens: TokenService, clinic: Domain, clock: FakeClock
) -> None:
    exp = unix_seconds(clock.now()) + 60
    token = await tokens.create(clinic, {"exp": exp})
    assert await tokens.read(clinic, token) == {"exp": exp}
    clock.advance(timedelta(seconds=60))
    with pytest.raises(Invalid, match="the token has expired"):
        await tokens.read(clinic, token)
    assert await tokens.check(clinic, token) == MeetingToken({"exp": exp})


async def test_an_early_token_is_read_only_when_that_is_wanted(
    tokens: TokenService, clinic: Domain, clock: FakeClock
) -> None:
    nbf = unix_seconds(clock.now()) + 60
    token = await tokens.create(clinic, {"nbf": nbf})
    with pytest.raises(Invalid, match="the token is not valid yet"):
        await tokens.read(clinic, token)
    assert await tokens.read(clinic, token, ignore_nbf=True) == {"nbf": nbf}
    clock.advance(timedelta(seconds=60))
    assert await tokens.read(clinic, token) == {"nbf": nbf}


async def test_a_self_signed_token_counts_while_its_key_is_active(
    tokens: TokenService, domains: DomainService, database: Database, clinic: Domain
) -> None:
    key = await domains.create_key(clinic.id, "test")
    token = self_signed(clinic, key, o=True)
    assert await tokens.read(clinic, token) == {"room_name": "ward-1", "is_owner": True}
    await database.write(lambda tx: tx.run(update(api_keys).values(revoked_at=tx.now)).rowcount)
    assert isinstance(await tokens.check(clinic, token), Unusable)


async def test_a_key_of_another_domain_signs_for_nobody_here(
    tokens: TokenService, domains: DomainService, clinic: Domain, practice: Domain
) -> None:
    key = await domains.create_key(practice.id, "test")
    assert isinstance(await tokens.check(clinic, self_signed(clinic, key)), Unusable)


async def test_a_token_too_long_for_the_door_is_not_made(
    tokens: TokenService, clinic: Domain
) -> None:
    assets = {f"asset-{number}": "https://example.org/" + "x" * 900 for number in range(10)}
    layout = {"preset": "custom", "composition_id": "c", "session_assets": assets}
    with pytest.raises(Invalid, match="characters long"):
        await tokens.create(clinic, {"start_cloud_recording_opts": {"layout": layout}})
