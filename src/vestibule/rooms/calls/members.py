"""Who of those at the door belongs to the team of the room's domain (requirements C9, E1)."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection

from vestibule.accounts.sessions.cookie import ForeignOrigin, NotSignedIn, SessionCookie
from vestibule.accounts.users.model import User
from vestibule.accounts.users.service import UserService
from vestibule.rooms.domains.model import Domain

MemberOf = Callable[[Domain], Awaitable[User | None]]
"""Who is at the door, if they belong to this domain's team now; else nobody that we know."""


class Members:
    """Tells members by the session of their browser."""

    def __init__(self, *, cookie: SessionCookie, users: UserService) -> None:
        self._cookie = cookie
        self._users = users

    async def at(self, connection: HTTPConnection) -> MemberOf:
        """Who came with this connection.

        A page of another site brings nobody: the browser sends the cookie whichever page asks.
        """
        try:
            user = await self._cookie.person(connection)
        except (NotSignedIn, ForeignOrigin):
            return nobody

        async def member_of(domain: Domain) -> User | None:
            return user if await self._users.is_member(user.id, domain.scope) else None

        return member_of


async def nobody(_domain: Domain) -> User | None:
    """Whoever came is not signed in."""
    return None
