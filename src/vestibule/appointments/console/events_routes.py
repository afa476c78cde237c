"""Tells open consoles that something has changed, so that nobody reloads (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse

from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.service import ConsoleService
from vestibule.foundation.errors import VestibuleError
from vestibule.foundation.routing import Routes

LOOK_SECONDS: Final = 1.0
CHECK_EVERY: Final = 10  # looks; then also whether the person may still look
CHANGED: Final = "event: changed\ndata: {}\n\n"


def events_routes(guard: Guard, console: ConsoleService, ending: asyncio.Event) -> Routes:
    """`…/events`. `ending` is set when the server ends, which would otherwise wait for streams."""
    router = Routes()

    @router.get("/{organization_id}/events", include_in_schema=False)
    async def events(
        request: Request, staff: Annotated[Staff, Depends(guard.staff)]
    ) -> StreamingResponse:
        """An event `changed` whenever the organization's appointments or reports changed."""

        async def is_welcome() -> bool:
            try:
                await guard.staff(request, Response(), staff.organization_id)
            except VestibuleError:
                return False
            return True

        async def stream() -> AsyncIterator[str]:
            seen = await console.version(staff.organization_id)
            yield "retry: 3000\n\n"
            looks = 0
            while not await _ends(ending):
                looks += 1
                if looks % CHECK_EVERY == 0:
                    if not await is_welcome():
                        return
                    yield ": still here\n\n"
                now = await console.version(staff.organization_id)
                if now != seen:
                    seen = now
                    yield CHANGED

        return StreamingResponse(
            stream(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


async def _ends(ending: asyncio.Event) -> bool:
    """Wait for the next look; True if the server ends."""
    try:
        await asyncio.wait_for(ending.wait(), LOOK_SECONDS)
    except TimeoutError:
        return False
    return True
