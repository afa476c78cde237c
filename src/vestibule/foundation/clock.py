"""Where time comes from, so that tests can turn it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, always in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def unix_seconds(moment: datetime) -> int:
    """The moment in whole unix seconds, the unit of every time in Daily's API."""
    return int(moment.timestamp())


def from_unix(seconds: float) -> datetime:
    """The UTC moment of a unix time."""
    return datetime.fromtimestamp(seconds, UTC)
