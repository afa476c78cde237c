"""How often somebody may do something, so that one page cannot trouble the others."""


class Allowance:
    """So many a second on average, and so many at once. Times in seconds of any one clock."""

    def __init__(self, *, per_second: float, at_once: int) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._left = float(at_once)
        self._at: float | None = None

    def count(self, now: float) -> bool:
        """Count one that comes now; False if it is too many."""
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._left = min(self._left + passed * self._per_second, self._at_once) - 1
        self._at = now
        return self._left >= 0

    @property
    def overdrawn(self) -> float:
        """How many more came than may."""
        return max(0.0, -self._left)
