"""`/health/live` and `/health/ready`: what supervisors and load balancers ask."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from fastapi.responses import JSONResponse
from sqlalchemy import text

from vestibule.foundation.database import Database
from vestibule.foundation.routing import Routes

PATIENCE_SECONDS: Final = 3.0

log = structlog.get_logger()


class Health:
    """What this process can do now."""

    def __init__(
        self,
        *,
        database: Database,
        ending: asyncio.Event,
        running: Callable[[], Sequence[asyncio.Task[None]]],
    ) -> None:
        """`running`: the background work; it runs for as long as the process serves."""
        self._database = database
        self._ending = ending
        self._running = running

    async def parts(self) -> dict[str, str]:
        """Each part that serving needs, and "ok" or what is the matter, within 3 seconds."""
        running = self._running()
        stopped = [task.get_name() for task in running if task.done()]
        return {
            "database": await self._database_state(),
            "background": f"stopped: {', '.join(stopped)}" if stopped else "ok",
            "server": "ending" if self._ending.is_set() else "ok" if running else "starting",
        }

    async def _database_state(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._database.read(lambda tx: tx.run(text("SELECT 1")).scalar_one())
        except Exception as error:
            log.warning("database_not_ready", error=type(error).__name__)
            return f"does not answer ({type(error).__name__})"
        return "ok"


def routes(health: Health) -> Routes:
    """Answers that hold nothing secret: no key is needed."""
    router = Routes(prefix="/health", include_in_schema=False)

    @router.get("/live")
    async def live() -> JSONResponse:
        """200 while the process works at all; restart it if this does not come."""
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    @router.get("/ready")
    async def ready() -> JSONResponse:
        """200 if requests should be sent here; 503 with what is the matter."""
        parts = await health.parts()
        is_ready = set(parts.values()) == {"ok"}
        return JSONResponse(
            {"status": "ready" if is_ready else "not ready", "parts": parts},
            200 if is_ready else 503,
            headers={"Cache-Control": "no-store"},
        )

    return router
