"""Organizations: whom their mail is from, when rooms are tried again, a version; OpenID Connect."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0012"
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
    op.create_table(
        "oidc_identities",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_oidc_identities_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_oidc_identities")),
    )
    op.create_index("ix_oidc_identities_user_id", "oidc_identities", ["user_id"])
