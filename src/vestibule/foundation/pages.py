"""Serves the built web pages, and the script that puts calls into pages of other sites."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse, Response

STATIC = Path(__file__).parent.parent / "static"


EMBED_SCRIPT = "embed.js"
FINGERPRINT_LENGTH = 12


class PagesNotBuilt(Exception):
    """The wheel or checkout has no built pages."""


@cache
def _content(name: str) -> str:
    file = STATIC / name
    if not file.exists():
        raise PagesNotBuilt(f"the page {file.name} is not built; run 'make web'")
    return file.read_text()


def page(name: str, *, status: int = 200) -> Response:
    """The built page `<name>.html`; browsers ask again each time, its assets are kept for good."""
    return HTMLResponse(_content(f"{name}.html"), status, headers={"Cache-Control": "no-cache"})


def embed_script(*, version: str = "", known: str = "") -> Response:
    """The script of `<vestibule-call>`, for pages of any origin (docs/embedding.md).

    With its own fingerprint as `version`, browsers keep it for good, else for an hour. `known` is
    the `If-None-Match` of the request.
    """
    fingerprint = embed_fingerprint()
    lasts = "max-age=31536000, immutable" if version == fingerprint else "max-age=3600"
    headers = {
        "Cache-Control": f"public, {lasts}",
        "ETag": f'"{fingerprint}"',
        # Module scripts of another origin load only where this is said.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if f'"{fingerprint}"' in known:
        return Response(status_code=304, headers=headers)
    return Response(_content(EMBED_SCRIPT), headers=headers, media_type="text/javascript")


@cache
def embed_fingerprint() -> str:
    """Changes with the script, and only with it."""
    return hashlib.sha256(_content(EMBED_SCRIPT).encode()).hexdigest()[:FINGERPRINT_LENGTH]
