"""Events: the request that made each happen."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("webhook_events") as it:
        it.add_column(sa.Column("request_id", sa.String(length=64), nullable=True))
