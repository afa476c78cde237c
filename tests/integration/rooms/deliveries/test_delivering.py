"""Events on their way to receivers that are well, slow, down, wrong or asking for patience."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.testing import capture_logs

from tests.doubles.clock import FakeClock
from tests.integration.rooms.deliveries.conftest import Story
from tests.servers.webhook_receiver import (
    Behaviour,
    Received,
    WebhookReceiver,
    answer,
    answer_after,
    hang_up,
    is_signed,
)
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.webhooks.model import RetryType, Webhook, WebhookState
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import WebhookService


def failing(*ids: str, by: Behaviour | None = None) -> Callable[[Received], Behaviour]:
    """Fail for these events, or for all without ids; check requests are answered well."""
    bad = by or answer(500)

    def behave(received: Received) -> Behaviour:
        if received.is_check:
            return answer()
        return bad if not ids or received.message["id"] in ids else answer()

    return behave


def ill(by: Behaviour) -> Callable[[Received], Behaviour]:
    """Fail for everything, check requests included."""
    return lambda _received: by


async def test_an_event_arrives_in_dailys_envelope_and_signed(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    with bound_contextvars(request_id="of-a-customer.01"):
        (event,) = await story.happen("a")
    with capture_logs([merge_contextvars]) as lines:
        await story.later(seconds=1.5)
    (received,) = receiver.events
    assert received.headers["x-request-id"] == "of-a-customer.01"
    sent = [line["request_id"] for line in lines if line["event"] == "webhook_sent"]
    assert sent == ["of-a-customer.01"]
    assert received.message == {
        "version": "1.0.0",
        "type": "participant.joined",
        "id": event.id,
        "payload": {"room": "name of a", "joined_at": 1795255200},
        "event_ts": 1795255201.5,
    }
    assert b'"joined_at":1795255200}' in received.body
    assert is_signed(received, story.webhooks.target(hook).hmac)
    assert await story.states(hook) == ["delivered"]
    assert (await story.look(hook)).last_pushed_at == story.clock.now()


async def test_nobody_is_told_what_they_did_not_ask_for(
    story: Story, receiver: WebhookReceiver, practice: Domain
) -> None:
    await story.happen("a", what="meeting.ended")  # before there was a webhook
    story.clock.advance(timedelta(seconds=1))
    await story.hook(receiver.url, event_types=["meeting.ended"])
    await story.happen("a", what="meeting.started")
    await story.happen("b", what="meeting.ended", domain=practice)
    (wanted,) = await story.happen("a", what="meeting.ended")
    await story.deliver()
    assert receiver.ids == [wanted.id]


async def test_two_domains_each_hear_of_their_own(
    story: Story, receiver: WebhookReceiver, elsewhere: WebhookReceiver, practice: Domain
) -> None:
    await story.hook(receiver.url)
    await story.webhooks.create(practice.id, {"url": elsewhere.url})
    ours = await story.happen("a", "b")
    theirs = await story.happen("c", domain=practice)
    await story.deliver()
    assert sorted(receiver.ids) == sorted(event.id for event in ours)
    assert elsewhere.ids == [event.id for event in theirs]


async def test_while_one_event_fails_its_room_waits_and_others_do_not(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    first, second, third = await story.happen("a", "a", "b")
    receiver.behave = failing(first.id)
    await story.deliver()
    assert sorted(receiver.ids) == sorted([first.id, third.id])
    assert await story.states(hook) == ["waiting", "waiting", "delivered"]
    await story.later(seconds=4)
    assert len(receiver.events) == 2
    await story.later(seconds=1)
    receiver.behave = failing("none")
    await story.later(seconds=10)
    assert receiver.ids[2:] == [first.id, first.id, second.id]
    assert await story.states(hook) == ["delivered"] * 3
    assert (await story.look(hook)).failed_count == 0


async def test_events_that_happen_during_a_failure_queue_up_behind_it(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = failing()
    (first,) = await story.happen("a")
    await story.deliver()
    others = await story.happen("a", "a")
    await story.deliver()
    assert receiver.ids == [first.id]
    receiver.behave = failing("none")
    await story.later(seconds=5)
    assert receiver.ids == [first.id, first.id, *(event.id for event in others)]


async def test_rooms_are_served_at_the_same_time_but_each_in_turn(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    """Everybody is held until all five rooms are there; one after another they never would be."""
    everybody = asyncio.Event()

    receiver.behave = lambda _received: answer_after(everybody, answer())
    events = await story.happen(*"abcde", *"abcde")
    await story.deliveries.step()
    await receiver.arrival(1 + 5)
    assert sorted(receiver.ids) == sorted(event.id for event in events[:5])
    everybody.set()
    await story.deliveries.settled()
    await story.deliver()
    assert sorted(receiver.ids[5:]) == sorted(event.id for event in events[5:])
    assert receiver.most_at_once == 5


async def test_a_slow_receiver_leaves_places_for_the_others(
    story: Story, receiver: WebhookReceiver, elsewhere: WebhookReceiver, practice: Domain
) -> None:
    await story.hook(receiver.url)
    await story.webhooks.create(practice.id, {"url": elsewhere.url})
    release = asyncio.Event()
    receiver.behave = lambda _received: answer_after(release, answer())
    await story.happen(*(f"slow-{number}" for number in range(30)))
    while await story.deliveries.step():
        pass
    await receiver.arrival(1 + 8)
    (quick,) = await story.happen("quick", domain=practice)
    await story.deliveries.step()
    await elsewhere.arrival(2)
    assert elsewhere.ids == [quick.id]
    assert len(receiver.events) == 8
    release.set()
    await story.deliveries.settled()
    await story.deliver()
    assert len(set(receiver.ids)) == len(receiver.ids) == 30


@pytest.mark.parametrize("failure", [answer(500), answer(404), hang_up])
async def test_after_an_outage_of_two_days_everything_arrives_in_order(
    story: Story, hook: Webhook, receiver: WebhookReceiver, failure: Behaviour
) -> None:
    receiver.behave = ill(failure)
    events = []
    for _ in range(4):
        events += await story.happen("a", "b", "c")
        for _ in range(3):
            await story.later(hours=4)
    assert await story.states(hook) == ["waiting"] * 12
    assert (await story.look(hook)).state is WebhookState.ACTIVE
    receiver.received.clear()
    receiver.behave = failing("none")
    await story.later(hours=1)
    assert_in_order(receiver.ids, [event.id for event in events])
    assert await story.states(hook) == ["delivered"] * 12


async def test_a_receiver_that_is_down_and_comes_back_misses_nothing(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    await receiver.stop()
    events = await story.happen("a", "b", "a", "b", "a")
    await story.later(hours=5)
    await receiver.start()
    await story.later(hours=1)
    assert_in_order(receiver.ids, [event.id for event in events])


def assert_in_order(got: list[str], happened: list[str]) -> None:
    """Everything once, and each room (every third or second event) in its own order."""
    assert sorted(got) == sorted(happened)
    rooms = 3 if len(happened) == 12 else 2
    for room in range(rooms):
        of_room = happened[room::rooms]
        assert [event for event in got if event in of_room] == of_room


async def test_the_first_success_after_an_outage_hastens_everything_that_waits(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    """The rooms have failed for so long that each would be tried only within the next hour."""
    receiver.behave = ill(answer(502))
    rooms = [f"room-{number}" for number in range(6)]
    for room in rooms:
        await story.happen(room)
        await story.later(hours=1)
    await story.later(hours=3)
    receiver.behave = failing("none")
    await story.happen("new")
    await story.deliver()
    assert await story.states(hook) == ["delivered"] * 7


async def test_a_single_failure_is_no_outage_and_hastens_nothing(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    bad, _good = await story.happen("a", "b")
    receiver.behave = failing(bad.id)
    await story.deliver()
    await story.happen("b")
    await story.deliver()
    assert receiver.ids.count(bad.id) == 1


@pytest.mark.parametrize("failure", [answer(404), answer(500), answer(302, Location="/"), hang_up])
async def test_one_bad_event_is_quarantined_and_never_switches_the_webhook_off(
    story: Story, hook: Webhook, receiver: WebhookReceiver, failure: Behaviour
) -> None:
    bad, good = await story.happen("a", "a")
    receiver.behave = failing(bad.id, by=failure)
    for _ in range(8):
        await story.later(seconds=320)
    assert receiver.ids == [bad.id] * 8 + [good.id]
    assert await story.states(hook) == ["quarantined", "delivered"]
    looked = await story.look(hook)
    assert (looked.state, looked.failed_count) == (WebhookState.ACTIVE, 0)
    quarantined = (await story.records(hook))[0].delivery
    assert "failed 8 times, while the receiver is well otherwise" in str(quarantined.last_error)
    await story.later(days=3)
    assert receiver.ids.count(bad.id) == 8


async def test_why_an_event_was_not_accepted_can_be_read(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = failing(by=answer(302, b"over there", Location="http://elsewhere.example/"))
    await story.happen("a")
    await story.deliver()
    (record,) = await story.records(hook)
    assert record.delivery.last_error == "answered with 302; redirects are not followed"
    (attempt,) = record.attempts
    assert (attempt.status, attempt.error, attempt.response) == (302, None, "over there")
    assert attempt.at == story.clock.now()
    await receiver.stop()
    await story.later(seconds=5)
    await receiver.start()
    (record,) = await story.records(hook)
    assert "no connection" in str(record.delivery.last_error)
    assert [attempt.status for attempt in record.attempts] == [None, 302]


async def test_after_72_hours_an_event_is_given_up_and_the_next_has_its_own_try(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = ill(answer(500))
    first, second = await story.happen("a", "a")
    await story.deliver()
    await story.later(hours=71, minutes=59)
    assert await story.states(hook) == ["waiting", "waiting"]
    assert set(receiver.ids) == {first.id}
    receiver.behave = lambda received: answer(500 if received.message["id"] == first.id else 200)
    await story.later(minutes=1)
    assert await story.states(hook) == ["quarantined", "delivered"]
    assert receiver.ids[-2:] == [first.id, second.id]


async def test_a_receiver_that_asks_for_patience_gets_it_for_all_its_rooms(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = lambda _received: answer(429, Retry_After="120")
    first, second = await story.happen("a", "a")
    await story.deliver()
    receiver.behave = failing("none")
    (other,) = await story.happen("b")
    await story.later(seconds=119)
    assert receiver.ids == [first.id]
    assert (await story.look(hook)).failed_count == 0
    await story.later(seconds=1)
    assert receiver.ids.count(other.id) == 1
    assert [got for got in receiver.ids if got != other.id] == [first.id, first.id, second.id]
    assert await story.states(hook) == ["delivered"] * 3


async def test_the_circuit_breaker_trips_at_the_third_failure_in_a_row_and_an_update_mends_it(
    story: Story, receiver: WebhookReceiver
) -> None:
    hook = await story.hook(receiver.url, retry_type="circuit-breaker")
    receiver.behave = ill(answer(500))
    events = await story.happen("a", "a", "a", "a", "b")
    for _ in range(5):
        await story.later(seconds=1)
    looked = await story.look(hook)
    assert (looked.state, looked.failed_count) == (WebhookState.FAILED, 3)
    tried = len(receiver.events)
    await story.later(days=1)
    assert len(receiver.events) == tried == 3
    receiver.behave = failing("none")
    waiting = [event.id for event in events if event.id not in receiver.ids]
    assert len(waiting) == 2
    mended = await story.webhooks.update(hook.domain_id, hook.id, {})
    assert (mended.state, mended.failed_count) == (WebhookState.ACTIVE, 0)
    await story.deliver()
    assert sorted(receiver.ids[3:]) == sorted(waiting)


async def test_a_success_between_failures_keeps_the_circuit_closed(
    story: Story, receiver: WebhookReceiver
) -> None:
    hook = await story.hook(receiver.url, retry_type="circuit-breaker")
    events = await story.happen(*"aaaaaa")
    receiver.behave = failing(*(events[index].id for index in (0, 1, 3, 4)))
    await story.deliver()
    assert receiver.ids == [event.id for event in events]
    looked = await story.look(hook)
    assert (looked.state, looked.failed_count) == (WebhookState.ACTIVE, 0)
    assert (await story.states(hook)).count("quarantined") == 4


async def test_exponential_drops_an_event_after_five_tries_and_stays_active(
    story: Story, receiver: WebhookReceiver
) -> None:
    hook = await story.hook(receiver.url, retry_type="exponential")
    bad, good = await story.happen("a", "a")
    receiver.behave = failing(bad.id)
    await story.deliver()
    for seconds in (15, 60, 240):
        await story.later(seconds=seconds)
    looked = await story.look(hook)
    assert (looked.state, looked.failed_count) == (WebhookState.ACTIVE, 4)
    assert receiver.ids == [bad.id] * 4
    await story.later(minutes=15)
    assert receiver.ids == [bad.id] * 5 + [good.id]
    assert await story.states(hook) == ["quarantined", "delivered"]


async def test_a_changed_address_gets_what_waits(
    story: Story, hook: Webhook, receiver: WebhookReceiver, elsewhere: WebhookReceiver
) -> None:
    receiver.behave = ill(answer(500))
    events = await story.happen("a", "a")
    await story.deliver()
    await story.webhooks.update(hook.domain_id, hook.id, {"url": elsewhere.url})
    await story.later(seconds=5)
    assert elsewhere.ids == [event.id for event in events]


async def test_a_webhook_that_is_deleted_during_a_delivery_is_left_in_peace(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    release = asyncio.Event()
    receiver.behave = lambda _received: answer_after(release, answer())
    await story.happen("a", "a")
    await story.deliveries.step()
    await receiver.arrival(2)
    await story.webhooks.delete(hook.domain_id, hook.id)
    release.set()
    with capture_logs() as logged:
        await story.deliveries.settled()
        await story.deliver()
    assert logged == []
    assert len(receiver.events) == 1


async def test_without_the_master_key_an_event_waits_and_the_reason_is_said(
    story: Story,
    hook: Webhook,
    receiver: WebhookReceiver,
    database: Database,
    clock: FakeClock,
    sender: Sender,
) -> None:
    keyless = WebhookService(
        database=database,
        keyring=Keyring({"k2": bytes(range(32))}, active="k2"),
        ids=SystemIds(),
        sender=sender,
    )
    broken = DeliveryService(
        database=database, clock=clock, ids=SystemIds(), webhooks=keyless, sender=sender
    )
    (event,) = await story.happen("a")
    for _ in range(12):
        while await broken.step():
            await broken.settled()
        clock.advance(timedelta(hours=1))
    (record,) = await story.records(hook)
    assert record.delivery.state.value == "waiting"
    assert "master key" in str(record.delivery.last_error)
    await story.later(hours=1)
    assert receiver.ids == [event.id]


async def test_what_a_webhook_is_made_with_by_default_can_be_set(
    database: Database, keyring: Keyring, sender: Sender, clinic: Domain, receiver: WebhookReceiver
) -> None:
    webhooks = WebhookService(
        database=database,
        keyring=keyring,
        ids=SystemIds(),
        sender=sender,
        default_retry_type=RetryType.CIRCUIT_BREAKER,
    )
    hook = await webhooks.create(clinic.id, {"url": receiver.url})
    assert hook.retry_type is RetryType.CIRCUIT_BREAKER
