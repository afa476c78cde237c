"""When a meeting begins, counts, splits and ends, and who is said to have been in it."""

from datetime import timedelta

from tests.integration.rooms.meetings.conftest import Story, session, visitor
from vestibule.rooms.meetings.model import Came, Left, Visitor


async def test_two_people_meet_and_everything_is_told_in_order(story: Story) -> None:
    began = story.now.timestamp()
    await story.comes("Ada")
    await story.later(seconds=20)
    await story.comes("Ben")
    await story.later(minutes=5)
    await story.leaves("Ben")
    await story.later(seconds=10)
    await story.leaves("Ada")
    assert (await story.records())[0].meeting.ended_at is None, "somebody may come back"
    await story.later(seconds=15)

    assert await story.summary() == [(330, 2, [("Ada", 330), ("Ben", 300)])]
    told = await story.told()
    assert [what for what, _ in told] == [
        *("meeting.started", "participant.joined", "participant.joined"),
        *("participant.left", "participant.left", "meeting.ended"),
    ]
    meeting_id = told[0][1]["meeting_id"]
    about = {"meeting_id": meeting_id, "room": "consult", "start_ts": began}
    assert told[0][1] == about
    assert told[5][1] == {**about, "end_ts": began + 330}
    assert told[3][1] == {
        "room": "consult",
        "session_id": session("Ben"),
        "user_id": "id of Ben",
        "user_name": "Ben",
        "joined_at": began + 20,
        "owner": False,
        "duration": 300.0,
    }
    assert told[2][1] == {key: told[3][1][key] for key in told[3][1] if key != "duration"}
    (record,) = await story.records()
    assert record.meeting.id == meeting_id


async def test_who_is_alone_for_half_a_minute_has_a_meeting_and_who_is_not_has_none(
    story: Story,
) -> None:
    await story.comes("Ada")
    await story.later(seconds=29)
    assert await story.summary() == []
    await story.later(seconds=1)
    assert await story.summary() == [(30, 1, [("Ada", 30)])]
    await story.comes("Cleo", room="another")
    await story.later(seconds=20)
    await story.leaves("Cleo", room="another")
    await story.later(minutes=1)
    assert len(await story.records()) == 1
    assert (await story.heard())[-1] == "meeting.ended", "events tell of short ones too"


async def test_a_stay_of_less_than_ten_seconds_is_no_participation(story: Story) -> None:
    await story.comes("Ada", "Ben")
    await story.later(seconds=9)
    await story.leaves("Ben")
    await story.later(minutes=1)
    assert await story.summary() == [(69, 1, [("Ada", 69)])]
    await story.comes("Ben")
    await story.later(seconds=10)
    await story.leaves("Ben")
    assert await story.summary() == [(79, 2, [("Ada", 79), ("Ben", 10)])]


async def test_a_meeting_of_people_who_all_left_at_once_is_none(story: Story) -> None:
    for name in ("Ada", "Ben", "Cleo", "Dan", "Eve"):
        await story.comes(name)
        await story.later(seconds=8)
        await story.leaves(name)
    await story.later(minutes=1)

    assert await story.records() == []
    assert (await story.heard())[-1] == "meeting.ended"


async def test_people_who_come_back_soon_continue_the_meeting(story: Story) -> None:
    await story.comes("Ada", "Ben")
    await story.later(minutes=1)
    await story.leaves("Ada", "Ben")
    await story.later(seconds=14)
    await story.happens(Came(visitor("Ben's second device"), story.now))
    await story.later(minutes=1)
    (record,) = await story.records()
    assert record.meeting.ended_at is None
    await story.leaves("Ben's second device")
    await story.later(seconds=15)
    await story.comes("Ada")
    await story.later(minutes=1)
    assert [record.meeting.ended_at is None for record in await story.records()] == [False, True]


async def test_an_empty_meeting_is_over_for_whoever_comes_after_the_gap_however_busy_the_loop(
    story: Story,
) -> None:
    await story.comes("Ada", "Ben")
    await story.later(minutes=1)
    await story.leaves("Ada", "Ben")
    story.clock.advance(timedelta(seconds=16))  # and the loop has not looked yet
    await story.comes("Cleo")
    assert (await story.heard())[-4:] == [
        "participant.left Ben",
        "meeting.ended",
        "meeting.started",
        "participant.joined Cleo",
    ]


async def test_who_stays_alone_for_ten_minutes_begins_a_meeting_of_their_own(story: Story) -> None:
    await story.comes("Ada", "Ben")
    await story.later(minutes=20)
    await story.leaves("Ben")
    await story.later(minutes=9, seconds=59)
    assert len(await story.records()) == 1
    await story.heard()
    await story.later(seconds=1)
    assert await story.heard() == ["meeting.ended", "meeting.started"]
    await story.later(hours=2)
    await story.comes("Cleo")
    await story.later(minutes=3)
    await story.leaves("Cleo", "Ada")
    await story.later(minutes=1)

    assert await story.summary() == [
        (1800, 2, [("Ada", 1800), ("Ben", 1200)]),
        (7380, 2, [("Ada", 7380), ("Cleo", 180)]),
    ]
    farewell = {
        payload["user_name"]: payload["duration"]
        for what, payload in await story.told()
        if what == "participant.left"
    }
    assert farewell == {"Cleo": 180.0, "Ada": 1800.0 + 7380.0}, "her stay was never broken"


async def test_a_connection_that_was_lost_counts_until_then(story: Story) -> None:
    await story.comes("Ada", "Ben")
    await story.later(minutes=1)
    lost = story.now
    await story.later(seconds=30)
    await story.happens(Left(session("Ada"), lost), Left(session("Ben"), lost))
    await story.later(seconds=1)
    assert await story.summary() == [(60, 2, [("Ada", 60), ("Ben", 60)])]
    assert (await story.heard())[-1] == "meeting.ended", "the gap has long been over"


async def test_a_knock_is_told_and_leaves_no_trace_in_meetings(story: Story) -> None:
    await story.comes("Ben", to_lobby=True)
    await story.later(minutes=2)
    await story.leaves("Ben", from_lobby=True)
    await story.leaves("Ben", from_lobby=True)
    told = await story.told()
    assert [what for what, _ in told] == [
        "waiting-participant.joined",
        "waiting-participant.left",
    ]
    assert told[1][1]["duration"] == 120.0
    assert (told[0][1]["room"], told[0][1]["user_name"]) == ("consult", "Ben")
    assert await story.records() == []


async def test_no_user_id_can_be_said_that_cannot_be_written(story: Story) -> None:
    odd = Visitor("session", "Ada", user_id="a\0b")
    await story.happens(
        Came(odd, story.now, to_lobby=True), Left("session", story.now, from_lobby=True)
    )
    await story.happens(Came(odd, story.now))
    await story.later(seconds=30)
    (record,) = await story.records()
    assert record.stays[0].visitor.user_id == "ab"


async def test_a_fact_that_is_written_twice_happened_once(story: Story) -> None:
    for _ in range(2):
        await story.happens(Came(visitor("Ada"), story.now))
    await story.later(seconds=10)
    for _ in range(2):
        await story.leaves("Ada")
    heard = await story.heard()
    assert heard == ["meeting.started", "participant.joined Ada", "participant.left Ada"]
