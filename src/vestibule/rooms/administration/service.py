"""Which domains a signed-in person owns, and what is set for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.rooms.administration.model import NotYourDomain, owned_domains
from vestibule.rooms.configuration.properties import Branding, TokenPolicy
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService


@dataclass(frozen=True)
class DomainSettings:
    """What an owner sets for a domain."""

    embed_origins: list[str]
    token_policy: TokenPolicy
    branding: Branding


class AdministrationService:
    """The use cases of owners that no other service has."""

    def __init__(
        self,
        *,
        sessions: SessionService,
        domains: DomainService,
        configurations: ConfigurationService,
    ) -> None:
        self._sessions = sessions
        self._domains = domains
        self._configurations = configurations

    async def owned(self, user: User) -> list[Domain]:
        """The domains whose teams the user owns, by name."""
        ids = owned_domains(await self._sessions.roles(user))
        found = [await self._domains.find_by_id(each) for each in ids]
        return sorted((each for each in found if each), key=lambda domain: domain.name)

    async def domain(self, user: User, domain_id: str) -> Domain:
        """The domain with this id, if the user owns its team; else NotYourDomain."""
        if domain_id not in owned_domains(await self._sessions.roles(user)):
            raise NotYourDomain
        found = await self._domains.find_by_id(domain_id)
        if found is None:
            raise NotYourDomain
        return found

    async def settings(self, domain: Domain) -> DomainSettings:
        """What is set for the domain."""
        return DomainSettings(
            embed_origins=await self._domains.embed_origins(domain),
            token_policy=await self._configurations.token_policy(domain.id),
            branding=await self._configurations.branding(domain.id),
        )

    async def change_settings(
        self,
        domain: Domain,
        properties: Mapping[str, Any],
        *,
        embed_origins: list[str] | None = None,
    ) -> DomainSettings:
        """Change what is given and leave the rest; Invalid if an origin is none."""
        if embed_origins is not None:
            await self._domains.set_embed_origins(domain, embed_origins)
        if properties:
            await self._configurations.change(domain.id, properties)
        return await self.settings(domain)
