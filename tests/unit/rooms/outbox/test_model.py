"""The types of events and the ids of those that this server emits."""

import uuid
from datetime import UTC, datetime

import pytest

from vestibule.rooms.outbox.model import ID_PREFIXES, EventType, event_id

UNIQUE = uuid.UUID("11111111-2222-4333-8444-555555555555")
NOW = datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC)


def test_every_type_that_daily_documents_can_be_subscribed_to() -> None:
    assert len(set(EventType) - {EventType.RECORDING_STOPPED}) == 32


def test_ids_look_like_dailys() -> None:
    assert (
        event_id(EventType.MEETING_STARTED, UNIQUE, NOW)
        == "met-sta-11111111-2222-4333-8444-555555555555-1795255200250"
    )


@pytest.mark.parametrize("event_type", ID_PREFIXES)
def test_ids_fit_their_column(event_type: EventType) -> None:
    assert len(event_id(event_type, UNIQUE, NOW)) <= 96
