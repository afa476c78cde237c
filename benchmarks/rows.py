"""What a part of the benchmarks answers, and how it is printed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Aim:
    """Where the ratio should lie."""

    is_: Literal["at least", "at most"]
    ratio: float

    def holds(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.is_ == "at least" else ratio <= self.ratio


@dataclass(frozen=True)
class Row:
    """One thing that was measured, beside its floor: the same thing without the product.

    `ratio` is the median of the ratios of all rounds, so it need not be `value / floor`.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    aim: Aim | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim was reached, as the table says it."""
        if self.aim is None or self.ratio is None:
            return ""
        return "yes" if self.aim.holds(self.ratio) else "NO"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.verdict == "yes" if self.verdict else None}


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    head = ("what", "value", "unit", "floor", "ratio", "aim", "reached")
    lines = [
        (
            row.name,
            number(row.value),
            row.unit,
            number(row.floor),
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.aim is None else f"{row.aim.is_} {row.aim.ratio:g}",
            row.verdict,
        )
        for row in rows
    ]
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head))]

    def drawn(line: tuple[str, ...]) -> str:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        return f"| {' | '.join(cells)} |"

    ruler = tuple("-" * width for width in widths)
    return "\n".join(drawn(line) for line in (head, ruler, *lines))


def number(value: float | None) -> str:
    """Three figures, and no more than are measured."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
