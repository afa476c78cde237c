"""The kinds of values that requests to this domain hold, and how it writes times."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

MAX_ID = 2**31 - 1  # the largest that PostgreSQL's integer columns hold
YEARS = range(2000, 2200)


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError(
            "moment",
            "must be a time in ISO 8601 with its zone, such as 2026-11-21T10:30:00Z "
            "or 2026-11-21T12:30:00+02:00",
        )
    if moment.year not in YEARS:
        raise PydanticCustomError(
            "moment_year", f"must lie between the years {YEARS[0]} and {YEARS[-1]}"
        )
    return moment.astimezone(UTC).replace(microsecond=0)


def _line(value: str) -> str:
    line = " ".join(value.split())
    if not line or not line.isprintable():
        raise PydanticCustomError("line", "must be a line of printable text")
    return line


# A time, taken to whole seconds: rooms and tokens know no finer ones (A5).
Moment = Annotated[datetime, BeforeValidator(_moment)]
# Text for people. Neither PostgreSQL nor a page takes control characters or half characters.
Line = Annotated[str, Field(max_length=500), AfterValidator(_line)]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]


def utc_text(moment: datetime) -> str:
    """The moment in ISO 8601, in UTC and whole seconds, ending in Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
