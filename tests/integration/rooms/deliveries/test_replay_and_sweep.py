"""Sending again by hand, reading what was sent, and forgetting what is too old."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, func, select

from tests.integration.rooms.conftest import PUBLIC_URL
from tests.integration.rooms.deliveries.conftest import Story
from tests.servers.webhook_receiver import WebhookReceiver, answer, answer_after
from vestibule.foundation.http import install_error_answers
from vestibule.rooms.deliveries.model import Page
from vestibule.rooms.deliveries.routes import routes
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.schema import webhook_attempts, webhook_deliveries, webhook_events
from vestibule.rooms.webhooks.model import Webhook


@pytest.fixture
async def api(
    story: Story, domains: DomainService, clinic: Domain
) -> AsyncIterator[httpx2.AsyncClient]:
    """The delivery routes, called with a key of the clinic."""
    app = FastAPI()
    install_error_answers(app)
    app.include_router(routes(deliveries=story.deliveries, domains=domains))
    key = await domains.create_key(clinic.id, "test")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=PUBLIC_URL,
        headers={"Authorization": f"Bearer {key}"},
    ) as client:
        yield client


def path_of(hook: Webhook) -> str:
    return f"/v1/webhooks/{hook.id}/deliveries"


async def test_what_was_sent_and_what_came_of_it_can_be_read(
    story: Story, hook: Webhook, receiver: WebhookReceiver, api: httpx2.AsyncClient
) -> None:
    (event,) = await story.happen("a")
    receiver.behave = lambda _received: answer(500, b"no place")
    await story.deliver()
    receiver.behave = lambda _received: answer()
    await story.later(seconds=5)
    result = await api.get(path_of(hook))
    assert result.status_code == 200
    (item,) = result.json()["data"]
    for attempt in item["attempts"]:
        assert isinstance(attempt.pop("durationMs"), int)
    assert item == {
        "id": item["id"],
        "eventId": event.id,
        "eventType": "participant.joined",
        "room": "name of a",
        "sequence": event.sequence,
        "payload": {"room": "name of a", "joined_at": 1795255200},
        "createdAt": "2026-11-21T10:00:00.000Z",
        "state": "delivered",
        "replayed": False,
        "nextAttemptAt": None,
        "settledAt": "2026-11-21T10:00:05.000Z",
        "error": None,
        "attempts": [
            {
                "at": "2026-11-21T10:00:05.000Z",
                "status": 200,
                "error": None,
                "response": "ok",
            },
            {
                "at": "2026-11-21T10:00:00.000Z",
                "status": 500,
                "error": None,
                "response": "no place",
            },
        ],
    }


async def test_of_many_tries_the_last_ten_are_shown(
    story: Story, hook: Webhook, receiver: WebhookReceiver, api: httpx2.AsyncClient
) -> None:
    receiver.behave = lambda _received: answer(500)
    await story.happen("a", "b")
    await story.deliver()
    for _ in range(11):
        await story.later(hours=1)
    data = (await api.get(path_of(hook))).json()["data"]
    assert [len(item["attempts"]) for item in data] == [10, 10]
    assert data[0]["attempts"][0]["at"] == "2026-11-21T21:00:00.000Z"


async def test_the_list_goes_from_new_to_old_in_pages(
    story: Story, hook: Webhook, api: httpx2.AsyncClient
) -> None:
    events = await story.happen(*"abcde")
    await story.deliver()
    newest_first = [event.id for event in events][::-1]

    async def page(**query: str | int) -> tuple[list[str], list[int]]:
        answered = (await api.get(path_of(hook), params=query)).json()
        assert answered["total_count"] == 5
        return (
            [item["eventId"] for item in answered["data"]],
            [item["id"] for item in answered["data"]],
        )

    everything, ids = await page()
    assert everything == newest_first
    assert (await page(limit=2))[0] == newest_first[:2]
    assert (await page(limit=2, starting_after=ids[1]))[0] == newest_first[2:4]
    assert (await page(limit=2, ending_before=ids[3]))[0] == newest_first[1:3]
    assert (await page(limit=2, ending_before="OLDEST"))[0] == newest_first[3:]


async def test_the_list_can_be_narrowed_to_what_was_given_up(
    story: Story, receiver: WebhookReceiver, api: httpx2.AsyncClient
) -> None:
    hook = await story.hook(receiver.url, retry_type="circuit-breaker")
    bad, _good = await story.happen("a", "b")
    receiver.behave = lambda received: answer(404 if received.message["id"] == bad.id else 200)
    await story.deliver()
    answered = (await api.get(path_of(hook), params={"state": "quarantined"})).json()
    assert answered["total_count"] == 1
    assert answered["data"][0]["eventId"] == bad.id
    assert answered["data"][0]["error"] == (
        "a circuit-breaker webhook gets each event once; the last time: answered with 404"
    )


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"state": "lost"},
        {"starting_after": "x"},
        {"starting_after": str(2**40)},
        {"ending_before": "x"},
        {"ending_before": "\u0663"},
        {"ending_before": "99999999999"},
        {"starting_after": "1", "ending_before": "2"},
    ],
)
async def test_a_page_that_cannot_be_is_refused(
    hook: Webhook, api: httpx2.AsyncClient, query: dict[str, str]
) -> None:
    result = await api.get(path_of(hook), params=query)
    assert (result.status_code, result.json()["error"]) == (400, "invalid-request-error")


async def test_a_quarantined_event_can_be_replayed_once_the_receiver_is_mended(
    story: Story, receiver: WebhookReceiver, api: httpx2.AsyncClient
) -> None:
    hook = await story.hook(receiver.url, retry_type="exponential")
    bad, good = await story.happen("a", "a")
    receiver.behave = lambda received: answer(404 if received.message["id"] == bad.id else 200)
    await story.deliver()
    for _ in range(4):
        await story.later(hours=1)
    assert await story.states(hook) == ["quarantined", "delivered"]

    delivery_id = (await story.records(hook))[0].delivery.id
    result = await api.post(f"{path_of(hook)}/{delivery_id}/replay")
    assert result.status_code == 200
    assert result.json()["state"] == "waiting"
    assert result.json()["replayed"] is True
    await story.deliver()
    assert await story.states(hook) == ["waiting", "delivered"]
    receiver.behave = lambda _received: answer()
    await story.later(seconds=15)
    assert receiver.ids == [bad.id] * 5 + [good.id, bad.id, bad.id]
    assert await story.states(hook) == ["delivered", "delivered"]


async def test_a_replay_has_all_its_tries_again_and_holds_nobody_up(
    story: Story, receiver: WebhookReceiver
) -> None:
    hook = await story.hook(receiver.url, retry_type="exponential")
    (old,) = await story.happen("a")
    await story.deliver()
    (record,) = await story.records(hook)
    receiver.behave = lambda received: answer(
        500 if not received.is_check and received.message["id"] == old.id else 200
    )
    await story.deliveries.replay(hook.domain_id, hook.id, record.delivery.id)
    await story.deliver()
    (new,) = await story.happen("a")
    await story.deliver()
    assert receiver.ids == [old.id, old.id, new.id]
    for _ in range(6):
        await story.later(hours=1)
    assert receiver.ids.count(old.id) == 1 + 5
    assert await story.states(hook) == ["quarantined", "delivered"]


async def test_a_replay_has_72_hours_of_its_own(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = lambda _received: answer(500)
    (event,) = await story.happen("a")
    await story.deliver()
    await story.later(hours=72)
    assert await story.states(hook) == ["quarantined"]
    (record,) = await story.records(hook)
    await story.deliveries.replay(hook.domain_id, hook.id, record.delivery.id)
    await story.deliver()
    assert await story.states(hook) == ["waiting"]
    await story.later(hours=71)
    receiver.behave = lambda _received: answer()
    await story.later(hours=1)
    assert await story.states(hook) == ["delivered"]
    assert set(receiver.ids) == {event.id}


async def test_a_replay_does_not_wait_for_what_its_room_waits_for(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    (old,) = await story.happen("a")
    await story.deliver()
    bad, _behind = await story.happen("a", "a")
    receiver.behave = lambda received: answer(500 if received.message["id"] == bad.id else 200)
    await story.deliver()
    await story.deliveries.replay(
        hook.domain_id, hook.id, (await story.records(hook))[0].delivery.id
    )
    await story.deliver()
    assert receiver.ids == [old.id, bad.id, old.id]


async def test_replaying_what_still_waits_tries_it_now_and_keeps_the_order(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    first, second = await story.happen("a", "a")
    receiver.behave = lambda _received: answer(500)
    await story.deliver()
    receiver.behave = lambda _received: answer()
    records = await story.records(hook)
    await story.deliveries.replay(hook.domain_id, hook.id, records[1].delivery.id)
    await story.deliver()
    assert receiver.ids == [first.id]
    await story.deliveries.replay(hook.domain_id, hook.id, records[0].delivery.id)
    await story.deliver()
    assert receiver.ids == [first.id, first.id, second.id]


async def test_replaying_what_is_being_sent_sends_it_only_once(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    release = asyncio.Event()
    receiver.behave = lambda _received: answer_after(release, answer())
    (event,) = await story.happen("a")
    await story.deliveries.step()
    await receiver.arrival(2)
    (record,) = await story.records(hook)
    await story.deliveries.replay(hook.domain_id, hook.id, record.delivery.id)
    await story.deliveries.step()
    release.set()
    await story.deliveries.settled()
    await story.deliver()
    assert receiver.ids == [event.id]
    assert await story.states(hook) == ["delivered"]


async def test_what_is_not_there_cannot_be_listed_or_replayed(
    story: Story,
    hook: Webhook,
    receiver: WebhookReceiver,
    api: httpx2.AsyncClient,
    practice: Domain,
) -> None:
    theirs = await story.webhooks.create(practice.id, {"url": receiver.url})
    await story.happen("b", domain=practice)
    await story.deliver()
    _, (record,) = await story.deliveries.list(practice.id, theirs.id, Page(100))
    assert (await api.get(path_of(theirs))).status_code == 404
    for webhook in (hook, theirs):
        result = await api.post(f"{path_of(webhook)}/{record.delivery.id}/replay")
        assert (result.status_code, result.json()["error"]) == (404, "not-found")
    await story.deliver()
    assert len(receiver.events) == 1


async def test_what_is_too_old_is_forgotten_with_all_that_belongs_to_it(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    await story.happen("a")
    await story.deliver()
    story.clock.advance(timedelta(days=30))
    await story.happen("a")
    await story.deliver()
    assert not await story.deliveries.sweep()
    assert len(await story.records(hook)) == 2
    story.clock.advance(timedelta(seconds=1))
    await story.deliveries.sweep()
    assert len(await story.records(hook)) == 1
    for table in (webhook_events, webhook_deliveries, webhook_attempts):
        count = select(func.count()).select_from(table)
        assert await story.database.read(lambda tx, c=count: tx.run(c).scalar_one()) == 1  # type: ignore[misc]


async def test_what_waits_too_long_for_a_failed_webhook_is_forgotten_and_the_rest_still_goes(
    story: Story, receiver: WebhookReceiver
) -> None:
    hook = await story.hook(receiver.url, retry_type="circuit-breaker")
    receiver.behave = lambda _received: answer(500)
    await story.happen(*"aaaaa")
    await story.deliver()
    assert (await story.look(hook)).state.value == "FAILED"
    story.clock.advance(timedelta(days=20))
    young = await story.happen("a", "a")
    await story.deliver()
    story.clock.advance(timedelta(days=20))
    await story.deliveries.sweep()
    receiver.behave = lambda _received: answer()
    receiver.received.clear()
    await story.webhooks.update(hook.domain_id, hook.id, {})
    await story.deliver()
    assert receiver.ids == [event.id for event in young]


async def test_a_room_whose_first_waiting_delivery_vanished_goes_on_after_a_sweep(
    story: Story, hook: Webhook, receiver: WebhookReceiver
) -> None:
    receiver.behave = lambda _received: answer(500)
    first, second = await story.happen("a", "a")
    await story.deliver()
    vanish = delete(webhook_events).where(webhook_events.c.number == first.number)
    await story.database.write(lambda tx: tx.run(vanish))
    receiver.behave = lambda _received: answer()
    await story.later(hours=1)
    assert await story.states(hook) == ["waiting"]
    await story.deliveries.sweep()
    await story.deliver()
    assert receiver.ids == [first.id, second.id]
