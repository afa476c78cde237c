"""Signs the claims of meeting tokens, and says whether others are signed by our keys.

JWT with HS256 and nothing else. The header's `kid` tells a token of ours, signed with the domain's
own key, from one that a customer signed with an API key (decision 0003).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import jwt
from jwt.types import Options

from vestibule.foundation.signature import secret_hash
from vestibule.rooms.domains.model import TokenKeys
from vestibule.rooms.tokens.model import (
    DOMAIN_CLAIM,
    ISSUED_CLAIM,
    REQUIRED_WHEN_SELF_SIGNED,
    MeetingToken,
    Unusable,
    token_of,
)

ALGORITHM: Final = "HS256"
MAX_LENGTH: Final = 8192
"""Characters; the signalling protocol takes no longer token either."""

_FOREIGN = Unusable("the token is not signed by a key of this domain")
# Whether the token is valid now and here is for admission to decide.
_ONLY_THE_SIGNATURE: Final[Options] = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def signed(claims: Mapping[str, Any], key: str) -> str:
    """A token with these claims, signed with the domain's own key."""
    return jwt.encode(dict(claims), key, ALGORITHM, headers={"kid": _key_id(key)})


def checked(token: str, keys: TokenKeys, *, domain_id: str) -> MeetingToken | Unusable:
    """What a token says if one of the domain's keys signed it, for this domain."""
    if len(token) > MAX_LENGTH:
        return Unusable(f"the token is longer than {MAX_LENGTH} characters")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        return Unusable("the token is not a JWT")
    if header.get("alg") != ALGORITHM:
        return Unusable(f"the token is not signed with {ALGORITHM}")
    if header.get("kid") == _key_id(keys.signing):
        return _read(_claims(token, keys.signing), domain_id, required=(DOMAIN_CLAIM,))
    for api_key in keys.api_keys:
        claims = _claims(token, api_key)
        if claims is not None:
            read = _read(claims, domain_id, required=REQUIRED_WHEN_SELF_SIGNED)
            return read if isinstance(read, Unusable) else _self_signed(read, claims[ISSUED_CLAIM])
    return _FOREIGN


def _self_signed(token: MeetingToken, signed_at: object) -> MeetingToken | Unusable:
    if isinstance(signed_at, bool) or not isinstance(signed_at, int | float):
        return Unusable(f"the token's claim '{ISSUED_CLAIM}' holds a value of the wrong kind")
    return replace(token, self_signed_at=signed_at)


def _key_id(key: str) -> str:
    """Names a key without giving it away."""
    return secret_hash(f"kid:{key}")[:16]


def _claims(token: str, key: str) -> dict[str, Any] | None:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], options=_ONLY_THE_SIGNATURE
        )
    except jwt.InvalidTokenError:
        return None
    return claims


def _read(
    claims: dict[str, Any] | None, domain_id: str, *, required: tuple[str, ...]
) -> MeetingToken | Unusable:
    if claims is None:
        return _FOREIGN
    for claim in required:
        if claims.get(claim) is None:
            return Unusable(f"the token lacks the claim '{claim}'")
    if claims[DOMAIN_CLAIM] != domain_id:
        return Unusable("the token is for another domain")
    return token_of(claims)
