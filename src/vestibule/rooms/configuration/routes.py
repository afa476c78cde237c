"""`/v1`: what the caller's domain sets for all of its rooms (reference 13)."""

from typing import Annotated

from fastapi import Depends

from vestibule.foundation.routing import Routes
from vestibule.rooms.configuration.properties import config_of
from vestibule.rooms.configuration.schemas import (
    ChangedDomainAnswer,
    ConfigurationRequest,
    DomainAnswer,
)
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService


def routes(configurations: ConfigurationService, domains: DomainService) -> Routes:
    """`/v1`."""
    router = Routes(tags=["domain"], strict_content_type=False)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("/v1")
    async def read_domain(domain: Caller) -> DomainAnswer:
        """The caller's domain. Its id is the claim `d` of self-signed meeting tokens."""
        config = config_of(await configurations.given(domain.id))
        return DomainAnswer(domain_name=domain.name, domain_id=domain.id, config=config)

    @router.post("/v1")
    async def change_domain(domain: Caller, body: ConfigurationRequest) -> ChangedDomainAnswer:
        """Change what the domain sets for its rooms."""
        given = await configurations.change(domain.id, body.said)
        return ChangedDomainAnswer(domain_name=domain.name, config=config_of(given))

    return router
