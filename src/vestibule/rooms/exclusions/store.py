"""The SQL of exclusions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.schema import ended_sessions, room_bans, rooms

_DIALECTS: Final[dict[str, Any]] = {each.dialect.name: each for each in (sqlite, postgresql)}


def end_sessions(tx: Transaction, session_ids: Iterable[str]) -> None:
    """These sessions are over; to say so twice changes nothing."""
    values = [{"session_id": session_id, "ended_at": tx.now} for session_id in sorted(session_ids)]
    if values:
        insert = _DIALECTS[tx.connection.dialect.name].insert(ended_sessions)
        tx.run(insert.on_conflict_do_nothing(), values)


def ban(tx: Transaction, room_id: str, user_ids: Iterable[str]) -> None:
    """Keep these people out of a room, if it is still there."""
    for user_id in sorted(user_ids):
        row = select(rooms.c.id, literal(user_id), literal(tx.now, room_bans.c.banned_at.type))
        insert = _DIALECTS[tx.connection.dialect.name].insert(room_bans)
        tx.run(
            insert.from_select(
                ["room_id", "user_id", "banned_at"], row.where(rooms.c.id == room_id)
            ).on_conflict_do_nothing()
        )


def has_ended(tx: Transaction, session_id: str) -> bool:
    """Whether this session is over."""
    statement = select(ended_sessions.c.session_id).where(ended_sessions.c.session_id == session_id)
    return tx.run(statement).one_or_none() is not None


def is_banned(tx: Transaction, room_id: str, user_id: str) -> bool:
    """Whether this person was banned from the room."""
    statement = select(room_bans.c.user_id).where(
        room_bans.c.room_id == room_id, room_bans.c.user_id == user_id
    )
    return tx.run(statement).one_or_none() is not None


def forget_sessions(tx: Transaction, *, ended_before: datetime) -> int:
    """Remove sessions of whose tickets none can still be good; answers how many."""
    return tx.run(delete(ended_sessions).where(ended_sessions.c.ended_at < ended_before)).rowcount
