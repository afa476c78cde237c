"""The rules of meeting sessions (reference 7.2), without a clock and without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from vestibule.rooms.meetings.model import (
    Meeting,
    Place,
    Stay,
    Visitor,
    begins_to_count,
    due_at,
    ends_at,
    is_worth_listing,
    splits_at,
)

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
GAP = timedelta(seconds=15)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def meeting(most: int = 0, *, lonely: float | None = None, ended: float | None = None) -> Meeting:
    return Meeting(
        "m",
        Place("d", "r", "consult"),
        START,
        ended_at=None if ended is None else after(ended),
        max_participants=most,
        lonely_since=None if lonely is None else after(lonely),
    )


def stay(joined: float = 0, left: float | None = None, *, counts: bool = False) -> Stay:
    left_at = None if left is None else after(left)
    visitor = Visitor("s", "Ada")
    return Stay(1, "m", visitor, START, after(joined), left_at=left_at, counts=counts)


@pytest.mark.parametrize(
    ("stay_", "now", "counts"),
    [
        (stay(), 9.9, False),
        (stay(), 10, True),
        (stay(left=9), 60, False),
        (stay(left=10), 60, True),
        (stay(counts=True), 10, False),
    ],
)
def test_a_stay_begins_to_count_after_ten_seconds(stay_: Stay, now: float, counts: bool) -> None:
    assert begins_to_count(stay_, after(now)) is counts


@pytest.mark.parametrize(
    ("meeting_", "present", "now", "listed"),
    [
        (meeting(1), [stay()], 29, False),
        (meeting(1), [stay()], 30, True),
        (meeting(2), [stay(), stay()], 11, True),
        (meeting(1), [], 40, False),
        (meeting(1, ended=29), [], 60, False),
        (meeting(1, ended=30), [], 60, True),
        (meeting(0, ended=60), [], 60, False),
        (meeting(0), [stay(55)], 60, False),
    ],
)
def test_a_meeting_is_listed_when_two_met_or_one_waited(
    meeting_: Meeting, present: list[Stay], now: float, listed: bool
) -> None:
    assert is_worth_listing(meeting_, present, after(now)) is listed


def test_only_one_who_was_left_alone_by_others_splits_a_meeting() -> None:
    assert splits_at(meeting(2, lonely=60), [stay()]) == after(660)
    assert splits_at(meeting(1, lonely=0), [stay()]) is None
    assert splits_at(meeting(2), [stay(), stay()]) is None
    assert splits_at(meeting(2, lonely=60), []) is None


def test_a_meeting_ends_when_the_gap_after_the_last_one_is_over() -> None:
    assert ends_at(meeting(2, lonely=60), [], GAP) == after(75)
    assert ends_at(meeting(2, lonely=60), [stay()], GAP) is None


def test_what_time_does_next_is_the_earliest_of_all() -> None:
    assert due_at(meeting(), [stay()], GAP) == after(10)
    assert due_at(meeting(), [stay(55)], GAP) == after(65)
    assert due_at(meeting(1), [stay(counts=True)], GAP) == after(30)
    assert due_at(meeting(1), [stay(counts=True), stay(25)], GAP) == after(30)
    assert due_at(meeting(2, lonely=5), [], GAP) == after(20)
