"""The way to the OpenID provider and back, for the sign-in page."""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from vestibule.accounts.oidc.model import LASTS, NoAccount, NotBelieved, ProviderUnreachable
from vestibule.accounts.oidc.service import OidcService
from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.foundation.routing import Routes

COOKIE: Final = "vestibule_oidc"
PATH: Final = "/console/api/oidc"
MAX_CHARACTERS: Final = 4000

Text = Annotated[str, Query(max_length=MAX_CHARACTERS)]


def routes(oidc: OidcService | None, sessions: SessionService) -> Routes:
    """`/console/api/oidc`: by which name it is offered, the way there, and the way back."""
    cookie = SessionCookie(sessions)
    router = Routes(prefix=PATH, tags=["console"], include_in_schema=False)

    @router.get("")
    async def offered() -> dict[str, str | None]:
        """The provider's name for the button; null: only passwords."""
        return {"name": oidc.name if oidc else None}

    if oidc is None:
        return router

    @router.get("/start")
    async def start() -> Response:
        """To the provider."""
        try:
            begun = await oidc.begin()
        except ProviderUnreachable:
            return _back("unreachable")
        response = _to(begun.address)
        response.set_cookie(
            COOKIE,
            begun.kept,
            max_age=int(LASTS.total_seconds()),
            path=PATH,
            secure=cookie.is_secure,
            httponly=True,
            samesite="lax",  # it must come along when the provider sends the browser back
        )
        return response

    @router.get("/callback")
    async def callback(
        request: Request,
        state: Text = "",
        code: Text = "",
        iss: Text | None = None,
        error: Text | None = None,
    ) -> Response:
        """Back from the provider: into the console, or to the sign-in page with the reason."""
        kept = request.cookies.get(COOKIE)
        if error is not None:
            return _back("cancelled" if error == "access_denied" else "refused")
        try:
            token, _ = await oidc.finish(kept=kept, state=state, code=code, issuer=iss)
        except NotBelieved:
            return _back("refused")
        except NoAccount:
            return _back("no-account")
        except ProviderUnreachable:
            return _back("unreachable")
        response = _to("/console")
        cookie.set(response, token)
        response.delete_cookie(COOKIE, path=PATH)
        return response

    return router


def _back(reason: str) -> Response:
    response = _to(f"/console?oidc={reason}")
    response.delete_cookie(COOKIE, path=PATH)
    return response


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(
        address, 303, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )
