"""When a media server carries a call, which one, and what of whom may pass."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.rooms.calls.people import ADA, BEN, call
from vestibule.rooms.admission.rights import changed
from vestibule.rooms.calls.media_messages import SLOTS
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.calls.views import Media
from vestibule.rooms.sfu.model import (
    Load,
    differences,
    is_sent,
    mids_of,
    place,
    streams_of,
    wanted_slots,
    wants_server,
)

ALL = list(SLOTS)


@pytest.mark.parametrize(
    ("switchover", "people", "is_carried", "wants"),
    [
        (None, 2, False, False),
        (None, 3, False, True),  # nobody has said: two stay end to end encrypted
        (0.5, 1, False, True),
        (0.5, 0, False, False),
        (2, 2, False, False),
        (2.5, 3, False, True),
        (10, 10, False, False),
        (10, 11, False, True),
        (2, 1, True, True),  # who is left stays where they are
        (2, 0, True, False),
    ],
)
def test_the_number_of_people_decides_who_carries_a_call(
    switchover: float | None, people: int, is_carried: bool, wants: bool
) -> None:
    assert wants_server(switchover, people, is_carried=is_carried) is wants


@pytest.mark.parametrize(
    ("servers", "chosen"),
    [
        ([], None),
        ([Load("a", False, 0)], None),
        ([Load("a", True, 9), Load("b", True, 4)], "b"),
        ([Load("a", True, 9), Load("b", False, 0)], "a"),
        ([Load("a", True, 4), Load("b", True, 4)], "a"),
    ],
)
def test_the_server_with_the_least_to_do_gets_the_next_call(
    servers: list[Load], chosen: str | None
) -> None:
    assert place(servers) == chosen


def test_a_large_room_is_more_than_many_small_ones() -> None:
    assert streams_of([8]) > streams_of([2] * 8)


def people(**rights: Any) -> tuple[Participant, Participant]:
    """Ada, who receives, and Ben with these rights, who sends."""
    inside = call(ADA, BEN).participants
    ada, ben = inside["ada"], inside["ben"]
    receive = rights.pop("can_receive", None)
    ben.guest = replace(ben.guest, rights=changed(ben.guest.rights, **rights))
    ada.guest = replace(ada.guest, rights=changed(ada.guest.rights, can_receive=receive))
    ben.said_media = Media(audio=True, video=True, screen=True)
    return ada, ben


@pytest.mark.parametrize(
    ("rights", "slots"),
    [
        ({}, ALL),
        ({"can_send": ["audio", "screenVideo"]}, ["microphone", "screen"]),
        ({"has_presence": False}, []),
        ({"can_receive": {"base": False}}, []),
        ({"can_receive": {"base": {"video": False}}}, ["microphone", "screen", "screenSound"]),
        ({"can_receive": {"byParticipantId": {"ben": False}}}, []),
        ({"can_receive": {"base": False, "byParticipantId": {"ben": True}}}, ALL),
        ({"can_receive": {"byParticipantId": {"cleo": False}}}, ALL),
    ],
)
def test_what_may_not_be_sent_or_received_is_not_given(
    rights: dict[str, Any], slots: list[str]
) -> None:
    ada, ben = people(**rights)

    assert wanted_slots(ada, ben) == slots


def test_what_is_off_is_not_passed_on_and_a_screen_is_given_only_while_it_is_shared() -> None:
    ada, ben = people()
    ben.said_media = Media(audio=False, video=True)

    assert [slot for slot in SLOTS if is_sent(ben, slot)] == ["camera"]
    assert wanted_slots(ada, ben) == ["microphone", "camera"]


def test_an_offer_must_hold_the_four_slots_in_their_order() -> None:
    lines = [f"m={kind} 9 X\na=mid:{mid}" for mid, kind in enumerate("avva")]
    offer = "v=0\n" + "\n".join(lines).replace("=a ", "=audio ").replace("=v ", "=video ")

    assert mids_of(offer) == dict(zip(SLOTS, "0123", strict=True))
    for wrong in (
        "v=0",
        offer.replace("a=mid:3", ""),
        offer.replace("m=audio", "m=video", 1),
        # What we mute must be what Janus passes on.
        offer.replace("a=mid:0", "a=mid:0\na=mid:7"),
        offer.replace("a=mid:0", "a=mid:1"),
    ):
        with pytest.raises(ValueError, match="offer"):
            mids_of(wrong)


def test_a_subscription_follows_what_is_wanted() -> None:
    has = {(1, "0"): "a", (1, "1"): "b", (2, "0"): "c"}

    assert differences(has, [(1, "0"), (1, "1"), (3, "0")]) == ([(3, "0")], [(2, "0")])
