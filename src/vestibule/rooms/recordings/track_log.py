"""One track's RTP packets and clock reports in a file, as they arrive.

Append-only, and each record can be checked by itself: whatever ends the process, all records
before that moment can be read. docs/recording-format.md describes the bytes.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

MAGIC = b"VESTRTP1"
NO_LEVEL = 255

_CHECK = struct.Struct("<I")
_HEAD = struct.Struct("<BBH")  # kind, marker, length of the payload
_PACKET = struct.Struct("<QIHBB")  # arrival, timestamp, sequence, payload type, level
_REPORT = struct.Struct("<QQI")  # arrival, ntp, timestamp

_KIND_PACKET = 1
_KIND_REPORT = 2


class Packet(NamedTuple):
    """An RTP packet without its header's fixed parts."""

    arrival_us: int
    """Unix microseconds on the recorder's clock."""
    timestamp: int
    sequence: int
    payload_type: int
    marker: bool
    level: int
    """Loudness in -dBov, 0 (loudest) to 127 (silence); NO_LEVEL if the sender gave none."""
    payload: bytes


class SenderReport(NamedTuple):
    """What the sender's own clock showed when its media clock showed `timestamp`."""

    arrival_us: int
    ntp: int
    """Seconds since 1900 in units of 2^-32."""
    timestamp: int


Record = Packet | SenderReport


class TrackLog:
    """Appends records to a new file. What `append` has taken survives the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._write(MAGIC)

    def append(self, record: Record) -> None:
        """Add a record at the end.

        Raises OSError when the disk is full; what was there before stays readable.
        """
        body = _encode(record)
        self._write(_CHECK.pack(zlib.crc32(body)) + body)

    def sync(self) -> None:
        """Wait until the disk has everything that was appended."""
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._file, data) :]


def read_track_log(path: Path) -> Iterator[Record]:
    """The file's records in the order of their arrival, up to the first that is damaged or cut off.

    Raises ValueError if the file is something else.
    """
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
        if magic != MAGIC[: len(magic)]:
            raise ValueError(f"{path} is not a track of a recording")
        while (record := _read_record(file)) is not None:
            yield record


def _encode(record: Record) -> bytes:
    if isinstance(record, SenderReport):
        return _HEAD.pack(_KIND_REPORT, 0, 0) + _REPORT.pack(*record)
    fixed = _PACKET.pack(
        record.arrival_us, record.timestamp, record.sequence, record.payload_type, record.level
    )
    return _HEAD.pack(_KIND_PACKET, record.marker, len(record.payload)) + fixed + record.payload


def _read_record(file: BinaryIO) -> Record | None:
    head = file.read(_CHECK.size + _HEAD.size)
    if len(head) < _CHECK.size + _HEAD.size:
        return None
    (check,) = _CHECK.unpack_from(head)
    kind, marker, length = _HEAD.unpack_from(head, _CHECK.size)
    fixed_size = _PACKET.size if kind == _KIND_PACKET else _REPORT.size
    body = file.read(fixed_size + length)
    if len(body) < fixed_size + length or zlib.crc32(head[_CHECK.size :] + body) != check:
        return None
    if kind == _KIND_REPORT:
        return SenderReport(*_REPORT.unpack(body))
    arrival_us, timestamp, sequence, payload_type, level = _PACKET.unpack_from(body)
    payload = body[fixed_size:]
    return Packet(arrival_us, timestamp, sequence, payload_type, bool(marker), level, payload)
