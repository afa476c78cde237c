"""Who calls the Rooms API, and `GET /v1`, which tells callers the id of their domain."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from vestibule.foundation.http import bearer_key
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.schemas import DomainAnswer
from vestibule.rooms.domains.service import DomainService


def caller(domains: DomainService) -> Callable[[Request], Awaitable[Domain]]:
    """What a route depends on to learn the domain of the caller's API key."""

    async def domain(request: Request) -> Domain:
        return await domains.authenticate(bearer_key(request))

    return domain


def routes(domains: DomainService) -> APIRouter:
    """`GET /v1`."""
    router = APIRouter(tags=["domain"])

    @router.get("/v1")
    async def read_domain(
        domain: Annotated[Domain, Depends(caller(domains))],
    ) -> DomainAnswer:
        """The caller's domain. Its id is the claim `d` of self-signed meeting tokens."""
        return DomainAnswer(domain_name=domain.name, domain_id=domain.id, config={})

    return router
