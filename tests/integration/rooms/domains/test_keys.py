"""API keys that are listed and revoked, on both databases."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from typer.testing import CliRunner

from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Unauthenticated
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.commands import commands
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import ApiKeyNotFound, DomainService
from vestibule.rooms.tokens.model import MeetingToken, Unusable
from vestibule.rooms.tokens.service import TokenService


@pytest.fixture
def remembering(database: Database, keyring: Keyring) -> DomainService:
    """Domains that remember a right key for an hour."""
    return DomainService(
        database=database,
        keyring=keyring,
        ids=SystemIds(),
        public_url="https://x.example",
        primary_domain="clinic",
        remembered_seconds=3600,
    )


async def revoke_newest(domains: DomainService, domain: Domain) -> None:
    await domains.revoke_key(domain.id, (await domains.api_keys(domain.id))[0].id)


@pytest.mark.anyio
async def test_a_revoked_key_ends_at_once_although_it_was_remembered(
    remembering: DomainService, clinic: Domain
) -> None:
    kept = await remembering.create_key(clinic.id, "kept")
    kept_id = (await remembering.api_keys(clinic.id))[0].id
    key = await remembering.create_key(clinic.id, "rotated")
    key_id = next(key.id for key in await remembering.api_keys(clinic.id) if key.id != kept_id)
    await remembering.authenticate(key)
    await remembering.revoke_key(clinic.id, key_id)
    with pytest.raises(Unauthenticated):
        await remembering.authenticate(key)
    assert await remembering.authenticate(kept) == clinic


@pytest.mark.anyio
async def test_a_key_that_is_revoked_while_it_is_looked_up_is_not_remembered(
    remembering: DomainService, clinic: Domain
) -> None:
    for _ in range(10):
        key = await remembering.create_key(clinic.id, "rotated")
        key_id = next(
            key.id for key in await remembering.api_keys(clinic.id) if key.revoked_at is None
        )
        await asyncio.gather(
            remembering.authenticate(key),
            remembering.revoke_key(clinic.id, key_id),
            return_exceptions=True,
        )
        with pytest.raises(Unauthenticated):
            await remembering.authenticate(key)


@pytest.mark.anyio
async def test_revoking_a_key_ends_the_tokens_signed_with_it_and_no_others(
    domains: DomainService, tokens: TokenService, clinic: Domain, clock: FakeClock
) -> None:
    key = await domains.create_key(clinic.id, "signs")
    claims = {"r": "ward-1", "iat": unix_seconds(clock.now()), "d": clinic.id}
    own = jwt.encode(claims, key, "HS256")
    ours = await tokens.create(clinic, {"room_name": "ward-1"})
    assert isinstance(await tokens.check(clinic, own), MeetingToken)
    await revoke_newest(domains, clinic)
    assert isinstance(await tokens.check(clinic, own), Unusable)
    assert isinstance(await tokens.check(clinic, ours), MeetingToken)


@pytest.mark.anyio
async def test_only_an_active_key_of_the_domain_itself_can_be_revoked(
    domains: DomainService, clinic: Domain, practice: Domain
) -> None:
    key = await domains.create_key(clinic.id, "test")
    key_id = (await domains.api_keys(clinic.id))[0].id
    for domain, wrong in ((practice, key_id), (clinic, "nothing")):
        with pytest.raises(ApiKeyNotFound):
            await domains.revoke_key(domain.id, wrong)
    assert await domains.authenticate(key) == clinic
    await domains.revoke_key(clinic.id, key_id)
    with pytest.raises(ApiKeyNotFound):
        await domains.revoke_key(clinic.id, key_id)


def test_keys_are_listed_rotated_and_revoked_from_the_command_line(domains: DomainService) -> None:
    def run(_data: Path | None, use_case: Callable[[DomainService], Awaitable[Any]]) -> Any:
        async def use() -> Any:
            return await use_case(domains)

        return asyncio.run(use())

    def keys(*arguments: str) -> str:
        result = CliRunner().invoke(commands(run), arguments, catch_exceptions=False)
        assert result.exit_code == 0
        return result.output.strip()

    secret = keys("create", "--label", "billing")
    key_id, _, state, label = keys("list").split("\t")
    assert (state, label) == ("active", "billing")
    assert secret not in keys("list")
    successor = keys("rotate", key_id)
    assert asyncio.run(domains.authenticate(successor)) == asyncio.run(domains.primary())
    keys("revoke", key_id)
    assert "\trevoked 2" in keys("list")
    rows = [json.loads(line) for line in keys("list", "--json").splitlines()]
    assert {row["label"] for row in rows} == {"billing"}
    assert [row["revoked_at"] is None for row in rows if row["id"] == key_id] == [False]
    with pytest.raises(Unauthenticated):
        asyncio.run(domains.authenticate(secret))
