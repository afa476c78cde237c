"""Serves the parts of the built pages, from memory: many people open the call page at once."""

import gzip
import mimetypes
from functools import cache

from fastapi import Request, Response

from vestibule.foundation.errors import NotFound
from vestibule.foundation.pages import STATIC

FOLDER = STATIC / "assets"
HEADERS = {
    # Their names change with their content.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}
SMALLEST_TO_COMPRESS = 500


async def asset(request: Request, name: str) -> Response:
    """One of the built files, compressed for those who can read that; NotFound for all else."""
    if name not in _names():
        raise NotFound("there is nothing at this address")
    plain, compressed = _contents(name)
    media_type = mimetypes.guess_type(name)[0]
    if compressed and "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**HEADERS, "Content-Encoding": "gzip"}
        return Response(compressed, headers=headers, media_type=media_type)
    return Response(plain, headers=HEADERS, media_type=media_type)


@cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in FOLDER.iterdir()) if FOLDER.exists() else frozenset()


@cache
def _contents(name: str) -> tuple[bytes, bytes | None]:
    plain = (FOLDER / name).read_bytes()
    return plain, gzip.compress(plain, 9) if len(plain) >= SMALLEST_TO_COMPRESS else None
