"""A receiver of webhooks, and the service that keeps them."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from tests.doubles.clock import FakeClock
from tests.integration.rooms.conftest import PUBLIC_URL
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.http import install_error_answers
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.webhooks.routes import routes
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def elsewhere() -> AsyncIterator[WebhookReceiver]:
    """Another receiver, at another address."""
    receiver = WebhookReceiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
def sender(clock: FakeClock) -> Sender:
    return Sender(clock=clock, allow_private_targets=True, timeout_seconds=10)


@pytest.fixture
def webhooks(database: Database, keyring: Keyring, sender: Sender) -> WebhookService:
    return WebhookService(database=database, keyring=keyring, ids=SystemIds(), sender=sender)


@pytest.fixture
async def api(
    webhooks: WebhookService, domains: DomainService, clinic: Domain
) -> AsyncIterator[httpx2.AsyncClient]:
    """The webhook routes, called with a key of the clinic."""
    app = FastAPI()
    install_error_answers(app)
    app.include_router(routes(webhooks=webhooks, domains=domains))
    key = await domains.create_key(clinic.id, "test")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=PUBLIC_URL,
        headers={"Authorization": f"Bearer {key}"},
    ) as client:
        yield client
