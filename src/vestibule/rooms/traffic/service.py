"""The log of requests: what was asked of the Rooms API, for those who asked."""

import asyncio
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Noted:
    """One request as it came, secrets and all: never written down."""

    at: datetime
    domain_id: str
    ip: str | None
    method: str
    path: str
    query: str
    status: int
    bodies: tuple[bytes | None, bytes | None]


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
        self._waiting: deque[_Noted] = deque(maxlen=WAITING_ROWS)
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
        """Take down one request; `bodies` of the request and the answer.

        Its secrets are taken out on the way to the database, where no request waits for that.
        """
        now = self._clock.now()
        self._waiting.append(_Noted(now, domain_id, ip, method, path, query, status, bodies))

    async def list(self, domain_id: str, page: LogPage) -> list[ApiRequest]:
        """One page of what this domain's keys asked, newest first."""
        await self.written()
        return await self._database.read(lambda tx: store.page_of_requests(tx, domain_id, page))

    async def written(self) -> None:
        """Write what waits, such as before the end."""
        while self._waiting:
            await self.step()

    async def step(self) -> bool:
        """Write a batch, and remove what is too old once an hour; True if more may be waiting."""
        count = min(len(self._waiting), ROWS_AT_ONCE)
        batch = [self._waiting.popleft() for _ in range(count)]
        if batch:
            rows = await asyncio.to_thread(_without_secrets, batch, self._ids)
            await self._database.write(lambda tx: store.insert_requests(tx, rows))
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


def _without_secrets(batch: Sequence[_Noted], ids: Ids) -> list[ApiRequest]:
    return [
        ApiRequest(
            id=room_id(noted.at, uuid.UUID(ids.uuid())),
            domain_id=noted.domain_id,
            ip=noted.ip,
            method=noted.method,
            url=scrubbed_url(noted.path, noted.query),
            status=noted.status,
            created_at=noted.at,
            request=scrubbed_body(noted.bodies[0]),
            response=scrubbed_body(noted.bodies[1]),
        )
        for noted in batch
    ]
