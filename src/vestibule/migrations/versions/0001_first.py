"""The first schema."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint(
            "organization_id", "sequence", name=op.f("uq_audit_events_organization_id_sequence")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_events_organization_id_appointment_id"),
            ["organization_id", "appointment_id"],
            unique=False,
        )

    op.create_table(
        "domains",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("signing_key_sealed", sa.Text(), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
        sa.UniqueConstraint("name", name=op.f("uq_domains_name")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("room_prefix", sa.String(length=32), nullable=False),
        sa.Column("waiting_room", sa.Boolean(), nullable=False),
        sa.Column("opens_minutes_before", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint(
            "opens_minutes_before >= 0", name=op.f("ck_organizations_opens_before_start")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "last_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_last_at"), ["last_at"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column(
            "password_set_at",
            vestibule.foundation.database.UTCDateTime(timezone=True),
            nullable=True,
        ),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "revoked_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_api_keys_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_domain_id"), ["domain_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "scope", name=op.f("pk_memberships")),
    )
    op.create_table(
        "organization_integrations",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=16), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=True),
        sa.Column("api_key_encrypted", sa.Text(), nullable=False),
        sa.Column(
            "updated_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_integrations_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "service", name=op.f("pk_organization_integrations")
        ),
    )
    op.create_table(
        "organization_tokens",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "revoked_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_tokens_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_organization_tokens_token_hash")),
    )
    with op.batch_alter_table("organization_tokens", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_tokens_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_people_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_people_organization_id_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_organization_id_kind_id"),
            ["organization_id", "kind", "id"],
            unique=False,
        )

    op.create_table(
        "rooms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("privacy", sa.String(length=8), nullable=False),
        sa.Column("api_created", sa.Boolean(), nullable=False),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("nbf", sa.BigInteger(), nullable=True),
        sa.Column("exp", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_rooms_name_length")),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_rooms_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("domain_id", "name", name=op.f("uq_rooms_domain_id_name")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rooms_domain_id_created_at_id"),
            ["domain_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_rooms_domain_id_exp"), ["domain_id", "exp"], unique=False
        )

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column(
            "started_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "ended_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "deleted_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "updated_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.Column("room_observed", sa.String(length=8), server_default="absent", nullable=False),
        sa.Column("videocall_room_name", sa.String(length=128), nullable=True),
        sa.Column("videocall_room_url", sa.Text(), nullable=True),
        sa.Column("room_exp", sa.BigInteger(), nullable=True),
        sa.Column(
            "due_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=True
        ),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(videocall_room_name IS NULL) = (videocall_room_url IS NULL)",
            name=op.f("ck_appointments_room_name_with_url"),
        ),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_appointments_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id", "patient_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_appointments_organization_id_patient_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "specialist_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_appointments_organization_id_specialist_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_appointments_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint(
            "videocall_room_name", name=op.f("uq_appointments_videocall_room_name")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointments_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_appointments_organization_id_started_at_id"),
            ["organization_id", "started_at", "id"],
            unique=False,
        )

    op.create_table(
        "appointment_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("old_status", sa.String(length=16), nullable=False),
        sa.Column("new_status", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_moves_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_moves")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("appointment_moves", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_moves_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "join_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_join_links_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_join_links")),
        sa.UniqueConstraint(
            "appointment_id", "role", name=op.f("uq_join_links_appointment_id_role")
        ),
    )
