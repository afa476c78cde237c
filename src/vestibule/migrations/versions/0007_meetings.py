"""Meetings: sessions, who was in them, who waits, and the servers that keep their places."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_servers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "seen_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_servers")),
    )
    op.create_table(
        "meeting_counts",
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_meeting_counts_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("domain_id", name=op.f("pk_meeting_counts")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("room_name", sa.String(length=128), nullable=False),
        sa.Column(
            "started_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "ended_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "listed_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column("max_participants", sa.Integer(), nullable=False),
        sa.Column(
            "lonely_since", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "due_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR due_at IS NULL", name=op.f("ck_meetings_only_ongoing_is_due")
        ),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_meetings_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index(
        "ix_meetings_due",
        "meetings",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_meetings_listed",
        "meetings",
        ["domain_id", "started_at", "id"],
        unique=False,
        sqlite_where=sa.text("listed_at IS NOT NULL"),
        postgresql_where=sa.text("listed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_meetings_listed_of_room",
        "meetings",
        ["domain_id", "room_name", "started_at", "id"],
        unique=False,
        sqlite_where=sa.text("listed_at IS NOT NULL"),
        postgresql_where=sa.text("listed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_meetings_ongoing",
        "meetings",
        ["domain_id", "started_at", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_meetings_ongoing",
        "meetings",
        ["room_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "waiting_participants",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("room_name", sa.String(length=128), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column(
            "came_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("server_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_waiting_participants_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_waiting_participants")),
    )
    op.create_index(
        op.f("ix_waiting_participants_server_id"),
        "waiting_participants",
        ["server_id"],
        unique=False,
    )
    op.create_table(
        "meeting_participants",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column(
            "came_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "joined_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "left_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("server_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(left_at IS NULL) = (server_id IS NOT NULL)",
            name=op.f("ck_meeting_participants_place_is_kept_or_left"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_meeting_participants_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_meeting_participants")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_meeting_participants_meeting_id_joined_at_number"),
        "meeting_participants",
        ["meeting_id", "joined_at", "number"],
        unique=False,
    )
    op.create_index(
        "ix_meeting_participants_server_id",
        "meeting_participants",
        ["server_id"],
        unique=False,
        sqlite_where=sa.text("server_id IS NOT NULL"),
        postgresql_where=sa.text("server_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_meeting_participants_session_id"),
        "meeting_participants",
        ["session_id"],
        unique=False,
    )
    op.create_index(
        "uq_meeting_participants_present",
        "meeting_participants",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
