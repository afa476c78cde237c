"""The SQL of meetings as they are written. Reading them is in `history.py`.

Whoever changes something in a room locks its ongoing meeting first, so that two processes cannot
wait for each other.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, exists, insert, select, union, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.meetings.model import Meeting, Place, Stay, Visitor
from vestibule.rooms.schema import call_servers as servers
from vestibule.rooms.schema import meeting_counts as counts
from vestibule.rooms.schema import meeting_participants as participants
from vestibule.rooms.schema import meetings
from vestibule.rooms.schema import waiting_participants as waiting

_COUNT_ONE: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(counts).on_conflict_do_update(
        index_elements=["domain_id"], set_={"listed": counts.c.listed + 1}
    )
    for dialect in (sqlite, postgresql)
}
_TOUCH: Final[dict[str, Any]] = {
    dialect.dialect.name: (touch := dialect.insert(servers)).on_conflict_do_update(
        index_elements=["id"], set_={"seen_at": touch.excluded.seen_at}
    )
    for dialect in (sqlite, postgresql)
}


# Meetings -----------------------------------------------------------------------------------


def lock_ongoing(tx: Transaction, room_id: str) -> Meeting | None:
    """The meeting that goes on in this room; nobody else changes it until the end of `tx`."""
    statement = select(meetings).where(meetings.c.room_id == room_id, meetings.c.ended_at.is_(None))
    row = tx.run(statement.with_for_update()).one_or_none()
    return row and meeting_of(row)


def insert_meeting(tx: Transaction, meeting: Meeting) -> None:
    """Add a meeting that has just begun."""
    place = meeting.place
    tx.run(
        insert(meetings).values(
            id=meeting.id,
            domain_id=place.domain_id,
            room_id=place.room_id,
            room_name=place.room_name,
            started_at=meeting.started_at,
            max_participants=meeting.max_participants,
        )
    )


def update_meeting(tx: Transaction, meeting: Meeting, due_at: datetime | None) -> None:
    """Write what can change about a meeting."""
    changeable = {
        "ended_at": meeting.ended_at,
        "listed_at": meeting.listed_at,
        "max_participants": meeting.max_participants,
        "lonely_since": meeting.lonely_since,
        "due_at": due_at,
    }
    tx.run(update(meetings).where(meetings.c.id == meeting.id).values(changeable))


def count_listed(tx: Transaction, domain_id: str) -> None:
    """One more of the domain's meetings is listed."""
    tx.run(_COUNT_ONE[tx.connection.dialect.name], {"domain_id": domain_id, "listed": 1})


def delete_old(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove up to `limit` of the meetings that ended before, with their people; how many went."""
    oldest = select(meetings.c.id).where(meetings.c.ended_at < before)
    oldest = oldest.order_by(meetings.c.ended_at).limit(limit)
    ids = list(tx.run(oldest).scalars())
    gone = tx.run(
        delete(meetings)
        .where(meetings.c.id.in_(ids))
        .returning(meetings.c.domain_id, meetings.c.listed_at)
    ).all()
    listed = Counter(row.domain_id for row in gone if row.listed_at is not None)
    for domain_id, number in sorted(listed.items()):  # in one order for everybody
        fewer = counts.c.listed - number
        tx.run(update(counts).where(counts.c.domain_id == domain_id).values(listed=fewer))
    return len(gone)


def due_rooms(tx: Transaction, limit: int) -> list[str]:
    """The rooms whose meetings have waited longest for what time alone changes."""
    due = select(meetings.c.room_id).where(meetings.c.due_at <= tx.now)
    return list(tx.run(due.order_by(meetings.c.due_at).limit(limit)).scalars())


# Stays --------------------------------------------------------------------------------------


def present(tx: Transaction, meeting_id: str) -> list[Stay]:
    """Who is in this meeting now, in the order in which they joined."""
    statement = select(participants).where(
        participants.c.meeting_id == meeting_id, participants.c.left_at.is_(None)
    )
    rows = tx.run(statement.order_by(participants.c.joined_at, participants.c.number))
    return [stay_of(row) for row in rows]


def find_present(tx: Transaction, session_id: str) -> Stay | None:
    """The stay of a session that is in a meeting now."""
    statement = select(participants).where(
        participants.c.session_id == session_id, participants.c.left_at.is_(None)
    )
    row = tx.run(statement).one_or_none()
    return row and stay_of(row)


def was_here(tx: Transaction, session_id: str) -> bool:
    """Whether this session has been in any meeting."""
    found = exists().where(participants.c.session_id == session_id)
    return bool(tx.run(select(found)).scalar_one())


def insert_stay(tx: Transaction, stay: Stay) -> None:
    """Somebody is in the meeting from now on; the row gets a number of its own."""
    visitor = stay.visitor
    tx.run(
        insert(participants).values(
            meeting_id=stay.meeting_id,
            session_id=visitor.session_id,
            user_id=_storable(visitor.user_id),
            account_id=visitor.account_id,
            user_name=visitor.user_name,
            came_at=stay.came_at,
            joined_at=stay.joined_at,
            counts=stay.counts,
            details=dict(visitor.details),
            server_id=stay.server_id,
        )
    )


def begin_to_count(tx: Transaction, numbers: Sequence[int]) -> None:
    """These stays are long enough to be told."""
    tx.run(update(participants).where(participants.c.number.in_(numbers)).values(counts=True))


def close_stay(tx: Transaction, number: int, *, left_at: datetime, counts: bool) -> None:
    """Somebody is gone from the meeting."""
    changed = {"left_at": left_at, "counts": counts, "server_id": None}
    tx.run(update(participants).where(participants.c.number == number).values(changed))


def take_over(tx: Transaction, number: int, server_id: str) -> None:
    """Another server keeps the place from now on."""
    tx.run(update(participants).where(participants.c.number == number).values(server_id=server_id))


# The lobby ----------------------------------------------------------------------------------


def find_waiting(tx: Transaction, session_id: str) -> tuple[Visitor, datetime, str | None] | None:
    """Who waits in a lobby under this session, since when, and which server keeps the place."""
    statement = select(waiting).where(waiting.c.session_id == session_id)
    row = tx.run(statement.with_for_update()).one_or_none()
    return row and (_visitor_of(row), row.came_at, row.server_id)


def insert_waiting(
    tx: Transaction, place: Place, visitor: Visitor, *, came_at: datetime, server_id: str
) -> None:
    """Somebody waits from now on."""
    tx.run(
        insert(waiting).values(
            session_id=visitor.session_id,
            domain_id=place.domain_id,
            room_id=place.room_id,
            room_name=place.room_name,
            user_id=_storable(visitor.user_id),
            user_name=visitor.user_name,
            came_at=came_at,
            details=dict(visitor.details),
            server_id=server_id,
        )
    )


def keep_waiting(tx: Transaction, session_id: str, server_id: str) -> None:
    """Another server keeps the place in the lobby from now on."""
    tx.run(update(waiting).where(waiting.c.session_id == session_id).values(server_id=server_id))


def _storable(user_id: str | None) -> str | None:
    """PostgreSQL's texts cannot hold the character 0, which a token may say."""
    return user_id and user_id.replace("\0", "")


def delete_waiting(tx: Transaction, session_id: str) -> None:
    """Somebody does not wait any more."""
    tx.run(delete(waiting).where(waiting.c.session_id == session_id))


# Servers ------------------------------------------------------------------------------------


def touch_server(tx: Transaction, server_id: str) -> None:
    """This server lives now."""
    tx.run(_TOUCH[tx.connection.dialect.name], {"id": server_id, "seen_at": tx.now})


def keeps_places(tx: Transaction, server_id: str) -> bool:
    """Whether anybody's place is kept by this server."""
    inside = exists().where(participants.c.server_id == server_id)
    waits = exists().where(waiting.c.server_id == server_id)
    return bool(tx.run(select(inside | waits)).scalar_one())


def give_places_up(tx: Transaction, room_id: str, *, of: str, to: str) -> None:
    """Places in this room that server `of` keeps are kept by nobody who lives, `to`, from now."""
    here = select(meetings.c.id).where(meetings.c.room_id == room_id)
    touch_server(tx, to)
    tx.run(
        update(participants)
        .where(participants.c.meeting_id.in_(here), participants.c.server_id == of)
        .values(server_id=to)
    )
    tx.run(
        update(waiting)
        .where(waiting.c.room_id == room_id, waiting.c.server_id == of)
        .values(server_id=to)
    )


def keeps_places_in(tx: Transaction, room_id: str, *, but: str) -> bool:
    """Whether anybody's place in this room is kept by another server than this one."""
    inside = (
        exists()
        .where(participants.c.meeting_id == meetings.c.id, meetings.c.room_id == room_id)
        .where(participants.c.left_at.is_(None), participants.c.server_id != but)
    )
    waits = exists().where(waiting.c.room_id == room_id, waiting.c.server_id != but)
    return bool(tx.run(select(inside | waits)).scalar_one())


def occupied_rooms(tx: Transaction) -> set[str]:
    """The rooms in which anybody's place is kept, by whichever server."""
    inside = (
        select(meetings.c.room_id)
        .join(participants, participants.c.meeting_id == meetings.c.id)
        .where(meetings.c.ended_at.is_(None), participants.c.left_at.is_(None))
    )
    return set(tx.run(union(inside, select(waiting.c.room_id))).scalars())


@dataclass(frozen=True)
class Orphan:
    """A place that was kept by a server which has died; `seen_at`: when it was known to live."""

    session_id: str
    in_lobby: bool
    seen_at: datetime
    server_id: str


def orphaned_places(tx: Transaction, before: datetime) -> set[Place]:
    """The rooms with places of servers that were not seen since `before`."""
    dead = select(servers.c.id).where(servers.c.seen_at < before)
    inside = (
        select(meetings.c.domain_id, meetings.c.room_id, meetings.c.room_name)
        .join(participants, participants.c.meeting_id == meetings.c.id)
        .where(participants.c.server_id.in_(dead))
    )
    waits = select(waiting.c.domain_id, waiting.c.room_id, waiting.c.room_name).where(
        waiting.c.server_id.in_(dead)
    )
    found = tx.run(union(inside, waits))
    return {Place(row.domain_id, row.room_id, row.room_name) for row in found}


def orphans(tx: Transaction, room_id: str, before: datetime) -> list[Orphan]:
    """The places in one room of servers that were not seen since `before`."""
    inside = (
        select(participants.c.session_id, servers.c.seen_at, servers.c.id)
        .join(servers, servers.c.id == participants.c.server_id)
        .join(meetings, meetings.c.id == participants.c.meeting_id)
        .where(meetings.c.room_id == room_id, servers.c.seen_at < before)
        .order_by(participants.c.number)
    )
    waits = (
        select(waiting.c.session_id, servers.c.seen_at, servers.c.id)
        .join(servers, servers.c.id == waiting.c.server_id)
        .where(waiting.c.room_id == room_id, servers.c.seen_at < before)
        .order_by(waiting.c.came_at)
    )
    return [
        *(Orphan(row.session_id, True, row.seen_at, row.id) for row in tx.run(waits)),
        *(Orphan(row.session_id, False, row.seen_at, row.id) for row in tx.run(inside)),
    ]


def forget_dead_servers(tx: Transaction, before: datetime) -> None:
    """Remove the servers that were not seen since `before` and keep nobody's place."""
    inside = exists().where(participants.c.server_id == servers.c.id)
    waits = exists().where(waiting.c.server_id == servers.c.id)
    tx.run(delete(servers).where(servers.c.seen_at < before, ~inside, ~waits))


# Rows ---------------------------------------------------------------------------------------


def meeting_of(row: Row[Any]) -> Meeting:
    """The meeting in a row."""
    return Meeting(
        id=row.id,
        place=Place(row.domain_id, row.room_id, row.room_name),
        started_at=row.started_at,
        ended_at=row.ended_at,
        listed_at=row.listed_at,
        max_participants=row.max_participants,
        lonely_since=row.lonely_since,
    )


def stay_of(row: Row[Any]) -> Stay:
    """The stay in a row."""
    return Stay(
        number=row.number,
        meeting_id=row.meeting_id,
        visitor=_visitor_of(row, account_id=row.account_id),
        came_at=row.came_at,
        joined_at=row.joined_at,
        left_at=row.left_at,
        counts=row.counts,
        server_id=row.server_id,
    )


def _visitor_of(row: Row[Any], account_id: str | None = None) -> Visitor:
    return Visitor(
        session_id=row.session_id,
        user_name=row.user_name,
        user_id=row.user_id,
        account_id=account_id,
        details=row.details,
    )
