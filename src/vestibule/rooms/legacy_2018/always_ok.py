"""Failures of the 2018 team API: status 200, and `{error: {message}}` (requirement C7)."""

import json
from typing import Final

from fastapi.responses import JSONResponse

from vestibule.foundation.http import AsgiApp, Message, Receive, Scope, Send

ADDRESSES: Final = "/domains/"


class AlwaysOk:
    """Stands around everything that may refuse a request, and says it in the words of 2018.

    A defect of ours stays a 500: no program should take it for an answer.
    """

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ADDRESSES):
            await self.app(scope, receive, send)
            return
        refusal = bytearray()
        is_refused = False

        async def send_in_old_words(message: Message) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start":
                is_refused = 400 <= message["status"] < 500
            if not is_refused:
                await send(message)
            elif message["type"] == "http.response.body":
                refusal.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await explained(bytes(refusal))(scope, receive, send)

        await self.app(scope, receive, send_in_old_words)


def explained(refusal: bytes) -> JSONResponse:
    """What the Rooms API says of a failure, as of 2018."""
    return JSONResponse({"error": {"message": json.loads(refusal)["info"]}})
