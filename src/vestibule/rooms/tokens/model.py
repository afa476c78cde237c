"""What a meeting token says, and how that is written into its claims (reference 6.2, 6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from vestibule.rooms.configuration.properties import TokenPolicy
from vestibule.rooms.definitions.properties import (
    TOKEN_PROPERTIES,
    TokenProperties,
    given,
)

DOMAIN_CLAIM: Final = "d"
ISSUED_CLAIM: Final = "iat"
REQUIRED_WHEN_SELF_SIGNED: Final = ("r", ISSUED_CLAIM, DOMAIN_CLAIM)

_PERMISSION_CLAIMS = {
    "hp": "hasPresence",
    "cs": "canSend",
    "cr": "canReceive",
    "ca": "canAdmin",
}
_SEND_CLAIMS = {
    "v": "video",
    "a": "audio",
    "sv": "screenVideo",
    "sa": "screenAudio",
    "cv": "customVideo",
    "ca": "customAudio",
}


@dataclass(frozen=True)
class MeetingToken:
    """A token that this domain's keys have signed. `properties` holds what it says, by long name.

    Whether it is valid now, and in this room, is for admission to decide.
    """

    properties: Mapping[str, Any] = field(default_factory=dict)
    self_signed_at: float | None = field(default=None, compare=False)
    """When the customer who signed it says that was, in unix seconds; None: we made it."""

    def value(self, name: str) -> Any:
        """What it says about this property, or the token's default; None: the room's holds."""
        return TOKEN_PROPERTIES[name].holds(self.properties.get(name))

    @property
    def room_name(self) -> str | None:
        """The only room that it opens; None: every room of the domain."""
        return self.properties.get("room_name")

    @property
    def nbf(self) -> int | None:
        """Unix seconds before which it is not usable."""
        return self.properties.get("nbf")

    @property
    def exp(self) -> int | None:
        """Unix seconds from which on it is not usable."""
        return self.properties.get("exp")

    @property
    def is_owner(self) -> bool:
        """Whether it gives the rights of an owner."""
        return self.value("is_owner") is True

    @property
    def user_name(self) -> str | None:
        """The name that the others see."""
        return self.properties.get("user_name")

    @property
    def user_id(self) -> str | None:
        """The customer's own key for the person."""
        return self.properties.get("user_id")

    @property
    def knocking(self) -> bool:
        """Whether the person must wait to be let in despite the token."""
        return self.value("knocking") is True


@dataclass(frozen=True)
class Unusable:
    """Something given as a token that this domain does not accept, and why, for a person."""

    reason: str


def broken_rule(policy: TokenPolicy, properties: Mapping[str, Any], *, since: float) -> str | None:
    """What a token that says this lacks under the domain's policy; None: nothing.

    `since`: unix seconds from which its lifetime counts.
    """
    exp = properties.get("exp")
    longest = policy.max_lifetime_seconds
    if policy.require_room_name and not properties.get("room_name"):
        return "the domain's token_policy requires meeting tokens to have a room_name"
    if exp is None and (policy.require_exp or longest is not None):
        return "the domain's token_policy requires meeting tokens to have an exp"
    if longest is not None and exp is not None and exp - since > longest:
        return (
            f"the token would live for {int(exp - since)} seconds; the domain's token_policy "
            f"allows at most {longest}"
        )
    return None


def claims_of(properties: Mapping[str, Any], *, domain_id: str, issued_at: int) -> dict[str, Any]:
    """The claims of a token that says this. `issued_at` in unix seconds."""
    claims = {
        TOKEN_PROPERTIES[name].claim or name: value
        for name, value in properties.items()
        if value is not None
    }
    if "p" in claims:
        claims["p"] = _short_permissions(claims["p"])
    return {**claims, DOMAIN_CLAIM: domain_id, ISSUED_CLAIM: issued_at}


def token_of(claims: Mapping[str, Any]) -> MeetingToken | Unusable:
    """What these claims say. Claims that we do not know are passed over, wrong ones are not."""
    said = {
        entry.name: claims[entry.claim]
        for entry in TOKEN_PROPERTIES.values()
        if entry.claim is not None and claims.get(entry.claim) is not None
    }
    if isinstance(said.get("permissions"), dict):
        said["permissions"] = _long_permissions(said["permissions"])
    try:
        properties = TokenProperties.model_validate(said)
    except ValidationError as error:
        claim = TOKEN_PROPERTIES[str(error.errors()[0]["loc"][0])].claim
        return Unusable(f"the token's claim '{claim}' holds a value of the wrong kind")
    return MeetingToken(given(properties))


def _short_permissions(permissions: Mapping[str, Any]) -> dict[str, Any]:
    short = {
        claim: permissions[name]
        for claim, name in _PERMISSION_CLAIMS.items()
        if name in permissions
    }
    if isinstance(short.get("cs"), list):
        names = {name: claim for claim, name in _SEND_CLAIMS.items()}
        short["cs"] = ",".join(names[kind] for kind in short["cs"])
    if "base" in short.get("cr", {}):
        rest = {key: value for key, value in short["cr"].items() if key != "base"}
        short["cr"] = {"b": short["cr"]["base"], **rest}
    return short


def _long_permissions(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The long form; names that are long already stay, as self-signed tokens write both."""
    long = {_PERMISSION_CLAIMS.get(key, key): value for key, value in claim.items()}
    for name, letters in (("canSend", _SEND_CLAIMS), ("canAdmin", {})):
        if isinstance(long.get(name), str):
            kinds = filter(None, long[name].split(","))
            long[name] = [letters.get(kind, kind) for kind in kinds]
    if isinstance(long.get("canReceive"), dict):
        received = long["canReceive"]
        long["canReceive"] = {("base" if key == "b" else key): received[key] for key in received}
    return long
