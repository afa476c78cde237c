"""The chain of audit events shows every later change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vestibule.appointments.audit.model import BEGINNING, AuditEvent, first_break, hash_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
Chain = list[AuditEvent]


def chain(length: int = 4) -> Chain:
    events: Chain = []
    for sequence in range(1, length + 1):
        unsigned = AuditEvent(
            organization_id=1,
            sequence=sequence,
            at=NOW + timedelta(minutes=sequence),
            event="videocall.room_created",
            actor="vestibule",
            appointment_id=102,
            details={"room_name": f"restartix-1-{sequence}", "exp": 1795256000},
            previous_hash=events[-1].hash if events else BEGINNING,
            hash="",
        )
        events.append(replace(unsigned, hash=hash_of(unsigned)))
    return events


def test_an_untouched_chain_has_no_break() -> None:
    assert first_break([]) is None
    assert first_break(chain()) is None


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    event = chain(1)[0]
    elsewhere = replace(event, at=datetime.fromisoformat("2026-11-21T12:01:00+02:00"))
    assert hash_of(elsewhere) == event.hash


@pytest.mark.parametrize(
    "change",
    [
        lambda event: replace(event, details={"room_name": "other", "exp": 1795256000}),
        lambda event: replace(event, details={}),
        lambda event: replace(event, actor="somebody"),
        lambda event: replace(event, event="videocall.room_deleted"),
        lambda event: replace(event, at=event.at + timedelta(microseconds=1)),
        lambda event: replace(event, appointment_id=103),
        lambda event: replace(event, organization_id=2),
        lambda event: replace(event, hash=BEGINNING),
    ],
)
def test_a_changed_event_breaks_the_chain_where_it_stands(
    change: Callable[[AuditEvent], AuditEvent],
) -> None:
    events = chain()
    events[2] = change(events[2])
    assert first_break(events) == 3


def test_a_changed_event_with_a_new_hash_breaks_the_chain_after_it() -> None:
    events = chain()
    forged = replace(events[1], actor="somebody")
    events[1] = replace(forged, hash=hash_of(forged))
    assert first_break(events) == 3


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (lambda events: events[1:], 1),
        (lambda events: [*events[:1], *events[2:]], 2),
        (lambda events: [events[0], events[2], events[1], events[3]], 2),
        (lambda events: [*events[:2], events[1], *events[2:]], 3),
    ],
)
def test_a_missing_moved_or_added_event_breaks_the_chain(
    tamper: Callable[[Chain], Chain], place: int
) -> None:
    assert first_break(tamper(chain())) == place
