"""Who may ask about an organization in the console: signed in there, from our own pages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.users.model import User
from vestibule.appointments.console.service import ConsoleService
from vestibule.appointments.organizations.routes import PathId


@dataclass(frozen=True)
class Staff:
    """A signed-in person at work for an organization."""

    user: User
    organization_id: int

    @property
    def actor(self) -> str:
        """Who did it, as audit events name them."""
        return f"user:{self.user.email}"


Asks = Callable[[Request, Response, int], Awaitable[Staff]]


class Guard:
    """Lets in whom the organization's roles allow. Answers hold names and links: none is kept."""

    def __init__(self, *, cookie: SessionCookie, console: ConsoleService) -> None:
        self._cookie = cookie
        self._console = console

    async def person(self, request: Request, response: Response) -> User:
        """Who is signed in."""
        response.headers["Cache-Control"] = "no-store"
        return await self._cookie.person(request)

    async def staff(self, request: Request, response: Response, organization_id: PathId) -> Staff:
        """Somebody who works for the organization, as administrator or staff."""
        user = await self.person(request, response)
        await self._console.check(user, organization_id)
        return Staff(user, organization_id)

    async def admin(self, request: Request, response: Response, organization_id: PathId) -> Staff:
        """An administrator of the organization."""
        user = await self.person(request, response)
        await self._console.check(user, organization_id, as_admin=True)
        return Staff(user, organization_id)
