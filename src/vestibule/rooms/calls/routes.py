"""The door of a room: its page, and the WebSocket that the page talks through."""

from fastapi import APIRouter, Request, Response, WebSocket

from vestibule.foundation.errors import NotFound
from vestibule.foundation.http import content_security_policy
from vestibule.foundation.pages import embed_script, page
from vestibule.rooms.calls.connections import Connection
from vestibule.rooms.calls.members import Members
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.definitions.model import can_be_named


def routes(calls: CallService, members: Members) -> APIRouter:
    """`/signalling`, and a page for every one-part path: include it last."""
    router = APIRouter()

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
        embedders = await calls.embedders(request.headers.get("host", ""))
        shown = page("call")
        shown.headers["Content-Security-Policy"] = content_security_policy(embedders=embedders)
        return shown

    return router
