"""Events are there if and only if their fact is, in order, whoever writes at the same time."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.database import Database, Transaction
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.outbox.model import Event, EventType
from vestibule.rooms.outbox.service import (
    find_events,
    forget_events,
    has_undistributed,
    record_event,
    take_undistributed,
)


def record(
    tx: Transaction, domain: Domain, room: str = "room", payload: dict[str, Any] | None = None
) -> Event:
    return record_event(
        tx,
        domain_id=domain.id,
        room_id=room,
        room_name=f"name of {room}",
        type="participant.joined",
        payload=payload or {},
    )


async def test_an_event_is_written_as_it_happened(
    database: Database, clinic: Domain, clock: FakeClock
) -> None:
    event = await database.write(lambda tx: record(tx, clinic, "r1", {"session_id": "s"}))
    found = await database.read(lambda tx: find_events(tx, [event.number]))
    assert found == {event.number: event}
    assert event.type is EventType.PARTICIPANT_JOINED
    assert (event.domain_id, event.room_id, event.room_name) == (clinic.id, "r1", "name of r1")
    assert (event.payload, event.created_at) == ({"session_id": "s"}, clock.now())
    assert event.id.startswith("ptcpt-join-")


async def test_an_event_goes_with_the_transaction_of_its_fact(
    database: Database, clinic: Domain
) -> None:
    def fail(tx: Transaction) -> None:
        record(tx, clinic)
        raise LookupError("the fact itself fails")

    with pytest.raises(LookupError):
        await database.write(fail)
    assert not await database.read(has_undistributed)


async def test_numbers_rise_by_one_in_each_room_for_itself(
    database: Database, clinic: Domain
) -> None:
    events = [await database.write(partial(record, domain=clinic, room=room)) for room in "abaab"]
    first = events[0].sequence
    assert [event.sequence - first for event in events] == [0, 0, 1, 2, 1]


async def test_a_thing_that_does_not_exist_cannot_happen(
    database: Database, clinic: Domain
) -> None:
    def record_nonsense(tx: Transaction) -> Event:
        return record_event(
            tx, domain_id=clinic.id, room_id="r", room_name="r", type="meeting.begun", payload={}
        )

    with pytest.raises(ValueError, match=r"meeting\.begun"):
        await database.write(record_nonsense)


async def test_a_payload_may_hold_whatever_people_type(database: Database, clinic: Domain) -> None:
    payload = {"user_name": "Ana \ud83d \0 'Păun' 👩", "duration": 11.419000148773193}
    event = await database.write(lambda tx: record(tx, clinic, payload=payload))
    found = await database.read(lambda tx: find_events(tx, [event.number]))
    assert found[event.number].payload == payload


async def test_events_are_taken_once_and_in_order(database: Database, clinic: Domain) -> None:
    written = [await database.write(lambda tx: record(tx, clinic)) for _ in range(5)]
    first = await database.write(lambda tx: take_undistributed(tx, 3))
    second = await database.write(lambda tx: take_undistributed(tx, 3))
    assert [*first, *second] == written
    assert not await database.read(has_undistributed)


async def test_a_take_that_fails_leaves_the_events(database: Database, clinic: Domain) -> None:
    written = await database.write(lambda tx: record(tx, clinic))

    def fail(tx: Transaction) -> None:
        take_undistributed(tx, 3)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    assert await database.write(lambda tx: take_undistributed(tx, 3)) == [written]


async def test_several_processes_write_and_take_at_once_and_nothing_is_lost_or_out_of_order(
    database: Database, clinic: Domain, clock: FakeClock
) -> None:
    """Each process has its own connections; what they take is noted inside the transaction."""
    processes = [database, Database(database.url, clock), Database(database.url, clock)]
    taken: list[Event] = []

    def take(tx: Transaction) -> None:
        taken.extend(take_undistributed(tx, 2))

    async def write(process: Database, count: int) -> None:
        for number in range(count):
            await process.write(partial(record, domain=clinic, room=f"room-{number % 2}"))

    async def take_some(process: Database) -> None:
        for _ in range(30):
            await process.write(take)

    try:
        await asyncio.gather(
            *(write(process, 20) for process in processes),
            *(take_some(process) for process in processes),
        )
        while await database.read(has_undistributed):
            await database.write(take)
    finally:
        for process in processes[1:]:
            process.close()
    assert len({event.id for event in taken}) == len(taken) == 60
    for room in ("room-0", "room-1"):
        sequences = [event.sequence for event in taken if event.room_id == room]
        assert sequences == list(range(sequences[0], sequences[0] + 30))


async def test_old_events_are_forgotten_but_not_those_that_nobody_was_told_of(
    database: Database, clinic: Domain, clock: FakeClock
) -> None:
    told = [await database.write(lambda tx: record(tx, clinic)) for _ in range(3)]
    await database.write(lambda tx: take_undistributed(tx, 3))
    untold = await database.write(lambda tx: record(tx, clinic))
    clock.advance(timedelta(seconds=1))
    young = await database.write(lambda tx: record(tx, clinic))

    def forget(tx: Transaction) -> int:
        return forget_events(tx, before=young.created_at, limit=2)

    assert [await database.write(forget) for _ in range(3)] == [2, 1, 0]
    numbers = [event.number for event in [*told, untold, young]]
    left = await database.read(lambda tx: find_events(tx, numbers))
    assert list(left) == [untold.number, young.number]


async def test_numbers_still_rise_when_a_silent_room_was_forgotten(
    database: Database, clinic: Domain, clock: FakeClock
) -> None:
    events = [await database.write(lambda tx: record(tx, clinic)) for _ in range(3)]
    await database.write(lambda tx: take_undistributed(tx, 9))
    clock.advance(timedelta(days=30))
    await database.write(lambda tx: forget_events(tx, before=tx.now, limit=9))
    event = await database.write(lambda tx: record(tx, clinic))
    assert event.sequence > events[-1].sequence
