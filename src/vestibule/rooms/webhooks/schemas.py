"""What the webhook routes take and answer (reference 10.1)."""
# ruff: noqa: N815 - the keys are Daily's own

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from vestibule.rooms.outbox.model import EventType
from vestibule.rooms.webhooks.model import HIDDEN, RetryType, Webhook, WebhookState

WISHES = {
    "url": "url",
    "hmac": "hmac",
    "basicAuth": "basic_auth",
    "retryType": "retry_type",
    "eventTypes": "event_types",
}


class WebhookChanges(BaseModel):
    """What to change about a webhook; what is not given stays, null puts back to the default."""

    model_config = ConfigDict(extra="forbid")

    url: StrictStr = Field(default="", description="https:// or http:// address to POST to.")
    hmac: StrictStr | None = Field(
        default=None, description="Secret of the signatures in base64; made if not given."
    )
    basicAuth: StrictStr | None = Field(
        default=None, description="Sent as it is in `Authorization: Basic …`; never shown again."
    )
    retryType: StrictStr | None = Field(
        default=None, description="persistent, circuit-breaker or exponential."
    )
    eventTypes: list[StrictStr] | None = Field(
        default=None,
        description="Types of events to send; all if none are given.",
        examples=[["meeting.started", "meeting.ended"]],
    )

    @property
    def wishes(self) -> dict[str, Any]:
        return {WISHES[name]: getattr(self, name) for name in self.model_fields_set}


class WebhookRequest(WebhookChanges):
    """A webhook to make."""

    url: StrictStr = Field(
        description="https:// or http:// address to POST to.",
        examples=["https://clinic.example/hook"],
    )


class WebhookAnswer(BaseModel):
    """A webhook. `failedCount` counts failures since the last success, at `lastMomentPushed`."""

    uuid: str = Field(examples=["01a1fd90-b403-73bf-beb2-8d91e625565d"])
    url: str = Field(examples=["https://clinic.example/hook"])
    hmac: str = Field(
        description="Secret of the signatures, in base64.",
        examples=["bm90IGEgc2VjcmV0LCBqdXN0IGFuIGV4YW1wbGUgISE="],
    )
    basicAuth: str | None = Field(description="Hidden, if there is one.", examples=["********"])
    retryType: RetryType
    eventTypes: list[EventType]
    state: WebhookState
    failedCount: int
    lastMomentPushed: str | None = Field(examples=["2026-11-21T10:30:00.123Z"])
    domainId: str = Field(examples=["8d7a0f0e-2f9f-4c62-a29c-5f0c3e6f2a11"])
    createdAt: str = Field(
        description="ISO 8601, UTC, milliseconds.", examples=["2026-11-21T10:00:00.000Z"]
    )
    updatedAt: str = Field(examples=["2026-11-21T10:00:00.000Z"])

    @classmethod
    def of(cls, webhook: Webhook, hmac: str) -> Self:
        return cls(
            uuid=webhook.id,
            url=webhook.url,
            hmac=hmac,
            basicAuth=HIDDEN if webhook.basic_auth_sealed else None,
            retryType=webhook.retry_type,
            eventTypes=list(webhook.event_types or EventType),
            state=webhook.state,
            failedCount=webhook.failed_count,
            lastMomentPushed=iso_or_none(webhook.last_pushed_at),
            domainId=webhook.domain_id,
            createdAt=iso(webhook.created_at),
            updatedAt=iso(webhook.updated_at),
        )


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z, as Daily writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(moment: datetime | None) -> str | None:
    """`iso`, where there may be no moment."""
    return None if moment is None else iso(moment)
