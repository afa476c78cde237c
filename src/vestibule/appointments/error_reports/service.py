"""Error reports: taken from pages, grouped for staff, marked as handled."""

from datetime import timedelta
from typing import Final

from vestibule.appointments.audit.service import record
from vestibule.appointments.error_reports import store
from vestibule.appointments.error_reports.model import (
    WITHIN,
    ErrorCode,
    Report,
    Reporter,
    ReportGroup,
    StoredReport,
    check_rate,
)
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.loops import Loop

HOUR: Final = 3600.0
FORGOTTEN_AT_ONCE: Final = 1000


class ErrorReportService:
    """The use cases of error reports."""

    def __init__(self, *, database: Database, keep: timedelta) -> None:
        self._database = database
        self._keep = keep
        self.loop = Loop("error-reports", self.step, idle_seconds=HOUR)

    async def step(self) -> bool:
        """Forget some of the reports that are older than `keep`; True if there may be more."""
        forgotten = await self._database.write(
            lambda tx: store.delete_before(tx, tx.now - self._keep, limit=FORGOTTEN_AT_ONCE)
        )
        return forgotten == FORGOTTEN_AT_ONCE

    async def report(self, reporter: Reporter, report: Report) -> None:
        """Store a report; TooManyReports if this person's pages have sent 20 in ten minutes."""

        def add(tx: Transaction) -> None:
            check_rate(store.count_since(tx, reporter, tx.now - WITHIN))
            store.insert_report(tx, reporter, report)

        await self._database.write(add)

    async def groups(self, organization_id: int) -> list[ReportGroup]:
        """The organization's reports by code."""
        return await self._database.read(lambda tx: store.groups(tx, organization_id))

    async def handle(self, organization_id: int, code: ErrorCode, *, up_to: int, by: str) -> int:
        """Mark what staff have seen of a code, up to the report `up_to`, as handled."""

        def mark(tx: Transaction) -> int:
            count = store.handle(tx, organization_id, code, up_to=up_to, by=by)
            if count:
                details = {"code": code.value, "count": count}
                record(
                    tx,
                    organization_id=organization_id,
                    event="error_reports.handled",
                    actor=by,
                    details=details,
                )
            return count

        return await self._database.write(mark)

    async def lately(self, appointment_id: int, within: timedelta) -> list[StoredReport]:
        """What was reported from an appointment lately, newest first."""
        return await self._database.read(
            lambda tx: store.of_appointment(tx, appointment_id, tx.now - within)
        )
