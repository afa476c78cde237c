"""Brings events to webhooks: at least once, in the order of their room, whatever crashes between.

Each try is claim (a transaction), POST (none), settle (a transaction). A process that dies after
the POST leaves a lease that runs out, and the event goes again under the same id.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import UnreadableSecret
from vestibule.foundation.errors import NotFound
from vestibule.foundation.ids import Ids
from vestibule.foundation.logging import in_the_name_of
from vestibule.foundation.loops import Loop
from vestibule.rooms.deliveries import store
from vestibule.rooms.deliveries.model import (
    Attempt,
    Delivery,
    DeliveryState,
    Page,
    envelope,
    needs_checkup,
)
from vestibule.rooms.deliveries.round import AT_ONCE, Task, hand_out, settle, take
from vestibule.rooms.outbox import service as outbox
from vestibule.rooms.outbox.model import Event
from vestibule.rooms.webhooks import service as webhooks_service
from vestibule.rooms.webhooks.model import TEST_MESSAGE, Answer, Webhook
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService

FORGOTTEN_AT_ONCE: Final = 500
IDLE_SECONDS: Final = 0.5
SWEEP_SECONDS: Final = 3600.0

log = structlog.get_logger()


class DeliveryNotFound(NotFound):
    """The webhook has no delivery with this id."""

    def __init__(self, delivery_id: int) -> None:
        super().__init__(f"delivery {delivery_id} not found")


@dataclass(frozen=True)
class Record:
    """A delivery with its event and its last tries, newest first."""

    delivery: Delivery
    event: Event
    attempts: Sequence[Attempt]


class DeliveryService:
    """Delivers, lists and replays. `loop` delivers; `sweep_loop` forgets what is too old."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        webhooks: WebhookService,
        sender: Sender,
        keep: timedelta = timedelta(days=30),
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._webhooks = webhooks
        self._sender = sender
        self._keep = keep
        self._running: dict[asyncio.Task[None], str] = {}
        self.loop = Loop("webhook-deliveries", self.step, idle_seconds=IDLE_SECONDS)
        self.sweep_loop = Loop("webhook-sweep", self.sweep, idle_seconds=SWEEP_SECONDS)

    async def step(self) -> bool:
        """Hand out new events, and begin as many due deliveries as there are places for.

        They run on in the background; `settled` waits for them. True if there was any work.
        """
        has_new, has_due = await self._database.read(_work)
        handed_out = await self._database.write(hand_out) if has_new else 0
        begun = await self._begin() if handed_out or has_due else 0
        return handed_out > 0 or begun > 0

    async def settled(self) -> None:
        """Wait until no delivery runs; call it at the end, when `loop` does not run any more."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def sweep(self) -> bool:
        """Forget some of what is older than `keep`; True if there may be more."""

        def forget(tx: Transaction) -> int:
            before = tx.now - self._keep
            store.give_up_older(tx, before, f"not delivered within {self._keep.days} days")
            store.release_stranded(tx)
            return outbox.forget_events(tx, before=before, limit=FORGOTTEN_AT_ONCE)

        return await self._database.write(forget) == FORGOTTEN_AT_ONCE

    async def list(
        self, domain_id: str, webhook_id: str, page: Page
    ) -> tuple[int, Sequence[Record]]:
        """How many deliveries the webhook has, and one page of them; WebhookNotFound."""

        def read(tx: Transaction) -> tuple[int, Sequence[Record]]:
            webhooks_service.get_webhook(tx, domain_id, webhook_id)
            total, deliveries = store.list_deliveries(tx, webhook_id, page)
            return total, _records(tx, deliveries)

        return await self._database.read(read)

    async def replay(self, domain_id: str, webhook_id: str, delivery_id: int) -> Record:
        """Send an event again, under its own id; one that still waits is tried at once instead.

        WebhookNotFound, DeliveryNotFound.
        """

        def replay(tx: Transaction) -> Record:
            webhooks_service.get_webhook(tx, domain_id, webhook_id)
            webhooks_service.lock_webhook(tx, webhook_id)
            delivery = store.lock_delivery(tx, webhook_id, delivery_id)
            if delivery is None:
                raise DeliveryNotFound(delivery_id)
            waits = delivery.state is DeliveryState.WAITING
            again = (store.hurry if waits else store.replay)(tx, delivery_id)
            return _records(tx, [again])[0]

        record = await self._database.write(replay)
        self.loop.wake()
        return record

    async def _begin(self) -> int:
        if len(self._running) >= AT_ONCE:
            return 0
        busy = Counter(self._running.values())
        lease = self._ids.uuid()
        tasks = await self._database.write(lambda tx: take(tx, lease, busy))
        for task in tasks:
            running = asyncio.create_task(self._deliver(task), name="webhook-delivery")
            self._running[running] = task.webhook.id
            running.add_done_callback(self._ended)
        return len(tasks)

    def _ended(self, running: asyncio.Task[None]) -> None:
        del self._running[running]
        if not running.cancelled() and (error := running.exception()) is not None:
            # The lease runs out, and the delivery is due again.
            log.error("webhook_delivery_broke_off", exc_info=error)
        self.loop.wake()

    async def _deliver(self, task: Task) -> None:
        """Try once, and write down what came of it."""
        with in_the_name_of(task.event.request_id):
            message = envelope(task.event, self._clock.now())
            answer = await self._post(task.webhook, message)
            log.info(
                "webhook_sent",
                webhook=task.webhook.id,
                event_id=task.event.id,
                status=answer.status,
                milliseconds=answer.milliseconds,
            )
        is_well = False
        if needs_checkup(task.delivery, answer, task.webhook.retry_type):
            is_well = (await self._post(task.webhook, TEST_MESSAGE)).status == 200
        await self._database.write(lambda tx: settle(tx, task, answer, receiver_is_well=is_well))

    async def _post(self, webhook: Webhook, message: Mapping[str, Any]) -> Answer:
        try:
            target = self._webhooks.target(webhook)
        except UnreadableSecret as error:
            return Answer(at=self._clock.now(), milliseconds=0, status=None, error=str(error))
        return await self._sender.post(target, message)


def _work(tx: Transaction) -> tuple[bool, bool]:
    """Whether there are new events, and whether anything is due."""
    return outbox.has_undistributed(tx), store.has_due(tx)


def _records(tx: Transaction, deliveries: Sequence[Delivery]) -> Sequence[Record]:
    events = outbox.find_events(tx, {delivery.event_number for delivery in deliveries})
    attempts = store.latest_attempts(tx, [delivery.id for delivery in deliveries])
    return [
        Record(delivery, events[delivery.event_number], attempts.get(delivery.id, []))
        for delivery in deliveries
        if delivery.event_number in events  # else forgotten between the two looks
    ]
