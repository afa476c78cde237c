"""The SQL of recordings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from vestibule.foundation import loops
from vestibule.foundation.database import Transaction
from vestibule.rooms.recording_tables import recording_consents as consents
from vestibule.rooms.recording_tables import recordings
from vestibule.rooms.recordings.model import LIVE, MOVES, Recording, State, options_of

_IS_LIVE = recordings.c.state.in_([state.value for state in LIVE])


def insert_recording(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Add a recording that starts now; False if this instance of the room is recorded already."""
    new = {
        "state": State.STARTING.value,
        "is_wanted": True,
        "created_at": tx.now,
        "max_participants": 0,
        "tracks": [],
        "layouts": [],
        "progress": 0.0,
        "restarts": 0,
    }
    try:
        with tx.connection.begin_nested():
            tx.run(insert(recordings).values(**{**new, **values}))
    except IntegrityError:
        return False
    return True


def move(tx: Transaction, recording: Recording, new: State, **values: Any) -> bool:
    """Bring a recording into its next state; False if another process moved it first."""
    if new not in MOVES[recording.state]:
        raise ValueError(f"a recording cannot go from {recording.state} to {new}")
    done = tx.run(
        update(recordings)
        .where(recordings.c.id == recording.id, recordings.c.state == recording.state.value)
        .values(state=new.value, **values)
    )
    return done.rowcount == 1


def change(tx: Transaction, recording_id: str, **values: Any) -> None:
    """Write these columns."""
    tx.run(update(recordings).where(recordings.c.id == recording_id).values(**values))


def add_layout(tx: Transaction, recording_id: str, layout: Mapping[str, Any]) -> None:
    """Another arrangement from some moment on."""
    row = tx.run(
        select(recordings.c.layouts).where(recordings.c.id == recording_id).with_for_update()
    ).one()
    change(tx, recording_id, layouts=[*row.layouts, dict(layout)])


def consents_in(tx: Transaction, room_id: str) -> list[dict[str, Any]]:
    """What the people of a room have answered, while it is recorded."""
    rows = tx.run(select(consents).where(consents.c.room_id == room_id)).mappings()
    return [dict(row) for row in rows]


def add_consent(tx: Transaction, answer: Mapping[str, Any], **who: Any) -> None:
    """Somebody has answered, perhaps again."""
    same = (consents.c.room_id == who["room_id"]) & (consents.c.session_id == who["session_id"])
    row = tx.run(select(consents.c.answers).where(same).with_for_update()).one_or_none()
    said = {"answers": [*(row.answers if row else []), dict(answer)], "agrees": answer["agrees"]}
    if row is None:
        tx.run(insert(consents).values(**who, **said))
    else:
        tx.run(update(consents).where(same).values(**said))


def take_consents(tx: Transaction, recording: Recording) -> list[dict[str, Any]] | None:
    """What was answered in the room; forgotten there unless another recording goes on."""
    found = consents_in(tx, recording.room_id)
    others = [each for each in find_live(tx, [recording.room_id]) if each.id != recording.id]
    if not others:
        tx.run(delete(consents).where(consents.c.room_id == recording.room_id))
    shown = ("session_id", "user_id", "user_name", "text", "answers")
    return [{name: row[name] for name in shown} for row in found] or None


def keep(tx: Transaction, recording_id: str, *, keeper: str, seconds: float) -> bool:
    """Look after a recording for so long; False if another server does."""
    is_free = (
        recordings.c.kept_by.is_(None)
        | (recordings.c.kept_by == keeper)
        | (recordings.c.kept_until <= tx.now)
    )
    done = tx.run(
        update(recordings)
        .where(recordings.c.id == recording_id, is_free)
        .values(kept_by=keeper, kept_until=tx.now + timedelta(seconds=seconds))
    )
    return done.rowcount == 1


def note_people(tx: Transaction, recording_id: str, count: int) -> None:
    """So many people are recorded now; the most that ever were are remembered."""
    tx.run(
        update(recordings)
        .where(recordings.c.id == recording_id, recordings.c.max_participants < count)
        .values(max_participants=count)
    )


def find(tx: Transaction, recording_id: str) -> Recording | None:
    """The recording, in whatever state."""
    row = tx.run(select(recordings).where(recordings.c.id == recording_id)).one_or_none()
    return row and recording_of(row)


def find_live(tx: Transaction, room_ids: Collection[str] | None = None) -> list[Recording]:
    """Those that start or record now, of these rooms or of all, the oldest first."""
    of_rooms = [] if room_ids is None else [recordings.c.room_id.in_(room_ids)]
    statement = select(recordings).where(_IS_LIVE, *of_rooms).order_by(recordings.c.created_at)
    return [recording_of(row) for row in tx.run(statement)]


def listed(domain_id: str, room_name: str | None) -> list[ColumnElement[bool]]:
    """Which recordings a domain sees: those of which media was written, and not deleted."""
    hidden = [State.DELETED.value, State.STARTING.value]
    seen = [
        recordings.c.domain_id == domain_id,
        recordings.c.state.not_in(hidden),
        recordings.c.started_at.is_not(None),
    ]
    return [*seen, recordings.c.room_name == room_name] if room_name is not None else seen


def count(tx: Transaction, which: Sequence[ColumnElement[bool]]) -> int:
    """How many there are of them."""
    total: int = tx.run(select(func.count()).select_from(recordings).where(*which)).scalar_one()
    return total


def page(
    tx: Transaction,
    which: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    older_than: Recording | None = None,
    newer_than: Recording | None = None,
) -> list[Recording]:
    """One page of them, newest first; the nearest to the given recording."""
    place = tuple_(recordings.c.created_at, recordings.c.id)
    statement = select(recordings).where(*which).limit(limit)
    if newer_than is not None:
        statement = statement.where(place > (newer_than.created_at, newer_than.id))
        statement = statement.order_by(recordings.c.created_at, recordings.c.id)
        return [recording_of(row) for row in tx.run(statement)][::-1]
    if older_than is not None:
        statement = statement.where(place < (older_than.created_at, older_than.id))
    newest_first = (recordings.c.created_at.desc(), recordings.c.id.desc())
    return [recording_of(row) for row in tx.run(statement.order_by(*newest_first))]


def claim_to_compose(
    tx: Transaction, *, keeper: str, lease: str, lease_seconds: float
) -> Row[Any] | None:
    """Take the recording whose file is the most overdue, of those that lie with this keeper."""
    lies_here = recordings.c.kept_by.is_(None) | (recordings.c.kept_by == keeper)
    rows = loops.claim_due(tx, recordings, lease=lease, lease_seconds=lease_seconds, only=lies_here)
    return rows[0] if rows else None


def extend_lease(tx: Transaction, claimed: Row[Any], until: datetime, progress: float) -> bool:
    """Keep the claim until then; False if it was lost."""
    done = tx.run(
        update(recordings)
        .where(recordings.c.id == claimed.id, recordings.c.lease == claimed.lease)
        .values(due_at=until, progress=progress)
    )
    return done.rowcount == 1


def settle(tx: Transaction, claimed: Row[Any], values: Mapping[str, Any]) -> bool:
    """Write what came of composing; False if the claim was lost."""
    return loops.finish(tx, claimed, recordings, values)


def expired(tx: Transaction, limit: int) -> list[Recording]:
    """Some whose time to be kept is over."""
    ended = [State.FINISHED.value, State.FAILED.value]
    statement = (
        select(recordings)
        .where(recordings.c.keep_until <= tx.now, recordings.c.state.in_(ended))
        .limit(limit)
    )
    return [recording_of(row) for row in tx.run(statement)]


def recording_of(row: Row[Any]) -> Recording:
    """The recording in a row."""
    same = {name: getattr(row, name) for name in _SAME}
    return Recording(
        **same,
        state=State(row.state),
        options=options_of(row.options),
        tracks=tuple(row.tracks),
        layouts=tuple(row.layouts),
        consents=None if row.consents is None else tuple(row.consents),
    )


_SAME = set(Recording.__dataclass_fields__) - {
    *("state", "options", "tracks", "layouts", "consents"),
}
