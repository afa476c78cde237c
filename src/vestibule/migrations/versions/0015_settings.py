"""Organizations: whom their mail is from, how often rooms are tried again, and a version."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organizations", table_kwargs={"sqlite_autoincrement": True}) as it:
        it.add_column(sa.Column("mail_name", sa.Text(), nullable=True))
        it.add_column(sa.Column("mail_reply_to", sa.String(length=254), nullable=True))
        it.add_column(sa.Column("retry_minutes", sa.Integer(), nullable=True))
        it.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        it.create_check_constraint(op.f("ck_organizations_retries_later"), "retry_minutes > 0")
