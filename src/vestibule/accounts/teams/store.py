"""The SQL of teams and invitations."""

from sqlalchemy import Table, delete, select, update
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


def all_standing(tx: Transaction, scope: str) -> list[Invitation]:
    """Every invitation into a team, by role."""
    statement = select(invitations).where(invitations.c.scope == scope)
    rows = tx.run(statement.order_by(invitations.c.role))
    return [Invitation(row.scope, Role(row.role), row.token_sealed) for row in rows]


def find_invitation(tx: Transaction, token_hash: str) -> Invitation | None:
    """The invitation with this token."""
    row = tx.run(select(invitations).where(invitations.c.token_hash == token_hash)).one_or_none()
    return row and Invitation(row.scope, Role(row.role), row.token_sealed)


def delete_invitations(tx: Transaction, scope: str) -> int:
    """Remove every invitation of a team, and say how many there were."""
    return tx.run(delete(invitations).where(invitations.c.scope == scope)).rowcount


def delete_invitation(tx: Transaction, scope: str, role: Role) -> bool:
    """Remove the invitation to one role; False if there is none."""
    which = (invitations.c.scope == scope) & (invitations.c.role == role.value)
    return tx.run(delete(invitations).where(which)).rowcount == 1


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


def lock_members(tx: Transaction, scope: str) -> None:
    """Let nobody else change these people's roles until `tx` ends."""
    in_team = select(memberships.c.user_id).where(memberships.c.scope == scope)
    tx.run(in_team.order_by(memberships.c.user_id).with_for_update())


def set_role(tx: Transaction, scope: str, user_id: str, role: Role) -> None:
    """Replace a member's role."""
    there = (memberships.c.user_id == user_id) & (memberships.c.scope == scope)
    tx.run(update(memberships).where(there).values(role=role.value))


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
