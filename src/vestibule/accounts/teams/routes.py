"""Invite links over HTTP, for the page behind them (requirement C8)."""

from fastapi import Request, Response

from vestibule.accounts.sessions.cookie import NotSignedIn, SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.teams.schemas import InvitedAnswer, JoinedAnswer, Link, SignUp
from vestibule.accounts.teams.service import TeamService
from vestibule.foundation.routing import Routes


def routes(teams: TeamService, sessions: SessionService) -> Routes:
    """`/console/api/invitations`. The token travels in bodies: addresses are logged and kept."""
    cookie = SessionCookie(sessions)
    router = Routes(prefix="/console/api/invitations", tags=["console"])

    @router.post("/look")
    async def look(request: Request, body: Link) -> InvitedAnswer:
        invited = await teams.look(body.tk)
        try:
            await cookie.person(request)
        except NotSignedIn:
            is_signed_in = False
        else:
            is_signed_in = True
        return InvitedAnswer(team=invited.team.name, role=invited.role, is_signed_in=is_signed_in)

    @router.post("/accept")
    async def accept(request: Request, body: Link) -> JoinedAnswer:
        team = await teams.accept(body.tk, await cookie.person(request))
        return JoinedAnswer(team=team.name)

    @router.post("/sign-up")
    async def sign_up(request: Request, response: Response, body: SignUp) -> JoinedAnswer:
        cookie.check_origin(request, may_be_missing=True)
        password = body.password.get_secret_value()
        invited = await teams.look(body.tk)
        await teams.sign_up(body.tk, email=body.email, name=body.name, password=password)
        token, _ = await sessions.sign_in(body.email, password)
        cookie.set(response, token)
        return JoinedAnswer(team=invited.team.name)

    return router
