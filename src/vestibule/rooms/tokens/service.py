"""Makes meeting tokens and reads them back. Nothing is stored (reference 6.1)."""

from collections.abc import Mapping
from typing import Any

from vestibule.foundation.clock import Clock, unix_seconds
from vestibule.foundation.errors import Invalid
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.model import refuse_past
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.tokens.model import MeetingToken, Unusable, broken_rule, claims_of
from vestibule.rooms.tokens.signing import MAX_LENGTH, checked, signed


class TokenService:
    """Meeting tokens of every domain."""

    def __init__(
        self, *, domains: DomainService, configurations: ConfigurationService, clock: Clock
    ) -> None:
        self._domains = domains
        self._configurations = configurations
        self._clock = clock

    async def create(self, domain: Domain, properties: Mapping[str, Any]) -> str:
        """A signed token that says this.

        Invalid if it would be over already, or too long, or is against the domain's policy.
        """
        now = unix_seconds(self._clock.now())
        refuse_past("exp", properties.get("exp"), now)
        broken = broken_rule(
            await self._configurations.token_policy(domain.id), properties, since=now
        )
        if broken is not None:
            raise Invalid(broken)
        key = await self._domains.signing_key(domain.id)
        token = signed(claims_of(properties, domain_id=domain.id, issued_at=now), key)
        if len(token) > MAX_LENGTH:
            raise Invalid(
                f"the token would be {len(token)} characters long; at most {MAX_LENGTH} are "
                "possible, and below 2048 is wise. Leave out properties or shorten them"
            )
        return token

    async def read(self, domain: Domain, token: str, *, ignore_nbf: bool = False) -> dict[str, Any]:
        """What a token says, by long names; Invalid if it cannot be used, now or at all."""
        said = await self.check(domain, token)
        if isinstance(said, Unusable):
            raise Invalid(said.reason)
        now = unix_seconds(self._clock.now())
        if said.exp is not None and said.exp <= now:
            raise Invalid(f"the token has expired: its exp is '{said.exp}'")
        if said.nbf is not None and now < said.nbf and not ignore_nbf:
            raise Invalid(f"the token is not valid yet: its nbf is '{said.nbf}'")
        return dict(said.properties)

    async def check(self, domain: Domain, token: str) -> MeetingToken | Unusable:
        """What a token says if a key of this domain signed it; not whether it is valid now.

        A token that a customer signed must keep the domain's policy too. One of ours kept it when
        it was made, and stays good when the policy becomes stricter.
        """
        keys = await self._domains.keys_for_tokens(domain.id)
        said = checked(token, keys, domain_id=domain.id)
        if isinstance(said, Unusable) or said.self_signed_at is None:
            return said
        # Whoever signs could claim to do so later than now, to have it live longer.
        since = min(said.self_signed_at, unix_seconds(self._clock.now()))
        policy = await self._configurations.token_policy(domain.id)
        broken = broken_rule(policy, said.properties, since=since)
        return said if broken is None else Unusable(broken)
