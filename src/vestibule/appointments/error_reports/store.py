"""The SQL of error reports."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update

from vestibule.appointments.error_reports.model import (
    ErrorCode,
    Report,
    Reporter,
    ReportGroup,
    StoredReport,
)
from vestibule.appointments.schema import error_reports
from vestibule.foundation.database import Transaction

SHOWN: Final = 5


def count_since(tx: Transaction, reporter: Reporter, since: datetime) -> int:
    """How many reports this person's pages have sent since then."""
    of_person = (error_reports.c.organization_id == reporter.organization_id) & (
        error_reports.c.reporter == reporter.name
    )
    statement = select(func.count()).where(of_person, error_reports.c.created_at > since)
    count: int = tx.run(statement).scalar_one()
    return count


def insert_report(tx: Transaction, reporter: Reporter, report: Report) -> None:
    """Add a report."""
    tx.run(
        insert(error_reports).values(
            organization_id=reporter.organization_id,
            appointment_id=reporter.appointment_id,
            reporter=reporter.name,
            error_type=report.error_type,
            error_code=report.code.value,
            message=report.message,
            feature=report.feature,
            stack_trace=report.stack_trace,
            response_time_ms=report.response_time_ms,
            created_at=tx.now,
        )
    )


def groups(tx: Transaction, organization_id: int) -> list[ReportGroup]:
    """The organization's reports by code, those with open ones first, then by the newest."""
    own = error_reports.c.organization_id == organization_id
    is_open = error_reports.c.handled_at.is_(None)
    rows = tx.run(
        select(
            error_reports.c.error_code,
            func.count().label("all"),
            func.count().filter(is_open).label("open"),
            func.max(error_reports.c.created_at).label("last_at"),
        )
        .where(own)
        .group_by(error_reports.c.error_code)
    ).all()
    found = [
        ReportGroup(
            code=ErrorCode(row.error_code),
            count=row.all,
            open_count=row.open,
            last_at=row.last_at,
            newest=_newest(tx, organization_id, row.error_code),
        )
        for row in rows
    ]
    return sorted(found, key=lambda group: (group.open_count > 0, group.last_at), reverse=True)


def of_appointment(tx: Transaction, appointment_id: int, since: datetime) -> list[StoredReport]:
    """What was reported from an appointment since then, newest first."""
    rows = tx.run(
        select(error_reports)
        .where(error_reports.c.appointment_id == appointment_id)
        .where(error_reports.c.created_at > since)
        .order_by(error_reports.c.id.desc())
    )
    return [_stored(row) for row in rows]


def handle(tx: Transaction, organization_id: int, code: ErrorCode, *, up_to: int, by: str) -> int:
    """Mark the open reports of a code as handled, those after `up_to` not; how many there were."""
    which = (error_reports.c.organization_id == organization_id) & (
        error_reports.c.error_code == code.value
    )
    statement = update(error_reports).where(
        which, error_reports.c.id <= up_to, error_reports.c.handled_at.is_(None)
    )
    return tx.run(statement.values(handled_at=tx.now, handled_by=by)).rowcount


def delete_before(tx: Transaction, moment: datetime, *, limit: int) -> int:
    """Remove up to `limit` reports from before this moment; how many they were."""
    old = select(error_reports.c.id).where(error_reports.c.created_at < moment).limit(limit)
    return tx.run(delete(error_reports).where(error_reports.c.id.in_(old))).rowcount


def _newest(tx: Transaction, organization_id: int, code: str) -> list[StoredReport]:
    rows = tx.run(
        select(error_reports)
        .where(error_reports.c.organization_id == organization_id)
        .where(error_reports.c.error_code == code)
        .order_by(error_reports.c.id.desc())
        .limit(SHOWN)
    )
    return [_stored(row) for row in rows]


def _stored(row: Row[Any]) -> StoredReport:
    return StoredReport(
        id=row.id,
        report=Report(
            error_type=row.error_type,
            code=ErrorCode(row.error_code),
            message=row.message,
            feature=row.feature,
            stack_trace=row.stack_trace,
            response_time_ms=row.response_time_ms,
        ),
        reporter=row.reporter,
        appointment_id=row.appointment_id,
        created_at=row.created_at,
    )
