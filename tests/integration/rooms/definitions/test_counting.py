"""How many rooms a domain has and may have, on both databases (requirement D1)."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.definitions import store
from vestibule.rooms.definitions.model import Page, Room, WantedRoom
from vestibule.rooms.definitions.service import DefinitionService, TooManyRooms
from vestibule.rooms.domains.model import Domain

pytestmark = pytest.mark.anyio


@pytest.fixture
async def second(database_url: str, clock: FakeClock) -> AsyncIterator[DefinitionService]:
    """The rooms as another process sees them."""
    database = Database(database_url, clock)
    yield DefinitionService(database=database, ids=SystemIds(), broker=LocalBroker())
    database.close()


async def count(definitions: DefinitionService, domain: Domain) -> int:
    return (await definitions.list(domain.id, Page(limit=1)))[0]


def ends_in(clock: FakeClock, seconds: int) -> dict[str, int]:
    return {"exp": unix_seconds(clock.now()) + seconds}


async def test_one_room_too_many_is_refused_until_another_one_goes(
    definitions: DefinitionService, clinic: Domain, practice: Domain, clock: FakeClock
) -> None:
    await definitions.limit_rooms(clinic.id, 2)
    await definitions.create(clinic.id, name="ward-1")
    await definitions.create(clinic.id, name="ward-2", properties=ends_in(clock, 60))
    with pytest.raises(TooManyRooms, match="at most 2 rooms that are available at once"):
        await definitions.create(clinic.id)
    await definitions.create(practice.id)
    clock.advance(timedelta(seconds=60))
    await definitions.create(clinic.id, name="ward-3")
    with pytest.raises(TooManyRooms):
        await definitions.create(clinic.id)
    await definitions.delete(clinic.id, "ward-1")
    await definitions.create(clinic.id, name="ward-2")
    assert await count(definitions, clinic) == 2


async def test_a_batch_over_the_limit_makes_no_room(
    definitions: DefinitionService, clinic: Domain
) -> None:
    await definitions.limit_rooms(clinic.id, 5)
    await definitions.create(clinic.id)
    with pytest.raises(TooManyRooms):
        await definitions.create_all(clinic.id, [WantedRoom()] * 5)
    assert await count(definitions, clinic) == 1
    assert len(await definitions.create_all(clinic.id, [WantedRoom()] * 4)) == 4


async def test_a_domain_without_a_limit_of_its_own_has_that_of_the_setting(
    database: Database, broker: LocalBroker, clinic: Domain
) -> None:
    small = DefinitionService(database=database, ids=SystemIds(), broker=broker, rooms_per_domain=1)
    await small.create(clinic.id)
    with pytest.raises(TooManyRooms):
        await small.create(clinic.id)
    await small.limit_rooms(clinic.id, 2)
    await small.create(clinic.id)
    await small.limit_rooms(clinic.id, None)
    with pytest.raises(TooManyRooms):
        await small.create(clinic.id)


async def test_many_at_once_in_two_processes_do_not_pass_the_limit(
    definitions: DefinitionService, second: DefinitionService, clinic: Domain
) -> None:
    await definitions.limit_rooms(clinic.id, 7)
    outcomes = await asyncio.gather(
        *(who.create(clinic.id) for _ in range(10) for who in (definitions, second)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Room) for outcome in outcomes) == 7
    assert sum(isinstance(outcome, TooManyRooms) for outcome in outcomes) == 13
    assert await count(definitions, clinic) == 7


async def test_the_count_stays_exact_whatever_happens_to_rooms(
    definitions: DefinitionService, second: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    dice = random.Random(20260101)
    names = [f"room-{number}" for number in range(12)]

    async def something(who: DefinitionService, name: str) -> None:
        ends = {"exp": dice.choice([None, *(ends_in(clock, s)["exp"] for s in (1, 2, 5))])}
        kind = dice.choice(["create", "create", "update", "delete"])
        if kind == "create":
            await who.create(clinic.id, name=name, properties=ends)
        elif kind == "update":
            await who.update(clinic.id, name, properties=ends)
        else:
            await who.delete(clinic.id, name)

    for _ in range(30):
        picked = [(dice.choice([definitions, second]), dice.choice(names)) for _ in range(6)]
        await asyncio.gather(*(something(*pick) for pick in picked), return_exceptions=True)
        clock.advance(timedelta(seconds=dice.choice([0, 1, 2])))
        total, found = await definitions.list(clinic.id, Page())
        assert total == len(found)


async def test_a_read_counts_again_once_many_have_expired(
    database: Database, broker: LocalBroker, clinic: Domain, clock: FakeClock
) -> None:
    definitions = DefinitionService(
        database=database, ids=SystemIds(), broker=broker, recount_from=2
    )
    over = ends_in(clock, 1)
    await definitions.create_all(clinic.id, [WantedRoom(None, "public", over)] * 3)
    await definitions.create(clinic.id)
    clock.advance(timedelta(seconds=1))
    assert await count(definitions, clinic) == 1
    assert await database.read(lambda tx: store.count_rooms(tx, clinic.id)) == (1, 0)
    assert await count(definitions, clinic) == 1
