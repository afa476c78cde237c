"""Signing in and out, and telling who is signed in."""

from vestibule.accounts.sessions import store
from vestibule.accounts.sessions.model import LIFETIME, Session, is_open
from vestibule.accounts.users.model import Membership, User
from vestibule.accounts.users.service import UserService, WrongPassword, get_user
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash

TOKEN_BYTES = 32


class SessionService:
    """The use cases of sessions. Only the hash of a session's token is stored."""

    def __init__(
        self, *, database: Database, ids: Ids, users: UserService, public_url: str
    ) -> None:
        self.public_url = public_url
        self._database = database
        self._ids = ids
        self._users = users

    async def sign_in(self, email: str, password: str) -> tuple[str, User]:
        """Begin a session and return its token; WrongPassword or SignInLocked if refused."""
        user = await self._users.check_password(email, password)
        return await self.begin(user), user

    async def begin(self, user: User) -> str:
        """Begin a session of somebody who has proved who they are; its token."""
        token = self._ids.secret(TOKEN_BYTES)
        await self._database.write(lambda tx: _begin(tx, token, user))
        return token

    async def person(self, token: str) -> User | None:
        """Who is signed in with this token; None if nobody is, or not any more."""
        return await self._database.read(lambda tx: _person(tx, token))

    async def roles(self, user: User) -> list[Membership]:
        """Every role that the signed-in user has now."""
        return await self._users.roles(user.id)

    async def sign_out(self, token: str) -> None:
        """End the session at once."""
        await self._database.write(lambda tx: store.delete_session(tx, secret_hash(token)))


def _begin(tx: Transaction, token: str, user: User) -> None:
    if get_user(tx, user.id) != user:  # the password was changed while this one was checked
        raise WrongPassword("the e-mail address or the password is wrong")
    store.delete_expired(tx, user.id)
    session = Session(user_id=user.id, created_at=tx.now, expires_at=tx.now + LIFETIME)
    store.insert_session(tx, secret_hash(token), session)


def _person(tx: Transaction, token: str) -> User | None:
    session = store.find_session(tx, secret_hash(token))
    user = get_user(tx, session.user_id) if session else None
    if session is None or user is None or not is_open(session, user, tx.now):
        return None
    return user
