"""The page behind a join link, and the two questions that it asks."""

from fastapi import APIRouter, Response

from vestibule.appointments.join_links.schemas import EnterAnswer, LinkStateAnswer
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.foundation.pages import page

NOT_KEPT = {"Cache-Control": "no-store"}


def routes(join_links: JoinLinkService) -> APIRouter:
    """`/a/{link}`. The page is the same for every link; only the questions tell them apart."""
    router = APIRouter(prefix="/a/{link}", tags=["join links"])

    @router.get("")
    async def join_page() -> Response:
        """The join page."""
        return page("join")

    @router.get("/state")
    async def link_state(link: str, response: Response) -> LinkStateAnswer:
        """What is true of the appointment now."""
        response.headers.update(NOT_KEPT)
        return LinkStateAnswer.of(await join_links.look(link))

    @router.post("/enter")
    async def enter(link: str, response: Response) -> EnterAnswer:
        """The way into the call, made for this click."""
        response.headers.update(NOT_KEPT)
        return EnterAnswer(url=await join_links.enter(link))

    return router
