"""The SQL of meetings as they are read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, select, tuple_

from vestibule.foundation.database import Transaction
from vestibule.rooms.meetings.model import Meeting, Page, Stay, Wanted
from vestibule.rooms.meetings.store import meeting_of, stay_of
from vestibule.rooms.schema import meeting_counts as counts
from vestibule.rooms.schema import meeting_participants as participants
from vestibule.rooms.schema import meetings


def count_meetings(tx: Transaction, domain_id: str, wanted: Wanted) -> int:
    """How many listed meetings of the domain are of the wanted kind."""
    if wanted.is_everything:
        statement = select(counts.c.listed).where(counts.c.domain_id == domain_id)
        return tx.run(statement).scalar_one_or_none() or 0
    if wanted == Wanted(is_ongoing=False):
        ongoing = count_meetings(tx, domain_id, Wanted(is_ongoing=True))
        return count_meetings(tx, domain_id, Wanted()) - ongoing
    counted = _narrowed(select(func.count()).select_from(meetings), domain_id, wanted)
    number: int = tx.run(counted).scalar_one()
    return number


def page_of_meetings(tx: Transaction, domain_id: str, wanted: Wanted, page: Page) -> list[Meeting]:
    """One page of the listed meetings of the wanted kind, newest first."""
    statement = _narrowed(select(meetings), domain_id, wanted).limit(page.limit)
    age = tuple_(meetings.c.started_at, meetings.c.id)
    if page.older_than is not None:
        statement = statement.where(age < page.older_than)
    if page.newer_than is not None:
        statement = statement.where(age > page.newer_than)
    if page.from_oldest:
        rows = tx.run(statement.order_by(meetings.c.started_at, meetings.c.id)).all()[::-1]
    else:
        newest_first = (meetings.c.started_at.desc(), meetings.c.id.desc())
        rows = tx.run(statement.order_by(*newest_first)).all()
    return [meeting_of(row) for row in rows]


def _narrowed(statement: Select[Any], domain_id: str, wanted: Wanted) -> Select[Any]:
    statement = statement.where(
        meetings.c.domain_id == domain_id, meetings.c.listed_at.is_not(None)
    )
    if wanted.room_name is not None:
        statement = statement.where(meetings.c.room_name == wanted.room_name)
    if wanted.since is not None:
        statement = statement.where(meetings.c.started_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(meetings.c.started_at < wanted.until)
    if wanted.is_ongoing is not None:
        has_no_end = meetings.c.ended_at.is_(None)
        statement = statement.where(has_no_end if wanted.is_ongoing else ~has_no_end)
    return statement


def find_meeting(tx: Transaction, domain_id: str, meeting_id: str) -> Meeting | None:
    """The domain's meeting with this id, listed or not."""
    statement = select(meetings).where(
        meetings.c.domain_id == domain_id, meetings.c.id == meeting_id
    )
    row = tx.run(statement).one_or_none()
    return row and meeting_of(row)


def ongoing_ids(tx: Transaction, domain_id: str) -> dict[str, str]:
    """The ids of the domain's ongoing meetings, by the id of their room."""
    statement = select(meetings.c.room_id, meetings.c.id).where(
        meetings.c.domain_id == domain_id, meetings.c.ended_at.is_(None)
    )
    return {row.room_id: row.id for row in tx.run(statement)}


def stays_of(tx: Transaction, meeting_ids: Collection[str]) -> dict[str, Sequence[Stay]]:
    """The stays that count of each of these meetings, newest first."""
    statement = select(participants).where(
        participants.c.meeting_id.in_(meeting_ids), participants.c.counts
    )
    newest_first = (participants.c.joined_at.desc(), participants.c.number.desc())
    found: defaultdict[str, list[Stay]] = defaultdict(list)
    for row in tx.run(statement.order_by(*newest_first)):
        found[row.meeting_id].append(stay_of(row))
    return dict(found)


def page_of_stays(
    tx: Transaction,
    meeting_id: str,
    *,
    limit: int,
    after: Stay | None = None,
    before: Stay | None = None,
) -> list[Stay]:
    """The stays that count which began right after, or right before, this one; newest first."""
    order = tuple_(participants.c.joined_at, participants.c.number)
    statement = select(participants).where(
        participants.c.meeting_id == meeting_id, participants.c.counts
    )
    if after is not None:
        statement = statement.where(order > (after.joined_at, after.number))
    if before is not None:
        statement = statement.where(order < (before.joined_at, before.number))
    oldest_first = (participants.c.joined_at, participants.c.number)
    if after is not None and before is None:
        rows = tx.run(statement.order_by(*oldest_first).limit(limit)).all()[::-1]
    else:
        newest_first = [column.desc() for column in oldest_first]
        rows = tx.run(statement.order_by(*newest_first).limit(limit)).all()
    return [stay_of(row) for row in rows]


def find_stay(tx: Transaction, meeting_id: str, session_id: str) -> Stay | None:
    """The last stay of this session in this meeting."""
    statement = (
        select(participants)
        .where(participants.c.meeting_id == meeting_id, participants.c.session_id == session_id)
        .order_by(participants.c.number.desc())
        .limit(1)
    )
    row = tx.run(statement).one_or_none()
    return row and stay_of(row)
