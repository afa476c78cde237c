"""How long recordings are kept, how far their files are made; what pages found of connections."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = vestibule.foundation.database.UTCDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("organizations", table_kwargs={"sqlite_autoincrement": True}) as it:
        it.add_column(sa.Column("recordings_keep_days", sa.Integer(), nullable=True))
        it.create_check_constraint(
            op.f("ck_organizations_keeps_recordings"), "recordings_keep_days > 0"
        )
    for column in (
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("progress", sa.Float(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("appointment_recordings", column)
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_appointment_recordings_due_at",
        "appointment_recordings",
        ["due_at"],
        sqlite_where=due,
        postgresql_where=due,
    )
    unfinished = sa.text("ready_at IS NULL AND failed_at IS NULL AND deleted_at IS NULL")
    op.create_index(
        "ix_appointment_recordings_unfinished",
        "appointment_recordings",
        ["organization_id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "connection_checks",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.String(length=8), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("counted_since", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_connection_checks_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("appointment_id", "role", name=op.f("pk_connection_checks")),
    )
