"""Recordings, and who agreed to them."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = vestibule.foundation.database.UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("room_name", sa.String(length=128), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=True),
        sa.Column("started_by_name", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("max_participants", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("file_key_sealed", sa.Text(), nullable=True),
        sa.Column("tracks", sa.JSON(), nullable=False),
        sa.Column("layouts", sa.JSON(), nullable=False),
        sa.Column("consents", sa.JSON(), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("keep_until", MOMENT, nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("deleted_because", sa.String(length=40), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('starting', 'recording', 'stopped', 'finished', 'failed', 'deleted')",
            name=op.f("ck_recordings_state"),
        ),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_recordings_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
    )
    op.create_index(op.f("ix_recordings_keep_until"), "recordings", ["keep_until"])
    op.create_index(
        op.f("ix_recordings_domain_id_created_at_id"),
        "recordings",
        ["domain_id", "created_at", "id"],
    )
    live = sa.text("state IN ('starting', 'recording')")
    op.create_index(
        "ix_recordings_live",
        "recordings",
        ["room_id", "instance_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_recordings_due", "recordings", ["due_at"], sqlite_where=due, postgresql_where=due
    )
    op.add_column("appointment_recordings", sa.Column("deleted_at", MOMENT, nullable=True))
    op.create_table(
        "recording_consents",
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "session_id", name=op.f("pk_recording_consents")),
    )
