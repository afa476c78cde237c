"""What a domain requires of meeting tokens: when they are made, and at the door."""

import json
from typing import Any

import jwt
import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import Invalid
from vestibule.rooms.admission.model import CallState, Enter, Person, Refuse, decide
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.model import MeetingToken, Unusable
from vestibule.rooms.tokens.service import TokenService

pytestmark = pytest.mark.anyio

STRICT = {"require_room_name": True, "require_exp": True, "max_lifetime_seconds": 3600}


async def set_policy(configurations: ConfigurationService, domain: Domain, **policy: Any) -> None:
    await configurations.change(domain.id, {"token_policy": policy})


async def test_without_a_policy_a_token_needs_nothing(tokens: TokenService, clinic: Domain) -> None:
    assert isinstance(await tokens.check(clinic, await tokens.create(clinic, {})), MeetingToken)


@pytest.mark.parametrize(
    ("policy", "seconds", "room_name", "refusal"),
    [
        ({"require_room_name": True}, None, None, "requires meeting tokens to have a room_name"),
        ({"require_room_name": True}, None, "ward", None),
        ({"require_exp": True}, None, "ward", "requires meeting tokens to have an exp"),
        ({"require_exp": True}, 10**6, None, None),
        ({"max_lifetime_seconds": 60}, None, "ward", "requires meeting tokens to have an exp"),
        ({"max_lifetime_seconds": 60}, 61, "ward", "live for 61 seconds; .* allows at most 60"),
        ({"max_lifetime_seconds": 60}, 60, None, None),
        (STRICT, 3600, "ward", None),
    ],
)
async def test_a_token_against_the_policy_is_not_made(
    tokens: TokenService,
    configurations: ConfigurationService,
    clinic: Domain,
    practice: Domain,
    clock: FakeClock,
    policy: dict[str, Any],
    seconds: int | None,
    room_name: str | None,
    refusal: str | None,
) -> None:
    await set_policy(configurations, clinic, **policy)
    exp = {} if seconds is None else {"exp": unix_seconds(clock.now()) + seconds}
    said = exp if room_name is None else {**exp, "room_name": room_name}
    await tokens.create(practice, said)
    if refusal is None:
        assert (await tokens.read(clinic, await tokens.create(clinic, said))) == said
    else:
        with pytest.raises(Invalid, match=refusal):
            await tokens.create(clinic, said)


@pytest.mark.parametrize(
    ("signed_ago", "lives", "good"),
    [
        (0, 3600, True),
        (0, 3601, False),
        (0, None, False),
        (3000, 600, True),
        (3000, 601, False),
        (-3000, 6000, False),  # said to be signed in the future
    ],
)
async def test_a_self_signed_token_against_the_policy_does_not_open_the_door(
    tokens: TokenService,
    configurations: ConfigurationService,
    definitions: DefinitionService,
    domains: DomainService,
    clinic: Domain,
    clock: FakeClock,
    signed_ago: int,
    lives: int | None,
    good: bool,
) -> None:
    now = unix_seconds(clock.now())
    room = await definitions.create(clinic.id, name="ward", privacy="private")
    key = await domains.create_key(clinic.id, "signs")
    claims: dict[str, Any] = {"r": "ward", "iat": now - signed_ago, "d": clinic.id}
    token = jwt.encode({**claims, **({"exp": now + lives} if lives else {})}, key, "HS256")

    async def answer() -> Any:
        said = await tokens.check(clinic, token)
        return decide(room, said, CallState(), Person(), now)

    assert await answer() == Enter()
    await set_policy(configurations, clinic, **STRICT)
    assert await answer() == (Enter() if good else Refuse("not-allowed", because="token"))
    if not good:
        with pytest.raises(Invalid, match="token_policy"):
            await tokens.read(clinic, token)


async def test_a_token_of_ours_stays_good_when_the_policy_becomes_stricter(
    tokens: TokenService, configurations: ConfigurationService, clinic: Domain
) -> None:
    token = await tokens.create(clinic, {})
    await set_policy(configurations, clinic, **STRICT)
    assert isinstance(await tokens.check(clinic, token), MeetingToken)


@pytest.mark.parametrize("signed_at", ["7", True, [7]])
async def test_a_token_signed_at_no_time_at_all_is_not_taken(
    tokens: TokenService, domains: DomainService, clinic: Domain, signed_at: Any
) -> None:
    key = await domains.create_key(clinic.id, "signs")
    claims = {"r": "ward", "d": clinic.id, "iat": signed_at}
    # PyJWT itself refuses to encode such a time.
    token = jwt.api_jws.encode(json.dumps(claims).encode(), key, "HS256")
    assert isinstance(await tokens.check(clinic, token), Unusable)
