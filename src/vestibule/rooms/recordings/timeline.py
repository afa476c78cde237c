"""Who was in a recorded call when, what they sent, and who spoke."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vestibule.rooms.recordings.journal import (
    Attendee,
    Joined,
    JournalEntry,
    Left,
    Present,
    Updated,
)

# Softer than this is breathing, not speaking (-dBov).
SPEAKING_LEVEL = 50
# A cough does not take the picture away from who speaks.
TAKEOVER_TENTHS = 5
BREATH_TENTHS = 3


@dataclass(frozen=True)
class Moment:
    """From `at` until the next moment, these people were in the call, in the order they came."""

    at: float
    """Unix seconds."""
    people: tuple[Attendee, ...]


def moments(entries: Iterable[JournalEntry]) -> list[Moment]:
    """The journal as states instead of changes."""
    people: dict[str, Attendee] = {}
    found: list[Moment] = []
    for entry in entries:
        match entry:
            case Present():
                present = {person.session_id: person for person in entry.people}
                stayed = {known: present[known] for known in people if known in present}
                people = stayed | present
            case Joined() | Updated():
                people[entry.person.session_id] = entry.person
            case Left():
                people.pop(entry.session_id, None)
            case _:
                continue
        found.append(Moment(entry.at, tuple(people.values())))
    return found


@dataclass(frozen=True)
class Turn:
    """From `at` until the next turn, people by how lately they spoke, the speaker first."""

    at: float
    """Unix seconds."""
    order: tuple[str, ...]


def turns(levels: Mapping[str, Mapping[int, int]]) -> list[Turn]:
    """Who spoke when.

    `levels` gives for each session the loudest -dBov in tenths of a second since 1970. Somebody
    takes the turn by being the loudest for half a second.
    """
    found: list[Turn] = []
    order: tuple[str, ...] = ()
    rival, since, last = "", 0, 0
    for tenth, loudest in _loudest(levels):
        if loudest != rival or tenth - last > BREATH_TENTHS:
            rival, since = loudest, tenth
        last = tenth
        if last - since + 1 >= TAKEOVER_TENTHS and order[:1] != (loudest,):
            order = (loudest, *(other for other in order if other != loudest))
            found.append(Turn(since / 10, order))
    return found


def _loudest(levels: Mapping[str, Mapping[int, int]]) -> Sequence[tuple[int, str]]:
    best: dict[int, tuple[int, str]] = {}
    for session_id, by_tenth in levels.items():
        for tenth, level in by_tenth.items():
            if level <= SPEAKING_LEVEL and (level, session_id) < best.get(tenth, (127, "")):
                best[tenth] = (level, session_id)
    return [(tenth, best[tenth][1]) for tenth in sorted(best)]


@dataclass(frozen=True)
class Scene:
    """From `at` until the next scene, who was there and who spoke."""

    at: float
    """Seconds since the recording began."""
    people: tuple[Attendee, ...]
    spoke: tuple[str, ...]


def scenes(states: Sequence[Moment], speakers: Sequence[Turn], *, started_at: float) -> list[Scene]:
    """Both histories in one, in order of time."""
    people: tuple[Attendee, ...] = ()
    spoke: tuple[str, ...] = ()
    found: list[Scene] = []
    changes: list[Moment | Turn] = [*states, *speakers]
    for change in sorted(changes, key=lambda change: change.at):
        if isinstance(change, Moment):
            people = change.people
        else:
            spoke = change.order
        found.append(Scene(change.at - started_at, people, spoke))
    return found
