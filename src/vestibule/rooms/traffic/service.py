"""The log of requests: what was asked of the Rooms API, for those who asked."""

import uuid
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.rooms.definitions.model import room_id
from vestibule.rooms.traffic import store
from vestibule.rooms.traffic.model import ApiRequest, LogPage, scrubbed_body, scrubbed_url

WAITING_ROWS: Final = 10_000
ROWS_AT_ONCE: Final = 500
KEPT_ROWS: Final = 200_000
SWEEP_EVERY: Final = timedelta(hours=1)


class RequestLogService:
    """Writes requests down in batches, so that none waits for the log; keeps them for some days.

    A crash loses what was asked in the last second. If the database cannot follow, the oldest
    unwritten rows are dropped.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        keep_days: int,
        kept_rows: int = KEPT_ROWS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._keep = timedelta(days=keep_days)
        self._kept_rows = kept_rows
        self._waiting: deque[ApiRequest] = deque(maxlen=WAITING_ROWS)
        self._swept_at: datetime | None = None
        self.loop = Loop("request-log", self.step)

    @property
    def is_on(self) -> bool:
        """Whether anything is written down at all."""
        return bool(self._keep)

    def note(
        self,
        *,
        domain_id: str,
        ip: str | None,
        method: str,
        path: str,
        query: str,
        status: int,
        bodies: tuple[bytes | None, bytes | None],
    ) -> None:
        """Take down one request, without its secrets; `bodies` of the request and the answer."""
        now = self._clock.now()
        request, response = (scrubbed_body(body) for body in bodies)
        self._waiting.append(
            ApiRequest(
                id=room_id(now, uuid.UUID(self._ids.uuid())),
                domain_id=domain_id,
                ip=ip,
                method=method,
                url=scrubbed_url(path, query),
                status=status,
                created_at=now,
                request=request,
                response=response,
            )
        )

    async def list(self, domain_id: str, page: LogPage) -> list[ApiRequest]:
        """One page of what this domain's keys asked, newest first."""
        while self._waiting:
            await self.step()
        return await self._database.read(lambda tx: store.page_of_requests(tx, domain_id, page))

    async def step(self) -> bool:
        """Write a batch, and remove what is too old once an hour; True if more may be waiting."""
        count = min(len(self._waiting), ROWS_AT_ONCE)
        batch = [self._waiting.popleft() for _ in range(count)]
        if batch:
            await self._database.write(lambda tx: store.insert_requests(tx, batch))
        await self._sweep()
        return count == ROWS_AT_ONCE

    async def _sweep(self) -> None:
        now = self._clock.now()
        if self._swept_at is not None and now < self._swept_at + SWEEP_EVERY:
            return
        self._swept_at = now

        def forget(tx: Transaction) -> None:
            store.forget_requests(tx, before=now - self._keep, beyond=self._kept_rows)

        await self._database.write(forget)
