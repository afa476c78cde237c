"""Recordings: which server looks after each, and the bucket of a room's own."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = vestibule.foundation.database.UTCDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("recordings") as it:
        it.add_column(sa.Column("kept_by", sa.String(length=36), nullable=True))
        it.add_column(sa.Column("kept_until", MOMENT, nullable=True))
        it.add_column(sa.Column("bucket", sa.JSON(none_as_null=True), nullable=True))
