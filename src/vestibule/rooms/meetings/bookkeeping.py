"""The transactions of meetings: write who came and went, and bring a meeting up to the moment.

Each event is written beside its fact, in the caller's transaction.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from vestibule.foundation.database import Transaction
from vestibule.foundation.ids import Ids
from vestibule.foundation.logging import in_the_name_of
from vestibule.rooms.definitions.model import room_id as id_that_sorts_by_age
from vestibule.rooms.meetings import store
from vestibule.rooms.meetings.model import (
    COUNTS_AFTER,
    Came,
    Fact,
    Left,
    Meeting,
    Place,
    Stay,
    Visitor,
    begins_to_count,
    due_at,
    ends_at,
    is_worth_listing,
    splits_at,
)
from vestibule.rooms.outbox.model import EventType
from vestibule.rooms.outbox.service import record_event


@dataclass(frozen=True)
class Books:
    """What every entry needs. `server_id`: this process; `gap`: see `model.ends_at`."""

    ids: Ids
    server_id: str
    gap: timedelta

    def enter(self, tx: Transaction, place: Place, facts: Sequence[Fact]) -> None:
        """Write these facts of one room, in their order."""
        self._write(tx, place, self.bring_up_to_date(tx, place.room_id), facts)

    def bring_up_to_date(self, tx: Transaction, room_id: str) -> Meeting | None:
        """Do what time alone does to a room's meeting; the one that goes on, which is locked."""
        meeting = store.lock_ongoing(tx, room_id)
        return meeting and self._settle(tx, meeting)

    def close_orphans(self, tx: Transaction, place: Place, before: datetime) -> None:
        """Let those go whose server was not seen since `before`: that is when they left.

        Before anything that time does, or a meeting could split for somebody who is not there.
        """
        meeting = store.lock_ongoing(tx, place.room_id)
        gone = [
            Left(
                orphan.session_id,
                orphan.seen_at,
                from_lobby=orphan.in_lobby,
                kept_by=orphan.server_id,
            )
            for orphan in store.orphans(tx, place.room_id, before)
        ]
        self._write(tx, place, meeting, gone)

    def _write(
        self, tx: Transaction, place: Place, meeting: Meeting | None, facts: Sequence[Fact]
    ) -> None:
        for fact in facts:
            with in_the_name_of(fact.request_id):
                meeting = self._take_in(tx, place, meeting, fact)
        if meeting is not None:
            self._settle(tx, meeting)

    def _take_in(
        self, tx: Transaction, place: Place, meeting: Meeting | None, fact: Fact
    ) -> Meeting | None:
        match fact:
            case Came(to_lobby=True):
                self._wait(tx, place, fact)
            case Came():
                return self._join(tx, place, meeting, fact)
            case Left(from_lobby=True):
                self._stop_waiting(tx, place, fact)
            case Left():
                return self._leave(tx, meeting, fact)
        return meeting

    # In the lobby ---------------------------------------------------------------------------

    def _wait(self, tx: Transaction, place: Place, came: Came) -> None:
        if store.find_waiting(tx, came.visitor.session_id) is not None:
            store.keep_waiting(tx, came.visitor.session_id, self.server_id)
            return
        store.insert_waiting(tx, place, came.visitor, came_at=came.at, server_id=self.server_id)
        told = came.visitor.told(place.room_name, came.at)
        _tell(tx, place, EventType.WAITING_PARTICIPANT_JOINED, told)

    def _stop_waiting(self, tx: Transaction, place: Place, left: Left) -> None:
        found = store.find_waiting(tx, left.session_id)
        if found is None or found[2] not in (self.server_id, left.kept_by):
            return
        visitor, came_at, _ = found
        store.delete_waiting(tx, left.session_id)
        told = _farewell(visitor, place, came_at, max(came_at, left.at))
        _tell(tx, place, EventType.WAITING_PARTICIPANT_LEFT, told)

    # In the call ----------------------------------------------------------------------------

    def _join(
        self, tx: Transaction, place: Place, meeting: Meeting | None, came: Came
    ) -> Meeting | None:
        visitor = came.visitor
        stay = store.find_present(tx, visitor.session_id)
        if stay is not None:  # of before a restart: they were here all the while
            store.take_over(tx, stay.number, self.server_id)
            return meeting
        # Whoever left and comes back with an old ticket says when the first stay began.
        at = tx.now if store.was_here(tx, visitor.session_id) else came.at
        if meeting is None:
            meeting = self._begin(tx, place, at)
        stay = Stay(0, meeting.id, visitor, came_at=at, joined_at=at, server_id=self.server_id)
        store.insert_stay(tx, stay)
        _tell(tx, place, EventType.PARTICIPANT_JOINED, visitor.told(place.room_name, at))
        is_alone = len(store.present(tx, meeting.id)) == 1
        return replace(meeting, lonely_since=at if is_alone else None)

    def _leave(self, tx: Transaction, meeting: Meeting | None, left: Left) -> Meeting | None:
        stay = store.find_present(tx, left.session_id)
        if stay is None or meeting is None:
            return meeting
        if stay.server_id not in (self.server_id, left.kept_by):
            return meeting  # it was taken over meanwhile: the one who left goes on elsewhere
        meeting, left_at = self._close(tx, meeting, stay, left.at)
        told = _farewell(stay.visitor, meeting.place, stay.came_at, left_at)
        _tell(tx, meeting.place, EventType.PARTICIPANT_LEFT, told)
        if len(store.present(tx, meeting.id)) > 1:
            return meeting
        return replace(meeting, lonely_since=max(left_at, meeting.lonely_since or left_at))

    def _close(
        self, tx: Transaction, meeting: Meeting, stay: Stay, at: datetime
    ) -> tuple[Meeting, datetime]:
        """The stay ends, at this moment or as soon as it has begun."""
        left_at = max(at, stay.joined_at)
        counts = left_at - stay.joined_at >= COUNTS_AFTER
        store.close_stay(tx, stay.number, left_at=left_at, counts=counts)
        if counts:
            others = sum(other.counts for other in store.present(tx, meeting.id))
            most = max(meeting.max_participants, others + 1)
            meeting = replace(meeting, max_participants=most)
        return meeting, left_at

    # What time does -------------------------------------------------------------------------

    def _settle(self, tx: Transaction, meeting: Meeting) -> Meeting | None:
        """The meeting that goes on in the room at this moment."""
        present = store.present(tx, meeting.id)
        begun = [stay for stay in present if begins_to_count(stay, tx.now)]
        if begun:
            store.begin_to_count(tx, [stay.number for stay in begun])
            present = [replace(stay, counts=stay.counts or stay in begun) for stay in present]
            most = max(meeting.max_participants, sum(stay.counts for stay in present))
            meeting = replace(meeting, max_participants=most)
        meeting = self._list_if_worth_it(tx, meeting, present)
        ends = ends_at(meeting, present, self.gap)
        if ends is not None and ends <= tx.now:
            assert meeting.lonely_since is not None
            self._end(tx, meeting, meeting.lonely_since)
            return None
        splits = splits_at(meeting, present)
        if splits is not None and splits <= tx.now:
            return self._split(tx, meeting, present[0], splits)
        store.update_meeting(tx, meeting, due_at(meeting, present, self.gap))
        return meeting

    def _begin(self, tx: Transaction, place: Place, at: datetime) -> Meeting:
        identifier = id_that_sorts_by_age(at, uuid.UUID(self.ids.uuid()))
        meeting = Meeting(identifier, place, started_at=at)
        store.insert_meeting(tx, meeting)
        _tell(tx, place, EventType.MEETING_STARTED, _meeting_told(meeting))
        return meeting

    def _end(self, tx: Transaction, meeting: Meeting, at: datetime) -> None:
        over = self._list_if_worth_it(tx, replace(meeting, ended_at=at), [])
        store.update_meeting(tx, over, due_at=None)
        told = {**_meeting_told(over), "end_ts": at.timestamp()}
        _tell(tx, over.place, EventType.MEETING_ENDED, told)

    def _split(self, tx: Transaction, meeting: Meeting, last: Stay, at: datetime) -> Meeting | None:
        """Who was left alone stays on, as the first of a new meeting; nobody came or went."""
        meeting, _ = self._close(tx, meeting, last, at)
        self._end(tx, meeting, at)
        following = self._begin(tx, meeting.place, at)
        store.insert_stay(tx, replace(last, meeting_id=following.id, joined_at=at, counts=True))
        following = replace(self._list(tx, following), lonely_since=at, max_participants=1)
        return self._settle(tx, following)

    def _list_if_worth_it(
        self, tx: Transaction, meeting: Meeting, present: Sequence[Stay]
    ) -> Meeting:
        if meeting.listed_at is None and is_worth_listing(meeting, present, tx.now):
            return self._list(tx, meeting)
        return meeting

    def _list(self, tx: Transaction, meeting: Meeting) -> Meeting:
        store.count_listed(tx, meeting.place.domain_id)
        return replace(meeting, listed_at=tx.now)


def _meeting_told(meeting: Meeting) -> dict[str, Any]:
    return {
        "start_ts": meeting.started_at.timestamp(),
        "meeting_id": meeting.id,
        "room": meeting.place.room_name,
    }


def _farewell(
    visitor: Visitor, place: Place, came_at: datetime, left_at: datetime
) -> dict[str, Any]:
    duration = (left_at - came_at).total_seconds()
    return {**visitor.told(place.room_name, came_at), "duration": duration}


def _tell(tx: Transaction, place: Place, event_type: EventType, payload: Mapping[str, Any]) -> None:
    record_event(
        tx,
        domain_id=place.domain_id,
        room_id=place.room_id,
        room_name=place.room_name,
        type=event_type,
        payload=payload,
    )
