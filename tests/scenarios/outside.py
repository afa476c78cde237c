"""Whether pages ask anybody but the servers of the test for anything (issue 4, point 9)."""

from playwright.sync_api import BrowserContext, Request

OWN = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")


class OutsideRequests:
    """What the pages of browser profiles asked outside hosts for."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith(OWN) and ".localhost:" not in request.url:
            self.addresses.append(request.url)
