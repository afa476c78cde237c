"""Looks at the bodies of requests before anybody reads them as JSON."""

from vestibule.foundation.http import AsgiApp, Message, Receive, Scope, Send
from vestibule.foundation.json_text import check_json


class CheckedJson:
    """Refuses bodies that only look like JSON, as whoever reads them reads their end.

    `others`: beginnings of paths where somebody else's messages come in, who cannot mend them.
    """

    def __init__(self, app: AsgiApp, *, others: tuple[str, ...] = ()) -> None:
        self.app = app
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._others):
            await self.app(scope, receive, send)
            return
        parts: list[bytes] = []

        async def checked() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    check_json(b"".join(parts))
            return message

        await self.app(scope, checked, send)
