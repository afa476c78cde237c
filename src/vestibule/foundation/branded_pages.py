"""Serves the built web pages under somebody's brand."""

from collections.abc import Iterable
from html import escape

from fastapi.responses import HTMLResponse, Response

from vestibule.foundation.branding import Brand, stylesheet, version
from vestibule.foundation.http import content_security_policy
from vestibule.foundation.pages import page


def branded_page(
    name: str, brand: Brand | None, *, stylesheet_at: str, embedders: Iterable[str] = ()
) -> Response:
    """The page under a brand, whose style sheet `branding_answer` gives at this address.

    Only the logo's own site is added to those that the page may load pictures from.
    """
    shown = bytes(page(name).body).decode()
    pictures: list[str] = []
    if brand is not None:
        link = f'<link rel="stylesheet" href="{escape(stylesheet_at)}?v={version(brand)}">'
        shown = shown.replace("</head>", f"{link}</head>", 1)
        pictures = [brand.logo_origin] if brand.logo_origin else []
    policy = content_security_policy(embedders=embedders, pictures=pictures)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return HTMLResponse(shown, headers=headers)


def branding_answer(brand: Brand | None) -> Response:
    """The style sheet of a brand; an empty one where there is none."""
    content = stylesheet(brand) if brand else ""
    return Response(content, media_type="text/css", headers={"Cache-Control": "max-age=300"})
