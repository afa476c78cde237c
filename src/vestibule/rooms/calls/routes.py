"""The door of a room: its page, and the WebSocket that the page talks through."""

from fastapi import Request, Response, WebSocket

from vestibule.foundation.branded_pages import branded_page
from vestibule.foundation.errors import NotFound
from vestibule.foundation.pages import embed_script
from vestibule.foundation.routing import Routes
from vestibule.rooms.calls.connections import Connection
from vestibule.rooms.calls.crossing import Crossing
from vestibule.rooms.calls.members import Members
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.configuration.brands import STYLESHEET, Brands
from vestibule.rooms.definitions.model import can_be_named
from vestibule.rooms.ownership.peers import RELAY_PATH


def routes(
    calls: CallService, members: Members, brands: Brands, crossing: Crossing | None = None
) -> Routes:
    """`/signalling`, and a page for every one-part path: include it last.

    `crossing`: there are several processes, and it knows which of them keeps a call.
    """
    router = Routes()

    async def talk(socket: WebSocket, connection: Connection) -> None:
        host = socket.headers.get("host", "")
        await calls.talk(connection, host=host, member_of=await members.at(socket))

    if crossing is not None:

        @router.websocket(RELAY_PATH)
        async def relay(socket: WebSocket) -> None:
            """Somebody whom another process of this installation brings."""
            await crossing.admit_relay(socket, talk)

    @router.websocket("/signalling")
    async def signalling(socket: WebSocket) -> None:
        """The protocol of docs/signalling.md. The token counts, whatever the Origin says."""
        if crossing is not None:
            await crossing.arrive(socket, talk)
            return
        await socket.accept()
        await talk(socket, Connection(socket))

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
