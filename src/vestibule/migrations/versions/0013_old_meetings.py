"""An index by which meetings that are kept no longer are found."""

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ended = text("ended_at IS NOT NULL")
    op.create_index(
        "ix_meetings_ended",
        "meetings",
        ["ended_at"],
        sqlite_where=ended,
        postgresql_where=ended,
    )
