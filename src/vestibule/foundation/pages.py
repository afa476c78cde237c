"""Serves the built web pages."""

from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse, Response

STATIC = Path(__file__).parent.parent / "static"


class PagesNotBuilt(Exception):
    """The wheel or checkout has no built pages."""


@cache
def _content(name: str) -> str:
    file = STATIC / f"{name}.html"
    if not file.exists():
        raise PagesNotBuilt(f"the page {file.name} is not built; run 'make web'")
    return file.read_text()


def page(name: str, *, status: int = 200) -> Response:
    """The built page `<name>.html`; browsers ask again each time, its assets are kept for good."""
    return HTMLResponse(_content(name), status, headers={"Cache-Control": "no-cache"})
