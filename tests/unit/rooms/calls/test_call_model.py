"""What happens in a call, and who is told: by table, without sockets."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.rooms.calls.people import (
    ADA,
    BEN,
    CLEO,
    DORA,
    NOW,
    SEEN,
    call,
    guest,
    message_to,
    room,
    told,
)
from vestibule.rooms.admission.model import Refuse
from vestibule.rooms.calls.from_browser import Candidate, Description
from vestibule.rooms.calls.gathering import Outgoing
from vestibule.rooms.calls.messages import (
    CandidateFrom,
    Ended,
    Joined,
    ParticipantLeft,
    Problem,
    Waiting,
)
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.people import MAX_KEPT_BYTES
from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.calls.tickets import Ticket
from vestibule.rooms.calls.views import Media

Step = Callable[[Call], list[Outgoing]]


@pytest.mark.parametrize(
    ("before", "step", "expected"),
    [
        (call(), lambda c: c.enter(ADA, SEEN, NOW), [("ada", "joined")]),
        (
            call(ADA, BEN),
            lambda c: c.enter(CLEO, SEEN, NOW),
            [("cleo", "joined"), ("ada", "participant-joined"), ("ben", "participant-joined")],
        ),
        (
            call(BEN, waiting=(CLEO, DORA)),
            lambda c: c.enter(ADA, SEEN, NOW),
            [
                ("ada", "joined"),
                ("ben", "participant-joined"),
                ("cleo", "waiting"),
                ("dora", "waiting"),
            ],
        ),
        (call(BEN), lambda c: c.knock(CLEO, SEEN, NOW), [("cleo", "waiting")]),
        (
            call(ADA, BEN, waiting=(DORA,)),
            lambda c: c.knock(CLEO, SEEN, NOW),
            [("cleo", "waiting"), ("ada", "knock")],
        ),
        (
            call(ADA, BEN, waiting=(CLEO, DORA)),
            lambda c: c.admit("ada", "cleo", NOW),
            [
                ("ada", "knock-gone"),
                ("cleo", "joined"),
                ("ada", "participant-joined"),
                ("ben", "participant-joined"),
            ],
        ),
        (
            call(ADA, BEN, waiting=(CLEO, DORA)),
            lambda c: c.deny("ada", "cleo"),
            [("cleo", "ended"), ("ada", "knock-gone")],
        ),
        (
            call(ADA, BEN, waiting=(CLEO,)),
            lambda c: c.turn_away("ada", "cleo", Refuse("exp-room", 1)),
            [("ada", "problem"), ("cleo", "refused"), ("ada", "knock-gone")],
        ),
        (call(ADA, BEN), lambda c: c.leave("ben"), [("ada", "participant-left")]),
        (
            call(ADA, BEN, waiting=(CLEO,)),
            lambda c: c.leave("ada"),
            [("ben", "participant-left"), ("cleo", "waiting")],
        ),
        (call(ADA, waiting=(CLEO,)), lambda c: c.leave("cleo"), [("ada", "knock-gone")]),
        (call(ADA), lambda c: c.leave("nobody"), []),
        (
            call(ADA, BEN, waiting=(CLEO,)),
            lambda c: c.lose("ada", NOW + 30),
            [("ben", "participant-updated"), ("cleo", "waiting")],
        ),
        (call(ADA, waiting=(CLEO,)), lambda c: c.lose("cleo", NOW + 30), []),
        (call(ADA), lambda c: c.lose("nobody", NOW + 30), []),
        (call(ADA, BEN), lambda c: c.resume("ben", NOW), [("ben", "joined")]),
        (call(ADA, waiting=(CLEO,)), lambda c: c.resume("cleo", NOW), [("cleo", "waiting")]),
        (
            call(ADA, BEN, CLEO),
            lambda c: c.set_media("ada", SEEN),
            [("ben", "participant-updated"), ("cleo", "participant-updated")],
        ),
        (
            call(ADA, BEN, waiting=(CLEO,)),
            lambda c: c.end_all("room-deleted"),
            [("ada", "ended"), ("ben", "ended"), ("cleo", "ended")],
        ),
    ],
)
def test_who_is_told(before: Call, step: Step, expected: list[tuple[str, str]]) -> None:
    assert told(step(before)) == expected


@pytest.mark.parametrize(
    ("before", "step", "code"),
    [
        (call(BEN, waiting=(CLEO,)), lambda c: c.admit("ben", "cleo", NOW), "not-allowed"),
        (call(BEN, waiting=(CLEO,)), lambda c: c.deny("ben", "cleo"), "not-allowed"),
        (call(waiting=(CLEO, DORA)), lambda c: c.admit("cleo", "dora", NOW), "not-allowed"),
        (call(ADA), lambda c: c.admit("ada", "cleo", NOW), "not-found"),
        (call(ADA), lambda c: c.deny("ada", "cleo"), "not-found"),
        (
            call(ADA, waiting=(CLEO,)),
            lambda c: [*c.admit("ada", "cleo", NOW), *c.admit("ada", "cleo", NOW)][-1:],
            "not-found",
        ),
        (
            call(ADA, waiting=(CLEO,)),
            lambda c: c.turn_away("ada", "dora", Refuse("exp-room")),
            "not-found",
        ),
        (
            call(ADA, BEN, waiting=(CLEO,), max_participants=2),
            lambda c: c.admit("ada", "cleo", NOW),
            "meeting-full",
        ),
    ],
)
def test_who_may_not_is_told_why_and_nothing_changes(before: Call, step: Step, code: str) -> None:
    [(_, problem)] = step(before)

    assert isinstance(problem, Problem)
    assert problem.code == code


def test_the_newcomer_sees_everybody_in_the_order_in_which_they_came() -> None:
    going_on = call(BEN, ADA, waiting=(DORA,))

    joined = message_to("cleo", going_on.enter(CLEO, SEEN, NOW))

    assert isinstance(joined, Joined)
    assert [other.user_name for other in joined.participants] == ["Ben", "Ada"]
    assert joined.knocks == []
    assert joined.resume == "ticket of cleo"
    assert joined.room.name == "consult"


def test_two_who_come_at_the_same_moment_still_have_an_order() -> None:
    going_on = call()
    for person in (ADA, BEN, CLEO):
        going_on.enter(person, SEEN, NOW)

    moments = [person.since for person in going_on.participants.values()]

    assert sorted(set(moments)) == moments


def test_the_lobby_hears_of_owners_only_when_that_changes() -> None:
    going_on = call(waiting=(CLEO,))
    other_owner = guest("Eve", is_owner=True)

    first = message_to("cleo", going_on.enter(ADA, SEEN, NOW))
    second = told(going_on.enter(other_owner, SEEN, NOW))
    one_left = told(going_on.leave("ada"))
    last = message_to("cleo", going_on.lose("eve", NOW + 30))

    assert isinstance(first, Waiting)
    assert isinstance(last, Waiting)
    assert (first.owner_present, last.owner_present) == (True, False)
    assert ("cleo", "waiting") not in [*second, *one_left]


def test_whoever_administers_participants_sees_and_admits_too() -> None:
    helper = guest("Eve", permissions={"canAdmin": ["participants"]})
    going_on = call(helper, waiting=(CLEO,))

    assert told(going_on.knock(DORA, SEEN, NOW))[-1] == ("eve", "knock")
    assert ("cleo", "joined") in told(going_on.admit("eve", "cleo", NOW))


def test_an_absent_person_does_not_count_and_gives_way() -> None:
    going_on = call(ADA, BEN, max_participants=2)
    going_on.lose("ben", NOW + 30)

    assert going_on.has_place_for(CLEO)
    assert told(going_on.enter(CLEO, SEEN, NOW)) == [
        ("ada", "participant-left"),
        ("cleo", "joined"),
        ("ada", "participant-joined"),
    ]
    assert not going_on.has_place_for(DORA)


def test_whoever_is_away_longest_gives_way_first_and_only_as_many_as_needed() -> None:
    going_on = call(ADA, BEN, CLEO, max_participants=3)
    going_on.lose("cleo", NOW + 10)
    going_on.lose("ben", NOW + 20)

    going_on.enter(DORA, SEEN, NOW)

    assert set(going_on.participants) == {"ada", "ben", "dora"}


def test_a_person_who_is_let_in_while_away_stays_away() -> None:
    going_on = call(ADA, waiting=(CLEO,))
    going_on.lose("cleo", NOW + 30)

    going_on.admit("ada", "cleo", NOW)

    assert not going_on.participants["cleo"].is_connected
    assert told(going_on.step(NOW + 30)) == [("ada", "participant-left")]


def offer(to: str, sdp: str = "v=0") -> Description:
    return Description(type="description", to=to, kind="offer", sdp=sdp)


def test_a_message_goes_to_one_and_says_who_sent_it() -> None:
    going_on = call(ADA, BEN, CLEO)
    candidate = Candidate(type="candidate", to="ada", candidate="candidate:1", sdp_mid="0")

    assert going_on.relay("ben", candidate) == [
        (
            "ada",
            CandidateFrom(
                sender="ben",
                candidate="candidate:1",
                sdp_mid="0",
                sdp_m_line_index=None,
                username_fragment=None,
            ),
        )
    ]
    assert told(going_on.relay("ben", offer("ada"))) == [("ada", "description-from")]


@pytest.mark.parametrize("to", ["nobody", "ben", "cleo"])
def test_a_message_to_oneself_or_to_nobody_in_the_call_is_passed_over(to: str) -> None:
    going_on = call(ADA, BEN, waiting=(CLEO,))

    assert going_on.relay("ben", offer(to)) == []


def test_messages_for_an_absent_person_are_kept_in_order() -> None:
    going_on = call(ADA, BEN)
    going_on.lose("ada", NOW + 30)
    going_on.relay("ben", offer("ada", "first"))
    going_on.relay("ben", offer("ada", "second"))

    back = going_on.resume("ada", NOW)

    assert told(back) == [
        ("ada", "joined"),
        ("ada", "description-from"),
        ("ada", "description-from"),
        ("ben", "participant-updated"),
    ]
    assert [getattr(message, "sdp", None) for _, message in back[1:3]] == ["first", "second"]
    assert ("ada", "description-from") not in told(going_on.resume("ada", NOW))


def test_messages_of_somebody_who_left_meanwhile_are_not_delivered() -> None:
    going_on = call(ADA, BEN)
    going_on.lose("ada", NOW + 30)
    going_on.relay("ben", offer("ada"))
    going_on.leave("ben")

    assert told(going_on.resume("ada", NOW)) == [("ada", "joined")]


def test_what_is_kept_for_an_absent_person_has_a_limit() -> None:
    going_on = call(ADA, BEN)
    going_on.lose("ada", NOW + 30)
    for number in range(100):
        going_on.relay("ben", offer("ada", f"{number:05}" * 2000))

    kept = going_on.participants["ada"].kept.take()

    assert sum(len(message.model_dump_json()) for message in kept) <= MAX_KEPT_BYTES
    assert len(kept) > 10
    assert getattr(kept[-1], "sdp", "").startswith("00099")


def test_what_is_due_happens_at_its_second_and_once() -> None:
    going_on = call(ADA, BEN, CLEO)
    going_on.lose("ben", NOW + 5)

    assert going_on.step(NOW + 4.9) == []
    assert told(going_on.step(NOW + 5)) == [
        ("ada", "participant-left"),
        ("cleo", "participant-left"),
    ]
    assert going_on.step(NOW + 6) == []


@pytest.mark.parametrize(
    ("exp", "properties", "token", "ends_at", "reason"),
    [
        (int(NOW) + 60, {"eject_at_room_exp": True}, {}, NOW + 60, "room-expired"),
        (None, {"eject_after_elapsed": 30}, {}, NOW + 30, "time-over"),
        (None, {}, {"eject_after_elapsed": 20}, NOW + 20, "time-over"),
        (None, {}, {"exp": int(NOW) + 10, "eject_at_token_exp": True}, NOW + 10, "time-over"),
        (int(NOW) + 60, {}, {"exp": int(NOW) + 10}, None, None),
    ],
)
def test_when_a_stay_ends(
    exp: int | None,
    properties: dict[str, Any],
    token: dict[str, Any],
    ends_at: float | None,
    reason: str | None,
) -> None:
    going_on = call(ADA, exp=exp, **properties)
    going_on.end_all("ejected")
    going_on.enter(guest("Ben", user_id="b", **token), SEEN, NOW)

    if ends_at is None:
        assert going_on.step(NOW + 10_000) == []
        return
    assert going_on.step(ends_at - 0.1) == []
    [(session_id, ended)] = going_on.step(ends_at)
    assert isinstance(ended, Ended)
    assert (session_id, ended.reason) == ("ben", reason)
    assert going_on.is_empty


def test_a_later_change_of_the_room_does_not_move_the_end_of_a_stay() -> None:
    going_on = call(exp=int(NOW) + 60, eject_at_room_exp=True)
    going_on.enter(ADA, SEEN, NOW)

    going_on.room = room(exp=int(NOW) + 3600)

    assert told(going_on.step(NOW + 60)) == [("ada", "ended")]


def test_the_lobby_closes_when_the_room_is_over_but_the_call_goes_on() -> None:
    going_on = call(ADA, waiting=(CLEO,), exp=int(NOW) + 60)

    assert going_on.step(NOW + 59) == []
    assert told(going_on.step(NOW + 60)) == [("cleo", "ended"), ("ada", "knock-gone")]


def test_joining_again_under_a_unique_id_sends_the_earlier_one_out() -> None:
    first, second = guest("Ada", user_id="a"), guest("Eve", user_id="a")
    unique = call(first, BEN, enforce_unique_user_ids=True)
    shared = call(first, BEN)

    sent_out = unique.enter(second, SEEN, NOW)
    shared.enter(second, SEEN, NOW)

    assert told(sent_out)[:2] == [("ada", "ended"), ("ben", "participant-left")]
    assert set(unique.participants) == {"ben", "eve"}
    assert set(shared.participants) == {"ada", "ben", "eve"}


def ticket(stage: str = "call") -> Ticket:
    return Ticket(
        session_id="ada",
        room_id="room-1",
        stage="call" if stage == "call" else "lobby",
        user_name="Ada",
        token={"is_owner": True, "user_id": "staff-7"},
        since=NOW - 1000,
        eject_at=int(NOW) + 60,
    )


def test_a_ticket_brings_a_participant_back_as_they_were() -> None:
    going_on = Call(room(), ticket_for=lambda _: "", relays=Relays(), settles_at=NOW + 12)
    going_on.enter(BEN, SEEN, NOW)

    restored = going_on.restore(ticket(), NOW)

    joined = message_to("ada", restored)
    assert isinstance(joined, Joined)
    assert (joined.resumed, joined.settling_seconds, joined.may_admit) == (True, 12.0, True)
    assert (joined.you.joined_at, joined.you.user_id) == (NOW - 1000, "staff-7")
    assert joined.you.media == Media(audio=False, video=False)
    assert told(restored)[1:] == [("ben", "participant-joined")]
    assert told(going_on.step(NOW + 60)) == [("ada", "ended"), ("ben", "participant-left")]


def test_a_ticket_of_the_lobby_brings_a_person_back_to_the_lobby() -> None:
    going_on = call(ADA)
    waiting = guest("Cleo")
    cleo = Ticket(waiting.session_id, "room-1", "lobby", "Cleo", None, NOW - 60, None)

    assert told(going_on.restore(cleo, NOW)) == [("cleo", "waiting"), ("ada", "knock")]
    assert going_on.knockers["cleo"].since == NOW - 60


def test_a_call_is_over_when_the_last_one_is_gone() -> None:
    going_on = call(ADA, waiting=(CLEO,))

    left = going_on.leave("ada")

    assert not going_on.is_empty
    assert left == [("cleo", message_to("cleo", left))]
    going_on.leave("cleo")
    assert going_on.is_empty


def test_who_is_gone_is_named_to_the_others() -> None:
    assert call(ADA, BEN).leave("ben") == [("ada", ParticipantLeft(session_id="ben"))]
