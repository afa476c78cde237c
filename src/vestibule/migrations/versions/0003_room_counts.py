"""How many rooms each domain has, and may have."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room_counts",
        sa.Column("domain_id", sa.String(length=36), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("counted_until", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("available >= 0", name=op.f("ck_room_counts_available")),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domains.id"],
            name=op.f("fk_room_counts_domain_id_domains"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("domain_id", name=op.f("pk_room_counts")),
    )
    # Counted as if nothing had ever expired; the next count takes off what has.
    op.execute(
        "INSERT INTO room_counts (domain_id, available, counted_until) "
        "SELECT domain_id, count(*), -1 FROM rooms GROUP BY domain_id"
    )
