"""What domains set for all of their rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("domains", sa.Column("properties", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("domains", sa.Column("branding", sa.JSON(none_as_null=True), nullable=True))
