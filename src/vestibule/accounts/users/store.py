"""The SQL of users, memberships and attempts to sign in."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.accounts.schema import memberships, sign_in_attempts, users
from vestibule.accounts.users.model import LOCK, Attempts, Membership, Role, User
from vestibule.foundation.database import Transaction


def insert_user(
    tx: Transaction, *, user_id: str, email: str, name: str, password_hash: str | None
) -> User | None:
    """Add a user whose password, if any, is set now; None if somebody has the e-mail address."""
    row = _upserting(tx, users).values(
        id=user_id,
        email=email,
        name=name,
        password_hash=password_hash,
        password_set_at=None if password_hash is None else tx.now,
        created_at=tx.now,
    )
    unless_taken = row.on_conflict_do_nothing(index_elements=["email"]).returning(users)
    added = tx.run(unless_taken).one_or_none()
    return added and _user(added)


def find_user(tx: Transaction, user_id: str) -> User | None:
    """The user with this id."""
    row = tx.run(select(users).where(users.c.id == user_id)).one_or_none()
    return row and _user(row)


def emails_of(tx: Transaction, user_ids: Collection[str]) -> dict[str, str]:
    """The e-mail addresses of these users, by id; those who are gone are left out."""
    statement = select(users.c.id, users.c.email).where(users.c.id.in_(user_ids))
    return {row.id: row.email for row in tx.run(statement)}


def find_by_email(tx: Transaction, email: str) -> tuple[User, str | None] | None:
    """The user with this cleaned e-mail address, and the password's hash."""
    row = tx.run(select(users).where(users.c.email == email)).one_or_none()
    return row and (_user(row), row.password_hash)


def set_password_hash(tx: Transaction, user_id: str, password_hash: str) -> bool:
    """Replace the password, which ends the user's sessions; False if there is no such user."""
    changed = (
        update(users)
        .where(users.c.id == user_id)
        .values(password_hash=password_hash, password_set_at=tx.now)
    )
    return tx.run(changed).rowcount == 1


def set_avatar(tx: Transaction, user_id: str, avatar_src: str | None) -> None:
    """Replace the address of the user's picture, if the user is there."""
    tx.run(update(users).where(users.c.id == user_id).values(avatar_src=avatar_src))


def put_membership(tx: Transaction, user_id: str, membership: Membership) -> None:
    """Give the role in the scope, in place of any other role there."""
    of_user_there = (memberships.c.user_id == user_id) & (memberships.c.scope == membership.scope)
    tx.run(delete(memberships).where(of_user_there))
    tx.run(
        insert(memberships).values(
            user_id=user_id,
            scope=membership.scope,
            role=membership.role.value,
            created_at=tx.now,
        )
    )


def memberships_of(tx: Transaction, user_id: str) -> list[Membership]:
    """The user's roles, in the order of their scopes."""
    rows = tx.run(
        select(memberships.c.scope, memberships.c.role)
        .where(memberships.c.user_id == user_id)
        .order_by(memberships.c.scope)
    )
    return [Membership(scope=row.scope, role=Role(row.role)) for row in rows]


def find_attempts(tx: Transaction, email_hash: str) -> Attempts:
    """The tries to sign in with this address since the last success; others wait to count."""
    # Written even when nothing changes: a row that is not there yet could not be held.
    first = _upserting(tx, sign_in_attempts).values(
        email_hash=email_hash, attempts=0, last_at=tx.now
    )
    held = first.on_conflict_do_update(
        index_elements=["email_hash"], set_={"attempts": sign_in_attempts.c.attempts}
    )
    row = tx.run(held.returning(sign_in_attempts)).one()
    return Attempts(count=row.attempts, last_at=row.last_at)


def forget_old_attempts(tx: Transaction) -> None:
    """Remove the tries that lock nobody any more, so that guessing cannot fill the table."""
    old = select(sign_in_attempts.c.email_hash).where(sign_in_attempts.c.last_at <= tx.now - LOCK)
    nobody_else_has = old.with_for_update(skip_locked=True)
    tx.run(delete(sign_in_attempts).where(sign_in_attempts.c.email_hash.in_(nobody_else_has)))


def count_attempt(tx: Transaction, email_hash: str) -> None:
    """Add one try to those that `find_attempts` found."""
    counted = (
        update(sign_in_attempts)
        .where(sign_in_attempts.c.email_hash == email_hash)
        .values(attempts=sign_in_attempts.c.attempts + 1, last_at=tx.now)
    )
    tx.run(counted)


def forget_attempts(tx: Transaction, email_hash: str) -> None:
    """Begin counting anew for this address."""
    tx.run(delete(sign_in_attempts).where(sign_in_attempts.c.email_hash == email_hash))


def _upserting(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    if tx.connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        password_set_at=row.password_set_at,
        avatar_src=row.avatar_src,
    )
