"""Users: made, given a password and roles, and recognised by their password."""

import math
from collections.abc import Callable, Collection
from dataclasses import replace

from vestibule.accounts.users import store
from vestibule.accounts.users.model import (
    Membership,
    User,
    check_new_password,
    clean_avatar,
    clean_email,
    clean_name,
    clean_password,
    lock_ends,
    role_in,
)
from vestibule.accounts.users.passwords import Passwords
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash


class EmailTaken(Conflict):
    """Another user has this e-mail address."""


class NoSuchUser(NotFound):
    """There is no such user."""


class WrongPassword(Unauthenticated):
    """Nobody with this e-mail address has this password."""


class SignInLocked(TooMany):
    """This e-mail address was tried too often."""


class UserService:
    """The use cases of users."""

    def __init__(self, *, database: Database, ids: Ids, passwords: Passwords | None = None) -> None:
        self._database = database
        self._ids = ids
        self._passwords = passwords or Passwords()

    async def create(
        self,
        email: str,
        name: str,
        password: str,
        *,
        also: Callable[[Transaction, User], None] | None = None,
    ) -> User:
        """Make a user who can sign in; Invalid or EmailTaken if that cannot be.

        `also` happens in the same transaction: if it fails, there is no user.
        """
        email, name = clean_email(email), clean_name(name)
        password_hash = await self._passwords.hash(check_new_password(password, email=email))
        user_id = self._ids.uuid()

        def insert(tx: Transaction) -> User:
            user = store.insert_user(
                tx, user_id=user_id, email=email, name=name, password_hash=password_hash
            )
            if user is None:
                raise EmailTaken(f"there is already a user with the e-mail address {email}")
            if also is not None:
                also(tx, user)
            return user

        return await self._database.write(insert)

    async def set_password(self, email: str, password: str) -> User:
        """Replace a user's password; the sessions that the user has are over."""
        user = await self.find_by_email(email)
        password_hash = await self._passwords.hash(check_new_password(password, email=user.email))

        def change(tx: Transaction) -> None:
            if not store.set_password_hash(tx, user.id, password_hash):
                raise NoSuchUser("this user was deleted meanwhile")
            store.forget_attempts(tx, secret_hash(user.email))

        await self._database.write(change)
        return user

    async def set_avatar(self, email: str, address: str | None) -> User:
        """Replace the address of a user's picture; None removes it."""
        avatar_src = clean_avatar(address) if address else None
        user = await self.find_by_email(email)
        await self._database.write(lambda tx: store.set_avatar(tx, user.id, avatar_src))
        return replace(user, avatar_src=avatar_src)

    async def find_by_email(self, email: str) -> User:
        """The user with this e-mail address, else NoSuchUser."""
        cleaned = clean_email(email)
        found = await self._database.read(lambda tx: store.find_by_email(tx, cleaned))
        if found is None:
            raise NoSuchUser(f"there is no user with the e-mail address {cleaned}")
        return found[0]

    async def emails(self, user_ids: Collection[str]) -> dict[str, str]:
        """The e-mail addresses of these users, by id; those who are gone are left out."""
        return await self._database.read(lambda tx: store.emails_of(tx, user_ids))

    async def grant(self, user_id: str, scope: str, role: str) -> None:
        """Give the user this role in the scope, in place of any other role there."""
        membership = Membership(scope=scope, role=role_in(scope, role))

        def put(tx: Transaction) -> None:
            if store.find_user(tx, user_id) is None:
                raise NoSuchUser(f"there is no user {user_id}")
            store.put_membership(tx, user_id, membership)

        await self._database.write(put)

    async def roles(self, user_id: str) -> list[Membership]:
        """Every role that the user has."""
        return await self._database.read(lambda tx: store.memberships_of(tx, user_id))

    async def is_member(self, user_id: str, scope: str) -> bool:
        """Whether the user has any role in the scope now."""
        return any(membership.scope == scope for membership in await self.roles(user_id))

    async def check_password(self, email: str, password: str) -> User:
        """The user whose e-mail address and password these are.

        Else WrongPassword, in the same words and after the same work whether the address is known
        or not; after ten tries SignInLocked, for 15 minutes from the last. A try is counted before
        the password is looked at, so that guessing in parallel gains nothing.
        """
        address = _address_to_look_up(email)
        await self._database.write(lambda tx: _begin_attempt(tx, address))
        found = await self._database.read(lambda tx: store.find_by_email(tx, address))
        user, password_hash = found or (None, None)
        right = await self._passwords.verify(password_hash, clean_password(password))
        if user is None or not right:
            raise WrongPassword("the e-mail address or the password is wrong")
        await self._database.write(lambda tx: store.forget_attempts(tx, secret_hash(address)))
        return user


def get_user_by_email(tx: Transaction, email: str) -> User | None:
    """The user with this address, inside the caller's transaction; None if it can be nobody's."""
    try:
        found = store.find_by_email(tx, clean_email(email))
    except Invalid:
        return None
    return found[0] if found else None


def add_user(tx: Transaction, *, user_id: str, email: str, name: str) -> User | None:
    """Make a user who has no password and no role; None if that cannot be."""
    try:
        address, cleaned = clean_email(email), clean_name(name)
    except Invalid:
        return None
    return store.insert_user(tx, user_id=user_id, email=address, name=cleaned, password_hash=None)


def get_user(tx: Transaction, user_id: str) -> User | None:
    """The user with this id, inside the caller's transaction."""
    return store.find_user(tx, user_id)


def _begin_attempt(tx: Transaction, address: str) -> None:
    # Hashed, because people also type their password into this field by mistake.
    email_hash = secret_hash(address)
    store.forget_old_attempts(tx)
    until = lock_ends(store.find_attempts(tx, email_hash), tx.now)
    if until is not None:
        seconds = math.ceil((until - tx.now).total_seconds())
        minutes = math.ceil(seconds / 60)
        raise SignInLocked(
            "signing in with this e-mail address failed too often; try again in "
            f"{minutes} minute{'' if minutes == 1 else 's'}",
            retry_after_seconds=seconds,
        )
    store.count_attempt(tx, email_hash)


def _address_to_look_up(email: str) -> str:
    try:
        return clean_email(email)
    except Invalid as error:
        raise WrongPassword("the e-mail address or the password is wrong") from error
