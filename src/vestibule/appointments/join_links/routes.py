"""The page behind a join link, and the two questions that it asks."""

from fastapi import Response

from vestibule.appointments.join_links.brands import Brands
from vestibule.appointments.join_links.schemas import EnterAnswer, LinkStateAnswer
from vestibule.appointments.join_links.service import JoinLinkService, UnknownLink
from vestibule.foundation.branded_pages import branded_page, branding_answer
from vestibule.foundation.branding import Brand
from vestibule.foundation.routing import Routes

NOT_KEPT = {"Cache-Control": "no-store"}


def routes(join_links: JoinLinkService, brands: Brands) -> Routes:
    """`/a/{link}`. The page is the same for every link, but for the organization's brand."""
    router = Routes(prefix="/a/{link}", tags=["join links"])

    async def brand_of(link: str) -> Brand | None:
        try:
            view = await join_links.look(link)
        except UnknownLink:
            return None
        return await brands.of(view.appointment.organization_id)

    @router.get("")
    async def join_page(link: str) -> Response:
        """The join page, under the organization's brand."""
        brand = await brand_of(link)
        return branded_page("join", brand, stylesheet_at=f"/a/{link}/branding.css")

    @router.get("/branding.css", include_in_schema=False)
    async def read_stylesheet(link: str) -> Response:
        """The style sheet of that brand."""
        return branding_answer(await brand_of(link))

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
