"""Teams: invitations, pictures of people, dial-in digits of rooms, and who may embed calls."""

import sqlalchemy as sa
from alembic import op

import vestibule.foundation.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("avatar_src", sa.Text(), nullable=True))
    op.create_index("ix_memberships_scope_user_id", "memberships", ["scope", "user_id"])
    op.create_table(
        "invitations",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=False),
        sa.Column(
            "created_at", vestibule.foundation.database.UTCDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("scope", "role", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.add_column("domains", sa.Column("embed_origins", sa.Text(), nullable=True))
    op.create_table(
        "dial_in_pins",
        sa.Column("room_id", sa.String(length=36), nullable=False),
        sa.Column("pin", sa.String(length=11), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["rooms.id"],
            name=op.f("fk_dial_in_pins_room_id_rooms"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_dial_in_pins")),
        sa.UniqueConstraint("pin", name=op.f("uq_dial_in_pins_pin")),
    )
