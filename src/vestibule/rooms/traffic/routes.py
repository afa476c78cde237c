"""`/v1/logs/api` (reference 9)."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from vestibule.foundation.routing import Routes
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.traffic.model import MAX_PAGE, LogPage
from vestibule.rooms.traffic.schemas import ApiRequestAnswer
from vestibule.rooms.traffic.service import RequestLogService

Id = Annotated[str | None, Query(max_length=36)]


def routes(log: RequestLogService, domains: DomainService) -> Routes:
    """`/v1/logs/api`."""
    router = Routes(prefix="/v1/logs", tags=["logs"])
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("/api")
    async def read_log(
        domain: Caller,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
        starting_after: Id = None,
        ending_before: Id = None,
        source: Literal["api", "webhook"] = "api",
        url: Annotated[
            str | None,
            Query(
                max_length=1024,
                description="Only requests whose path begins so, such as `/rooms` or `/v1/rooms`.",
            ),
        ] = None,
    ) -> list[ApiRequestAnswer]:
        """What the domain's keys asked, newest first; for webhooks see their deliveries."""
        if source == "webhook":
            return []
        page = LogPage(limit, starting_after, ending_before, url)
        return [ApiRequestAnswer.of(noted) for noted in await log.list(domain.id, page)]

    return router
