"""Rooms on both databases: what is kept, found, listed, replaced and removed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database
from vestibule.foundation.errors import Invalid
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.definitions.model import Page, Room, page_of
from vestibule.rooms.definitions.service import (
    ROOM_CHANGED,
    ROOM_DELETED,
    DefinitionService,
    RoomNameTaken,
    RoomNotFound,
)
from vestibule.rooms.domains.model import Domain

pytestmark = pytest.mark.anyio


def soon(clock: FakeClock, seconds: int = 60) -> int:
    return unix_seconds(clock.now()) + seconds


def heard(broker: LocalBroker, topic: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    broker.subscribe(topic, messages.append)
    return messages


async def make(
    definitions: DefinitionService, domain: Domain, clock: FakeClock, count: int
) -> list[Room]:
    """Rooms made one second apart, newest first."""
    made = []
    for _ in range(count):
        clock.advance(timedelta(seconds=1))
        made.append(await definitions.create(domain.id))
    return made[::-1]


async def test_a_room_is_read_back_as_it_was_made(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    made = await definitions.create(
        clinic.id,
        name="ward-1",
        privacy="private",
        properties={
            "nbf": 7,
            "exp": soon(clock),
            "enable_chat": True,
            "permissions": {"canSend": ["audio"]},
            "geo": None,
        },
    )
    assert await definitions.get(clinic.id, "ward-1") == made
    assert await definitions.get_by_id(made.id) == made
    assert made.given == {
        "nbf": 7,
        "exp": soon(clock),
        "enable_chat": True,
        "permissions": {"canSend": ["audio"]},
    }
    assert made.created_at == clock.now()


async def test_a_room_has_the_defaults_of_what_was_not_given(
    definitions: DefinitionService, clinic: Domain
) -> None:
    room = await definitions.create(clinic.id, properties={"permissions": {"canAdmin": True}})
    assert room.value("max_participants") == 200
    assert room.value("exp") is None
    assert room.value("permissions") == {
        "hasPresence": True,
        "canSend": True,
        "canReceive": {"base": True},
        "canAdmin": True,
    }


async def test_a_name_is_made_up_when_none_is_given(
    definitions: DefinitionService, clinic: Domain
) -> None:
    names = {(await definitions.create(clinic.id)).name for _ in range(5)}
    assert len(names) == 5
    assert all(len(name) == 20 and name.isalnum() for name in names)


async def test_a_name_is_taken_once_in_a_domain_and_free_in_another(
    definitions: DefinitionService, clinic: Domain, practice: Domain
) -> None:
    first = await definitions.create(clinic.id, name="ward-1")
    with pytest.raises(RoomNameTaken, match="a room named ward-1 already exists"):
        await definitions.create(clinic.id, name="ward-1", privacy="private")
    await definitions.create(practice.id, name="ward-1")
    assert await definitions.get(clinic.id, "ward-1") == first


async def test_of_many_who_take_one_name_at_once_exactly_one_wins(
    definitions: DefinitionService, clinic: Domain
) -> None:
    outcomes = await asyncio.gather(
        *(definitions.create(clinic.id, name="ward-1") for _ in range(20)), return_exceptions=True
    )
    won = [outcome for outcome in outcomes if isinstance(outcome, Room)]
    assert len(won) == 1
    assert sum(isinstance(outcome, RoomNameTaken) for outcome in outcomes) == 19
    assert await definitions.get(clinic.id, "ward-1") == won[0]


async def test_two_processes_cannot_both_take_a_name(
    definitions: DefinitionService, database_url: str, clock: FakeClock, clinic: Domain
) -> None:
    other_database = Database(database_url, clock)
    other = DefinitionService(database=other_database, ids=SystemIds(), broker=LocalBroker())
    try:
        outcomes = await asyncio.gather(
            *(
                who.create(clinic.id, name=f"w{n}")
                for n in range(10)
                for who in (definitions, other)
            ),
            return_exceptions=True,
        )
    finally:
        other_database.close()
    assert sum(isinstance(outcome, Room) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, RoomNameTaken) for outcome in outcomes) == 10


async def test_the_name_of_an_expired_room_is_free_at_once(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    old = await definitions.create(clinic.id, name="ward-1", properties={"exp": soon(clock)})
    clock.advance(timedelta(seconds=60))
    outcomes = await asyncio.gather(
        *(definitions.create(clinic.id, name="ward-1") for _ in range(10)), return_exceptions=True
    )
    won = [outcome for outcome in outcomes if isinstance(outcome, Room)]
    assert len(won) == 1
    assert won[0].id != old.id
    assert await definitions.get_by_id(old.id) is None
    assert await definitions.get(clinic.id, "ward-1") == won[0]


@pytest.mark.parametrize("name", ["a/b", "", "x" * 129, "console", "\0"])
async def test_a_name_that_cannot_be_changes_nothing(
    definitions: DefinitionService, clinic: Domain, name: str
) -> None:
    with pytest.raises(Invalid):
        await definitions.create(clinic.id, name=name)
    assert await definitions.list(clinic.id, Page()) == (0, [])


@pytest.mark.parametrize("seconds", [0, -1])
async def test_a_room_cannot_begin_over(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, seconds: int
) -> None:
    past = soon(clock, seconds)
    with pytest.raises(
        Invalid, match=f"exp was '{past}', which is in the past rather than in the future"
    ):
        await definitions.create(clinic.id, name="ward-1", properties={"exp": past})
    assert await definitions.find(clinic.id, "ward-1") is None


async def test_an_expired_room_is_gone_for_the_api_but_not_for_the_door(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    room = await definitions.create(clinic.id, name="ward-1", properties={"exp": soon(clock)})
    clock.advance(timedelta(seconds=59))
    assert await definitions.list(clinic.id, Page()) == (1, [room])
    clock.advance(timedelta(seconds=1))
    with pytest.raises(RoomNotFound, match="room ward-1 not found"):
        await definitions.get(clinic.id, "ward-1")
    with pytest.raises(RoomNotFound):
        await definitions.update(clinic.id, "ward-1", properties={"exp": None})
    assert await definitions.list(clinic.id, Page()) == (0, [])
    assert await definitions.find(clinic.id, "ward-1") == room
    assert await definitions.get_by_id(room.id) == room


async def test_a_change_leaves_alone_what_it_does_not_name(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, broker: LocalBroker
) -> None:
    changes = heard(broker, ROOM_CHANGED)
    made = await definitions.create(
        clinic.id,
        name="ward-1",
        privacy="private",
        properties={"exp": soon(clock), "enable_chat": True, "lang": "de", "nbf": 7},
    )
    changed = await definitions.update(
        clinic.id, "ward-1", properties={"exp": soon(clock, 90), "lang": None, "geo": "eu-west-2"}
    )
    assert changed.privacy == "private"
    assert changed.given == {
        "nbf": 7,
        "exp": soon(clock, 90),
        "enable_chat": True,
        "geo": "eu-west-2",
    }
    assert await definitions.get(clinic.id, "ward-1") == changed
    assert changes == [{"room_id": made.id}]


async def test_null_takes_the_end_of_a_room_away(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    await definitions.create(clinic.id, name="ward-1", properties={"exp": soon(clock), "nbf": 7})
    await definitions.update(clinic.id, "ward-1", properties={"exp": None, "nbf": None})
    clock.advance(timedelta(days=365))
    assert (await definitions.get(clinic.id, "ward-1")).given == {}


async def test_a_refused_change_changes_nothing(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, broker: LocalBroker
) -> None:
    changes = heard(broker, ROOM_CHANGED)
    made = await definitions.create(clinic.id, name="ward-1")
    with pytest.raises(Invalid, match="in the past"):
        await definitions.update(
            clinic.id, "ward-1", privacy="private", properties={"exp": soon(clock, -1)}
        )
    assert await definitions.get(clinic.id, "ward-1") == made
    assert changes == []


async def test_changes_made_at_once_do_not_undo_each_other(
    definitions: DefinitionService, clinic: Domain
) -> None:
    await definitions.create(clinic.id, name="ward-1")
    names = ["enable_chat", "enable_knocking", "start_video_off", "start_audio_off"] * 3
    await asyncio.gather(
        *(definitions.update(clinic.id, "ward-1", properties={name: True}) for name in names)
    )
    assert set((await definitions.get(clinic.id, "ward-1")).given) == set(names)


async def test_a_deleted_room_is_gone_and_told_of(
    definitions: DefinitionService, clinic: Domain, practice: Domain, broker: LocalBroker
) -> None:
    deletions = heard(broker, ROOM_DELETED)
    room = await definitions.create(clinic.id, name="ward-1")
    other = await definitions.create(practice.id, name="ward-1")
    await definitions.delete(clinic.id, "ward-1")
    assert await definitions.find(clinic.id, "ward-1") is None
    assert await definitions.get(practice.id, "ward-1") == other
    assert deletions == [{"room_id": room.id}]
    with pytest.raises(RoomNotFound) as missing:
        await definitions.delete(clinic.id, "ward-1")
    assert missing.value.extra == {}


async def test_deleting_an_expired_room_removes_it_and_says_that_it_was_there(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, broker: LocalBroker
) -> None:
    deletions = heard(broker, ROOM_DELETED)
    room = await definitions.create(clinic.id, name="ward-1", properties={"exp": soon(clock)})
    clock.advance(timedelta(seconds=60))
    with pytest.raises(RoomNotFound) as missing:
        await definitions.delete(clinic.id, "ward-1")
    assert missing.value.extra == {"deleted": True}
    assert await definitions.find(clinic.id, "ward-1") is None
    assert deletions == [{"room_id": room.id}]


@pytest.mark.parametrize("name", ["nobody", "a/b", "\0", "x" * 500, "\ud800"])
async def test_a_room_that_cannot_be_is_not_found(
    definitions: DefinitionService, clinic: Domain, name: str
) -> None:
    for use in (definitions.get, definitions.update, definitions.delete):
        with pytest.raises(RoomNotFound):
            await use(clinic.id, name)
    assert await definitions.find(clinic.id, name) is None


async def test_a_domain_sees_and_touches_its_own_rooms_only(
    definitions: DefinitionService, clinic: Domain, practice: Domain
) -> None:
    room = await definitions.create(clinic.id, name="ward-1")
    for use in (definitions.get, definitions.update, definitions.delete):
        with pytest.raises(RoomNotFound):
            await use(practice.id, "ward-1")
    assert await definitions.list(practice.id, Page()) == (0, [])
    assert await definitions.get(clinic.id, "ward-1") == room


async def test_the_list_can_be_walked_from_either_end(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    rooms = await make(definitions, clinic, clock, 7)

    async def page(*, after: Room | None = None, before: Room | str | None = None) -> list[Room]:
        wanted = page_of(
            limit=3,
            starting_after=after.id if after else None,
            ending_before=before.id if isinstance(before, Room) else before,
        )
        total, found = await definitions.list(clinic.id, wanted)
        assert total == 7
        return found

    assert await page() == rooms[0:3]
    assert await page(after=rooms[2]) == rooms[3:6]
    assert await page(after=rooms[5]) == rooms[6:7]
    assert await page(after=rooms[6]) == []
    assert await page(before="OLDEST") == rooms[4:7]
    assert await page(before=rooms[4]) == rooms[1:4]
    assert await page(before=rooms[1]) == rooms[0:1]
    assert await page(before=rooms[0]) == []


async def test_rooms_of_one_moment_are_listed_once_each(
    definitions: DefinitionService, clinic: Domain
) -> None:
    made = {(await definitions.create(clinic.id)).id for _ in range(9)}
    seen: list[str] = []
    while True:
        cursor = seen[-1] if seen else None
        wanted = page_of(limit=2, starting_after=cursor, ending_before=None)
        _, found = await definitions.list(clinic.id, wanted)
        if not found:
            break
        seen += [room.id for room in found]
    assert len(seen) == 9
    assert set(seen) == made


async def test_the_walk_goes_on_after_the_room_it_stood_at_was_deleted(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    rooms = await make(definitions, clinic, clock, 4)
    await definitions.delete(clinic.id, rooms[1].name)
    wanted = page_of(limit=10, starting_after=rooms[1].id, ending_before=None)
    assert (await definitions.list(clinic.id, wanted))[1] == rooms[2:]


async def test_expired_rooms_take_no_place_on_a_page(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock
) -> None:
    oldest = (await make(definitions, clinic, clock, 1))[0]
    for _ in range(5):
        await definitions.create(clinic.id, properties={"exp": soon(clock)})
    newest = (await make(definitions, clinic, clock, 1))[0]
    clock.advance(timedelta(seconds=60))
    assert await definitions.list(clinic.id, Page(limit=2)) == (2, [newest, oldest])


async def test_taking_the_place_of_an_expired_room_sends_its_people_out(
    definitions: DefinitionService, clinic: Domain, clock: FakeClock, broker: LocalBroker
) -> None:
    deletions = heard(broker, ROOM_DELETED)
    old = await definitions.create(clinic.id, name="ward-1", properties={"exp": soon(clock)})
    clock.advance(timedelta(seconds=60))
    assert deletions == []
    await definitions.create(clinic.id, name="ward-1")
    assert deletions == [{"room_id": old.id}]


async def test_rooms_that_expired_long_ago_are_collected_and_the_count_stays_right(
    definitions: DefinitionService, clinic: Domain, practice: Domain, clock: FakeClock
) -> None:
    now = unix_seconds(clock.now())
    for name, exp in (("old", now + 10), ("older", now + 5), ("recent", now + 500), ("kept", None)):
        await definitions.create(clinic.id, name=name, properties={"exp": exp})
    inside = await definitions.create(clinic.id, name="inside", properties={"exp": now + 1})
    await definitions.create(practice.id, name="other", properties={"exp": now + 10})
    clock.advance(timedelta(seconds=600))

    async def collect(limit: int) -> int:
        return await definitions.collect_expired(before=now + 100, keep=[inside.id], limit=limit)

    assert [await collect(2), await collect(2), await collect(2)] == [2, 1, 0]
    left = ("old", "older", "recent", "kept", "inside")
    found = [await definitions.find(clinic.id, name) for name in left]
    assert [room and room.name for room in found] == [None, None, "recent", "kept", "inside"]
    assert await definitions.find(practice.id, "other") is None
    assert (await definitions.list(clinic.id, Page()))[0] == 1
