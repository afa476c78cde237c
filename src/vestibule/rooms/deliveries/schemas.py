"""What the delivery routes answer; Daily has no such thing."""
# ruff: noqa: N815 - in the style of the webhook's own keys

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from vestibule.rooms.deliveries.model import Attempt, DeliveryState
from vestibule.rooms.deliveries.service import Record
from vestibule.rooms.webhooks.schemas import iso, iso_or_none


class AttemptAnswer(BaseModel):
    """One try. `status` is null if there was no answer; then `error` says why."""

    at: str = Field(examples=["2026-11-21T10:30:00.123Z"])
    status: int | None = Field(examples=[500])
    durationMs: int = Field(examples=[84])
    error: str | None = Field(examples=["the webhook answered 500"])
    response: str | None = Field(description="Beginning of the answer's body.", examples=[""])

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        return cls(
            at=iso(attempt.at),
            status=attempt.status,
            durationMs=attempt.milliseconds,
            error=attempt.error,
            response=attempt.response,
        )


class DeliveryAnswer(BaseModel):
    """One event on its way to the webhook. `attempts` holds the last ten, newest first."""

    id: int = Field(examples=[17])
    eventId: str = Field(examples=["m-bf1c"])
    eventType: str = Field(examples=["meeting.started"])
    room: str = Field(examples=["example-room"])
    sequence: int = Field(description="Rises from event to event of the room.")
    payload: Mapping[str, Any]
    createdAt: str = Field(examples=["2026-11-21T10:30:00.000Z"])
    state: DeliveryState
    replayed: bool
    nextAttemptAt: str | None = Field(
        description="Null if it is settled, or waits for an earlier event of its room.",
        examples=["2026-11-21T10:31:00.000Z"],
    )
    settledAt: str | None = Field(examples=[None])
    error: str | None = Field(examples=["the webhook answered 500"])
    attempts: list[AttemptAnswer]

    @classmethod
    def of(cls, record: Record) -> Self:
        delivery, event = record.delivery, record.event
        return cls(
            id=delivery.id,
            eventId=event.id,
            eventType=event.type.value,
            room=event.room_name,
            sequence=event.sequence,
            payload=event.payload,
            createdAt=iso(event.created_at),
            state=delivery.state,
            replayed=not delivery.in_order,
            nextAttemptAt=iso_or_none(delivery.due_at),
            settledAt=iso_or_none(delivery.settled_at),
            error=delivery.last_error,
            attempts=[AttemptAnswer.of(attempt) for attempt in record.attempts],
        )


class DeliveriesAnswer(BaseModel):
    """One page of deliveries, newest first. `total_count` counts all that match."""

    total_count: int = Field(examples=[1])
    data: list[DeliveryAnswer]
