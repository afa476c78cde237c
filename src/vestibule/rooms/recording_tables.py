"""The tables of recordings, a part of the rooms domain."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from vestibule.foundation.database import UTCDateTime, metadata
from vestibule.foundation.loops import due_columns

# Every recording that was ever asked for. The row outlives its room and, as proof of the deletion,
# its file. What is due is the composing of the file.
recordings = Table(
    "recordings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("room_name", String(128), nullable=False),
    Column("instance_id", String(36), nullable=False),
    Column("state", String(9), nullable=False),
    Column("is_wanted", Boolean, nullable=False),  # false: it is to stop
    Column("options", JSON, nullable=False),
    Column("template", Text, nullable=False),  # of its key; the room may be gone by then
    Column("started_by", String(64), nullable=True),
    Column("started_by_name", Text, nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("started_at", UTCDateTime, nullable=True),
    Column("stopped_at", UTCDateTime, nullable=True),
    Column("seconds", Float, nullable=True),
    Column("max_participants", Integer, nullable=False),
    Column("size", BigInteger, nullable=True),
    Column("key", Text, nullable=True),
    Column("file_key_sealed", Text, nullable=True),
    Column("tracks", JSON, nullable=False),
    Column("layouts", JSON, nullable=False),  # later arrangements, with their times
    Column("consents", JSON(none_as_null=True), nullable=True),
    Column("progress", Float, nullable=False),
    Column("error", Text, nullable=True),
    Column("restarts", Integer, nullable=False),
    # Which server looks after the worker, until when; another one leaves it alone.
    Column("kept_by", String(36), nullable=True),
    Column("kept_until", UTCDateTime, nullable=True),
    Column("bucket", JSON(none_as_null=True), nullable=True),  # the room's own; null: ours
    Column("keep_until", UTCDateTime, nullable=True, index=True),  # read by the sweep
    Column("deleted_at", UTCDateTime, nullable=True),
    Column("deleted_because", String(40), nullable=True),
    *due_columns(),
    CheckConstraint(
        "state IN ('starting', 'recording', 'stopped', 'finished', 'failed', 'deleted')",
        name="state",
    ),
    Index(None, "domain_id", "created_at", "id"),  # read by the list, newest first
    # One live recording for each instance of a room; read by the supervisor too.
    Index(
        "ix_recordings_live",
        "room_id",
        "instance_id",
        unique=True,
        sqlite_where=text("state IN ('starting', 'recording')"),
        postgresql_where=text("state IN ('starting', 'recording')"),
    ),
    Index(
        "ix_recordings_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

# Who agreed to be recorded in a room, or no longer does: by session, so for one stay.
recording_consents = Table(
    "recording_consents",
    metadata,
    Column("room_id", String(36), primary_key=True),
    Column("session_id", String(64), primary_key=True),
    Column("user_id", Text, nullable=True),
    Column("user_name", Text, nullable=False),
    Column("text", Text, nullable=False),  # the words that were shown
    Column("answers", JSON, nullable=False),  # each answer with its unix seconds, oldest first
    Column("agrees", Boolean, nullable=False),
)
