"""Webhooks over HTTP: the check request, Daily's answers, and what is refused."""

import asyncio
import base64
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from tests.servers.webhook_receiver import (
    WebhookReceiver,
    answer,
    hang_up,
    is_signed,
)
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.outbox.model import EventType
from vestibule.rooms.schema import webhooks as webhooks_table
from vestibule.rooms.webhooks.sender import Sender
from vestibule.rooms.webhooks.service import (
    EndpointCheckFailed,
    TooManyWebhooks,
    WebhookService,
)

NOBODY = "00000000-0000-4000-8000-000000000000"
SECRET = "c2VjcmV0IG9mIHRoZSBjbGluaWM="


async def create(api: httpx2.AsyncClient, url: str, **more: Any) -> dict[str, Any]:
    result = await api.post("/v1/webhooks", json={"url": url, **more})
    assert result.status_code == 200, result.text
    created: dict[str, Any] = result.json()
    return created


async def test_a_new_webhook_is_checked_with_a_signed_request_and_answered_as_daily_does(
    api: httpx2.AsyncClient, receiver: WebhookReceiver, clinic: Domain
) -> None:
    created = await create(api, receiver.url)
    (check,) = receiver.received
    assert check.body == b'{"test":"test"}'
    assert is_signed(check, created["hmac"])
    assert len(base64.b64decode(created["hmac"])) == 32
    assert created == {
        "uuid": created["uuid"],
        "url": receiver.url,
        "hmac": created["hmac"],
        "basicAuth": None,
        "retryType": "persistent",
        "eventTypes": [event_type.value for event_type in EventType],
        "state": "ACTIVE",
        "failedCount": 0,
        "lastMomentPushed": None,
        "domainId": clinic.id,
        "createdAt": "2026-11-21T10:00:00.000Z",
        "updatedAt": "2026-11-21T10:00:00.000Z",
    }
    assert (await api.get("/v1/webhooks")).json() == [created]
    assert (await api.get(f"/v1/webhooks/{created['uuid']}")).json() == created


async def test_what_is_given_is_kept_and_used_but_credentials_are_not_shown_again(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    created = await create(
        api,
        receiver.url,
        hmac=SECRET,
        basicAuth="dXNlcjpwYXNz",
        retryType="exponential",
        eventTypes=["participant.left", "participant.joined"],
    )
    (check,) = receiver.received
    assert is_signed(check, SECRET)
    assert check.headers["authorization"] == "Basic dXNlcjpwYXNz"
    assert created["hmac"] == SECRET
    assert created["basicAuth"] == "********"
    assert created["retryType"] == "exponential"
    assert created["eventTypes"] == ["participant.left", "participant.joined"]


async def test_secrets_are_sealed_in_the_database(
    api: httpx2.AsyncClient, receiver: WebhookReceiver, database: Database
) -> None:
    await create(api, receiver.url, hmac=SECRET, basicAuth="dXNlcjpwYXNz")
    row = await database.read(lambda tx: tx.run(select(webhooks_table)).one())
    assert SECRET not in str(row)
    assert "dXNlcjpwYXNz" not in str(row)


@pytest.mark.parametrize("status", [201, 204, 301, 404, 500])
async def test_a_webhook_is_not_made_unless_the_check_is_answered_with_200(
    api: httpx2.AsyncClient, receiver: WebhookReceiver, status: int
) -> None:
    receiver.behave = lambda _received: answer(status)
    result = await api.post("/v1/webhooks", json={"url": receiver.url})
    assert (result.status_code, result.json()) == (
        400,
        {
            "error": "invalid-request-error",
            "info": f"non-200 status code returned from webhook endpoint, recvd {status}; "
            "it must answer the check request with 200",
        },
    )
    assert (await api.get("/v1/webhooks")).json() == []


async def test_a_webhook_is_not_made_if_nobody_answers_and_the_reason_is_said(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.behave = lambda _received: hang_up
    result = await api.post("/v1/webhooks", json={"url": receiver.url})
    assert result.status_code == 400
    assert result.json()["info"].startswith(
        f"the address {receiver.url} could not be checked: the connection ended without an answer ("
    )
    assert result.json()["info"].endswith("). It must answer the check request with 200")
    assert (await api.get("/v1/webhooks")).json() == []


@pytest.mark.parametrize(
    ("body", "info"),
    [
        ({}, "missing required field 'url'"),
        ({"url": 7}, "url"),
        ({"url": None}, "url"),
        ({"url": "clinic.example"}, "url must begin with https://"),
        ({"url": "https://a.example", "secret": "x"}, "invalid property name 'secret'"),
        ({"url": "https://a.example", "hmac": "!"}, "hmac must be a secret in base64"),
        ({"url": "https://a.example", "basicAuth": "a\nb"}, "basicAuth must be"),
        ({"url": "https://a.example", "retryType": "never"}, '"retryType" must be one of'),
        ({"url": "https://a.example", "eventTypes": "all"}, "eventTypes"),
        ({"url": "https://a.example", "eventTypes": ["all"]}, '"eventTypes[0]" must be one of'),
    ],
)
async def test_what_is_wrong_is_said_before_anything_is_sent(
    api: httpx2.AsyncClient, body: dict[str, Any], info: str
) -> None:
    result = await api.post("/v1/webhooks", json=body)
    assert (result.status_code, result.json()["error"]) == (400, "invalid-request-error")
    assert info in result.json()["info"]
    assert (await api.get("/v1/webhooks")).json() == []


async def test_without_permission_nothing_is_sent_into_the_private_network(
    database: Database,
    keyring: Keyring,
    clinic: Domain,
    receiver: WebhookReceiver,
    clock: FakeClock,
) -> None:
    webhooks = WebhookService(
        database=database, keyring=keyring, ids=SystemIds(), sender=Sender(clock=clock)
    )
    with pytest.raises(EndpointCheckFailed, match="does not send webhooks into private networks"):
        await webhooks.create(clinic.id, {"url": receiver.url})
    assert receiver.received == []
    assert await webhooks.list(clinic.id) == []


async def test_a_domain_has_one_webhook(api: httpx2.AsyncClient, receiver: WebhookReceiver) -> None:
    await create(api, receiver.url)
    result = await api.post("/v1/webhooks", json={"url": receiver.url})
    assert (result.status_code, result.json()["error"]) == (400, "invalid-request-error")
    assert "1 of at most 1 webhooks" in result.json()["info"]
    assert len(receiver.received) == 1


async def test_of_many_who_create_at_once_only_as_many_succeed_as_may(
    database: Database,
    keyring: Keyring,
    sender: Sender,
    receiver: WebhookReceiver,
    clinic: Domain,
) -> None:
    webhooks = WebhookService(
        database=database, keyring=keyring, ids=SystemIds(), sender=sender, per_domain=3
    )
    wishes = {"url": receiver.url}
    results = await asyncio.gather(
        *(webhooks.create(clinic.id, wishes) for _ in range(8)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, TooManyWebhooks)]
    assert len(refused) == 5
    assert len(await webhooks.list(clinic.id)) == 3


async def test_an_update_changes_what_is_given_after_a_check_with_the_new_values(
    api: httpx2.AsyncClient, receiver: WebhookReceiver, clock: FakeClock
) -> None:
    created = await create(api, receiver.url, basicAuth="dXNlcjpwYXNz", hmac=SECRET)
    other = base64.b64encode(b"other secret").decode()
    changes = {"hmac": other, "eventTypes": ["meeting.ended"], "retryType": "circuit-breaker"}
    result = await api.post(f"/v1/webhooks/{created['uuid']}", json=changes)
    assert result.status_code == 200
    assert result.json() == {**created, **changes}
    check = receiver.received[1]
    assert is_signed(check, other)
    assert check.headers["authorization"] == "Basic dXNlcjpwYXNz"
    assert (await api.get(f"/v1/webhooks/{created['uuid']}")).json() == result.json()


async def test_null_puts_back_to_the_default(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    created = await create(
        api,
        receiver.url,
        hmac=SECRET,
        basicAuth="dXNlcjpwYXNz",
        retryType="exponential",
        eventTypes=["meeting.ended"],
    )
    defaults = {"hmac": None, "basicAuth": None, "retryType": None, "eventTypes": None}
    changed = (await api.post(f"/v1/webhooks/{created['uuid']}", json=defaults)).json()
    assert changed["hmac"] != SECRET
    assert changed["basicAuth"] is None
    assert changed["retryType"] == "persistent"
    assert len(changed["eventTypes"]) == len(EventType)
    assert "authorization" not in receiver.received[1].headers


async def test_credentials_that_come_back_hidden_stay_as_they_are(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    created = await create(api, receiver.url, basicAuth="dXNlcjpwYXNz")
    await api.post(f"/v1/webhooks/{created['uuid']}", json={"basicAuth": created["basicAuth"]})
    assert receiver.received[1].headers["authorization"] == "Basic dXNlcjpwYXNz"


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_update_without_a_body_only_checks(
    api: httpx2.AsyncClient, receiver: WebhookReceiver, method: str
) -> None:
    created = await create(api, receiver.url)
    result = await api.request(method, f"/v1/webhooks/{created['uuid']}")
    assert (result.status_code, result.json()) == (200, created)
    assert len(receiver.received) == 2


async def test_an_update_whose_check_fails_changes_nothing(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    created = await create(api, receiver.url)
    receiver.behave = lambda _received: answer(500)
    changes = {"hmac": SECRET, "retryType": "exponential"}
    result = await api.post(f"/v1/webhooks/{created['uuid']}", json=changes)
    assert result.status_code == 400
    assert "recvd 500" in result.json()["info"]
    assert (await api.get(f"/v1/webhooks/{created['uuid']}")).json() == created


async def test_a_deleted_webhook_is_gone_and_makes_place_for_another(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    created = await create(api, receiver.url)
    result = await api.delete(f"/v1/webhooks/{created['uuid']}")
    assert (result.status_code, result.content) == (200, b"")
    assert (await api.get("/v1/webhooks")).json() == []
    assert (await api.delete(f"/v1/webhooks/{created['uuid']}")).status_code == 404
    await create(api, receiver.url)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_webhook_that_is_not_there_is_not_found(
    api: httpx2.AsyncClient, method: str
) -> None:
    result = await api.request(method, f"/v1/webhooks/{NOBODY}")
    assert (result.status_code, result.json()) == (
        404,
        {
            "error": "not-found",
            "info": f"webhook {NOBODY} not found; GET /v1/webhooks lists those of this domain",
        },
    )


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_id_that_is_no_uuid_is_not_found_either(
    api: httpx2.AsyncClient, method: str
) -> None:
    result = await api.request(method, "/v1/webhooks/%00")
    assert (result.status_code, result.json()["error"]) == (404, "not-found")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_another_domains_webhook_is_not_found_either(
    api: httpx2.AsyncClient,
    receiver: WebhookReceiver,
    webhooks: WebhookService,
    practice: Domain,
    method: str,
) -> None:
    theirs = await webhooks.create(practice.id, {"url": receiver.url})
    result = await api.request(method, f"/v1/webhooks/{theirs.id}")
    assert result.status_code == 404
    assert (await api.get("/v1/webhooks")).json() == []
    assert await webhooks.list(practice.id) == [theirs]


async def test_dailys_own_example_that_calls_its_json_text_is_understood(
    api: httpx2.AsyncClient, receiver: WebhookReceiver
) -> None:
    body = f'{{"url": "{receiver.url}", "eventTypes": ["recording.started"]}}'
    result = await api.post("/v1/webhooks", content=body, headers={"Content-Type": "text/plain"})
    assert result.json()["eventTypes"] == ["recording.started"]


async def test_without_a_key_nothing_is_answered(api: httpx2.AsyncClient) -> None:
    for key in ("", "Bearer wrong"):
        result = await api.get("/v1/webhooks", headers={"Authorization": key})
        assert result.status_code in (400, 401)
