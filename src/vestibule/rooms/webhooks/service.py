"""Webhooks: made, listed, changed and deleted; a check request goes first (reference 10.2)."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Invalid, NotFound
from vestibule.foundation.ids import Ids
from vestibule.rooms.webhooks import store
from vestibule.rooms.webhooks.model import (
    HIDDEN,
    HMAC_BYTES,
    TEST_MESSAGE,
    Answer,
    RetryType,
    Target,
    Webhook,
    WebhookState,
    check_basic_auth,
    check_event_types,
    check_hmac,
    check_retry_type,
    check_url,
)
from vestibule.rooms.webhooks.sender import Sender

Wishes = Mapping[str, Any]
"""What an owner says about a webhook: any of `url`, `hmac`, `basic_auth`, `retry_type` and
`event_types`; None puts back to the default."""


class WebhookNotFound(NotFound):
    """The domain has no webhook with this id."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__(
            f"webhook {webhook_id[:64]} not found; GET /v1/webhooks lists those of this domain"
        )


class TooManyWebhooks(Invalid):
    """The domain has as many webhooks as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"this domain has {limit} of at most {limit} webhooks; change or delete one of them"
        )


class EndpointCheckFailed(Invalid):
    """The address did not answer the check request with 200."""

    def __init__(self, url: str, answer: Answer) -> None:
        # Daily's words, as far as they say something (reference 1.2).
        super().__init__(
            f"non-200 status code returned from webhook endpoint, recvd {answer.status}; "
            "it must answer the check request with 200"
            if answer.status
            else f"the address {url} could not be checked: {answer.error}. "
            "It must answer the check request with 200"
        )


class WebhookService:
    """The webhooks of every domain. Their secrets are sealed at rest."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        ids: Ids,
        sender: Sender,
        per_domain: int = 1,
        default_retry_type: RetryType = RetryType.PERSISTENT,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._ids = ids
        self._sender = sender
        self.per_domain = per_domain
        self._default_retry_type = default_retry_type

    async def create(self, domain_id: str, wishes: Wishes) -> Webhook:
        """Add a webhook, `url` being given, if the address answers the check request with 200.

        One to this installation itself takes none of the domain's places and is never shown: only
        who knows its secret passes the check. Made again, it is the same one, and is switched on.

        Invalid for a wrong value, EndpointCheckFailed, TooManyWebhooks.
        """
        known = await self._known_inside(domain_id, wishes.get("url"))
        if known is not None:
            return await self._change(known, wishes)
        webhook_id = self._ids.uuid()
        defaults = {"hmac": None, "retry_type": None}
        values = self._values(webhook_id, {**defaults, **wishes})
        is_inside = self._sender.is_inside(values["url"])
        slots = store.INSIDE_SLOTS if is_inside else range(1, self.per_domain + 1)
        if await self._database.read(lambda tx: store.is_full(tx, domain_id, slots)):
            raise TooManyWebhooks(self.per_domain)
        await self._check(self._target(webhook_id, values))

        def insert(tx: Transaction) -> Webhook:
            webhook = _new_webhook(webhook_id, domain_id, values, tx.now)
            if not store.insert_webhook(tx, webhook, slots):
                raise TooManyWebhooks(self.per_domain)
            return webhook

        return await self._database.write(insert)

    async def every(self) -> list[Webhook]:
        """The webhooks of all domains."""
        return await self._database.read(store.every_webhook)

    async def probe(self, webhook: Webhook) -> Answer:
        """What the address answers to the check request; changes nothing."""
        return await self._sender.post(self.target(webhook), TEST_MESSAGE)

    async def list(self, domain_id: str) -> list[Webhook]:
        """The webhooks that the domain's people chose, without those to this installation."""
        every = await self._database.read(lambda tx: store.list_webhooks(tx, domain_id))
        return [each for each in every if not self._sender.is_inside(each.url)]

    async def get(self, domain_id: str, webhook_id: str) -> Webhook:
        """One of the webhooks that are listed; WebhookNotFound."""
        webhook = await self._database.read(lambda tx: get_webhook(tx, domain_id, webhook_id))
        if self._sender.is_inside(webhook.url):
            raise WebhookNotFound(webhook_id)
        return webhook

    async def update(self, domain_id: str, webhook_id: str, wishes: Wishes) -> Webhook:
        """Change a webhook and switch it on again, if the address answers the check request.

        Also without any wish: this is how a FAILED one is switched on. Invalid for a wrong value,
        EndpointCheckFailed, WebhookNotFound; then nothing has changed.
        """
        return await self._change(await self.get(domain_id, webhook_id), wishes)

    async def delete(self, domain_id: str, webhook_id: str) -> None:
        """Remove a webhook and the record of its deliveries; WebhookNotFound."""
        await self.get(domain_id, webhook_id)
        deleted = await self._database.write(
            lambda tx: store.delete_webhook(tx, domain_id, webhook_id)
        )
        if not deleted:
            raise WebhookNotFound(webhook_id)

    def target(self, webhook: Webhook) -> Target:
        """Where to send, with the secrets opened; UnreadableSecret if a master key is missing."""
        return self._target(webhook.id, vars(webhook))

    async def _known_inside(self, domain_id: str, url: object) -> Webhook | None:
        """The domain's webhook to this address of the installation itself, if there is one."""
        if not isinstance(url, str) or not self._sender.is_inside(url):
            return None
        every = await self._database.read(lambda tx: store.list_webhooks(tx, domain_id))
        return next((each for each in every if each.url == url), None)

    async def _change(self, webhook: Webhook, wishes: Wishes) -> Webhook:
        changed = replace(webhook, **self._values(webhook.id, wishes))
        await self._check(self.target(changed))
        updated = await self._database.write(lambda tx: store.update_webhook(tx, changed))
        if updated is None:
            raise WebhookNotFound(webhook.id)
        return updated

    async def _check(self, target: Target) -> None:
        answer = await self._sender.post(target, TEST_MESSAGE)
        if answer.status != 200:
            raise EndpointCheckFailed(target.url, answer)

    def _values(self, webhook_id: str, wishes: Wishes) -> dict[str, Any]:
        """The wishes as a webhook's own fields: checked, and the secrets sealed."""
        values: dict[str, Any] = {}
        for name, wish in wishes.items():
            match name:
                case "url":
                    values["url"] = check_url(wish)
                case "hmac":
                    secret = self._new_secret() if wish is None else check_hmac(wish)
                    values["hmac_sealed"] = self._keyring.seal(secret, binds=_hmac_of(webhook_id))
                case "basic_auth" if wish != HIDDEN:
                    values["basic_auth_sealed"] = wish and self._keyring.seal(
                        check_basic_auth(wish), binds=_basic_auth_of(webhook_id)
                    )
                case "retry_type":
                    values["retry_type"] = (
                        self._default_retry_type if wish is None else check_retry_type(wish)
                    )
                case "event_types":
                    values["event_types"] = check_event_types(wish or ())
        return values

    def _target(self, webhook_id: str, values: Mapping[str, Any]) -> Target:
        sealed = values.get("basic_auth_sealed")
        return Target(
            url=values["url"],
            hmac=self._keyring.open(values["hmac_sealed"], binds=_hmac_of(webhook_id)),
            basic_auth=sealed and self._keyring.open(sealed, binds=_basic_auth_of(webhook_id)),
        )

    def _new_secret(self) -> str:
        key = base64.urlsafe_b64decode(self._ids.secret(HMAC_BYTES) + "=")
        return base64.b64encode(key).decode()


def get_webhook(tx: Transaction, domain_id: str, webhook_id: str) -> Webhook:
    """The domain's webhook with this id; WebhookNotFound."""
    webhook = store.find_webhook(tx, domain_id, webhook_id)
    if webhook is None:
        raise WebhookNotFound(webhook_id)
    return webhook


def lock_webhook(tx: Transaction, webhook_id: str) -> Webhook | None:
    """The webhook, locked: whoever changes its deliveries does this first; None if it is gone."""
    return store.lock_webhook(tx, webhook_id)


def lock_webhooks_of(tx: Transaction, domain_ids: Collection[str]) -> list[Webhook]:
    """The webhooks of these domains, locked."""
    return store.lock_webhooks_of(tx, domain_ids)


def sendable_webhooks(tx: Transaction, webhook_ids: Collection[str]) -> dict[str, Webhook]:
    """Those of these webhooks that may be sent to now, by id: active, and not paused."""
    return {webhook.id: webhook for webhook in store.sendable_webhooks(tx, webhook_ids)}


def note_success(tx: Transaction, webhook: Webhook) -> None:
    """An event has been delivered."""
    store.write_success(tx, webhook.id)


def note_failure(tx: Transaction, webhook: Webhook, state: WebhookState) -> None:
    """A try has failed; from now on the webhook is in this state."""
    store.write_failure(tx, webhook.id, state)


def pause_webhook(tx: Transaction, webhook: Webhook, until: datetime) -> None:
    """Send nothing to the webhook until then."""
    store.write_pause(tx, webhook.id, until)


def _new_webhook(
    webhook_id: str, domain_id: str, values: Mapping[str, Any], now: datetime
) -> Webhook:
    return Webhook(
        **{
            "id": webhook_id,
            "domain_id": domain_id,
            "basic_auth_sealed": None,
            "event_types": None,
            "state": WebhookState.ACTIVE,
            "failed_count": 0,
            "last_pushed_at": None,
            "paused_until": None,
            "created_at": now,
            "updated_at": now,
            **values,
        }
    )


def _hmac_of(webhook_id: str) -> str:
    return f"webhooks:{webhook_id}:hmac"


def _basic_auth_of(webhook_id: str) -> str:
    return f"webhooks:{webhook_id}:basic_auth"
