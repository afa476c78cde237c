"""The file of a track: what was appended is read back, whatever happened to the end of it."""

from pathlib import Path

import pytest

from vestibule.rooms.recordings.track_log import (
    MAGIC,
    NO_LEVEL,
    Packet,
    Record,
    SenderReport,
    TrackLog,
    read_track_log,
)


def packet(sequence: int, payload: bytes = b"media") -> Packet:
    return Packet(
        1_800_000_000_000_000 + sequence, 3_000 * sequence, sequence, 97, True, 30, payload
    )


RECORDS: list[Record] = [
    packet(0),
    SenderReport(1_800_000_000_000_001, 2**63 + 5, 2**32 - 1),
    packet(65_535, b""),
    packet(2, bytes(range(100))),
    packet(3)._replace(marker=False, level=NO_LEVEL),
]


def written(path: Path) -> bytes:
    log = TrackLog(path)
    for record in RECORDS:
        log.append(record)
    log.close()
    return path.read_bytes()


def test_records_are_read_back_as_they_were_appended(tmp_path: Path) -> None:
    written(tmp_path / "track")

    assert list(read_track_log(tmp_path / "track")) == RECORDS


def test_a_file_cut_off_anywhere_keeps_every_record_before_the_cut(tmp_path: Path) -> None:
    whole = written(tmp_path / "track")
    cut = tmp_path / "cut"
    counts = []
    for length in range(len(whole) + 1):
        cut.write_bytes(whole[:length])
        read = list(read_track_log(cut))
        assert read == RECORDS[: len(read)]
        counts.append(len(read))

    assert counts == sorted(counts)
    assert counts[-1] == len(RECORDS)
    assert counts[-2] == len(RECORDS) - 1


def test_reading_ends_at_a_damaged_record(tmp_path: Path) -> None:
    damaged = bytearray(written(tmp_path / "track"))
    damaged[-10] ^= 1
    (tmp_path / "damaged").write_bytes(damaged)

    assert list(read_track_log(tmp_path / "damaged")) == RECORDS[:-1]


def test_another_file_is_not_taken_for_a_track(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"\x1aE\xdf\xa3 matroska")

    with pytest.raises(ValueError, match="not a track"):
        list(read_track_log(tmp_path / "other"))


def test_a_track_is_never_written_over(tmp_path: Path) -> None:
    written(tmp_path / "track")

    with pytest.raises(FileExistsError):
        TrackLog(tmp_path / "track")


def test_what_is_appended_is_on_disk_at_once(tmp_path: Path) -> None:
    log = TrackLog(tmp_path / "track")
    assert (tmp_path / "track").read_bytes() == MAGIC

    log.append(RECORDS[0])

    assert list(read_track_log(tmp_path / "track")) == RECORDS[:1]
    log.close()
