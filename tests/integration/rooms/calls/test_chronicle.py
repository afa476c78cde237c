"""What people do over real sockets is in the meetings and in the events, and nothing else is."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import PATIENCE_SECONDS, Person, Visitors
from vestibule.foundation.database import Transaction
from vestibule.rooms.meetings.model import Page, Wanted
from vestibule.rooms.meetings.service import Record
from vestibule.rooms.outbox.service import take_undistributed

HOLDING = set[asyncio.Task[None]]()


async def events(installation: Installation) -> list[tuple[str, dict[str, Any]]]:
    """Type and payload of what happened since the last look."""
    await installation.vestibule.rooms.calls.chronicle.settled()
    database = installation.vestibule.shared.database
    taken = await database.write(lambda tx: take_undistributed(tx, 1000))
    return [(event.type.value, dict(event.payload)) for event in taken]


async def heard(installation: Installation) -> list[str]:
    """What happened since the last look, and to whom."""
    return [
        " ".join([what, *([payload["user_name"]] if "user_name" in payload else [])])
        for what, payload in await events(installation)
    ]


async def time_goes_by(installation: Installation, seconds: float) -> None:
    await installation.passes(seconds)
    await installation.vestibule.rooms.meetings.step()


async def meetings(installation: Installation) -> list[Record]:
    domain = await installation.vestibule.rooms.domains.primary()
    _, records = await installation.vestibule.rooms.meetings.list(domain.id, Wanted(), Page())
    return list(records)


async def gone(person: Person) -> None:
    """Say goodbye, and wait for the end of the conversation."""
    await person.say("leave")
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                await person.socket.recv()


async def test_a_consultation_from_knock_to_goodbye_is_told_as_it_was(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(eject_after_elapsed=3600)
    ada, ben, cleo = await visitor(), await visitor(), await visitor()
    began = installation.now
    owner = await installation.token(is_owner=True, user_name="Dr Ada", user_id="doctor-7")
    await ada.joins("?", token=owner)
    await ben.asks_to_join("Ben")
    await ben.waits()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await time_goes_by(installation, 12)
    await ada.say("deny", session_id=cleo.session_id)
    await cleo.hear("ended")
    await ada.say("admit", session_id=ben.session_id)
    await ben.is_in()
    await time_goes_by(installation, 60)
    await gone(ben)
    await gone(ada)
    await time_goes_by(installation, 15)

    told = await events(installation)
    assert [(what, payload.get("user_name")) for what, payload in told] == [
        ("meeting.started", None),
        ("participant.joined", "Dr Ada"),
        ("waiting-participant.joined", "Ben"),
        ("waiting-participant.joined", "Cleo"),
        ("waiting-participant.left", "Cleo"),
        ("waiting-participant.left", "Ben"),
        ("participant.joined", "Ben"),
        ("participant.left", "Ben"),
        ("participant.left", "Dr Ada"),
        ("meeting.ended", None),
    ]
    assert told[8][1] == {
        "room": "consult",
        "session_id": ada.session_id,
        "user_id": "doctor-7",
        "user_name": "Dr Ada",
        "joined_at": float(began),
        "owner": True,
        "networkQualityState": "unknown",
        "will_eject_at": float(began + 3600),
        "permissions": {
            "hasPresence": True,
            "canSend": True,
            "canReceive": {"base": True},
            "canAdmin": True,
        },
        "duration": 72.0,
    }
    assert told[6][1]["user_id"] == ben.session_id, "a stranger has no other name for ever"
    assert told[5][1]["duration"] == 12.0
    assert (told[9][1]["start_ts"], told[9][1]["end_ts"]) == (began, began + 72)
    (record,) = await meetings(installation)
    assert [stay.visitor.user_id for stay in record.stays] == [None, "doctor-7"]


async def test_who_gives_up_waiting_and_who_is_sent_out_is_told(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token())
    await ben.asks_to_join("Ben")
    await ben.waits()
    await gone(ben)
    await installation.delete_room()
    await ada.hear("ended")
    await time_goes_by(installation, 15)
    assert await heard(installation) == [
        "meeting.started",
        "participant.joined Ada",
        "waiting-participant.joined Ben",
        "waiting-participant.left Ben",
        "participant.left Ada",
        "meeting.ended",
    ]


async def test_a_lost_connection_that_comes_back_is_no_event_and_one_that_does_not_ended_then(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await ada.hear("participant-joined")
    await time_goes_by(installation, 60)
    await heard(installation)
    await ben.loses_the_connection()
    await ada.hear("participant-updated")
    await time_goes_by(installation, 20)
    ben_again = await visitor()
    await ben_again.comes_back(ben.ticket)
    await ben_again.is_in()
    await ada.hear("participant-updated")
    assert await heard(installation) == []
    await time_goes_by(installation, 40)
    await ben_again.loses_the_connection()
    await ada.hear("participant-updated")
    await time_goes_by(installation, 31)
    await ada.hear("participant-left")
    await gone(ada)
    (what, payload), _ = await events(installation)
    assert (what, payload["user_name"]) == ("participant.left", "Ben")
    assert round(payload["duration"]) == 120


async def test_a_hidden_person_is_told_of_as_hidden(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada")
    await cleo.joins(
        "Cleo", token=await installation.token(permissions={"hasPresence": False}, user_id="c")
    )
    await time_goes_by(installation, 30)
    seen = {
        payload["user_name"]: payload["permissions"]["hasPresence"]
        for what, payload in await events(installation)
        if what == "participant.joined"
    }
    assert seen == {"Ada": True, "Cleo": False}
    (record,) = await meetings(installation)
    assert {stay.visitor.user_name for stay in record.stays} == {"Ada", "Cleo"}
    assert record.meeting.max_participants == 2


async def test_people_who_return_after_a_restart_go_on_in_the_same_meeting(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await time_goes_by(installation, 60)
    async with installation.next_server() as next_visitor:
        installation.clock.advance(timedelta(seconds=20))
        ada_again, ben_again = await next_visitor(), await next_visitor()
        for person, ticket in ((ada_again, ada.ticket), (ben_again, ben.ticket)):
            await person.comes_back(ticket)
            await person.is_in()
        installation.clock.advance(timedelta(seconds=40))
        await gone(ada_again)
        await gone(ben_again)
    assert await heard(installation) == [
        "meeting.started",
        "participant.joined Ada",
        "participant.joined Ben",
        "participant.left Ada",
        "participant.left Ben",
    ]
    (record,) = await meetings(installation)
    now = installation.clock.now()
    assert [round(stay.duration(now).total_seconds()) for stay in record.stays] == [120, 120]


async def test_nobody_is_told_to_be_in_before_that_is_written_down(
    installation: Installation, visitor: Visitors
) -> None:
    """A server that dies right after the word has not lost the event."""
    await installation.room()
    release = await hold_the_database(installation)
    ada = await visitor()
    await ada.asks_to_join("Ada")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await ada.socket.recv()
    release.set()
    await ada.is_in()
    assert await heard(installation) == ["meeting.started", "participant.joined Ada"]


async def test_a_database_that_does_not_answer_holds_nobody_up_for_long_and_loses_nothing(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    release = await hold_the_database(installation)
    ada = await visitor()
    await ada.joins("Ada")
    release.set()
    await gone(ada)
    await installation.vestibule.rooms.calls.close()
    assert await heard(installation) == [
        "meeting.started",
        "participant.joined Ada",
        "participant.left Ada",
    ]


async def hold_the_database(installation: Installation) -> asyncio.Event:
    """Nobody can write until the event is set."""
    loop = asyncio.get_running_loop()
    holds, release = asyncio.Event(), asyncio.Event()

    def hold(_tx: Transaction) -> None:
        loop.call_soon_threadsafe(holds.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(30)

    HOLDING.add(asyncio.create_task(installation.vestibule.shared.database.write(hold)))
    await holds.wait()
    return release
