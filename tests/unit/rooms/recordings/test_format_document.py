"""docs/recording-format.md says what the code does."""

import re
import struct
import zlib
from pathlib import Path
from typing import get_args

from vestibule.rooms.recordings.journal import SOURCES, Attendee, JournalEntry, MediaFormat
from vestibule.rooms.recordings.track_log import MAGIC, Packet, SenderReport, TrackLog

DOCUMENT = (Path(__file__).parents[4] / "docs" / "recording-format.md").read_text()


def row(first: str) -> str:
    """The row of a table that begins with this word."""
    match = re.search(rf"^\| `{first}` \|.*$", DOCUMENT, re.M)
    assert match, f"{first} is not documented"
    return match[0]


def test_every_event_of_the_journal_is_documented_with_its_fields() -> None:
    for entry in get_args(JournalEntry):
        fields = set(entry.model_fields) - {"event", "at"}
        described = set(re.findall(r"`([a-z_]+)`", row(entry.model_fields["event"].default)))
        assert fields <= described, entry


def test_every_field_of_people_and_formats_is_documented() -> None:
    fields = [*Attendee.model_fields, *MediaFormat.model_fields, *SOURCES]

    assert [name for name in fields if f"`{name}`" not in DOCUMENT] == []


def test_records_are_laid_out_as_documented(tmp_path: Path) -> None:
    log = TrackLog(tmp_path / "track")
    log.append(Packet(7, 8, 9, 97, True, 30, b"media"))
    log.append(SenderReport(10, 11, 12))
    log.close()

    packet = struct.pack("<BBHQIHBB", 1, 1, 5, 7, 8, 9, 97, 30) + b"media"
    report = struct.pack("<BBHQQI", 2, 0, 0, 10, 11, 12)
    checked = [struct.pack("<I", zlib.crc32(body)) + body for body in (packet, report)]
    assert (tmp_path / "track").read_bytes() == MAGIC + b"".join(checked)
    assert f"`{MAGIC.decode()}`" in DOCUMENT
