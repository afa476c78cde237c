"""What people in a call are told of its recordings, and whether they agreed to be recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vestibule.rooms.calls import recording_messages
from vestibule.rooms.calls.gathering import Gathering, Outgoing
from vestibule.rooms.calls.people import Guest, Participant
from vestibule.rooms.definitions.model import Room

ForRecordings = (
    recording_messages.StartRecording
    | recording_messages.UpdateRecording
    | recording_messages.StopRecording
    | recording_messages.AnswerConsent
)
NOTHING = recording_messages.RecordingNotice(recordings=[], consent=None)


class RecordingDesk(Protocol):
    """Takes what people in a call want of its recordings."""

    def may_record(self, room: Room, guest: Guest) -> bool:
        """Whether there is anything that this guest may record here."""

    def take(self, room: Room, person: Participant, message: ForRecordings) -> None:
        """Somebody in the call has said this. Must not wait."""

    def arrived(self, room: Room, person: Participant) -> None:
        """Somebody has come into the call. Must not wait."""

    def local_ended(self, room_id: str) -> None:
        """Somebody who recorded with their own browser has gone. Must not wait."""


@dataclass
class _Room:
    recordings: tuple[recording_messages.RecordingView, ...] = ()
    local: tuple[recording_messages.RecordingView, ...] = ()
    """Those that browsers of people in the call make."""
    question: str | None = None
    """The words of the question for consent; None if nobody is asked."""
    answers: dict[str, bool] = field(default_factory=dict)
    told: dict[str, recording_messages.RecordingNotice] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    since: float = 0.0
    """Who came before only comes back; unix seconds."""


class RecordingNotices:
    """The recordings of each room of this process, as its people see them."""

    def __init__(self, since: float = 0.0) -> None:
        """`since`: unix seconds of the server's start; who came before only comes back."""
        self._since = since
        self._rooms: dict[str, _Room] = {}
        self.desk: RecordingDesk | None = None

    def arrivals_from(self, room_id: str, since: float) -> None:
        """The call was another process's until now (unix seconds)."""
        self._of(room_id).since = since

    def abandon(self, room_id: str) -> None:
        """Another process keeps the call now."""
        self._rooms.pop(room_id, None)

    def show(self, room_id: str, recordings: Iterable[recording_messages.RecordingView]) -> None:
        """These recordings are active in the room, and no others."""
        self._of(room_id).recordings = tuple(recordings)

    def begin_local(self, room_id: str, recording: recording_messages.RecordingView) -> None:
        """Somebody's own browser may record from now on, for as long as they are there."""
        room = self._of(room_id)
        room.local = (*room.local, recording)

    def end_local(self, room_id: str, instance_id: str) -> bool:
        """A browser is to record no longer; False if none does under this id."""
        room = self._of(room_id)
        kept = tuple(each for each in room.local if each.instance_id != instance_id)
        was_there = kept != room.local
        room.local = kept
        return was_there

    def instances(self, room_id: str) -> frozenset[str]:
        """The ids under which the room is being recorded, by whomever."""
        room = self._of(room_id)
        return frozenset(each.instance_id for each in (*room.recordings, *room.local))

    def has_local(self, room_id: str) -> bool:
        """Whether somebody records with their own browser."""
        room = self._rooms.get(room_id)
        return room is not None and bool(room.local)

    def ask(self, room_id: str, question: str, answers: Mapping[str, bool]) -> None:
        """Have everybody in the room asked; `answers` were given before."""
        room = self._of(room_id)
        room.question = question
        room.answers = {**answers, **room.answers}

    def ask_nobody(self, room_id: str) -> None:
        """There is no reason to ask any more; who asks again, asks everybody."""
        room = self._of(room_id)
        room.question = None
        room.answers.clear()

    def answer(self, room_id: str, session_id: str, *, agrees: bool) -> None:
        """Somebody agrees, or does not, or no longer."""
        self._of(room_id).answers[session_id] = agrees

    def answers(self, room_id: str, session_ids: Iterable[str]) -> Sequence[bool | None]:
        """What these people have answered; None: nothing yet."""
        given = self._of(room_id).answers
        return [given.get(session_id) for session_id in session_ids]

    def may_hear(self, room_id: str, session_id: str) -> bool:
        """Whether somebody may be recorded: they agreed, or nobody needs to."""
        room = self._rooms.get(room_id)
        return room is None or room.question is None or room.answers.get(session_id) is True

    def notice_for(self, call: Gathering, session_id: str) -> recording_messages.RecordingNotice:
        """What this person is told with `joined`."""
        room = self._rooms.get(call.room.id)
        if room is None:
            return NOTHING
        room.told[session_id] = _notice(room, call, session_id)
        return room.told[session_id]

    def look(self, call: Gathering) -> list[Outgoing]:
        """Tell everybody for whom something has changed; tell the desk who has come."""
        room = self._of(call.room.id)
        self._greet(room, call)
        self._end_local_of_the_gone(room, call)
        told: list[Outgoing] = []
        for session_id in call.participants:
            notice = _notice(room, call, session_id)
            if room.told.get(session_id, NOTHING) != notice:
                room.told[session_id] = notice
                told.append((session_id, recording_messages.RecordingChanged(recording=notice)))
        if call.is_empty and not room.recordings:
            del self._rooms[call.room.id]
        return told

    def _greet(self, room: _Room, call: Gathering) -> None:
        gone = room.arrived - set(call.participants)
        room.arrived -= gone
        for session_id in gone:
            room.told.pop(session_id, None)
        for session_id, person in call.participants.items():
            since = max(self._since, room.since)
            is_new = session_id not in room.arrived and person.since >= since
            if is_new and self.desk is not None:
                self.desk.arrived(call.room, person)
            room.arrived.add(session_id)

    def _end_local_of_the_gone(self, room: _Room, call: Gathering) -> None:
        present = tuple(each for each in room.local if each.started_by in call.participants)
        if present == room.local:
            return
        room.local = present
        if self.desk is not None:
            self.desk.local_ended(call.room.id)

    def _of(self, room_id: str) -> _Room:
        return self._rooms.setdefault(room_id, _Room())


def _notice(room: _Room, call: Gathering, session_id: str) -> recording_messages.RecordingNotice:
    consent = None
    if room.question is not None:
        answer = room.answers.get(session_id)
        others = set(call.participants) - {session_id}
        records = any(each.started_by == session_id for each in room.local)
        consent = recording_messages.ConsentView(
            question=room.question,
            answer="open" if answer is None else "agreed" if answer else "declined",
            missing=sum(1 for other in others if room.answers.get(other) is None),
            left_out=sorted(o for o in others if records and room.answers.get(o) is not True),
        )
    recordings = [*room.recordings, *room.local]
    return recording_messages.RecordingNotice(recordings=recordings, consent=consent)
