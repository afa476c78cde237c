"""The SQL of teams and invitations."""

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.accounts.schema import invitations, memberships, users
from vestibule.accounts.teams.model import Invitation, Member
from vestibule.accounts.users.model import Role, User
from vestibule.foundation.database import Transaction


def insert_invitation(tx: Transaction, invitation: Invitation, token_hash: str) -> None:
    """Add an invitation, unless one stands for this role already."""
    row = _upserting(tx, invitations).values(
        scope=invitation.scope,
        role=invitation.role.value,
        token_hash=token_hash,
        token_sealed=invitation.token_sealed,
        created_at=tx.now,
    )
    tx.run(row.on_conflict_do_nothing(index_elements=["scope", "role"]))


def standing(tx: Transaction, scope: str, role: Role) -> Invitation | None:
    """The invitation to this role."""
    statement = select(invitations).where(
        invitations.c.scope == scope, invitations.c.role == role.value
    )
    row = tx.run(statement).one_or_none()
    return row and Invitation(row.scope, Role(row.role), row.token_sealed)


def find_invitation(tx: Transaction, token_hash: str) -> Invitation | None:
    """The invitation with this token."""
    row = tx.run(select(invitations).where(invitations.c.token_hash == token_hash)).one_or_none()
    return row and Invitation(row.scope, Role(row.role), row.token_sealed)


def delete_invitations(tx: Transaction, scope: str) -> int:
    """Remove every invitation of a team, and say how many there were."""
    return tx.run(delete(invitations).where(invitations.c.scope == scope)).rowcount


def add_member(tx: Transaction, user_id: str, scope: str, role: Role) -> None:
    """Add a member. Who is one already may become an owner, and is never made less."""
    row = _upserting(tx, memberships).values(
        user_id=user_id, scope=scope, role=role.value, created_at=tx.now
    )
    place = ["user_id", "scope"]
    if role is Role.OWNER:
        tx.run(row.on_conflict_do_update(index_elements=place, set_={"role": role.value}))
    else:
        tx.run(row.on_conflict_do_nothing(index_elements=place))


def members_of(tx: Transaction, scope: str) -> list[Member]:
    """Everybody in the team, by e-mail address."""
    rows = tx.run(
        select(users, memberships.c.role)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.scope == scope)
        .order_by(users.c.email)
    )
    return [
        Member(
            User(row.id, row.email, row.name, row.password_set_at, row.avatar_src), Role(row.role)
        )
        for row in rows
    ]


def remove_member(tx: Transaction, scope: str, email: str) -> bool:
    """Take the user with this e-mail address out of the team; False if nobody there has it."""
    of_user = select(users.c.id).where(users.c.email == email).scalar_subquery()
    there = (memberships.c.user_id == of_user) & (memberships.c.scope == scope)
    return tx.run(delete(memberships).where(there)).rowcount == 1


def _upserting(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    if tx.connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
