"""The tables of the appointments domain.

Integer ids are never used twice (SQLite would, without AUTOINCREMENT): room names and join links
are derived from them, and must not come to mean another appointment after a deletion.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from vestibule.foundation.database import UTCDateTime, metadata
from vestibule.foundation.loops import due_columns

organizations = Table(
    "organizations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("room_prefix", String(32), nullable=False),  # first part of room names (A2)
    Column("waiting_room", Boolean, nullable=False),  # patients knock (A12, B7)
    Column("opens_minutes_before", Integer, nullable=False),  # the join window (B2, B3)
    Column("closes_minutes_after", Integer, nullable=False, server_default="0"),
    # The room has `nbf`; otherwise the links alone keep people from coming early.
    Column("locks_early", Boolean, nullable=False, server_default=false()),
    Column("timezone", String(64), nullable=False, server_default="UTC"),  # of its people
    Column("language", String(8), nullable=False, server_default="en"),  # of its mail
    Column("mail_name", Text, nullable=True),  # whom its mail is from; NULL: the organization
    Column("mail_reply_to", String(254), nullable=True),
    Column("retry_minutes", Integer, nullable=True),  # NULL: the installation's setting
    Column("recordings_keep_days", Integer, nullable=True),  # NULL: until somebody deletes them
    Column("version", Integer, nullable=False, server_default="1"),  # the ETag of its settings
    Column("created_at", UTCDateTime, nullable=False),
    CheckConstraint("opens_minutes_before >= 0", name="opens_before_start"),
    CheckConstraint("closes_minutes_after >= 0", name="closes_after_end"),
    CheckConstraint("retry_minutes > 0", name="retries_later"),
    CheckConstraint("recordings_keep_days > 0", name="keeps_recordings"),
    sqlite_autoincrement=True,
)

organization_tokens = Table(
    "organization_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column(
        "organization_id",
        ForeignKey("organizations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("label", Text, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False, server_default="program"),  # or admin (A21)
    Column("created_at", UTCDateTime, nullable=False),
    Column("revoked_at", UTCDateTime, nullable=True),
)

# Which room provider an organization uses (A21). `base_url` NULL: this installation's own rooms.
organization_integrations = Table(
    "organization_integrations",
    metadata,
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("service", String(16), primary_key=True),
    Column("base_url", Text, nullable=True),
    Column("api_key_encrypted", Text, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # specialist or patient
    Column("name", Text, nullable=False),
    Column("email", String(254), nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("organization_id", "id"),  # so that others can refer within the organization
    Index(None, "organization_id", "kind", "id"),
    sqlite_autoincrement=True,
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("specialist_id", Integer, nullable=False),
    Column("patient_id", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=False),
    # From the times and the organization's settings, when people may enter.
    Column("opens_at", UTCDateTime, nullable=False),
    Column("closes_at", UTCDateTime, nullable=False),
    Column("locks_early", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False, server_default="1"),  # the ETag of its answers
    Column("deleted_at", UTCDateTime, nullable=True),  # set: gone as soon as its room is
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    # What the provider was last seen to have; what it should have follows from the status.
    Column("room_observed", String(8), nullable=False, server_default="absent"),
    Column("videocall_room_name", String(128), nullable=True, unique=True),
    Column("videocall_room_url", Text, nullable=True),
    Column("room_exp", BigInteger, nullable=True),  # unix seconds, as the provider holds it
    Column("room_nbf", BigInteger, nullable=True),
    *due_columns(),
    ForeignKeyConstraint(
        ["organization_id", "specialist_id"], ["people.organization_id", "people.id"]
    ),
    ForeignKeyConstraint(
        ["organization_id", "patient_id"], ["people.organization_id", "people.id"]
    ),
    CheckConstraint("ended_at > started_at", name="ends_after_start"),
    CheckConstraint(
        "(videocall_room_name IS NULL) = (videocall_room_url IS NULL)", name="room_name_with_url"
    ),
    Index(None, "organization_id", "started_at", "id"),
    Index(None, "specialist_id", "started_at"),
    Index(None, "patient_id", "started_at"),
    # Read by the reconciler, which looks only at rows with work.
    Index(
        "ix_appointments_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

appointment_moves = Table(
    "appointment_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "appointment_id",
        ForeignKey("appointments.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("move", String(16), nullable=False),
    Column("old_status", String(16), nullable=False),
    Column("new_status", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("at", UTCDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Requests that must not be carried out twice, by the key that the caller gave them.
repeatable_requests = Table(
    "repeatable_requests",
    metadata,
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of method, path and body
    Column("subject_id", Integer, nullable=True),  # what the request made or changed
    Column("answer_sealed", Text, nullable=True),  # holds join links
    Column("created_at", UTCDateTime, nullable=False, index=True),
)

# When each organization's rooms are compared with the provider's list of rooms.
provider_sweeps = Table(
    "provider_sweeps",
    metadata,
    Column(
        "id",
        ForeignKey("organizations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    *due_columns(),
)

# What room providers told us, each message once, until it is applied (A17).
provider_messages = Table(
    "provider_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("type", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UTCDateTime, nullable=False, index=True),
    *due_columns(),
    UniqueConstraint("organization_id", "message_id"),
    Index(
        "ix_provider_messages_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# Our own webhook at each organization's provider.
provider_hooks = Table(
    "provider_hooks",
    metadata,
    Column(
        "id",
        ForeignKey("organizations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("hook_id", Text, nullable=True),  # the provider's id of it
    Column("secret_sealed", Text, nullable=True),
    *due_columns(),
)

UNFINISHED = "ready_at IS NULL AND failed_at IS NULL AND deleted_at IS NULL"

# A recording may be told of before it is known to which appointment it belongs. It is due when the
# provider shall delete it, because the organization keeps its recordings no longer.
appointment_recordings = Table(
    "appointment_recordings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("appointment_id", Integer, nullable=True),  # no foreign key: outlives it
    Column("recording_id", Text, nullable=True),  # the provider's
    Column("started_by", Text, nullable=True),
    Column("started_at", UTCDateTime, nullable=True),
    Column("stopped_at", UTCDateTime, nullable=True),
    Column("ready_at", UTCDateTime, nullable=True),
    Column("duration_seconds", Integer, nullable=True),
    Column("download_url", Text, nullable=True),
    Column("failed_at", UTCDateTime, nullable=True),  # there is no file, and there will be none
    Column("progress", Float, nullable=True),  # the part of the file that is made, 0 to 1
    Column("deleted_at", UTCDateTime, nullable=True),  # the provider no longer has it
    Column("created_at", UTCDateTime, nullable=False),
    *due_columns(),
    UniqueConstraint("organization_id", "recording_id"),
    Index(None, "organization_id", "appointment_id"),
    # Read every two seconds, and by whoever looks at the console: few of many.
    Index(
        "ix_appointment_recordings_unfinished",
        "organization_id",
        sqlite_where=text(UNFINISHED),
        postgresql_where=text(UNFINISHED),
    ),
    Index(
        "ix_appointment_recordings_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# Mail about appointments: to be sent, and sent.
notifications = Table(
    "notifications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("appointment_id", Integer, nullable=False),  # no foreign key: its end is told too
    Column("role", String(16), nullable=False),  # whom of the two
    Column("kind", String(16), nullable=False),
    Column("facts", JSON, nullable=False),  # what was true when it was decided on
    Column("created_at", UTCDateTime, nullable=False),
    Column("sent_at", UTCDateTime, nullable=True),
    *due_columns(),
    Index(None, "appointment_id", "role"),
    Index(
        "ix_notifications_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# One link for life per person and appointment, stored hashed; the link itself can be derived
# again from the master key (§4 of the design: links).
join_links = Table(
    "join_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("appointment_id", ForeignKey("appointments.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(16), nullable=False),  # specialist or patient
    Column("key_id", String(16), nullable=False),  # master key it was derived from
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("appointment_id", "role"),
)

# What a person's page last found when it tried the connection: no address, nothing of the device.
connection_checks = Table(
    "connection_checks",
    metadata,
    Column("appointment_id", ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), primary_key=True),  # specialist or patient
    Column("proof", String(8), nullable=False),  # relay, direct, local or none
    Column("checked_at", UTCDateTime, nullable=False),
    # So many checks since then: pages may send only so many.
    Column("counted_since", UTCDateTime, nullable=False),
    Column("times", Integer, nullable=False),
)

# Append-only. Each row's hash covers the row before it in the same organization.
audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", Integer, nullable=False),  # no foreign key: outlives what it tells
    Column("sequence", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("event", String(64), nullable=False),
    Column("actor", Text, nullable=False),
    Column("appointment_id", Integer, nullable=True),
    Column("details", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("organization_id", "sequence"),
    Index(None, "organization_id", "appointment_id"),
    sqlite_autoincrement=True,
)

# What pages reported (A26). Kept apart from everything else: nothing is decided by it.
error_reports = Table(
    "error_reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("appointment_id", Integer, nullable=True, index=True),  # may be gone meanwhile
    Column("reporter", Text, nullable=False),
    Column("error_type", String(64), nullable=False),
    Column("error_code", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("feature", String(64), nullable=False),
    Column("stack_trace", Text, nullable=True),
    Column("response_time_ms", Integer, nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("handled_at", UTCDateTime, nullable=True),
    Column("handled_by", Text, nullable=True),
    Index(None, "organization_id", "error_code", "id"),  # read by the console's groups
    Index(None, "organization_id", "reporter", "created_at"),  # read by the rate limit
    sqlite_autoincrement=True,
)
