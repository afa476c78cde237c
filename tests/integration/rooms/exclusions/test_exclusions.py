"""Sessions that are over, and bans, on both databases."""

from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.database import Database
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.exclusions.service import KEPT, ExclusionService


@pytest.fixture
def exclusions(database: Database) -> ExclusionService:
    return ExclusionService(database=database)


async def test_what_was_excluded_stays_so_for_another_process(
    database: Database, definitions: DefinitionService, clinic: Domain, exclusions: ExclusionService
) -> None:
    room = await definitions.create(clinic.id, name="consult")
    other = await definitions.create(clinic.id, name="other")

    await exclusions.exclude(room.id, sessions=["s-1"], user_ids=["ben", "", "x" * 37])
    await exclusions.exclude(room.id, sessions=["s-1"], user_ids=["ben"])

    after = ExclusionService(database=database)
    assert [await after.has_ended(each) for each in ("s-1", "s-2")] == [True, False]
    assert [await after.is_banned(each.id, "ben") for each in (room, other)] == [True, False]
    assert not await after.is_banned(room.id, "ada")


async def test_a_ban_lasts_as_long_as_the_room(
    definitions: DefinitionService, clinic: Domain, exclusions: ExclusionService
) -> None:
    room = await definitions.create(clinic.id, name="consult")
    await exclusions.exclude(room.id, sessions=[], user_ids=["ben"])

    await definitions.delete(clinic.id, "consult")

    assert not await exclusions.is_banned(room.id, "ben")
    await exclusions.exclude(room.id, sessions=["s-1"], user_ids=["ben"])
    assert await exclusions.has_ended("s-1")


async def test_what_is_noted_holds_at_once_and_is_written(
    database: Database, exclusions: ExclusionService
) -> None:
    for number in range(50):
        exclusions.note_ended(f"s-{number}")
    assert await exclusions.has_ended("s-49")

    await exclusions.settled()

    after = ExclusionService(database=database)
    assert [await after.has_ended(f"s-{number}") for number in (0, 49, 50)] == [True, True, False]


async def test_a_session_is_forgotten_when_no_ticket_can_be_good(
    exclusions: ExclusionService, clock: FakeClock
) -> None:
    await exclusions.exclude("room", sessions=["s-1"], user_ids=[])

    clock.advance(KEPT - timedelta(seconds=1))
    await exclusions.step()
    assert await exclusions.has_ended("s-1")
    clock.advance(timedelta(seconds=2))
    await exclusions.step()

    assert not await exclusions.has_ended("s-1")
