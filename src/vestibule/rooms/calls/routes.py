"""The door of a room: its page, and the WebSocket that the page talks through."""

from fastapi import Request, Response, WebSocket

from vestibule.foundation.branded_pages import branded_page
from vestibule.foundation.errors import NotFound
from vestibule.foundation.pages import embed_script
from vestibule.foundation.routing import Routes
from vestibule.rooms.calls.connections import Connection
from vestibule.rooms.calls.members import Members
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.configuration.brands import STYLESHEET, Brands
from vestibule.rooms.definitions.model import can_be_named


def routes(calls: CallService, members: Members, brands: Brands) -> Routes:
    """`/signalling`, and a page for every one-part path: include it last."""
    router = Routes()

    @router.websocket("/signalling")
    async def signalling(socket: WebSocket) -> None:
        """The protocol of docs/signalling.md. The token counts, whatever the Origin says."""
        member_of = await members.at(socket)
        await socket.accept()
        host = socket.headers.get("host", "")
        await calls.talk(Connection(socket), host=host, member_of=member_of)

    @router.get("/embed.js", include_in_schema=False)
    async def script(request: Request, v: str = "") -> Response:
        """`<vestibule-call>`: calls inside pages of other sites (docs/embedding.md)."""
        return embed_script(version=v, known=request.headers.get("if-none-match", ""))

    @router.get("/{room_name}", include_in_schema=False)
    async def room_page(request: Request, room_name: str) -> Response:
        """The page of a room, there or not: it asks, and says what is true."""
        if not can_be_named(room_name):
            raise NotFound("there is nothing at this address")
        host = request.headers.get("host", "")
        embedders, brand = await calls.embedders(host), await brands.for_host(host)
        return branded_page("call", brand, stylesheet_at=STYLESHEET, embedders=embedders)

    return router
