"""The tables of the rooms domain."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from vestibule.foundation.database import UTCDateTime, metadata
from vestibule.foundation.loops import due_columns
from vestibule.rooms import recording_tables as _recording_tables  # noqa: F401 - the same metadata

domains = Table(
    "domains",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(63), nullable=False, unique=True),
    # Signs the meeting tokens that this domain hands out; sealed by the master key.
    Column("signing_key_sealed", Text, nullable=False),
    Column("properties", JSON(none_as_null=True), nullable=True),  # only what was given
    Column("branding", JSON(none_as_null=True), nullable=True),  # apart, since a logo is large
    # The origins whose pages may show calls in a frame, with spaces between. NULL: only our own.
    Column("embed_origins", Text, nullable=True),
    Column("created_at", UTCDateTime, nullable=False),
)

# A key is found by its hash and kept sealed, because self-signed meeting tokens need it whole.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("key_sealed", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("revoked_at", UTCDateTime, nullable=True),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(128), nullable=False),
    Column("privacy", String(8), nullable=False),
    Column("api_created", Boolean, nullable=False),
    Column("properties", JSON, nullable=False),  # only what was given; nbf and exp are below
    Column("nbf", BigInteger, nullable=True),  # unix seconds
    Column("exp", BigInteger, nullable=True),  # unix seconds
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("domain_id", "name"),
    CheckConstraint("length(name) BETWEEN 1 AND 128", name="name_length"),
    Index(None, "domain_id", "created_at", "id"),  # read by the list, newest first
    Index(None, "domain_id", "exp"),  # read by the count of rooms
)

# How many rooms of a domain are available: exact for the moment `counted_until`, so that only rooms
# that expired since then must be counted (decision 0011).
room_counts = Table(
    "room_counts",
    metadata,
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True),
    Column("available", BigInteger, nullable=False),
    Column("counted_until", BigInteger, nullable=False),  # unix seconds
    Column("most", BigInteger, nullable=True),  # NULL: what the setting says
    CheckConstraint("available >= 0", name="available"),
)

# What was asked of the Rooms API, without secrets. Ids sort by age.
api_requests = Table(
    "api_requests",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("ip", String(45), nullable=True),
    Column("method", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False, index=True),  # read by the sweep
    Column("request", Text, nullable=True),
    Column("response", Text, nullable=True),
    Index(None, "domain_id", "id"),  # read by the list
)

# The digits that name a room to callers by telephone, made when the 2018 team API first tells them.
dial_in_pins = Table(
    "dial_in_pins",
    metadata,
    Column("room_id", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("pin", String(11), nullable=False, unique=True),
)

# The server processes that keep people's places, and when each was last known to live.
call_servers = Table(
    "call_servers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("seen_at", UTCDateTime, nullable=False),
)

# Meeting sessions (reference 7.2). Rooms go sooner than their meetings: no foreign key.
meetings = Table(
    "meetings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("room_name", String(128), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime, nullable=True),  # NULL: it goes on
    Column("listed_at", UTCDateTime, nullable=True),  # NULL: too short to count as a meeting
    Column("max_participants", Integer, nullable=False),
    Column("lonely_since", UTCDateTime, nullable=True),  # NULL: two or more people are there
    Column("due_at", UTCDateTime, nullable=True),  # when time alone changes it next
    CheckConstraint("ended_at IS NULL OR due_at IS NULL", name="only_ongoing_is_due"),
    Index(
        "uq_meetings_ongoing",  # one at a time in a room
        "room_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_meetings_due",  # read by the loop
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_meetings_ended",  # read by whoever removes old ones
        "ended_at",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    Index(
        "ix_meetings_listed",  # read by the list, newest first
        "domain_id",
        "started_at",
        "id",
        sqlite_where=text("listed_at IS NOT NULL"),
        postgresql_where=text("listed_at IS NOT NULL"),
    ),
    Index(
        "ix_meetings_listed_of_room",  # read by the list of one room
        "domain_id",
        "room_name",
        "started_at",
        "id",
        sqlite_where=text("listed_at IS NOT NULL"),
        postgresql_where=text("listed_at IS NOT NULL"),
    ),
    Index(
        "ix_meetings_ongoing",  # read by the list of those that go on
        "domain_id",
        "started_at",
        "id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# How many meetings of a domain are listed, so that the list need not count them.
meeting_counts = Table(
    "meeting_counts",
    metadata,
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True),
    Column("listed", BigInteger, nullable=False),
)

# Who was in a meeting, and when. Somebody who stays on while one meeting ends and the next begins
# has a row in both: `came_at` is the same.
meeting_participants = Table(
    "meeting_participants",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("meeting_id", ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", String(36), nullable=False, index=True),  # read when somebody comes back
    Column("user_id", Text, nullable=True),
    Column("account_id", String(36), nullable=True),  # of somebody signed in
    Column("user_name", Text, nullable=False),
    Column("came_at", UTCDateTime, nullable=False),
    Column("joined_at", UTCDateTime, nullable=False),
    Column("left_at", UTCDateTime, nullable=True),  # NULL: still there
    Column("counts", Boolean, nullable=False),  # whether the stay was long enough to be told
    Column("details", JSON, nullable=False),  # what else the events tell of the person
    Column("server_id", String(36), nullable=True),  # who keeps the place; NULL once it is left
    CheckConstraint("(left_at IS NULL) = (server_id IS NOT NULL)", name="place_is_kept_or_left"),
    Index(None, "meeting_id", "joined_at", "number"),  # read by the lists, newest first
    Index(
        "uq_meeting_participants_present",  # nobody is there twice
        "session_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
    Index(
        "ix_meeting_participants_server_id",  # read for the places of dead servers
        "server_id",
        sqlite_where=text("server_id IS NOT NULL"),
        postgresql_where=text("server_id IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# Who waits in a lobby now.
waiting_participants = Table(
    "waiting_participants",
    metadata,
    Column("session_id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("room_name", String(128), nullable=False),
    Column("user_id", Text, nullable=True),
    Column("user_name", Text, nullable=False),
    Column("came_at", UTCDateTime, nullable=False),
    Column("details", JSON, nullable=False),
    Column("server_id", String(36), nullable=False, index=True),
)

# People who may not enter a room any more, by the `user_id` of their tokens or of their accounts.
room_bans = Table(
    "room_bans",
    metadata,
    Column("room_id", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", String(36), primary_key=True),
    Column("banned_at", UTCDateTime, nullable=False),
)

# Sessions in calls that no resume ticket revives, for as long as one could.
ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("ended_at", UTCDateTime, nullable=False, index=True),  # read by the sweep
)

# The last number that an event of each room got. Rooms go sooner than their events: no foreign key.
webhook_sequences = Table(
    "webhook_sequences",
    metadata,
    Column("room_id", String(36), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

# What happened in rooms, written in the transaction of the fact itself (the outbox).
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(96), nullable=False, unique=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("room_id", String(36), nullable=False),
    Column("room_name", String(128), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", UTCDateTime, nullable=False, index=True),
    Column("distributed_at", UTCDateTime, nullable=True),
    Column("request_id", String(64), nullable=True),
    UniqueConstraint("room_id", "sequence"),
    # Read by the delivery loop, which looks only at events that no webhook has got yet.
    Index(
        "ix_webhook_events_undistributed",
        "number",
        sqlite_where=text("distributed_at IS NULL"),
        postgresql_where=text("distributed_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("domain_id", ForeignKey("domains.id", ondelete="CASCADE"), nullable=False),
    Column("slot", Integer, nullable=False),  # 1 to the limit, so that two at once cannot pass it
    Column("url", Text, nullable=False),
    Column("hmac_sealed", Text, nullable=False),
    Column("basic_auth_sealed", Text, nullable=True),
    Column("retry_type", String(16), nullable=False),
    Column("event_types", JSON(none_as_null=True), nullable=True),  # NULL: every type
    Column("state", String(8), nullable=False),
    Column("failed_count", Integer, nullable=False),  # failures since the last success
    Column("last_pushed_at", UTCDateTime, nullable=True),
    Column("paused_until", UTCDateTime, nullable=True),  # the receiver's own wish: Retry-After
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("domain_id", "slot"),
    CheckConstraint("state IN ('ACTIVE', 'FAILED')", name="state"),
)

# One event on its way to one webhook. Waiting behind an older one of its room: `due_at` is NULL.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event_number", ForeignKey("webhook_events.number", ondelete="CASCADE"), nullable=False),
    Column("room_id", String(36), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("in_order", Boolean, nullable=False),  # false for a replay: it neither waits nor blocks
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("waiting_since", UTCDateTime, nullable=False),
    Column("settled_at", UTCDateTime, nullable=True),
    *due_columns(),
    UniqueConstraint("event_number", "webhook_id"),
    CheckConstraint("state IN ('waiting', 'delivered', 'quarantined')", name="state"),
    CheckConstraint("state = 'waiting' OR due_at IS NULL", name="only_waiting_is_due"),
    Index("ix_webhook_deliveries_webhook_id", "webhook_id", "id"),  # read by the list
    # Read by the delivery loop: who has something to send, and the most overdue of it.
    Index(
        "ix_webhook_deliveries_due",
        "webhook_id",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    # Keeps order: which is the next of a room.
    Index(
        "ix_webhook_deliveries_waiting",
        "webhook_id",
        "room_id",
        "sequence",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_autoincrement=True,
)

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "delivery_id",
        ForeignKey("webhook_deliveries.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("at", UTCDateTime, nullable=False),
    Column("status", Integer, nullable=True),  # NULL: there was no answer
    Column("milliseconds", Integer, nullable=False),
    Column("error", Text, nullable=True),
    Column("response", Text, nullable=True),  # the beginning of the answer's body
    sqlite_autoincrement=True,
)
