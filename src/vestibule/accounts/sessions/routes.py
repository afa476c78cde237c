"""Signing in and out over HTTP, for the pages of this site."""

from fastapi import Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.schemas import SessionAnswer, SignIn, session_answer
from vestibule.accounts.sessions.service import SessionService
from vestibule.foundation.routing import Routes


def routes(sessions: SessionService) -> Routes:
    """`/console/api/sign-in`, `sign-out` and `session`."""
    cookie = SessionCookie(sessions)
    router = Routes(prefix="/console/api", tags=["console"])

    @router.post("/sign-in")
    async def sign_in(request: Request, response: Response, body: SignIn) -> SessionAnswer:
        # Without this, another site could sign a visitor in as somebody else.
        cookie.check_origin(request, may_be_missing=True)
        token, user = await sessions.sign_in(body.email, body.password.get_secret_value())
        cookie.set(response, token)
        return session_answer(user, await sessions.roles(user))

    @router.post("/sign-out")
    async def sign_out(request: Request, response: Response) -> dict[str, bool]:
        cookie.check_origin(request, may_be_missing=False)
        token = cookie.token(request)
        if token:
            await sessions.sign_out(token)
        cookie.clear(response)
        return {"signed_out": True}

    @router.get("/session")
    async def session(request: Request, response: Response) -> SessionAnswer:
        user = await cookie.person(request)
        response.headers["Cache-Control"] = "no-store"
        return session_answer(user, await sessions.roles(user))

    return router
