"""A process that delivers webhooks until it is killed: the delivery loop and nothing else."""

import asyncio
import sys

from vestibule.foundation.clock import SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService


async def _run(database_url: str) -> None:
    clock, ids = SystemClock(), SystemIds()
    database = Database(database_url, clock)
    sender = Sender(clock=clock, allow_private_targets=True, timeout_seconds=60)
    keyring = Keyring({"k1": bytes(KEY_BYTES)}, active="k1")
    webhooks = WebhookService(database=database, keyring=keyring, ids=ids, sender=sender)
    deliveries = DeliveryService(
        database=database, clock=clock, ids=ids, webhooks=webhooks, sender=sender
    )
    await deliveries.loop.run()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1]))
