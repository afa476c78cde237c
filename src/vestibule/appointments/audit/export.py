"""An organization's audit chain as a file, and back: JSON lines can be verified anywhere."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from vestibule.appointments.audit.model import AuditEvent
from vestibule.foundation.errors import Invalid

COLUMNS: Final = (
    *("organization_id", "sequence", "at", "event", "actor", "appointment_id", "details"),
    *("previous_hash", "hash"),
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def in_fields(event: AuditEvent) -> dict[str, Any]:
    """The event as plain JSON values; the time in UTC to the microsecond, as it was hashed."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return {**vars(event), "at": at, "details": dict(event.details)}


def json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A line for each event, which says everything that its hash covers."""
    for event in events:
        yield json.dumps(in_fields(event), ensure_ascii=False) + "\n"


def csv_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A table for people. Cells that a spreadsheet would calculate begin with an apostrophe."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for event in events:
        fields = in_fields(event)
        fields["details"] = json.dumps(fields["details"], ensure_ascii=False, sort_keys=True)
        writer.writerow([_cell(fields[name]) for name in COLUMNS])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def read_json_lines(lines: Iterable[str]) -> list[AuditEvent]:
    """The events of a file of JSON lines; Invalid names the line that is none."""
    events = []
    for number, line in enumerate(lines, start=1):
        try:
            fields = json.loads(line)
            at = datetime.fromisoformat(fields.pop("at"))
            events.append(AuditEvent(at=at, **fields))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Invalid(f"line {number} is not an exported audit event") from error
    return events


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
