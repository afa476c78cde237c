"""Values in requests: times with a zone, lines of text, ids."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from vestibule.appointments.fields import Id, Line, Moment, utc_text


class Form(BaseModel):
    at: Moment | None = None
    text: Line | None = None
    id: Id | None = None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-21T10:30:00Z", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21T12:30:00+02:00", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21T10:30:00.987Z", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21 10:30-05:00", datetime(2026, 11, 21, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_taken_in_whole_seconds_of_utc(written: str, meant: datetime) -> None:
    assert Form(at=written).at == meant  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    ["2026-11-21T10:30:00", "2026-11-21", "tomorrow", "", 1795256000, 1795256000.5, [], True],
)
def test_a_time_without_zone_or_form_is_refused_with_an_example(written: Any) -> None:
    with pytest.raises(ValidationError, match="ISO 8601 with its zone, such as 2026"):
        Form(at=written)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_time_that_no_calendar_of_ours_holds_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="between the years 2000 and 2199"):
        Form(at=written)  # type: ignore[arg-type]


def test_a_line_is_trimmed_and_joined() -> None:
    assert Form(text=" Dr. Ada\n Popescu ").text == "Dr. Ada Popescu"


@pytest.mark.parametrize("text", ["", " \n ", "a\x00b", "\ud800", "bell\x07", "x" * 501])
def test_text_that_a_database_or_page_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Form(text=text)


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_an_id_that_no_column_holds_is_refused(number: int) -> None:
    with pytest.raises(ValidationError):
        Form(id=number)


def test_times_are_written_in_utc_and_whole_seconds() -> None:
    at = datetime.fromisoformat("2026-11-21T12:30:00.5+02:00")
    assert utc_text(at) == "2026-11-21T10:30:00Z"
