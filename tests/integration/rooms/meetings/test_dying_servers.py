"""What a process that was killed has left open is closed, or taken up by those who come back."""

from datetime import timedelta

from sqlalchemy import text

from tests.integration.rooms.meetings.conftest import Story, session, visitor
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.meetings.model import Came, Left
from vestibule.rooms.meetings.service import MeetingService


async def test_who_never_comes_back_left_when_the_server_was_last_known_to_live(
    story: Story,
) -> None:
    await story.comes("Ada", "Ben")
    await story.comes("Cleo", to_lobby=True)
    await story.later(minutes=5)
    story.clock.advance(timedelta(seconds=3))  # the last heartbeat was 3 seconds ago
    story.next_server()
    await story.heard()

    await story.later(seconds=25)
    assert await story.heard() == [], "they may be on their way"
    await story.later(seconds=20)

    assert sorted(await story.heard()) == [
        "meeting.ended",
        "participant.left Ada",
        "participant.left Ben",
        "waiting-participant.left Cleo",
    ]
    assert await story.summary() == [(300, 2, [("Ada", 300), ("Ben", 300)])]
    assert (await story.records())[0].meeting.ended_at is not None
    kept = text("SELECT id FROM call_servers UNION SELECT session_id FROM waiting_participants")
    left = await story.database.read(lambda tx: tx.run(kept).all())
    assert left == []


async def test_after_a_long_outage_the_meeting_ended_when_it_began(story: Story) -> None:
    await story.comes("Ada", "Ben")
    await story.later(minutes=5)
    story.clock.advance(timedelta(hours=8))
    story.next_server()
    await story.later(minutes=1)
    assert await story.summary() == [(300, 2, [("Ada", 300), ("Ben", 300)])]


async def test_who_comes_back_with_a_ticket_was_there_all_the_while(story: Story) -> None:
    joined = story.now
    await story.comes("Ada", "Ben")
    await story.comes("Cleo", to_lobby=True)
    await story.later(minutes=5)
    story.next_server()
    await story.heard()
    await story.later(seconds=20)
    await story.happens(
        Came(visitor("Ada"), joined),
        Came(visitor("Ben"), joined),
        Came(visitor("Cleo"), joined, to_lobby=True),
    )
    await story.later(minutes=5)
    await story.leaves("Cleo", from_lobby=True)
    await story.leaves("Ada", "Ben")
    await story.later(minutes=1)
    assert await story.heard() == [
        "waiting-participant.left Cleo",
        "participant.left Ada",
        "participant.left Ben",
        "meeting.ended",
    ]
    assert await story.summary() == [(620, 2, [("Ada", 620), ("Ben", 620)])]


async def test_one_comes_back_and_the_other_does_not(story: Story) -> None:
    joined = story.now
    await story.comes("Ada", "Ben")
    await story.later(minutes=5)
    story.next_server()
    await story.later(seconds=5)
    await story.happens(Came(visitor("Ada"), joined))
    await story.later(minutes=1)
    (record,) = await story.records()
    assert record.meeting.ended_at is None
    assert [(stay.visitor.user_name, stay.left_at is None) for stay in record.stays] == [
        ("Ben", False),
        ("Ada", True),
    ]
    await story.later(minutes=9)
    assert len(await story.records()) == 2, "alone since Ben was last known to be there"


async def test_whose_join_was_never_written_joined_when_the_ticket_says(story: Story) -> None:
    """The process died between the word to the browser and the row."""
    joined = story.now
    await story.later(seconds=40)
    await story.happens(Came(visitor("Ada"), joined))
    assert await story.summary() == [(40, 1, [("Ada", 40)])]


async def test_who_was_given_up_and_comes_back_late_has_two_stays(story: Story) -> None:
    joined = story.now
    await story.comes("Ada", "Ben")
    await story.later(minutes=5)
    await story.leaves("Ada")
    await story.later(minutes=5)
    await story.happens(Came(visitor("Ada"), joined))
    await story.later(minutes=5)
    assert await story.summary() == [(900, 2, [("Ada", 300), ("Ben", 900), ("Ada", 300)])]


async def test_a_living_server_keeps_its_people_while_another_closes_those_of_a_dead_one(
    story: Story,
) -> None:
    other = MeetingService(
        database=story.database,
        clock=story.clock,
        ids=SystemIds(),
        gap=timedelta(seconds=15),
        grace=timedelta(seconds=30),
    )
    await story.comes("Ada", "Ben")
    await other.enter(story.place("elsewhere"), [Came(visitor("Cleo"), story.now)])
    for _ in range(30):
        await story.later(seconds=5)
        await other.step()
    await story.heard()
    for _ in range(30):
        await story.later(seconds=5)  # the other one is dead now
    assert await story.heard() == ["participant.left Cleo", "meeting.ended"]
    goes_on = {
        record.meeting.place.room_name: record.meeting.ended_at is None
        for record in await story.records()
    }
    assert goes_on == {"consult": True, "elsewhere": False}
    await other.enter(story.place("elsewhere"), [Left(session("Cleo"), story.now)])
    assert await story.heard() == [], "it wakes up too late"


async def test_of_a_place_that_another_keeps_by_now_nobody_else_can_say_that_it_is_empty(
    story: Story,
) -> None:
    joined = story.now
    await story.comes("Ada", "Ben")
    await story.comes("Cleo", to_lobby=True)
    late = story.meetings
    story.next_server()
    assert await story.meetings.is_kept_elsewhere(story.place().room_id)
    await story.happens(
        Came(visitor("Ada"), joined),
        Came(visitor("Ben"), joined),
        Came(visitor("Cleo"), joined, to_lobby=True),
    )
    assert not await story.meetings.is_kept_elsewhere(story.place().room_id)
    assert await story.meetings.occupied() == {story.place().room_id}
    await story.heard()

    facts = [
        Left(session("Ada"), story.now),
        Left(session("Cleo"), story.now, from_lobby=True),
    ]
    await late.enter(story.place(), facts)

    assert await story.heard() == []
    await story.leaves("Ada")
    assert await story.heard() == ["participant.left Ada"]


async def test_who_does_not_come_back_to_the_process_that_took_a_call_over_has_left(
    story: Story,
) -> None:
    joined = story.now
    await story.comes("Ada", "Ben")
    late = story.meetings  # lives on, but does not keep this call any more
    await late.give_up(story.place().room_id)
    story.next_server()
    await story.happens(Came(visitor("Ada"), joined))
    await story.heard()

    await story.later(seconds=45)

    assert await story.heard() == ["participant.left Ben"]
