"""Writes an appointment as an iCalendar entry (RFC 5545), which calendars take as an invitation.

A writer of our own: one kind of entry in UTC needs three rules (escape, fold, CRLF), fewer than a
library has options.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

FOLD_OCTETS: Final = 75


@dataclass(frozen=True)
class Entry:
    """What the calendar shows. A higher `sequence` replaces what came before of the same `uid`."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    title: str
    text: str
    url: str
    organizer: str | None
    attendee: str | None
    is_cancelled: bool

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "REQUEST"


def write(entry: Entry) -> bytes:
    """The calendar file, complete."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vestibule//Appointments//EN"),
        *("CALSCALE:GREGORIAN", f"METHOD:{entry.method}", "BEGIN:VEVENT"),
        *(f"UID:{entry.uid}", f"SEQUENCE:{entry.sequence}", f"DTSTAMP:{_utc(entry.stamp)}"),
        *(f"DTSTART:{_utc(entry.starts)}", f"DTEND:{_utc(entry.ends)}"),
        *(f"SUMMARY:{_text(entry.title)}", f"DESCRIPTION:{_text(entry.text)}"),
        *(f"URL:{entry.url}", f"LOCATION:{_text(entry.url)}"),
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
    ]
    if entry.organizer:
        lines.append(f"ORGANIZER:mailto:{entry.organizer}")
    if entry.attendee:
        lines.append(f"ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:{entry.attendee}")
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > FOLD_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    return "\r\n".join([*pieces, piece])
