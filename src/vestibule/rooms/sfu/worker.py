"""Work on one thing, one step after the other, whenever somebody says that there may be some."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from vestibule.rooms.sfu.janus import JanusError, JanusGone

PAUSE_SECONDS: Final = 0.5

log = structlog.get_logger()


class Worker:
    """Runs `step` after each `wake`, never twice at once.

    A step brings what is closer to what should be, and may be repeated. When the media server
    refuses one, `on_refused` is told, and it is tried again after half a second.
    """

    def __init__(
        self, step: Callable[[], Awaitable[None]], *, on_refused: Callable[[JanusError], None]
    ) -> None:
        self._step = step
        self._on_refused = on_refused
        self._woken = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Do nothing more."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self._step()
            except JanusGone:
                return  # the pool says so to everybody
            except JanusError as error:
                log.warning("janus_refused", code=error.code, error=str(error))
                self._on_refused(error)
                await asyncio.sleep(PAUSE_SECONDS)
                self._woken.set()
            except Exception:
                log.exception("media_path_failed")
