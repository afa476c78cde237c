"""Webhooks: events of rooms, and their delivery."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_sequences",
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_webhook_sequences")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=96), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("room_name", sa.String(length=128), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "distributed_at",
            vestibule.foundation.database.UTCDateTime(timezone=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_webhook_events_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("id", name=op.f("uq_webhook_events_id")),
        sa.UniqueConstraint("room_id", "sequence", name=op.f("uq_webhook_events_room_id_sequence")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("webhook_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_events_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_webhook_events_domain_id"), ["domain_id"], unique=False
        )
        batch_op.create_index(
            "ix_webhook_events_undistributed",
            ["number"],
            unique=False,
            sqlite_where=sa.text("distributed_at IS NULL"),
            postgresql_where=sa.text("distributed_at IS NULL"),
        )

    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("hmac_sealed", sa.Text(), nullable=False),
        sa.Column("basic_auth_sealed", sa.Text(), nullable=True),
        sa.Column("retry_type", sa.String(length=16), nullable=False),
        sa.Column("event_types", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column(
            "last_pushed_at",
            vestibule.foundation.database.UTCDateTime(timezone=True),
            nullable=True,
        ),
        sa.Column(
            "paused_until", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "updated_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint("state IN ('ACTIVE', 'FAILED')", name=op.f("ck_webhooks_state")),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_webhooks_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("domain_id", "slot", name=op.f("uq_webhooks_domain_id_slot")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.String(length=36), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("in_order", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "waiting_since",
            vestibule.foundation.database.UTCDateTime(timezone=True),
            nullable=False,
        ),
        sa.Column(
            "settled_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "due_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state = 'waiting' OR due_at IS NULL",
            name=op.f("ck_webhook_deliveries_only_waiting_is_due"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'quarantined')",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["event_number"],
            ["webhook_events.number"],
            name=op.f("fk_webhook_deliveries_event_number_webhook_events"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id_webhooks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "event_number", "webhook_id", name=op.f("uq_webhook_deliveries_event_number_webhook_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_deliveries_due",
            ["webhook_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_webhook_deliveries_waiting",
            ["webhook_id", "room_id", "sequence"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_webhook_deliveries_webhook_id", ["webhook_id", "id"], unique=False
        )

    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id_webhook_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("webhook_attempts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_attempts_delivery_id"), ["delivery_id"], unique=False
        )
