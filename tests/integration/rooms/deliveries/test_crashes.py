"""Nothing is lost when either side dies, and two senders do not get in each other's way."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.clock import FakeClock
from tests.integration.rooms.deliveries.conftest import Story
from tests.servers.vestibule import free_port
from tests.servers.webhook_receiver import (
    WebhookReceiver,
    answer,
    answer_after,
    never_answer,
)
from vestibule.foundation.clock import SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.deliveries.round import LEASE_SECONDS
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.webhooks.model import Webhook
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService

ROOT = Path(__file__).parents[4]


@pytest.fixture
async def second(
    database: Database, clock: FakeClock, webhooks: WebhookService, sender: Sender
) -> AsyncIterator[DeliveryService]:
    """Another process's service: its own connections to the same database."""
    own = Database(database.url, clock)
    service = DeliveryService(
        database=own, clock=clock, ids=SystemIds(), webhooks=webhooks, sender=sender
    )
    yield service
    await service.settled()
    own.close()


@pytest.fixture
def clock() -> FakeClock:
    """Begins at the real time: a process of its own cannot see how it is turned."""
    return FakeClock(SystemClock().now())


class Processes:
    """Real processes of this test; none of them outlives it."""

    def __init__(self) -> None:
        self._started: list[Process] = []

    async def start(self, module: str, *arguments: str) -> Process:
        """Run a module of the tests."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments), cwd=ROOT, stdout=subprocess.PIPE
        )
        self._started.append(process)
        return process

    async def kill(self, process: Process) -> None:
        """End it as a power cut would."""
        process.kill()
        await process.wait()
        self._started.remove(process)

    async def kill_all(self) -> None:
        for process in list(self._started):
            await self.kill(process)


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    processes = Processes()
    yield processes
    await processes.kill_all()


async def test_a_sender_killed_between_the_request_and_its_note_sends_again_under_the_same_id(
    story: Story, hook: Webhook, receiver: WebhookReceiver, processes: Processes
) -> None:
    receiver.behave = lambda _received: never_answer
    first, second = await story.happen("a", "a")
    process = await processes.start("tests.servers.webhook_sender", story.database.url)
    await receiver.arrival(2)
    await processes.kill(process)
    assert receiver.ids == [first.id]
    receiver.behave = lambda _received: answer()

    await story.deliver()
    assert receiver.ids == [first.id], "the dead sender's lease still runs"
    await story.later(minutes=5)
    assert receiver.ids == [first.id, first.id, second.id]
    assert await story.states(hook) == ["delivered", "delivered"]


async def test_a_receiver_that_is_killed_again_and_again_misses_nothing_and_keeps_the_order(
    story: Story, tmp_path: Path, processes: Processes
) -> None:
    """The receiver is a process that writes each event down before it answers."""
    log, port = tmp_path / "received", free_port()

    async def start_receiver() -> Process:
        receiver = await processes.start("tests.servers.webhook_receiver", str(port), str(log))
        assert receiver.stdout is not None
        await receiver.stdout.readline()
        return receiver

    receiver = await start_receiver()
    await story.hook(f"http://127.0.0.1:{port}/")
    happened: list[str] = []
    for _ in range(3):
        happened += [event.id for event in await story.happen(*"abab")]
        await story.deliveries.step()
        await processes.kill(receiver)
        await story.deliveries.settled()
        happened += [event.id for event in await story.happen(*"ab")]
        await story.later(minutes=1)
        receiver = await start_receiver()
        await story.later(hours=1)
    written = [line for line in log.read_text().split() if line != "check"]
    firsts = list(dict.fromkeys(written))
    assert sorted(firsts) == sorted(happened)
    for room in (0, 1):
        of_room = happened[room::2]
        assert [event for event in firsts if event in of_room] == of_room


async def test_a_sender_that_was_overtaken_changes_nothing_when_it_wakes_up(
    story: Story, hook: Webhook, receiver: WebhookReceiver, second: DeliveryService
) -> None:
    release = asyncio.Event()
    first = iter([answer_after(release, answer(500))])
    receiver.behave = lambda _received: next(first, answer())
    (event,) = await story.happen("a")
    await story.deliveries.step()
    await receiver.arrival(2)
    story.clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
    assert await second.step()
    await second.settled()
    assert await story.states(hook) == ["delivered"]
    release.set()
    await story.deliveries.settled()
    (record,) = await story.records(hook)
    assert record.delivery.state.value == "delivered"
    assert [attempt.status for attempt in record.attempts] == [500, 200]
    assert (await story.look(hook)).failed_count == 0
    assert receiver.ids == [event.id, event.id]


async def test_two_processes_share_the_work_and_each_event_goes_once_and_in_order(
    story: Story, hook: Webhook, receiver: WebhookReceiver, second: DeliveryService
) -> None:
    events = []

    async def work(service: DeliveryService) -> None:
        while len(receiver.events) < 60:
            if not await service.step():
                await asyncio.sleep(0)
        await service.settled()

    async def happen() -> None:
        for _ in range(15):
            events.extend(await story.happen(*"abcd"))

    await asyncio.gather(happen(), work(story.deliveries), work(second))
    happened = [event.id for event in events]
    assert sorted(receiver.ids) == sorted(happened)
    for room in range(4):
        of_room = happened[room::4]
        assert [event for event in receiver.ids if event in of_room] == of_room
    assert await story.states(hook) == ["delivered"] * 60


async def test_a_failing_database_write_after_the_request_means_sending_again(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    """The first sender's database is gone when it wants to note the answer."""
    release = asyncio.Event()
    requests = iter([answer_after(release, answer())])
    receiver.behave = lambda _received: next(requests, answer())
    (event,) = await story.happen("a")
    dying = Database(story.database.url, story.clock)
    first = DeliveryService(
        database=dying,
        clock=story.clock,
        ids=SystemIds(),
        webhooks=story.webhooks,
        sender=Sender(clock=story.clock, allow_private_targets=True),
    )
    await first.step()
    await receiver.arrival(2)
    dying.close()
    release.set()
    await first.settled()
    assert await story.states(hook) == ["waiting"]
    await story.later(seconds=LEASE_SECONDS + 1)
    assert receiver.ids == [event.id, event.id]
    assert await story.states(hook) == ["delivered"]
