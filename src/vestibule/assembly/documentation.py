"""`/openapi.json` and `/docs`: both APIs described, from the code that answers them."""

import asyncio
import json
from functools import cache

from fastapi import FastAPI, Response

from vestibule.appointments.organizations.routes import TOKEN_OF_ORGANIZATION
from vestibule.foundation.api_document import Json, api_document
from vestibule.foundation.pages import page
from vestibule.foundation.routing import Routes
from vestibule.rooms.domains.routes import API_KEY

INFO = {
    "title": "Vestibule",
    "version": "1",
    "summary": "Video rooms with Daily's REST API, and the appointments that use them.",
    "description": (
        "Send `Authorization: Bearer <key>` with each request, and bodies as JSON. Success is "
        "always 200. A failure is `{error, info}`: programs look at `error`, people read `info`; "
        "bad input changes nothing. Lists come newest first in pages of at most 100. Times are "
        "unix seconds where they are numbers, and ISO 8601 in UTC where they are text."
    ),
}
TAGS = {
    "rooms": "Places where calls happen.",
    "batch": "Many rooms in one request, all of them or none.",
    "meeting tokens": "What lets a person into a room, and says who that person is.",
    "live actions": "Who is in a running call, and what your own server does there.",
    "meetings": "Which calls there were, when, and who was in them.",
    "recordings": "Recording calls, the files, and what was recorded of appointments.",
    "domain": "What a domain sets for all of its rooms.",
    "webhooks": "Addresses that are told of what happens in rooms.",
    "logs": "What was asked of this API.",
    "organizations": "Clinics, schools, practices, and their people.",
    "appointments": "Bookings, whose rooms come and go by themselves.",
    "error reports": "What failed in somebody's browser, told for support.",
    "api keys": "How an organization reaches its room provider; for administrators.",
    "team API of 2018": (
        "Daily's first API. Every answer has status 200; a failure is `{error: {message}}`."
    ),
}


def described(app: FastAPI, public_url: str) -> Json:
    """The document of both APIs."""
    return api_document(
        app,
        info=INFO,
        server=public_url,
        tags=TAGS,
        prefixes=["/v1", "/domains"],
        always_ok="/domains",
        failures_of_key={API_KEY: [429], TOKEN_OF_ORGANIZATION: [403]},
    )


def routes(app: FastAPI, public_url: str) -> Routes:
    """`/openapi.json`, written when somebody first asks for it, and `/docs`."""
    router = Routes(include_in_schema=False)

    @cache
    def written() -> bytes:
        return json.dumps(described(app, public_url), ensure_ascii=False).encode()

    @router.get("/openapi.json")
    async def read_document() -> Response:
        return Response(
            # In a thread: it takes a second, and calls go on.
            await asyncio.to_thread(written),
            media_type="application/json",
            headers={"Cache-Control": "no-cache"},
        )

    @router.get("/docs")
    async def docs_page() -> Response:
        return page("docs")

    return router
