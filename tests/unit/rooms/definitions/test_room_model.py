"""Names, ids and pages of rooms."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.model import (
    EPOCH,
    RESERVED_NAMES,
    can_be_named,
    check_name,
    created_at_of,
    page_of,
    room_id,
)

moments = strategies.datetimes(
    EPOCH.replace(tzinfo=None),
    EPOCH.replace(year=2999, tzinfo=None),
    timezones=strategies.just(UTC),
)


@pytest.mark.parametrize(
    "name", ["a1", "ward-1", "w2pp2cf4kltgFACPKXmX", "_", "-", "x" * 128, "Docs"]
)
def test_a_plain_name_is_accepted(name: str) -> None:
    check_name(name)
    assert can_be_named(name)


@pytest.mark.parametrize("name", ["a/b", "a b", "ä", "", "a.b", "a\n", "a\0", "..", "x" * 129])
def test_a_name_outside_the_rules_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        check_name(name)
    assert not can_be_named(name)


def test_a_refused_character_is_told_as_daily_tells_it() -> None:
    with pytest.raises(Invalid) as refused:
        check_name("my room")
    assert refused.value.info == (
        "my room contains invalid characters (room names can contain A-Z, a-z, 0-9, '-', and '_')"
    )


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_the_name_of_a_page_of_ours_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="reserved"):
        check_name(name)


@given(moments, strategies.uuids())
def test_an_id_holds_the_moment_of_the_room(moment: datetime, random: uuid.UUID) -> None:
    made = room_id(moment, random)
    assert created_at_of(made) == moment
    assert uuid.UUID(made).version == 7


@given(moments, strategies.uuids(), strategies.uuids())
def test_ids_sort_by_age(moment: datetime, one: uuid.UUID, other: uuid.UUID) -> None:
    assert room_id(moment, one) < room_id(moment + timedelta(microseconds=1), other)


A_RANDOM_ID = "4adeaa43-b25f-4509-ae6a-c14ee6e40425"


@pytest.mark.parametrize("cursor", ["", "x", "NEWEST", "OLDEST", A_RANDOM_ID, "\0"])
def test_a_cursor_must_be_the_id_of_a_room(cursor: str) -> None:
    with pytest.raises(Invalid, match="starting_after must be the id of a room"):
        page_of(limit=10, starting_after=cursor, ending_before=None)


def test_a_page_lies_on_one_side_of_one_room() -> None:
    here = room_id(datetime(2026, 1, 1, tzinfo=UTC), uuid.uuid4())
    with pytest.raises(Invalid):
        page_of(limit=10, starting_after=here, ending_before=here)


def test_a_cursor_in_capitals_means_the_same_place() -> None:
    here = room_id(datetime(2026, 1, 1, tzinfo=UTC), uuid.uuid4())
    written = [
        page_of(limit=10, starting_after=cursor, ending_before=None)
        for cursor in (here, here.upper())
    ]
    assert written[0] == written[1]
