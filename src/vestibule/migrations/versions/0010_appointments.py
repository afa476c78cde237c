"""Appointments: windows of organizations, versions, and requests that may come again."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = vestibule.foundation.database.UTCDateTime(timezone=True)


def upgrade() -> None:
    _organizations()
    _appointments()
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
