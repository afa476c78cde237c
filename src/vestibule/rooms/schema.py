"""The tables of the rooms domain."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from vestibule.foundation.database import UTCDateTime, metadata

domains = Table(
    "domains",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(63), nullable=False, unique=True),
    # Signs the meeting tokens that this domain hands out; sealed by the master key.
    Column("signing_key_sealed", Text, nullable=False),
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
    Index(None, "domain_id", "exp"),  # read by the list's count and the limit on rooms
)
