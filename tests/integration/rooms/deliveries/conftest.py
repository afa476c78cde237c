"""A clinic whose events go to a receiver, on each engine, in time that only the tests turn."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.integration.rooms.webhooks.conftest import (  # noqa: F401 - fixtures
    elsewhere,
    receiver,
    sender,
    webhooks,
)
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.deliveries.model import Page
from vestibule.rooms.deliveries.service import DeliveryService, Record
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.outbox.model import Event
from vestibule.rooms.outbox.service import record_event
from vestibule.rooms.webhooks.model import Webhook
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService


@dataclass
class Story:
    """What happens in the clinic's rooms, and the passing of time."""

    database: Database
    clock: FakeClock
    domain: Domain
    deliveries: DeliveryService
    webhooks: WebhookService

    async def happen(
        self, *rooms: str, what: str = "participant.joined", domain: Domain | None = None
    ) -> list[Event]:
        """Let one event happen in each of these rooms, in this order."""

        def record(tx: Transaction, room: str) -> Event:
            return record_event(
                tx,
                domain_id=(domain or self.domain).id,
                room_id=room,
                room_name=f"name of {room}",
                type=what,
                payload={"room": f"name of {room}", "joined_at": 1795255200.0},
            )

        return [await self.database.write(lambda tx, r=room: record(tx, r)) for room in rooms]  # type: ignore[misc]

    async def deliver(self) -> None:
        """Let the loop work until nothing is due any more at this moment."""
        while await self.deliveries.step():
            await self.deliveries.settled()

    async def later(self, **time: float) -> None:
        """Turn the clock and deliver what is due then."""
        self.clock.advance(timedelta(**time))
        await self.deliver()

    async def hook(self, url: str, **wishes: Any) -> Webhook:
        """A webhook of the clinic."""
        return await self.webhooks.create(self.domain.id, {"url": url, **wishes})

    async def records(self, webhook: Webhook) -> list[Record]:
        """The webhook's deliveries, in the order of their events."""
        _, records = await self.deliveries.list(self.domain.id, webhook.id, Page(100))
        return list(records)[::-1]

    async def states(self, webhook: Webhook) -> list[str]:
        """The states of the webhook's deliveries, in the order of their events."""
        return [record.delivery.state.value for record in await self.records(webhook)]

    async def look(self, webhook: Webhook) -> Webhook:
        """The webhook as it is now."""
        return await self.webhooks.get(webhook.domain_id, webhook.id)


@pytest.fixture
async def deliveries(
    database: Database,
    clock: FakeClock,
    webhooks: WebhookService,  # noqa: F811
    sender: Sender,  # noqa: F811
) -> AsyncIterator[DeliveryService]:
    deliveries = DeliveryService(
        database=database, clock=clock, ids=SystemIds(), webhooks=webhooks, sender=sender
    )
    yield deliveries
    await deliveries.settled()


@pytest.fixture
def story(
    database: Database,
    clock: FakeClock,
    clinic: Domain,
    deliveries: DeliveryService,
    webhooks: WebhookService,  # noqa: F811
) -> Story:
    return Story(database, clock, clinic, deliveries, webhooks)


@pytest.fixture
async def hook(story: Story, receiver: WebhookReceiver) -> Webhook:  # noqa: F811
    """A webhook as the clinic gets it without any wishes."""
    return await story.hook(receiver.url)
