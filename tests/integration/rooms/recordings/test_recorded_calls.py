"""Calls between real browsers on a real server, recorded by a real recorder and measured."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from av.container import InputContainer

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import Guest, Ward, is_in_step
from tests.integration.rooms.recordings.film import Film, measure, sound_minus_picture
from vestibule.rooms.definitions.shapes import RecordingOptions
from vestibule.rooms.recordings.compositor import compose
from vestibule.rooms.recordings.encoded_frames import in_order
from vestibule.rooms.recordings.journal import Stopped
from vestibule.rooms.recordings.layouts import Area
from vestibule.rooms.recordings.raw_tracks import write_raw_tracks
from vestibule.rooms.recordings.track_log import Packet, read_track_log
from vestibule.rooms.recordings.track_store import RecordedTrack, read_recording

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

Join = Callable[..., Guest]

# A blurred frame now and then is a matter of the browser's encoder.
MOSTLY = 0.95
OPTIONS = RecordingOptions(width=640, height=240)
AREAS = {
    "left": Area(0, 0, 320, 240),
    "right": Area(320, 0, 320, 240),
    "whole": Area(160, 0, 320, 240),
    # beside a shared screen: the screen, and two people in a column of a fifth of the width
    "screen": Area(96, 0, 320, 240),
    "upper": Area(512, 12, 128, 96),
}


def goes_on(seconds: float) -> None:
    """Let the call go on; there is nothing to wait for but its media."""
    time.sleep(seconds)


def between(began: float, act: Callable[[], object]) -> tuple[float, float]:
    """When something was done: the seconds since `began` before it, and after it."""
    before = time.time() - began
    act()
    return before, time.time() - began


def filmed(folder: Path) -> Film:
    """The film, which is as long as what was recorded."""
    film = measure(compose(folder, folder.parent / "film.mp4", OPTIONS).path, AREAS)
    recording = read_recording(folder)
    begin = min(packets_of(track)[0].arrival_us for track in recording.tracks) / 1e6
    [end] = [entry.at for entry in recording.entries if isinstance(entry, Stopped)]
    assert film.seconds == pytest.approx(end - begin, abs=0.3)
    return film


def tracks_of(folder: Path, name: str, source: str) -> list[RecordedTrack]:
    recording = read_recording(folder)
    people = [person for entry in recording.entries for person in getattr(entry, "people", ())]
    people += [entry.person for entry in recording.entries if hasattr(entry, "person")]
    ids = {person.session_id for person in people if person.user_name == name}
    return [
        track for track in recording.tracks if track.session_id in ids and track.source == source
    ]


def packets_of(track: RecordedTrack) -> list[Packet]:
    return [record for record in read_track_log(track.path) if isinstance(record, Packet)]


def arrived_per_second(track: RecordedTrack, start: float, end: float) -> float:
    """How many pictures arrived in each second; both times in unix seconds."""
    pictures = {
        packet.timestamp
        for packet in packets_of(track)
        if start * 1e6 <= packet.arrival_us < end * 1e6 and packet.payload
    }
    return len(pictures) / (end - start)


def codecs_of(track: RecordedTrack) -> set[str]:
    return {track.formats[packet.payload_type].codec for packet in packets_of(track)}


def lost_packets(track: RecordedTrack) -> int:
    sequences = [sequence for sequence, _ in in_order(packets_of(track))]
    return sequences[-1] - sequences[0] + 1 - len(sequences)


def is_fluent(film: Film, tile: str, folder: Path, name: str, *, until: float) -> bool:
    """True if at least nine of ten pictures that arrived are seen, as far as one can read them."""
    track = tracks_of(folder, name, "camera")[0]
    begin = min(packets_of(track)[0].arrival_us for track in read_recording(folder).tracks) / 1e6
    arrived = arrived_per_second(track, begin + 1, begin + until)
    legible = film.tiles[tile].legible(1, until)
    return film.tiles[tile].frames_per_second(1, until) >= 0.9 * legible * min(30.0, arrived)


def test_a_call_with_a_pause_a_shared_screen_and_a_reload(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    """Both are seen and heard, and in step, after each; the deletion of the room ends it."""
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN, "VP9")
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(2)
    muting, muted = between(began, ben.button("Mute").click)
    goes_on(1.5)
    unmuting, unmuted = between(began, ben.button("Unmute").click)
    goes_on(2.5)
    sharing, shared = between(began, ada.button("Share screen").click)
    goes_on(4)
    unsharing, unshared = between(began, ada.button("Stop sharing").click)
    goes_on(1)
    reloading, _ = between(began, ben.page.reload)
    ben.sees_people(2)
    back = time.time() - began
    goes_on(4)
    deleting, _ = between(began, ward.delete)
    assert recorder.ends()["reason"] == "room-deleted"
    ended = time.time() - began

    film = filmed(tmp_path / "rec")

    assert deleting - 0.3 < film.seconds < ended
    for tile, look, name in (("left", signs.ADA, "Ada"), ("right", signs.BEN, "Ben")):
        assert film.tiles[tile].shows(look, 0.5, sharing) > MOSTLY
        assert is_fluent(film, tile, tmp_path / "rec", name, until=sharing)
        assert film.tiles[tile].shows(look, back + 1, deleting - 0.5) > MOSTLY
    assert film.is_heard(signs.BEN, 0, muting)
    assert not film.is_heard(signs.BEN, muted + 0.3, unmuting)
    assert film.is_heard(signs.BEN, unmuted + 0.3, reloading)
    # A busy browser leaves out a tone now and then.
    assert len(film.tones(signs.ADA)) >= 0.75 * deleting
    assert lost_packets(tracks_of(tmp_path / "rec", "Ada", "microphone")[0]) == 0

    assert film.tiles["screen"].shows(signs.SCREEN, shared + 1, unsharing) > MOSTLY
    assert film.tiles["upper"].shows(signs.ADA, shared + 1, unsharing) > MOSTLY
    assert film.tiles["left"].shows(signs.ADA, unshared + 0.5, reloading) > MOSTLY
    assert not film.is_heard(signs.SCREEN, 0, sharing)
    assert abs(statistics.median(sound_minus_picture(film, "screen", signs.SCREEN))) < 0.08

    assert [codecs_of(track) for track in tracks_of(tmp_path / "rec", "Ben", "camera")] == [
        {"vp8"},  # the recorder's choice, who came later
        {"vp9"},  # Ben's
    ]
    assert len([tone for tone in film.tones(signs.BEN) if tone > back + 1]) >= 2
    assert is_in_step(film, "left", signs.ADA, ada)
    assert is_in_step(film, "right", signs.BEN, ben)


def test_who_comes_later_is_recorded_in_the_codec_of_the_browser(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    guest("Ada", signs.ADA)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(1)
    ben = guest("Ben", signs.BEN, "H264")
    ben.sees_people(2)
    came = time.time() - began
    goes_on(4)
    lasted = time.time() - began
    assert recorder.stop() == {
        "event": "stopped",
        "reason": "asked",
        "message": "told to stop",
        "code": 0,
    }

    film = filmed(tmp_path / "rec")
    raw = write_raw_tracks(tmp_path / "rec", tmp_path / "raw")

    for one in raw.tracks:
        with av.open(tmp_path / "raw" / one.file) as file:
            assert isinstance(file, InputContainer)
            assert sum(1 for _ in file.decode(file.streams[0])) > 10, one
        assert one.file.endswith(".mkv") == (one.type == "video" and ben.own_id() in one.file)
    [track] = tracks_of(tmp_path / "rec", "Ben", "camera")
    assert codecs_of(track) == {"h264"}
    assert film.tiles["whole"].shows(signs.ADA, 0.3, 1) > MOSTLY
    connected = came + 1  # a connection and a first whole picture take their time
    assert film.tiles["left"].shows(signs.ADA, connected, lasted - 0.5) > MOSTLY
    assert film.tiles["right"].shows(signs.BEN, connected, lasted - 0.5) > MOSTLY
    assert is_in_step(film, "right", signs.BEN, ben)


def test_lost_packets_are_asked_for_again_and_a_full_disk_ends_a_recording_in_order(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    """Two recorders: one loses two of a hundred packets on their way, one has a small disk."""
    ada = guest("Ada", signs.ADA)
    small = ward.recorder(tmp_path / "small", disk_bytes=400_000)
    recorder = ward.recorder(tmp_path / "rec", lose_one_in=50)
    small.starts()
    recorder.starts()
    goes_on(6)
    recorder.stop()
    ended = small.ends()

    film = filmed(tmp_path / "rec")

    [camera] = tracks_of(tmp_path / "rec", "Ada", "camera")
    [microphone] = tracks_of(tmp_path / "rec", "Ada", "microphone")
    assert lost_packets(microphone) > 1
    assert lost_packets(camera) <= 1
    assert is_fluent(film, "whole", tmp_path / "rec", "Ada", until=5)
    assert is_in_step(film, "whole", signs.ADA, ada)

    assert (ended["event"], ended["reason"], ended["code"]) == ("stopped", "disk-full", 6)
    film = measure(compose(tmp_path / "small", tmp_path / "small.mp4", OPTIONS).path, AREAS)
    assert film.seconds > 1
    assert film.tiles["whole"].shows(signs.ADA, 0.5, film.seconds - 0.5) > MOSTLY
