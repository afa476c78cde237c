"""A clock that a test turns."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until it is turned; begins on a Saturday morning."""

    def __init__(self, now: datetime = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Turn the clock forward."""
        self._now += by
