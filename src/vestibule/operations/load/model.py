"""How many people do what, and how long things took."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """What the fake people do."""

    participants: int
    per_room: int = 10
    seconds: float = 10.0
    """How long they talk."""
    messages_per_second: float = 0.2
    """Said by each to all others in the room."""
    arrivals_per_second: float = 100.0
    knocks_per_room: int = 1

    @property
    def rooms(self) -> int:
        return math.ceil(self.participants / self.per_room)


@dataclass
class Outcome:
    """Milliseconds of everything that was measured, and what failed."""

    entered: list[float] = field(default_factory=list)
    """From opening the connection until `joined`."""
    heard: list[float] = field(default_factory=list)
    """From saying something until another person's page has it."""
    knocked: list[float] = field(default_factory=list)
    """From `join` in front of a closed door until the owner's page has the knock."""
    expected: int = 0
    """How many times something that was said should have been heard."""
    failures: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        measured = {"entered": self.entered, "heard": self.heard, "knocked": self.knocked}
        return {
            **{name: percentiles(values) for name, values in measured.items()},
            "expected": self.expected,
            "lost": self.expected - len(self.heard),
            "failures": self.failures,
        }


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Count, p50, p95, p99 and the most; only the count if there is nothing."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0}
    found = {
        f"p{part}": round(ordered[math.ceil(part / 100 * len(ordered)) - 1], 2)
        for part in (50, 95, 99)
    }
    return {"count": len(ordered), **found, "most": round(ordered[-1], 2)}
