"""How a browser carries its session, and which requests with it are believed."""

from urllib.parse import urlsplit

from fastapi import Response
from starlette.requests import HTTPConnection

from vestibule.accounts.sessions.model import LIFETIME
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.foundation.errors import Forbidden, Unauthenticated

COOKIE = "vestibule_session"


class ForeignOrigin(Forbidden):
    """A page of another site sent this request."""


class NotSignedIn(Unauthenticated):
    """Nobody is signed in, or not any more."""


class SessionCookie:
    """Sets, reads and clears the cookie of a session."""

    def __init__(self, sessions: SessionService) -> None:
        self._sessions = sessions
        self._origin = _origin(sessions.public_url)

    async def person(self, connection: HTTPConnection) -> User:
        """Who sends this request; NotSignedIn if nobody, ForeignOrigin if another site made it.

        Anything but a GET, and every WebSocket, must name our own origin: the browser sends the
        cookie along whichever page asks.
        """
        token = self.token(connection)
        user = await self._sessions.person(token) if token else None
        if user is None:
            raise NotSignedIn("you are not signed in, or the session has ended; sign in again")
        if connection.scope.get("method") not in ("GET", "HEAD"):
            self.check_origin(connection, may_be_missing=False)
        return user

    def token(self, connection: HTTPConnection) -> str | None:
        """The token of the session, if the request carries one."""
        return connection.cookies.get(COOKIE)

    def check_origin(self, connection: HTTPConnection, *, may_be_missing: bool) -> None:
        """Refuse with ForeignOrigin what another site's page sent.

        Ours is the public address, and whatever address the browser itself asked for.
        """
        origin = connection.headers.get("origin")
        if origin is None and may_be_missing:
            return
        own = (self._origin, _origin(f"{_scheme(connection)}://{connection.headers.get('host')}"))
        if origin is None or origin.lower() not in own:
            raise ForeignOrigin(
                "this request did not come from a page of this site; "
                "programs send the header 'Origin' with this site's address"
            )

    @property
    def is_secure(self) -> bool:
        """Whether cookies of this site go over https only."""
        return self._origin.startswith("https:")

    def set(self, response: Response, token: str) -> None:
        """Give the browser the session."""
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response) -> None:
        """Make the browser forget the session."""
        response.delete_cookie(
            COOKIE,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )


def _scheme(connection: HTTPConnection) -> str:
    return {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
