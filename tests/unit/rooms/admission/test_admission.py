"""Each row of the reference's sections 4.1 to 4.9 that concerns joining."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from vestibule.rooms.admission.model import (
    CallState,
    Decision,
    Enter,
    Person,
    Reason,
    Refuse,
    Wait,
    decide,
    message_for,
)
from vestibule.rooms.definitions.model import Privacy, Room
from vestibule.rooms.tokens.model import MeetingToken, Unusable

NOW = 1_800_000_000


def room(privacy: Privacy = "private", **properties: Any) -> Room:
    return Room(
        id="room",
        domain_id="domain",
        name="ward-1",
        privacy=privacy,
        api_created=True,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        nbf=properties.pop("nbf", None),
        exp=properties.pop("exp", None),
        properties=properties,
    )


def token(**properties: Any) -> MeetingToken:
    return MeetingToken(properties)


ADA = token(is_owner=True, room_name="ward-1")
BEN = token(room_name="ward-1")
NOT_HERE = Refuse("not-allowed", because="token")
BANNED = Refuse("not-allowed", because="banned")
BAD = Unusable("the token is not signed by a key of this domain")
MEMBER = Person(account_id="staff-7")


@dataclass(frozen=True)
class Case:
    rule: str
    room: Room | None
    token: MeetingToken | Unusable | None
    then: Decision
    call: CallState = field(default_factory=CallState)
    person: Person = field(default_factory=Person)


CASES = [
    # 4.1 and 4.8: the room's own times bind everybody
    Case("room without times is open", room("public"), None, Enter()),
    Case(
        "before nbf nobody enters", room("public", nbf=NOW + 1), None, Refuse("nbf-room", NOW + 1)
    ),
    Case("from nbf on people enter", room("public", nbf=NOW), None, Enter()),
    Case("until exp people enter", room("public", exp=NOW + 1), None, Enter()),
    Case("from exp on nobody enters", room("public", exp=NOW), None, Refuse("exp-room", NOW)),
    Case("nbf binds a token", room(nbf=NOW + 9), BEN, Refuse("nbf-room", NOW + 9)),
    Case("nbf binds owners", room(nbf=NOW + 9), ADA, Refuse("nbf-room", NOW + 9)),
    Case("exp binds owners", room(exp=NOW - 9), ADA, Refuse("exp-room", NOW - 9)),
    Case("exp binds members", room(exp=NOW - 9), None, Refuse("exp-room", NOW - 9), person=MEMBER),
    Case(
        "exp binds those who would knock",
        room(exp=NOW - 9, enable_knocking=True),
        None,
        Refuse("exp-room", NOW - 9),
    ),
    Case("over and not open yet", room(nbf=NOW + 9, exp=NOW), None, Refuse("exp-room", NOW)),
    # 4.4: deleted, or never made
    Case("a deleted room refuses", None, None, Refuse("no-room")),
    Case("a deleted room refuses owners", None, ADA, Refuse("no-room")),
    Case("a deleted room refuses a bad token", None, BAD, Refuse("no-room")),
    # 4.6: places
    Case("the last place is free", room("public", max_participants=2), None, Enter(), CallState(1)),
    Case(
        "a full call refuses",
        room("public", max_participants=2),
        None,
        Refuse("meeting-full"),
        CallState(2),
    ),
    Case(
        "200 places without a limit of its own: the last one",
        room("public"),
        None,
        Enter(),
        CallState(199),
    ),
    Case("200 places, and no more", room("public"), None, Refuse("meeting-full"), CallState(200)),
    Case(
        "a full call, a token",
        room(max_participants=2),
        BEN,
        Refuse("meeting-full"),
        CallState(2),
    ),
    Case(
        "a full call refuses members",
        room(max_participants=2),
        None,
        Refuse("meeting-full"),
        CallState(2),
        MEMBER,
    ),
    Case(
        "a full call, but the same person is inside: the place changes hands",
        room(max_participants=2),
        token(room_name="ward-1", user_id="b"),
        Enter(),
        CallState(2, user_ids=frozenset({"b"})),
    ),
    Case(
        "a full call, and a member who is inside already",
        room(max_participants=2),
        None,
        Enter(),
        CallState(2, user_ids=frozenset({"staff-7"})),
        MEMBER,
    ),
    Case(
        "a full call, another person is inside",
        room(max_participants=2),
        token(room_name="ward-1", user_id="c"),
        Refuse("meeting-full"),
        CallState(2, user_ids=frozenset({"b"})),
    ),
    Case(
        "hidden people need no place",
        room(max_participants=2),
        token(permissions={"hasPresence": False}),
        Enter(),
        CallState(2, hidden=1),
    ),
    Case(
        "there may be as many hidden people as places",
        room(max_participants=2),
        token(permissions={"hasPresence": False}),
        Refuse("meeting-full"),
        CallState(0, hidden=2),
    ),
    Case("hidden people take no place", room(max_participants=2), BEN, Enter(), CallState(1, 2)),
    # a locked call: somebody must say yes
    Case("a locked call: a token waits", room(), BEN, Wait(), CallState(1, is_locked=True)),
    Case("a locked call: strangers", room("public"), None, Wait(), CallState(1, is_locked=True)),
    Case("a locked call: members", room(), None, Wait(), CallState(1, is_locked=True), MEMBER),
    Case("a locked call: owners enter", room(), ADA, Enter(), CallState(1, is_locked=True)),
    Case(
        "a locked call opens no room that is closed",
        room(),
        None,
        Refuse("not-allowed"),
        CallState(1, is_locked=True),
    ),
    # bans
    Case(
        "a member who was banned",
        room("public"),
        None,
        BANNED,
        CallState(banned_user_ids=frozenset({"staff-7"})),
        MEMBER,
    ),
    Case("an owner always finds a place", room(max_participants=2), ADA, Enter(), CallState(2)),
    Case(
        "an owner finds none if another owner is there",
        room(max_participants=2),
        ADA,
        Refuse("meeting-full"),
        CallState(2, owner_present=True),
    ),
    Case(
        "who waits needs no place yet",
        room(max_participants=2, enable_knocking=True),
        None,
        Wait(),
        CallState(2),
    ),
    Case(
        "no right to enter comes before no place",
        room(max_participants=2),
        None,
        Refuse("not-allowed"),
        CallState(2),
    ),
    # 4.7: the lobby
    Case("public, no token", room("public"), None, Enter()),
    Case("public, token", room("public"), BEN, Enter()),
    Case("public, knocking is of no use", room("public", enable_knocking=True), None, Enter()),
    Case("public, a knocking token", room("public"), token(knocking=True), Enter()),
    Case("private, no knocking, no token", room(), None, Refuse("not-allowed")),
    Case("private, knocking, no token", room(enable_knocking=True), None, Wait()),
    Case("private, knocking, token", room(enable_knocking=True), BEN, Enter()),
    Case("private, no knocking, token", room(), BEN, Enter()),
    Case(
        "private, knocking, a knocking token",
        room(enable_knocking=True),
        token(knocking=True),
        Wait(),
    ),
    Case("private, no knocking, a knocking token", room(), token(knocking=True), Wait()),
    Case(
        "owners never wait",
        room(enable_knocking=True),
        token(knocking=True, is_owner=True),
        Enter(),
    ),
    Case(
        "private, expired token",
        room(enable_knocking=True),
        token(exp=NOW),
        Refuse("exp-token", NOW),
    ),
    Case(
        "private, token not valid yet",
        room(enable_knocking=True),
        token(nbf=NOW + 1),
        Refuse("nbf-token", NOW + 1),
    ),
    Case("public, expired token", room("public"), token(exp=NOW), Refuse("exp-token", NOW)),
    Case("public, early token", room("public"), token(nbf=NOW + 1), Refuse("nbf-token", NOW + 1)),
    # 4.8: tokens
    Case("a token for every room", room(), token(), Enter()),
    Case("a token valid from now", room(), token(nbf=NOW, exp=NOW + 1), Enter()),
    Case("a token for another room", room(), token(room_name="ward-2"), NOT_HERE),
    Case(
        "an owner's token for another room",
        room(),
        token(room_name="ward-2", is_owner=True),
        NOT_HERE,
    ),
    Case(
        "a token for another room, in a public one",
        room("public"),
        token(room_name="ward-2"),
        NOT_HERE,
    ),
    Case(
        "another spelling",
        room(),
        token(room_name="Ward-1"),
        NOT_HERE,
    ),
    Case("another domain's token", room(), BAD, NOT_HERE),
    Case("a bad token in a public room", room("public"), BAD, NOT_HERE),
    Case("a bad token does not knock", room(enable_knocking=True), BAD, NOT_HERE),
    Case("a bad token of a member", room(), BAD, NOT_HERE, person=MEMBER),
    # 3.2 and E1: who is signed in
    Case("a member enters a private room", room(), None, Enter(), person=MEMBER),
    Case("a member enters an org room", room("org"), None, Enter(), person=MEMBER),
    Case("org refuses others", room("org"), None, Refuse("not-allowed")),
    Case("org lets others knock", room("org", enable_knocking=True), None, Wait()),
    Case("org lets tokens in", room("org"), BEN, Enter()),
    # 4.9 and 5.10: banned, sent out
    Case(
        "a banned user is refused",
        room(),
        token(user_id="ben"),
        BANNED,
        CallState(banned_user_ids=frozenset({"ben"})),
    ),
    Case(
        "a banned user is refused in a public room",
        room("public"),
        token(user_id="ben"),
        BANNED,
        CallState(banned_user_ids=frozenset({"ben"})),
    ),
    Case(
        "a ban concerns nobody else",
        room(),
        token(user_id="ada"),
        Enter(),
        CallState(banned_user_ids=frozenset({"ben"})),
    ),
    Case(
        "a ban concerns nobody without a user_id",
        room(),
        BEN,
        Enter(),
        CallState(banned_user_ids=frozenset({"ben"})),
    ),
    Case(
        "who was sent out stays out",
        room("public"),
        BEN,
        Refuse("ejected"),
        person=Person(has_left_forcibly=True),
    ),
    Case(
        "that a room is gone comes before everything",
        None,
        None,
        Refuse("no-room"),
        person=Person(has_left_forcibly=True),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_door_decides_as_the_reference_says(case: Case) -> None:
    assert decide(case.room, case.token, case.call, case.person, NOW) == case.then


def test_every_reason_is_reached_by_a_row() -> None:
    reached = {case.then.reason for case in CASES if isinstance(case.then, Refuse)}
    assert reached == set(get_args(Reason))


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_refusal_says_what_is_wrong_and_what_to_do(reason: Reason) -> None:
    sentences = message_for(Refuse(reason)).split(". ")
    assert len(sentences) == 2


@pytest.mark.parametrize("reason", ["no-room", "exp-room"])
def test_a_dead_link_says_that_the_room_does_not_exist(reason: Reason) -> None:
    assert message_for(Refuse(reason)).startswith("This room does not exist")
