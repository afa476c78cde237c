"""The tables of people who sign in."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from vestibule.foundation.database import UTCDateTime, metadata

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),  # stored in lower case
    Column("name", Text, nullable=False),
    Column("avatar_src", Text, nullable=True),  # address of a picture
    Column("password_hash", Text, nullable=True),  # NULL: cannot sign in with a password
    Column("password_set_at", UTCDateTime, nullable=True),  # ends every session begun before it
    Column("created_at", UTCDateTime, nullable=False),
)

# Tries to sign in lately, by the SHA-256 of the e-mail that was typed. An address without an
# account locks in the same way, so that a lock tells nobody who has one.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("email_hash", String(64), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("last_at", UTCDateTime, nullable=False, index=True),
)

# What a user may do where. `scope` names the place across domains without a foreign key:
# "organization:<id>" or "domain:<uuid>".
memberships = Table(
    "memberships",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("scope", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index(None, "scope", "user_id"),  # read by the list of a team
)

# The standing invitations: one link for each role in each place, until it is revoked. Found by
# its hash, and kept sealed by the master key, because the team's link is shown again and again.
invitations = Table(
    "invitations",
    metadata,
    Column("scope", String(64), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("token_sealed", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

# Accounts elsewhere that open one here (OpenID Connect). `subject` never changes there.
oidc_identities = Table(
    "oidc_identities",
    metadata,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)
