"""Webhooks over HTTP, as Daily's API has them (reference 10.1, 10.2)."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Depends, Request, Response

from vestibule.foundation.key_first import KeyFirst
from vestibule.foundation.routing import Routes
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.webhooks.model import Webhook
from vestibule.rooms.webhooks.schemas import WebhookAnswer, WebhookChanges, WebhookRequest
from vestibule.rooms.webhooks.service import WebhookService


class AlwaysJson(KeyFirst):
    """Reads a body as JSON whatever its type is said to be: Daily's own example says text/plain."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_as_json(request: Request) -> Response:
            others = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
            headers = [*others, (b"content-type", b"application/json")]
            return await handle(Request({**request.scope, "headers": headers}, request.receive))

        return handle_as_json


# A body may be missing, but `null` is none.
OptionalWebhookChanges = Annotated[WebhookChanges, Body(default_factory=WebhookChanges)]


def routes(*, webhooks: WebhookService, domains: DomainService) -> Routes:
    """`/v1/webhooks`."""
    router = Routes(prefix="/v1/webhooks", tags=["webhooks"], route_class=AlwaysJson)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    def answer(webhook: Webhook) -> WebhookAnswer:
        return WebhookAnswer.of(webhook, webhooks.target(webhook).hmac)

    @router.post("")
    async def create_webhook(domain: Caller, body: WebhookRequest) -> WebhookAnswer:
        """Add a webhook, after a check request that must be answered with 200."""
        return answer(await webhooks.create(domain.id, body.wishes))

    @router.get("")
    async def list_webhooks(domain: Caller) -> list[WebhookAnswer]:
        """The domain's webhooks."""
        return [answer(webhook) for webhook in await webhooks.list(domain.id)]

    @router.get("/{uuid}")
    async def read_webhook(domain: Caller, uuid: UUID) -> WebhookAnswer:
        """One webhook."""
        return answer(await webhooks.get(domain.id, str(uuid)))

    # Daily documents POST; some of its clients try PATCH first.
    @router.patch("/{uuid}")
    @router.post("/{uuid}")
    async def update_webhook(
        domain: Caller, uuid: UUID, body: OptionalWebhookChanges
    ) -> WebhookAnswer:
        """Change a webhook, after a check request, and switch it on again if it had FAILED."""
        return answer(await webhooks.update(domain.id, str(uuid), body.wishes))

    @router.delete("/{uuid}")
    async def delete_webhook(domain: Caller, uuid: UUID) -> Response:
        """Remove a webhook. Nothing more is sent to it."""
        await webhooks.delete(domain.id, str(uuid))
        return Response(status_code=200)

    return router
