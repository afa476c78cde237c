"""A recorder is in a call without being one of its people, and hears whom it was introduced to."""

import time
from collections.abc import Iterable

import pytest

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import Person, Visitors
from vestibule.rooms.calls.passes import Passes, RecorderPass
from vestibule.rooms.definitions.model import Room


def pass_for(installation: Installation, room: Room, recording: str = "rec-1") -> str:
    passes = Passes(installation.vestibule.shared.keyring)
    granted = RecorderPass(recording, room.id, since=installation.now)
    return passes.sign(granted, until=installation.now + 60)


async def enters(recorder: Person, text: str) -> dict[str, object]:
    await recorder.say("hello", versions=[1], room="consult", recorder=text)
    return await recorder.hear("joined")


async def hear_all(people: Iterable[Person], kind: str) -> None:
    for person in people:
        await person.hear(kind)


async def test_a_recorder_listens_to_everybody_and_is_seen_by_nobody(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room(max_participants=2)
    ada, recorder, ben = await visitor(), await visitor(), await visitor()
    await ada.joins("Ada")
    assert (await enters(recorder, pass_for(installation, room)))["participants"] == []
    listener = (await ada.hear("listener-joined"))["listener"]
    assert listener["session_id"] == "rec-1"
    assert (await recorder.hear("participant-joined"))["participant"]["user_name"] == "Ada"

    joined = await ben.joins("Ben")  # there is a place: recorders take none

    assert [other["user_name"] for other in joined["participants"]] == ["Ada"]
    await ben.hear("listener-joined")
    await recorder.hear("participant-joined")
    await ada.hear("participant-joined")
    await recorder.say("description", to=ben.session_id, kind="offer", sdp="v=0")
    assert (await ben.hear("description-from"))["sender"] == "rec-1"
    await ben.say("candidate", to="rec-1", candidate="c")
    assert (await recorder.hear("candidate-from"))["sender"] == ben.session_id

    await recorder.say("leave")
    await hear_all([ada, ben], "listener-left")
    await ada.hears_nothing()


async def test_a_page_that_comes_back_and_a_recorder_that_comes_back_know_of_each_other(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room()
    text = pass_for(installation, room)
    ada, recorder = await visitor(), await visitor()
    await ada.joins("Ada")
    await enters(recorder, text)
    await ada.hear("listener-joined")

    again = await visitor()
    await again.comes_back(ada.ticket)
    assert [one["session_id"] for one in (await again.is_in())["listeners"]] == ["rec-1"]
    await recorder.loses_the_connection()
    await again.say("candidate", to="rec-1", candidate="while it was away")
    await again.hears_nothing()
    second = await visitor()
    joined = await enters(second, text)

    assert [one["user_name"] for one in joined["participants"]] == ["Ada"]  # type: ignore[attr-defined]
    assert (await second.hear("candidate-from"))["candidate"] == "while it was away"


async def test_nobody_records_without_a_pass_of_this_server_for_this_room(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room()
    passes = Passes(installation.vestibule.shared.keyring)
    over = passes.sign(RecorderPass("rec-1", room.id, 0.0), until=time.time() - 10**9)
    elsewhere = passes.sign(RecorderPass("rec-1", "another", 0.0), until=installation.now + 60)
    for text, reason in (("made up", "not-allowed"), (over, "not-allowed"), (elsewhere, "no-room")):
        stranger = await visitor()
        await stranger.say("hello", versions=[1], room="consult", recorder=text)
        assert (await stranger.hear("refused"))["reason"] == reason


async def test_who_has_not_agreed_is_not_introduced_and_who_withdraws_is_parted(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room()
    live = installation.vestibule.rooms.calls.live
    ada, ben, recorder = await visitor(), await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await ada.hear("participant-joined")
    live.notices.ask(room.id, "May we?", {ada.session_id: True})
    live.refresh(room.id)
    for person, answer, missing in ((ada, "agreed", 1), (ben, "open", 0)):
        consent = (await person.hear("recording-changed"))["recording"]["consent"]
        assert (consent["answer"], consent["missing"]) == (answer, missing)
        assert (consent["question"], consent["left_out"]) == ("May we?", [])

    await enters(recorder, pass_for(installation, room))

    assert (await recorder.hear("participant-joined"))["participant"]["user_name"] == "Ada"
    await ada.hear("listener-joined")
    await ben.hears_nothing()
    await ben.say("description", to="rec-1", kind="offer", sdp="v=0")
    await recorder.hears_nothing()
    live.notices.answer(room.id, ada.session_id, agrees=False)
    live.refresh(room.id)
    assert (await recorder.hear("participant-left"))["session_id"] == ada.session_id
    assert {(await ada.hear(kind))["type"] for kind in ("recording-changed", "listener-left")}


async def test_only_those_who_may_record_can_and_others_are_told_so(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(enable_recording="cloud")
    guest, owner = await visitor(), await visitor()
    assert (await guest.joins("Ben"))["may_record"] is False
    token = await installation.token(is_owner=True)
    assert (await owner.joins("Ada", token=token))["may_record"] is True
    await guest.hear("participant-joined")

    await guest.say("start-recording")
    assert (await guest.hear("problem"))["code"] == "not-allowed"
    await owner.say("start-recording", options='{"width": 3}')
    assert "width" in (await owner.hear("recording-error"))["message"]
    await owner.say("stop-recording")
    assert "active" in (await owner.hear("recording-error"))["message"]


@pytest.mark.parametrize("chosen", [{"recordings": False}])
async def test_where_nothing_is_recorded_hosts_are_offered_and_told_nothing_unless_they_ask(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(enable_recording="cloud")
    token = await installation.token(is_owner=True, start_cloud_recording=True)
    owner, guest = await visitor(), await visitor()
    assert (await owner.joins("Ada", token=token))["may_record"] is False
    await guest.joins("Ben")
    await owner.hear("participant-joined")
    await owner.hears_nothing()

    await owner.say("start-recording")

    said = (await owner.hear("recording-error"))["message"]
    assert said == "this installation does not record calls (setting 'recordings')"
