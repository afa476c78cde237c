"""What a report says, how many may come, and how staff see them (A26). Never media events (A27)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vestibule.foundation.errors import Forbidden, TooMany

LEAST_CONSENT: Final = 1  # legitimate interest for support
MOST_REPORTS: Final = 20
WITHIN: Final = timedelta(minutes=10)


class ErrorCode(StrEnum):
    """What failed."""

    ROOM_JOIN_FAILED = "ROOM_JOIN_FAILED"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - no password
    MEDIA_DEVICE_ERROR = "MEDIA_DEVICE_ERROR"
    NETWORK_DISCONNECT = "NETWORK_DISCONNECT"
    RECORDING_FAILED = "RECORDING_FAILED"


class NoConsent(Forbidden):
    """The person did not agree to reports."""


class TooManyReports(TooMany):
    """One person's pages report too often."""


@dataclass(frozen=True)
class Report:
    """One failure, as a page told it."""

    error_type: str
    code: ErrorCode
    message: str
    feature: str
    stack_trace: str | None = None
    response_time_ms: int | None = None


@dataclass(frozen=True)
class Reporter:
    """Whose page it was: `patient:7`, `specialist:3` or `token:<label>`."""

    organization_id: int
    name: str
    appointment_id: int | None


@dataclass(frozen=True)
class StoredReport:
    """A report with its place and time."""

    id: int
    report: Report
    reporter: str
    appointment_id: int | None
    created_at: datetime


@dataclass(frozen=True)
class ReportGroup:
    """All reports of one code: how many in all, how many nobody has handled, the newest of them."""

    code: ErrorCode
    count: int
    open_count: int
    last_at: datetime
    newest: list[StoredReport]


def check_consent(level: int) -> None:
    """NoConsent unless the person agreed to reports for support."""
    if level < LEAST_CONSENT:
        raise NoConsent(
            f"error reports need consent level {LEAST_CONSENT} or above; nothing was stored"
        )


def check_rate(reports_within: int) -> None:
    """TooManyReports if so many reports of one person within ten minutes are enough."""
    if reports_within >= MOST_REPORTS:
        raise TooManyReports(
            f"at most {MOST_REPORTS} reports of one person within {WITHIN.seconds // 60} minutes",
            retry_after_seconds=WITHIN.seconds,
        )
