"""Many rooms made or removed together, on both databases: all of them or none."""

import asyncio
from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.model import Page, Room, WantedRoom
from vestibule.rooms.definitions.service import (
    ROOM_DELETED,
    DefinitionService,
    RoomNameTaken,
    RoomNotFound,
)
from vestibule.rooms.domains.model import Domain

pytestmark = pytest.mark.anyio


def named(*names: str) -> list[WantedRoom]:
    return [WantedRoom(name) for name in names]


def deletions_heard(broker: LocalBroker) -> list[str]:
    ids: list[str] = []
    broker.subscribe(ROOM_DELETED, lambda message: ids.append(message["room_id"]))
    return ids


async def stored(definitions: DefinitionService, domain: Domain) -> set[str]:
    return {room.name for room in (await definitions.list(domain.id, Page()))[1]}


async def test_rooms_made_together_are_answered_in_the_order_asked_for(
    definitions: DefinitionService, clinic: Domain
) -> None:
    wanted = [WantedRoom("z", "private", {"lang": "de"}), WantedRoom(), WantedRoom("w")]
    made = await definitions.create_all(clinic.id, wanted)
    assert [room.name for room in made] == ["z", made[1].name, "w"]
    assert [room.privacy for room in made] == ["private", "public", "public"]
    assert [await definitions.get(clinic.id, room.name) for room in made] == made


async def test_a_thousand_rooms_are_made_and_removed_together(
    definitions: DefinitionService, clinic: Domain, broker: LocalBroker
) -> None:
    deletions = deletions_heard(broker)
    made = await definitions.create_all(clinic.id, [WantedRoom() for _ in range(1000)])
    assert len({room.id for room in made}) == 1000
    assert (await definitions.list(clinic.id, Page()))[0] == 1000
    assert await definitions.delete_all(clinic.id, [room.name for room in made]) == 1000
    assert (await definitions.list(clinic.id, Page()))[0] == 0
    assert sorted(deletions) == sorted(room.id for room in made)


async def test_one_room_that_cannot_be_made_keeps_all_from_being_made(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    await definitions.create(clinic.id, name="taken")
    with pytest.raises(RoomNameTaken, match="a room named taken already exists"):
        await definitions.create_all(clinic.id, named("w", "taken", "b"))
    with pytest.raises(Invalid, match="in the past"):
        past = {"exp": unix_seconds(clock.now())}
        await definitions.create_all(clinic.id, [WantedRoom("w"), WantedRoom("b", "public", past)])
    with pytest.raises(Invalid, match="the room name w is given more than once"):
        await definitions.create_all(clinic.id, named("w", "b", "w"))
    with pytest.raises(Invalid, match="invalid characters"):
        await definitions.create_all(clinic.id, named("w", "b/c"))
    assert await stored(definitions, clinic) == {"taken"}


async def test_one_room_that_is_not_there_keeps_all_from_being_removed(
    definitions: DefinitionService,
    clinic: Domain,
    practice: Domain,
    clock: FakeClock,
    broker: LocalBroker,
) -> None:
    deletions = deletions_heard(broker)
    await definitions.create_all(clinic.id, named("w", "b"))
    await definitions.create(practice.id, name="other")
    over = {"exp": unix_seconds(clock.now()) + 1}
    await definitions.create(clinic.id, name="expired", properties=over)
    clock.advance(timedelta(seconds=1))
    for missing in ("nobody", "other", "expired", "a/b"):
        with pytest.raises(RoomNotFound, match=f"room {missing} not found"):
            await definitions.delete_all(clinic.id, ["w", missing, "b"])
    assert await stored(definitions, clinic) == {"w", "b"}
    assert deletions == []
    assert await definitions.delete_all(clinic.id, ["b", "w", "b"]) == 2


async def test_expired_rooms_give_their_names_to_a_batch(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, broker: LocalBroker
) -> None:
    deletions = deletions_heard(broker)
    over = {"exp": unix_seconds(clock.now()) + 1}
    old = await definitions.create_all(
        clinic.id, [WantedRoom(name, "public", over) for name in ("w", "b")]
    )
    clock.advance(timedelta(seconds=1))
    await definitions.create_all(clinic.id, named("c", "b", "w"))
    assert await stored(definitions, clinic) == {"w", "b", "c"}
    assert sorted(deletions) == sorted(room.id for room in old)


async def test_batches_that_meet_wait_for_each_other_without_locking_up(
    definitions: DefinitionService, clinic: Domain
) -> None:
    names = [f"room-{number}" for number in range(50)]
    outcomes = await asyncio.gather(
        *(definitions.create_all(clinic.id, named(*names[::step])) for step in (1, -1) * 5),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, RoomNameTaken) for outcome in outcomes) == 9
    removed = await asyncio.gather(
        *(definitions.delete_all(clinic.id, names[::step]) for step in (1, -1) * 5),
        return_exceptions=True,
    )
    assert sum(outcome == 50 for outcome in removed) == 1
    assert sum(isinstance(outcome, RoomNotFound) for outcome in removed) == 9
    assert not any(isinstance(outcome, Room) for outcome in removed)
