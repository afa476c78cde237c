"""Who calls the Rooms API."""

from fastapi import Request

from vestibule.foundation.api_document import BearerKey
from vestibule.foundation.http import bearer_key
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService

API_KEY = "apiKey"
CALLER = "vestibule.caller"
"""Where in a request's scope the domain stands whose key was found right before the route."""


class ApiKey(BearerKey):
    """What a route depends on to learn the domain of the caller's API key."""

    def __init__(self, domains: DomainService) -> None:
        super().__init__(API_KEY, "An API key of a domain: `vestibule keys create` makes one.")
        self.domains = domains

    async def __call__(self, request: Request) -> Domain:
        known = request.scope.get(CALLER)
        if isinstance(known, Domain):
            return known
        return await self.domains.authenticate(bearer_key(request))


def caller(domains: DomainService) -> ApiKey:
    """What a route depends on to learn the domain of the caller's API key."""
    return ApiKey(domains)
