"""Meetings are kept for as long as the setting says, and no longer."""

from datetime import timedelta

from sqlalchemy import func, select

from tests.integration.rooms.meetings.conftest import GAP, GRACE, Story
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.meetings.model import Page, Wanted
from vestibule.rooms.meetings.service import MeetingService
from vestibule.rooms.schema import meeting_participants, meetings


async def rows(database: Database) -> tuple[int, int]:
    """How many meetings and stays there are, listed or not."""

    def count(tx: Transaction) -> tuple[int, int]:
        return (
            tx.run(select(func.count()).select_from(meetings)).scalar_one(),
            tx.run(select(func.count()).select_from(meeting_participants)).scalar_one(),
        )

    return await database.read(count)


async def hold_meeting(story: Story, room: str, **time: float) -> None:
    await story.comes("Ada", "Ben", room=room)
    await story.later(**time)
    await story.leaves("Ada", "Ben", room=room)
    await story.later(seconds=GAP.total_seconds())


async def test_what_ended_longer_ago_than_it_is_kept_is_removed_with_its_people(
    story: Story,
) -> None:
    await hold_meeting(story, "old", minutes=1)
    await hold_meeting(story, "too short to be listed", seconds=1)
    await story.comes("Cleo", room="goes on since then")
    story.clock.advance(timedelta(days=200))
    await hold_meeting(story, "new", minutes=1)
    before = await rows(story.database)

    assert await story.meetings.sweep() is False
    assert await rows(story.database) == before
    story.clock.advance(timedelta(days=170))
    assert await story.meetings.sweep() is False

    total, left = await story.meetings.list(story.domain.id, Wanted(), Page())
    names = {record.meeting.place.room_name for record in left}
    assert (total, names) == (2, {"new", "goes on since then"})
    assert (await rows(story.database))[0] == 2


async def test_many_old_meetings_go_in_pieces_so_that_others_write_in_between(
    story: Story,
) -> None:
    story.meetings = MeetingService(
        database=story.database,
        clock=story.clock,
        ids=SystemIds(),
        gap=GAP,
        grace=GRACE,
        keep=timedelta(days=30),
        forgotten_at_once=2,
    )
    for number in range(3):
        await hold_meeting(story, f"room-{number}", minutes=1)
    story.clock.advance(timedelta(days=31))

    assert await story.meetings.sweep() is True
    assert [record.meeting.place.room_name for record in await story.records()] == ["room-2"]
    assert await story.meetings.sweep() is False
    assert await rows(story.database) == (0, 0)
