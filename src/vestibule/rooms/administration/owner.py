"""Who may ask about a domain in the console: a signed-in owner of its team, from our own pages."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Path, Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.users.model import User
from vestibule.rooms.administration.service import AdministrationService
from vestibule.rooms.domains.model import Domain

DomainId = Annotated[str, Path(max_length=36)]
OfDomain = Callable[[Request, Response, str], Awaitable[Domain]]


def signed_in(cookie: SessionCookie) -> Callable[[Request, Response], Awaitable[User]]:
    """What a route depends on to learn who asks. The answers hold secrets, so nobody keeps them."""

    async def person(request: Request, response: Response) -> User:
        response.headers["Cache-Control"] = "no-store"
        return await cookie.person(request)

    return person


def owner_of(cookie: SessionCookie, administration: AdministrationService) -> OfDomain:
    """What a route depends on so that only an owner of the domain in its path may call it."""
    who = signed_in(cookie)

    async def domain(request: Request, response: Response, domain_id: DomainId) -> Domain:
        return await administration.domain(await who(request, response), domain_id)

    return domain
