"""The deliveries of a webhook over HTTP, below Daily's `/v1/webhooks`."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from vestibule.foundation.errors import Invalid
from vestibule.foundation.routing import Routes
from vestibule.rooms.deliveries.model import DeliveryState, Page
from vestibule.rooms.deliveries.schemas import DeliveriesAnswer, DeliveryAnswer
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService

MAX_PAGE = 100
OLDEST = "OLDEST"
LARGEST_ID = 2**31 - 1


def routes(*, deliveries: DeliveryService, domains: DomainService) -> Routes:
    """`/v1/webhooks/{uuid}/deliveries`."""
    router = Routes(prefix="/v1/webhooks/{uuid}/deliveries", tags=["webhooks"])
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("")
    async def list_deliveries(
        domain: Caller,
        uuid: UUID,
        state: DeliveryState | None = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
        starting_after: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None,
        ending_before: str | None = None,
    ) -> DeliveriesAnswer:
        """What was sent to the webhook, and what came of it, newest first."""
        page = page_of(
            limit=limit, state=state, starting_after=starting_after, ending_before=ending_before
        )
        total, records = await deliveries.list(domain.id, str(uuid), page)
        data = [DeliveryAnswer.of(record) for record in records]
        return DeliveriesAnswer(total_count=total, data=data)

    @router.post("/{delivery_id}/replay")
    async def replay_delivery(
        domain: Caller, uuid: UUID, delivery_id: Annotated[int, Path(ge=0, le=LARGEST_ID)]
    ) -> DeliveryAnswer:
        """Send an event again, with its own id."""
        return DeliveryAnswer.of(await deliveries.replay(domain.id, str(uuid), delivery_id))

    return router


def page_of(
    *,
    limit: int,
    state: DeliveryState | None,
    starting_after: int | None,
    ending_before: str | None,
) -> Page:
    """The page that these query parameters ask for (reference 1.4)."""
    if starting_after is not None and ending_before is not None:
        raise Invalid("give starting_after or ending_before, not both")
    if starting_after is not None:
        return Page(limit, state, before=starting_after)
    if ending_before == OLDEST:
        return Page(limit, state, from_oldest=True)
    if ending_before is None:
        return Page(limit, state)
    if not ending_before.isascii() or not ending_before.isdigit() or len(ending_before) > 9:
        raise Invalid(f"ending_before must be the id of a delivery or {OLDEST}")
    return Page(limit, state, after=int(ending_before), from_oldest=True)
