"""The list of meetings: its filters, its pages, and its speed with 100,000 of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, text

from tests.integration.rooms.meetings.conftest import Story
from vestibule.foundation.database import Database, Transaction
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.meetings import history
from vestibule.rooms.meetings.model import Page, Wanted

MANY = 100_000
READS_ALL, SORTS = {"SCAN", "Seq"}, {"B-TREE", "Sort"}
"""What a plan says of reading everything, and of putting it in order."""


async def hold_meetings(story: Story, *rooms: str) -> None:
    """One after the other, each for a minute."""
    for room in rooms:
        await story.comes("Ada", room=room)
        await story.later(minutes=1)
        await story.leaves("Ada", room=room)
        await story.later(seconds=15)


async def names(story: Story, wanted: Wanted) -> tuple[int, list[str]]:
    total, records = await story.meetings.list(story.domain.id, wanted, Page())
    return total, [record.meeting.place.room_name for record in records]


async def test_the_list_can_be_narrowed(story: Story, practice: Domain) -> None:
    began = story.now
    await hold_meetings(story, "a", "b", "a")
    await story.comes("Ada", "Ben", room="c")
    await story.later(seconds=10)
    assert await names(story, Wanted()) == (4, ["c", "a", "b", "a"])
    assert await names(story, Wanted("a")) == (2, ["a", "a"])
    assert await names(story, Wanted("nowhere")) == (0, [])
    assert await names(story, Wanted(is_ongoing=True)) == (1, ["c"])
    assert await names(story, Wanted(is_ongoing=False)) == (3, ["a", "b", "a"])
    second = began + timedelta(seconds=75)
    assert await names(story, Wanted(since=second)) == (3, ["c", "a", "b"])
    assert await names(story, Wanted(until=second)) == (1, ["a"])
    assert await names(story, Wanted("a", since=second, is_ongoing=False)) == (1, ["a"])
    assert await story.meetings.list(practice.id, Wanted(), Page()) == (0, [])


async def test_pages_follow_each_other_in_both_directions(story: Story) -> None:
    await hold_meetings(story, *"abcde")

    async def page(**where: Any) -> list[str]:
        _, records = await story.meetings.list(story.domain.id, Wanted(), Page(2, **where))
        found.extend(records)
        return [record.meeting.place.room_name for record in records]

    found: list[Any] = []
    place: Callable[[], Any] = lambda: (found[-1].meeting.started_at, found[-1].meeting.id)  # noqa: E731
    assert await page() == ["e", "d"]
    assert await page(older_than=place()) == ["c", "b"]
    assert await page(older_than=place()) == ["a"]
    assert await page(older_than=place()) == []
    assert await page(from_oldest=True) == ["b", "a"]
    found.pop()
    assert await page(newer_than=place(), from_oldest=True) == ["d", "c"]


def insert_many(tx: Transaction, domain_id: str) -> None:
    """A meeting every minute, each in one of a thousand rooms; the last ten go on."""
    if tx.connection.dialect.name == "sqlite":
        moment = "strftime('%Y-%m-%d %H:%M:%S.000000', 1767225600 + n * 60, 'unixepoch')"
        numbers = (
            "WITH RECURSIVE numbers(n) AS "
            f"(SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY - 1})"
        )
    else:
        moment = "to_timestamp(1767225600 + n * 60)"
        numbers = f"WITH numbers(n) AS (SELECT generate_series(0, {MANY - 1}))"
    tx.run(
        text(
            f"{numbers} INSERT INTO meetings (id, domain_id, room_id, room_name, started_at,"
            " ended_at, listed_at, max_participants)"
            f" SELECT 'meeting ' || n, '{domain_id}', 'room ' || n, 'name ' || (n % 1000),"
            f" {moment}, CASE WHEN n < {MANY - 10} THEN {moment} END, {moment}, 2 FROM numbers"
        )
    )
    tx.run(text("ANALYZE meetings"))


def plans(database: Database, read: Callable[[Transaction], Any]) -> list[str]:
    """How the database carries out what `read` asks of it."""
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    def explained(tx: Transaction) -> list[str]:
        event.listen(tx.connection, "before_cursor_execute", listen)
        read(tx)
        event.remove(tx.connection, "before_cursor_execute", listen)
        rows = [tx.connection.exec_driver_sql(explain + sql, given).all() for sql, given in asked]
        return ["\n".join(str(row[-1]) for row in plan) for plan in rows]

    return database.read_now(explained)


BEGUN_LATE = Wanted(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 2, tzinfo=UTC))
MIDDLE = (datetime(2026, 2, 1, tzinfo=UTC), "meeting 44640")


async def test_no_page_reads_or_sorts_all_of_a_hundred_thousand_meetings(story: Story) -> None:
    await story.database.write(lambda tx: insert_many(tx, story.domain.id))
    domain_id = story.domain.id
    for wanted in (
        *(Wanted(), Wanted("name 7"), Wanted(is_ongoing=True), Wanted(is_ongoing=False)),
        *(BEGUN_LATE, Wanted("name 7", since=BEGUN_LATE.since)),
    ):
        for page in (
            *(Page(), Page(older_than=MIDDLE), Page(from_oldest=True)),
            Page(newer_than=MIDDLE, from_oldest=True),
        ):
            (plan,) = plans(
                story.database,
                lambda tx, w=wanted, p=page: history.page_of_meetings(tx, domain_id, w, p),  # type: ignore[misc]
            )
            # The few that go on may be sorted.
            forbidden = READS_ALL | (set() if wanted.is_ongoing else SORTS)
            assert not forbidden & set(plan.split()), (wanted, page, plan)

    found = await story.database.read(
        lambda tx: history.page_of_meetings(tx, domain_id, Wanted(), Page(2))
    )
    assert [meeting.id for meeting in found] == ["meeting 99999", "meeting 99998"]


async def test_counting_everything_does_not_look_at_the_meetings(story: Story) -> None:
    (plan,) = plans(
        story.database, lambda tx: history.count_meetings(tx, story.domain.id, Wanted())
    )
    assert "meeting_counts" in plan
