"""Who calls the Rooms API."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from vestibule.foundation.http import bearer_key
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService


def caller(domains: DomainService) -> Callable[[Request], Awaitable[Domain]]:
    """What a route depends on to learn the domain of the caller's API key."""

    async def domain(request: Request) -> Domain:
        return await domains.authenticate(bearer_key(request))

    return domain
