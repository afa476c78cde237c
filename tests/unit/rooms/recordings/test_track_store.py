"""The folder of a recording: written as the call goes, read in whatever state it was left."""

from pathlib import Path

import pytest

from vestibule.rooms.recordings.journal import (
    Attendee,
    Begun,
    Joined,
    Left,
    MediaFormat,
    Present,
    Stopped,
    TrackOpened,
)
from vestibule.rooms.recordings.track_log import Packet
from vestibule.rooms.recordings.track_store import (
    JOURNAL,
    AlreadyRecording,
    NoRecording,
    RecorderClock,
    RecordingWriter,
    read_recording,
)

ADA = Attendee(session_id="ada", user_name="Dr. Ada Țepeș", is_owner=True, audio=True, video=True)
OPUS = MediaFormat(payload_type=96, codec="opus", clock_rate=48_000, channels=2)
PACKET = Packet(1, 2, 3, 96, True, 30, b"sound")


def begin(folder: Path) -> RecordingWriter:
    return RecordingWriter(folder, room="ward-7", clock=RecorderClock())


def test_a_recording_is_read_back_with_its_people_and_tracks(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    writer.note(Present(at=10.0, people=(ADA,)))
    log = writer.open_track(
        "ada", connection=writer.new_connection(), source="microphone", formats=[OPUS]
    )
    log.append(PACKET)
    writer.note(Left(at=12.5, session_id="ada"))
    writer.close("asked")

    recording = read_recording(tmp_path)

    kinds = [type(entry) for entry in recording.entries]
    assert kinds == [Begun, Present, TrackOpened, Left, Stopped]
    assert recording.room == "ward-7"
    assert recording.entries[1] == Present(at=10.0, people=(ADA,))
    [track] = recording.tracks
    assert (track.session_id, track.source, track.formats) == ("ada", "microphone", {96: OPUS})
    assert track.path.stat().st_size > len(PACKET.payload)


def test_a_recording_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    writer.note(Joined(at=1.0, person=ADA))

    assert read_recording(tmp_path).entries[-1] == Joined(at=1.0, person=ADA)
    writer.close("asked")


def test_a_line_that_a_crash_cut_off_is_passed_over_and_ended(tmp_path: Path) -> None:
    begin(tmp_path).close("asked")
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'{"event":"joined","at":3.0,"person":{"ses')

    begin(tmp_path).close("asked again")

    kinds = [type(entry) for entry in read_recording(tmp_path).entries]
    assert kinds == [Begun, Stopped, Begun, Stopped]


def test_a_second_recorder_goes_on_with_new_tracks_and_connections(tmp_path: Path) -> None:
    numbers = []
    for _ in range(2):
        writer = begin(tmp_path)
        for _ in range(2):
            connection = writer.new_connection()
            writer.open_track("ada", connection=connection, source="camera", formats=[OPUS])
        writer.close("asked")
        opened = [
            entry for entry in read_recording(tmp_path).entries if isinstance(entry, TrackOpened)
        ]
        numbers = [(entry.number, entry.connection) for entry in opened]

    assert numbers == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_two_recorders_do_not_write_at_once(tmp_path: Path) -> None:
    first = begin(tmp_path)

    with pytest.raises(AlreadyRecording, match="another recorder"):
        begin(tmp_path)

    first.close("asked")
    begin(tmp_path).close("asked")


def test_a_folder_without_a_recording_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(NoRecording, match=str(tmp_path)):
        read_recording(tmp_path)


def test_a_recording_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    newer = Begun(at=1.0, version=2, room="ward-7")
    (tmp_path / JOURNAL).write_text(newer.model_dump_json() + "\n")

    with pytest.raises(NoRecording, match="newer Vestibule"):
        read_recording(tmp_path)


def test_entries_of_kinds_not_known_yet_are_passed_over(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'{"event":"weather","at":3.0}\n')
    writer.close("asked")

    assert [type(entry) for entry in read_recording(tmp_path).entries] == [Begun, Stopped]


def test_the_recorders_clock_never_goes_back() -> None:
    clock = RecorderClock()
    shown = [clock.now_us() for _ in range(1000)]

    assert shown == sorted(shown)
