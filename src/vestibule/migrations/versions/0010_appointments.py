"""Appointments: windows of organizations, versions, and requests that may come again."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAGES = ("started_at", "stopped_at", "ready_at")
MOMENT = vestibule.foundation.database.UTCDateTime(timezone=True)


def upgrade() -> None:
    _organizations()
    _appointments()
    _provider_events()
    _notifications()
    op.create_table(
        "repeatable_requests",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("answer_sealed", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_repeatable_requests_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "key", name=op.f("pk_repeatable_requests")),
    )
    op.create_index("ix_repeatable_requests_created_at", "repeatable_requests", ["created_at"])
    op.create_table(
        "provider_sweeps",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *_due_columns(),
        sa.ForeignKeyConstraint(
            ["id"],
            ["organizations.id"],
            name=op.f("fk_provider_sweeps_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_sweeps")),
    )


def _due_index(table: str) -> None:
    due = sa.text("due_at IS NOT NULL")
    op.create_index(f"ix_{table}_due_at", table, ["due_at"], sqlite_where=due, postgresql_where=due)


def _of_organization(table: str, column: str = "organization_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["organizations.id"],
        name=op.f(f"fk_{table}_{column}_organizations"),
        ondelete="CASCADE",
    )


def _provider_events() -> None:
    op.create_table(
        "provider_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        *_due_columns(),
        _of_organization("provider_messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_messages")),
        sa.UniqueConstraint(
            "organization_id",
            "message_id",
            name=op.f("uq_provider_messages_organization_id_message_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_provider_messages_received_at", "provider_messages", ["received_at"])
    _due_index("provider_messages")
    op.create_table(
        "provider_hooks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hook_id", sa.Text(), nullable=True),
        sa.Column("secret_sealed", sa.Text(), nullable=True),
        *_due_columns(),
        _of_organization("provider_hooks", "id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_hooks")),
    )
    op.create_table(
        "appointment_recordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("recording_id", sa.Text(), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=True),
        *(sa.Column(name, MOMENT, nullable=True) for name in STAGES),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("download_url", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _of_organization("appointment_recordings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_recordings")),
        sa.UniqueConstraint(
            "organization_id",
            "recording_id",
            name=op.f("uq_appointment_recordings_organization_id_recording_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_appointment_recordings_organization_id_appointment_id",
        "appointment_recordings",
        ["organization_id", "appointment_id"],
    )


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        *_due_columns(),
        _of_organization("notifications"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notifications_appointment_id_role", "notifications", ["appointment_id", "role"]
    )
    _due_index("notifications")


def _due_columns() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False, server_default="0"),
    ]


def _organizations() -> None:
    with op.batch_alter_table("organizations", table_kwargs={"sqlite_autoincrement": True}) as it:
        it.add_column(
            sa.Column("closes_minutes_after", sa.Integer(), nullable=False, server_default="0")
        )
        it.add_column(
            sa.Column("locks_early", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        it.add_column(
            sa.Column("timezone", sa.String(length=64), nullable=False, server_default="UTC")
        )
        it.add_column(
            sa.Column("language", sa.String(length=8), nullable=False, server_default="en")
        )
        it.create_check_constraint(
            op.f("ck_organizations_closes_after_end"), "closes_minutes_after >= 0"
        )
    op.add_column(
        "organization_tokens",
        sa.Column("role", sa.String(length=16), nullable=False, server_default="program"),
    )


def _appointments() -> None:
    for name in ("opens_at", "closes_at"):
        op.add_column("appointments", sa.Column(name, MOMENT, nullable=True))
    op.add_column(
        "appointments",
        sa.Column("locks_early", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "appointments", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("appointments", sa.Column("room_nbf", sa.BigInteger(), nullable=True))
    _fill_windows()
    with op.batch_alter_table("appointments", table_kwargs={"sqlite_autoincrement": True}) as it:
        it.alter_column("opens_at", existing_type=MOMENT, nullable=False)
        it.alter_column("closes_at", existing_type=MOMENT, nullable=False)
    op.create_index(
        "ix_appointments_specialist_id_started_at", "appointments", ["specialist_id", "started_at"]
    )
    op.create_index(
        "ix_appointments_patient_id_started_at", "appointments", ["patient_id", "started_at"]
    )


def _fill_windows() -> None:
    connection = op.get_bind()
    organizations = sa.table(
        "organizations", sa.column("id", sa.Integer), sa.column("opens_minutes_before", sa.Integer)
    )
    appointments = sa.table(
        "appointments",
        sa.column("id", sa.Integer),
        sa.column("organization_id", sa.Integer),
        *(sa.column(name, MOMENT) for name in ("started_at", "ended_at", "opens_at", "closes_at")),
    )
    rows = connection.execute(
        sa.select(appointments, organizations.c.opens_minutes_before).join(
            organizations, organizations.c.id == appointments.c.organization_id
        )
    ).all()
    for row in rows:
        connection.execute(
            appointments.update()
            .where(appointments.c.id == row.id)
            .values(
                opens_at=row.started_at - timedelta(minutes=row.opens_minutes_before),
                closes_at=row.ended_at,
            )
        )
