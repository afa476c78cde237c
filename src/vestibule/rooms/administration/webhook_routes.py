"""The console's questions about a domain's webhooks and what was sent to them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from vestibule.foundation.routing import Routes
from vestibule.rooms.administration.owner import OfDomain
from vestibule.rooms.administration.schemas import Done, WebhooksAnswer
from vestibule.rooms.deliveries.model import DeliveryState, Page
from vestibule.rooms.deliveries.schemas import DeliveriesAnswer, DeliveryAnswer
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.webhooks.model import Webhook
from vestibule.rooms.webhooks.schemas import WebhookAnswer, WebhookChanges, WebhookRequest
from vestibule.rooms.webhooks.service import WebhookService

SHOWN = 25
LARGEST_ID = 2**31 - 1


def webhook_routes(
    of_domain: OfDomain, webhooks: WebhookService, deliveries: DeliveryService
) -> Routes:
    """Webhooks: made, switched on again, deleted; their deliveries, and replay."""
    router = Routes(prefix="/webhooks")
    Owned = Annotated[Domain, Depends(of_domain)]  # noqa: N806 - a type

    def answer(webhook: Webhook) -> WebhookAnswer:
        return WebhookAnswer.of(webhook, webhooks.target(webhook).hmac)

    @router.get("")
    async def list_webhooks(domain: Owned) -> WebhooksAnswer:
        """The domain's webhooks."""
        found = await webhooks.list(domain.id)
        return WebhooksAnswer(webhooks=[answer(each) for each in found], most=webhooks.per_domain)

    @router.post("")
    async def create_webhook(domain: Owned, body: WebhookRequest) -> WebhookAnswer:
        """Add a webhook, after a check request that must be answered with 200."""
        return answer(await webhooks.create(domain.id, body.wishes))

    @router.patch("/{uuid}")
    async def update_webhook(domain: Owned, uuid: UUID, body: WebhookChanges) -> WebhookAnswer:
        """Change a webhook, and switch it on again, after a check request."""
        return answer(await webhooks.update(domain.id, str(uuid), body.wishes))

    @router.delete("/{uuid}")
    async def delete_webhook(domain: Owned, uuid: UUID) -> Done:
        """Remove a webhook and the list of its deliveries."""
        await webhooks.delete(domain.id, str(uuid))
        return Done()

    @router.get("/{uuid}/deliveries")
    async def list_deliveries(
        domain: Owned,
        uuid: UUID,
        state: DeliveryState | None = None,
        starting_after: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None,
    ) -> DeliveriesAnswer:
        """What was sent to the webhook, newest first."""
        page = Page(SHOWN, state, before=starting_after)
        total, records = await deliveries.list(domain.id, str(uuid), page)
        data = [DeliveryAnswer.of(record) for record in records]
        return DeliveriesAnswer(total_count=total, data=data)

    @router.post("/{uuid}/deliveries/{delivery_id}/replay")
    async def replay(
        domain: Owned, uuid: UUID, delivery_id: Annotated[int, Path(ge=0, le=LARGEST_ID)]
    ) -> DeliveryAnswer:
        """Send an event again, under its own id."""
        return DeliveryAnswer.of(await deliveries.replay(domain.id, str(uuid), delivery_id))

    return router
