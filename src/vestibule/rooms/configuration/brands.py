"""Under whose brand a page of a domain's host is shown (requirement A22)."""

from fastapi import Request, Response

from vestibule.foundation.branded_pages import branding_answer
from vestibule.foundation.branding import Brand, read_brand
from vestibule.foundation.routing import Routes
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.domains.service import DomainService

STYLESHEET = "/branding.css"  # no room can be named like this


class Brands:
    """The brands of domains, by the host that their pages are asked from."""

    def __init__(self, *, domains: DomainService, configurations: ConfigurationService) -> None:
        self._domains = domains
        self._configurations = configurations

    async def for_host(self, host: str) -> Brand | None:
        """The brand of this host's domain; None if it has none."""
        domain = await self._domains.for_host(host)
        if domain is None:
            return None
        branding = await self._configurations.branding(domain.id)
        return read_brand(branding.model_dump(mode="json"))


def routes(brands: Brands) -> Routes:
    """The style sheet that the call page is shown with."""
    router = Routes()

    @router.get(STYLESHEET, include_in_schema=False)
    async def read_stylesheet(request: Request) -> Response:
        return branding_answer(await brands.for_host(request.headers.get("host", "")))

    return router
