"""Every combination of the wanted and the seen room, and the step that follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from vestibule.appointments.model import RoomState, Status, Window
from vestibule.appointments.reconciler.model import (
    NO_ROOM,
    NOT_ANSWERED_YET,
    Action,
    Observed,
    SeenRoom,
    WantedRoom,
    calls_provider,
    plan,
    retry_seconds,
    room_state,
    uncertain,
    wanted,
    why_unwanted,
)
from vestibule.foundation.clock import unix_seconds

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
SECONDS = unix_seconds(NOW)
SOON, LATER, PAST = SECONDS + 1800, SECONDS + 3600, SECONDS - 60

ROOM = WantedRoom(exp=SOON)
PRESENT = SeenRoom(Observed.PRESENT, name="restartix-1-2", url="https://x/restartix-1-2", exp=SOON)
UNKNOWN = replace(PRESENT, observed=Observed.UNKNOWN)
NEVER_SEEN = SeenRoom(Observed.UNKNOWN, exp=SOON)


@pytest.mark.parametrize("status", list(Status))
def test_only_upcoming_confirmed_and_inprogress_want_a_room(status: Status) -> None:
    ended_at = NOW + timedelta(minutes=30)
    room = wanted(status=status, window=Window(ended_at, ended_at), is_deleted=False, now=NOW)
    wants_one = status in {Status.UPCOMING, Status.CONFIRMED, Status.INPROGRESS}
    assert room == (WantedRoom(exp=unix_seconds(ended_at)) if wants_one else None)


@pytest.mark.parametrize(
    ("ended_at", "is_deleted"),
    [
        (NOW, False),
        (NOW - timedelta(seconds=1), False),
        (NOW + timedelta(minutes=30), True),
    ],
)
def test_no_room_is_wanted_after_the_end_or_a_deletion(
    ended_at: datetime, is_deleted: bool
) -> None:
    room = wanted(
        status=Status.UPCOMING, window=Window(ended_at, ended_at), is_deleted=is_deleted, now=NOW
    )
    assert room is None


@pytest.mark.parametrize(
    ("room", "seen", "step"),
    [
        # a room is wanted
        (ROOM, NO_ROOM, Action.CREATE),
        (ROOM, NEVER_SEEN, Action.CREATE),
        (ROOM, UNKNOWN, Action.LOOK_UP),
        (ROOM, replace(UNKNOWN, exp=LATER), Action.LOOK_UP),
        (ROOM, PRESENT, None),
        (ROOM, replace(PRESENT, exp=LATER), Action.MOVE_TIMES),
        (ROOM, replace(PRESENT, exp=PAST), Action.MOVE_TIMES),
        (ROOM, replace(PRESENT, exp=None), Action.MOVE_TIMES),
        (ROOM, replace(PRESENT, is_right=False), Action.PUT_RIGHT),
        (ROOM, replace(PRESENT, is_right=False, exp=LATER), Action.PUT_RIGHT),
        # none is wanted
        (None, NO_ROOM, None),
        (None, NEVER_SEEN, Action.DELETE),
        (None, replace(NEVER_SEEN, exp=PAST), Action.FORGET),
        (None, replace(NEVER_SEEN, exp=None), Action.DELETE),
        (None, UNKNOWN, Action.DELETE),
        (None, replace(UNKNOWN, exp=PAST), Action.FORGET),
        (None, PRESENT, Action.DELETE),
        (None, replace(PRESENT, exp=SECONDS), Action.FORGET),
        (None, replace(PRESENT, exp=SECONDS + 1), Action.DELETE),
        (None, replace(PRESENT, exp=None), Action.DELETE),
    ],
)
def test_the_next_step_from_what_is_seen_to_what_is_wanted(
    room: WantedRoom | None, seen: SeenRoom, step: Action | None
) -> None:
    assert plan(room, seen, now=NOW) is step


def done(step: Action, room: WantedRoom | None, seen: SeenRoom, really: SeenRoom) -> SeenRoom:
    """What is seen after a step at a provider that really has `really`."""
    match step:
        case Action.LOOK_UP:
            return really
        case Action.DELETE | Action.FORGET:
            return NO_ROOM
        case Action.CREATE if really.observed is Observed.PRESENT:
            return really
        case Action.MOVE_TIMES if really.observed is Observed.ABSENT:
            return NO_ROOM
    assert room is not None
    if step is Action.MOVE_TIMES:
        return replace(really, exp=room.exp)
    return replace(PRESENT, exp=room.exp)


REALITIES = [
    NO_ROOM,
    *(
        replace(PRESENT, exp=exp, is_right=private)
        for exp, private in product([SOON, LATER, None], [True, False])
    ),
]


@pytest.mark.parametrize("room", [None, ROOM, WantedRoom(exp=LATER)])
@pytest.mark.parametrize("seen", [NO_ROOM, NEVER_SEEN, UNKNOWN, PRESENT])
@pytest.mark.parametrize("really", REALITIES)
def test_the_steps_always_end_with_what_is_wanted(
    room: WantedRoom | None, seen: SeenRoom, really: SeenRoom
) -> None:
    """From whatever is believed to whatever is true, within five steps."""
    for _ in range(5):
        step = plan(room, seen, now=NOW)
        if step is None:
            break
        seen = really = done(step, room, seen, really)
    assert plan(room, seen, now=NOW) is None
    if room is None:
        assert seen == NO_ROOM
    else:
        assert (seen.observed, seen.exp, seen.is_right) == (Observed.PRESENT, room.exp, True)


@pytest.mark.parametrize(
    ("seen", "room", "latest"),
    [
        (NO_ROOM, ROOM, SOON),
        (NEVER_SEEN, WantedRoom(exp=LATER), LATER),
        (PRESENT, WantedRoom(exp=LATER), LATER),
        (replace(PRESENT, exp=LATER), ROOM, LATER),
        (PRESENT, None, SOON),
        (replace(PRESENT, exp=None), ROOM, None),
        (replace(PRESENT, exp=None), None, None),
    ],
)
def test_under_way_the_latest_possible_expiry_is_known(
    seen: SeenRoom, room: WantedRoom | None, latest: int | None
) -> None:
    after = uncertain(seen, room)
    assert (after.observed, after.exp) == (Observed.UNKNOWN, latest)
    assert (after.name, after.url) == (seen.name, seen.url)


@pytest.mark.parametrize(
    ("room", "seen", "problem", "state"),
    [
        (None, NO_ROOM, None, RoomState("none", None)),
        (None, replace(PRESENT, exp=PAST), None, RoomState("none", None)),
        (ROOM, PRESENT, None, RoomState("ready", None)),
        (ROOM, NEVER_SEEN, "it is down", RoomState("pending", "it is down")),
        (ROOM, NEVER_SEEN, None, RoomState("pending", NOT_ANSWERED_YET)),
        (ROOM, replace(PRESENT, exp=LATER), None, RoomState("pending", NOT_ANSWERED_YET)),
        (None, UNKNOWN, "it is down", RoomState("removing", "it is down")),
    ],
)
def test_people_are_told_how_it_stands_with_the_room(
    room: WantedRoom | None, seen: SeenRoom, problem: str | None, state: RoomState
) -> None:
    assert room_state(room, seen, problem=problem, now=NOW) == state


def test_forgetting_is_the_only_step_without_a_call() -> None:
    assert [step for step in Action if not calls_provider(step)] == [Action.FORGET]
    assert not calls_provider(None)


@pytest.mark.parametrize(
    ("status", "is_deleted", "reason"),
    [
        (Status.CANCELLED, False, "cancel"),
        (Status.NOSHOW, False, "noshow"),
        (Status.COMPLETED, False, "complete"),
        (Status.UPCOMING, False, "expired"),
        (Status.UPCOMING, True, "delete"),
        (Status.CANCELLED, True, "delete"),
    ],
)
def test_a_removed_room_has_a_reason(status: Status, is_deleted: bool, reason: str) -> None:
    assert why_unwanted(status, is_deleted=is_deleted) == reason


@pytest.mark.parametrize(
    ("asked", "at_least"), [(None, 300), (2, 2), (0, 1), (-5, 1), (60, 60), (10**9, 3600)]
)
def test_a_failed_change_is_tried_again_when_asked_or_after_the_default(
    asked: float | None, at_least: float
) -> None:
    waits = {retry_seconds(asked, default=300, lease=f"lease {n}") for n in range(200)}
    assert at_least <= min(waits)
    assert max(waits) <= at_least * 1.1
    assert len(waits) > 150, "those that failed together do not come back together"
