"""Who was there when, and who spoke."""

from vestibule.rooms.recordings.journal import (
    Attendee,
    Begun,
    Joined,
    JournalEntry,
    Left,
    Present,
    Updated,
)
from vestibule.rooms.recordings.timeline import Moment, Turn, moments, scenes, turns

ADA = Attendee(session_id="ada", user_name="Ada")
BEN = Attendee(session_id="ben", user_name="Ben")
CLEO = Attendee(session_id="cleo", user_name="Cleo")
BEN_WITH_CAMERA = BEN.model_copy(update={"video": True})


def people_after(*entries: JournalEntry) -> list[list[Attendee]]:
    return [list(moment.people) for moment in moments(entries)]


def test_people_come_change_and_go() -> None:
    assert people_after(
        Begun(at=0, room="ward"),
        Present(at=1, people=(ADA,)),
        Joined(at=2, person=BEN),
        Updated(at=3, person=BEN_WITH_CAMERA),
        Left(at=4, session_id="ada"),
    ) == [[ADA], [ADA, BEN], [ADA, BEN_WITH_CAMERA], [BEN_WITH_CAMERA]]


def test_a_recorder_that_goes_on_corrects_what_it_missed() -> None:
    """Who stayed keeps the place, who went meanwhile is gone, who came is last."""
    assert people_after(
        Present(at=1, people=(ADA, BEN)),
        Begun(at=5, room="ward"),
        Present(at=6, people=(CLEO, BEN_WITH_CAMERA)),
    ) == [[ADA, BEN], [BEN_WITH_CAMERA, CLEO]]


def test_who_left_twice_is_gone_once() -> None:
    entries = Present(at=1, people=(ADA,)), Left(at=2, session_id="x")

    assert people_after(*entries) == [[ADA], [ADA]]


def speech(start: float, end: float, level: int = 20) -> dict[int, int]:
    return dict.fromkeys(range(round(start * 10), round(end * 10)), level)


def order_of_turns(**levels: dict[int, int]) -> list[tuple[float, tuple[str, ...]]]:
    return [(turn.at, turn.order) for turn in turns(levels)]


def test_who_speaks_gets_the_turn_from_the_first_word_on() -> None:
    assert order_of_turns(ada=speech(1, 3), ben=speech(5, 8) | speech(20, 21)) == [
        (1.0, ("ada",)),
        (5.0, ("ben", "ada")),
    ]


def test_the_louder_of_two_has_the_turn() -> None:
    assert order_of_turns(ada=speech(1, 3, 40), ben=speech(1, 3, 20)) == [(1.0, ("ben",))]


def test_a_cough_takes_no_turn() -> None:
    ada, ben = speech(1, 3, 40) | speech(3.4, 9, 40), speech(3, 3.3, 10)

    assert order_of_turns(ada=ada, ben=ben) == [(1.0, ("ada",))]


def test_coughs_far_apart_are_not_speech() -> None:
    coughs = dict.fromkeys(range(0, 600, 20), 20)

    assert order_of_turns(ada=coughs) == []


def test_breathing_is_not_speaking() -> None:
    assert order_of_turns(ada=speech(1, 9, 80)) == []


def test_scenes_follow_both_people_and_turns() -> None:
    states = [Moment(100.0, (ADA,)), Moment(103.0, (ADA, BEN))]
    speakers = [Turn(102.0, ("ada",))]

    found = scenes(states, speakers, started_at=101.0)

    assert [(scene.at, len(scene.people), scene.spoke) for scene in found] == [
        (-1.0, 1, ()),
        (1.0, 1, ("ada",)),
        (2.0, 2, ("ada",)),
    ]
