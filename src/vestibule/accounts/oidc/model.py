"""What we ask an OpenID provider, and which answers we believe (OpenID Connect Core, 3.1)."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import Forbidden, Unauthenticated, Unavailable

SCOPE: Final = "openid email profile"
LASTS: Final = timedelta(minutes=10)  # from the button to the way back
LEEWAY: Final = timedelta(seconds=60)  # between the provider's clock and ours
MAX_SUBJECT_CHARACTERS: Final = 255
# Public keys only: with a shared secret, whoever checks could sign as well.
ALGORITHMS: Final = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
_LOOPBACK: Final = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


class NotBelieved(Unauthenticated):
    """What came back is not the answer of this provider to this browser's question."""


class NoAccount(Forbidden):
    """The provider knows the person, but nobody here has such an account."""


class ProviderUnreachable(Unavailable):
    """The provider does not answer, or not as a provider does."""


@dataclass(frozen=True)
class Provider:
    """What a provider's discovery document says, as far as we use it."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True)
class Pending:
    """A question under way, sealed in its browser; `verifier` is PKCE's secret (RFC 7636)."""

    state: str
    nonce: str
    verifier: str
    until: int
    """Unix seconds."""

    def stored(self) -> str:
        """In the form that `read` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, stored: str) -> "Pending":
        """What `stored` wrote."""
        return cls(**json.loads(stored))


@dataclass(frozen=True)
class Identity:
    """A person as the provider knows them; `subject` never changes there."""

    issuer: str
    subject: str
    email: str | None
    """Only an address that the provider has verified."""
    name: str | None


def provider_of(document: Any, *, issuer: str) -> Provider:
    """The provider of a discovery document; ProviderUnreachable if it is not this issuer's."""
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    values: dict[str, Any] = (
        {name: document.get(name) for name in names} if isinstance(document, dict) else {}
    )
    if values.get("issuer") != issuer or not all(is_safe(values.get(name)) for name in names):
        raise ProviderUnreachable("the OpenID provider does not describe itself as it must")
    return Provider(**values)


def is_safe(address: Any) -> bool:
    """Whether secrets may be sent there: over https, or inside this machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    is_here = _LOOPBACK.fullmatch(parts.hostname or "") is not None
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_here)
    )


def question(provider: Provider, pending: Pending, *, client_id: str, redirect_uri: str) -> str:
    """The address that the browser is sent to."""
    digest = hashlib.sha256(pending.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    glue = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return f"{provider.authorization_endpoint}{glue}{urlencode(asked)}"


def check_return(
    pending: Pending, *, state: str, issuer: str | None, of: str, now: datetime
) -> None:
    """NotBelieved unless this answers the question of this very browser, in time.

    `issuer` is who says to have answered, where the provider names it (RFC 9207).
    """
    if not hmac.compare_digest(pending.state.encode(), state.encode()):
        raise NotBelieved("this way back belongs to another sign-in; begin again")
    if unix_seconds(now) > pending.until:
        raise NotBelieved("signing in took too long; begin again")
    if issuer is not None and issuer != of:
        raise NotBelieved("another provider than the one that was asked has answered")


def identity_in(
    id_token: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    now: datetime,
) -> Identity:
    """Whom the token names; NotBelieved unless every rule of Core 3.1.3.7 holds."""
    try:
        claims = _verified(id_token, keys, issuer=issuer, client_id=client_id)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotBelieved("the provider's token is not genuine, or not meant for us") from error
    _check_parties(claims, client_id=client_id)
    _check_times(claims, now=now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise NotBelieved("the provider's token answers another question")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_CHARACTERS:
        raise NotBelieved("the provider's token does not say whom it is about")
    email, name = claims.get("email"), claims.get("name")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Identity(
        issuer=issuer,
        subject=subject,
        email=email if is_verified else None,
        name=name if isinstance(name, str) else None,
    )


def _verified(
    id_token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str
) -> dict[str, Any]:
    header = jwt.get_unverified_header(id_token)
    if header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError("not an algorithm of public keys")
    wanted = header.get("kid")
    fitting = [key for key in keys if wanted is None or key.get("kid") == wanted]
    if len(fitting) != 1 or fitting[0].get("use", "sig") != "sig":
        raise jwt.InvalidKeyError("no single key fits")
    key = jwt.PyJWK(dict(fitting[0]), algorithm=fitting[0].get("alg") or header["alg"])
    if key.algorithm_name not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError("not a public key")
    claims: dict[str, Any] = jwt.decode(
        id_token,
        key,
        algorithms=[key.algorithm_name],
        audience=client_id,
        issuer=issuer,
        # Times are compared with our own clock, below.
        options={
            "require": ["iss", "sub", "aud", "exp", "iat"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    return claims


def _check_parties(claims: Mapping[str, Any], *, client_id: str) -> None:
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp")
    if party != client_id and (is_shared or party is not None):
        raise NotBelieved("the provider's token was made for another program")


def _check_times(claims: Mapping[str, Any], *, now: datetime) -> None:
    exp, iat = claims["exp"], claims["iat"]
    if not isinstance(exp, int | float) or not isinstance(iat, int | float):
        raise NotBelieved("the provider's token has no times")
    if exp + LEEWAY.total_seconds() <= now.timestamp():
        raise NotBelieved("the provider's token has expired")
    if iat - LEEWAY.total_seconds() > now.timestamp():
        raise NotBelieved("the provider's token comes from the future; compare the clocks")
