"""Which tokens a domain accepts (reference 6.4)."""

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given, strategies

from vestibule.rooms.domains.model import TokenKeys
from vestibule.rooms.tokens.model import MeetingToken, Unusable, claims_of
from vestibule.rooms.tokens.signing import MAX_LENGTH, checked, signed

DOMAIN = "11111111-2222-4333-8444-555555555555"
KEYS = TokenKeys(signing="s" * 43, api_keys=("a" * 64, "b" * 64))
OTHER = TokenKeys(signing="t" * 43, api_keys=("c" * 64,))


def token(**said: Any) -> str:
    return signed(claims_of(said, domain_id=DOMAIN, issued_at=7), KEYS.signing)


def self_signed(
    key: str = KEYS.api_keys[1], *, without: str = "", key_id: str = "", **claims: Any
) -> str:
    said = {"r": "ward-1", "iat": 7, "d": DOMAIN, **claims}
    said.pop(without, None)
    return jwt.encode(said, key, "HS256", {"kid": key_id} if key_id else None)


def check(value: str) -> MeetingToken | Unusable:
    return checked(value, KEYS, domain_id=DOMAIN)


def reason(value: str) -> str:
    said = check(value)
    assert isinstance(said, Unusable)
    return said.reason


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_of_ours_is_accepted() -> None:
    assert check(token(room_name="ward-1")) == MeetingToken({"room_name": "ward-1"})


def test_a_token_of_ours_looks_like_one_of_daily() -> None:
    assert jwt.get_unverified_header(token())["alg"] == "HS256"
    assert jwt.get_unverified_header(token())["typ"] == "JWT"


def test_the_key_id_does_not_give_the_key_away() -> None:
    assert jwt.get_unverified_header(token())["kid"] not in KEYS.signing


@pytest.mark.parametrize("key", KEYS.api_keys)
def test_a_token_signed_with_an_active_api_key_is_accepted(key: str) -> None:
    assert check(self_signed(key)) == MeetingToken({"room_name": "ward-1"})


def test_a_token_signed_with_a_revoked_api_key_is_not() -> None:
    left = TokenKeys(signing=KEYS.signing, api_keys=KEYS.api_keys[:1])
    assert isinstance(checked(self_signed(KEYS.api_keys[1]), left, domain_id=DOMAIN), Unusable)


@pytest.mark.parametrize("claim", ["r", "iat", "d"])
def test_a_self_signed_token_must_have_the_required_claims(claim: str) -> None:
    assert reason(self_signed(without=claim)) == f"the token lacks the claim '{claim}'"


def test_a_self_signed_token_of_another_domain_is_refused() -> None:
    assert reason(self_signed(d="another")) == "the token is for another domain"


def test_another_domains_own_token_is_refused() -> None:
    foreign = signed(claims_of({}, domain_id=DOMAIN, issued_at=7), OTHER.signing)
    assert "not signed by a key of this domain" in reason(foreign)


def test_our_key_id_with_another_signature_is_refused() -> None:
    key_id = jwt.get_unverified_header(token())["kid"]
    forged = jwt.encode(
        {"d": DOMAIN, "iat": 7, "r": "x"}, KEYS.api_keys[0], "HS256", {"kid": key_id}
    )
    assert "not signed by a key of this domain" in reason(forged)


def test_a_self_signed_token_may_have_a_key_id_of_its_own() -> None:
    named = jwt.encode(
        {"d": DOMAIN, "iat": 7, "r": "x"}, KEYS.api_keys[0], "HS256", {"kid": "mine"}
    )
    assert check(named) == MeetingToken({"room_name": "x"})


def test_an_unsigned_token_is_refused() -> None:
    claims = {"d": DOMAIN, "iat": 7, "r": "ward-1", "o": True}
    for algorithm in ("none", "None", "NONE", ""):
        bare = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."
        assert "not signed with HS256" in reason(bare)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    other = jwt.encode({"d": DOMAIN, "iat": 7, "r": "x"}, KEYS.api_keys[0] * 2, algorithm)
    assert "not signed with HS256" in reason(other)


def test_tampered_claims_are_refused() -> None:
    header, _, signature = token(room_name="ward-1").split(".")
    forged = part({"r": "ward-1", "o": True, "d": DOMAIN, "iat": 7})
    assert "not signed by a key of this domain" in reason(f"{header}.{forged}.{signature}")


@given(strategies.data())
def test_a_token_with_any_character_changed_is_refused(data: strategies.DataObject) -> None:
    whole = token(room_name="ward-1", is_owner=False)
    # The last character carries two bits that mean nothing.
    place = data.draw(strategies.integers(0, len(whole) - 2))
    letter = data.draw(strategies.sampled_from("ABCDEFGHabcdefgh0123456789-_."))
    changed = whole[:place] + letter + whole[place + 1 :]
    if changed != whole:
        assert isinstance(check(changed), Unusable)


@given(strategies.text(max_size=200))
def test_nonsense_is_unusable_and_breaks_nothing(value: str) -> None:
    assert isinstance(check(value), Unusable)


@pytest.mark.parametrize("claims", [[], "x", 1, None])
def test_claims_that_are_no_object_are_refused(claims: object) -> None:
    payload = json.dumps(claims).encode()
    odd = jwt.api_jws.encode(payload, KEYS.api_keys[0], "HS256")
    assert isinstance(check(odd), Unusable)


def test_an_endless_token_is_not_even_read() -> None:
    assert reason("x" * (MAX_LENGTH + 1)) == f"the token is longer than {MAX_LENGTH} characters"


def test_times_are_left_to_the_door() -> None:
    past = self_signed(exp=1, nbf=2**33, aud="them", iss="them", sub=4)
    assert check(past) == MeetingToken({"room_name": "ward-1", "exp": 1, "nbf": 2**33})


def test_a_usual_token_is_short() -> None:
    usual = token(
        room_name="restartix-1-102",
        is_owner=True,
        user_name="Dr. Ada Popescu",
        user_id="11111111-2222-4333-8444-555555555555",
        enable_recording="cloud",
        start_cloud_recording=True,
        exp=1_800_000_000,
    )
    assert len(usual) < 512
