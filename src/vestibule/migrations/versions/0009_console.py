"""Error reports of pages."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = vestibule.foundation.database.UTCDateTime(timezone=True)
    op.create_table(
        "error_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("error_type", sa.String(length=64), nullable=False),
        sa.Column("error_code", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("feature", sa.String(length=64), nullable=False),
        sa.Column("stack_trace", sa.Text(), nullable=True),
        sa.Column("response_time_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("handled_at", moment, nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_error_reports_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_reports")),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["appointment_id"],
        ["organization_id", "error_code", "id"],
        ["organization_id", "reporter", "created_at"],
    ):
        op.create_index(f"ix_error_reports_{'_'.join(columns)}", "error_reports", columns)
