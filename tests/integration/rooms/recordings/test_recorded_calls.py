"""Calls between real browsers on a real server, recorded by a real recorder and measured."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import Guest, Ward
from tests.integration.rooms.recordings.film import Film, measure, sound_minus_picture
from tests.integration.rooms.recordings.signs import Look
from vestibule.rooms.definitions.shapes import RecordingOptions
from vestibule.rooms.recordings.compositor import compose
from vestibule.rooms.recordings.encoded_frames import in_order
from vestibule.rooms.recordings.layouts import Area
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


def filmed(folder: Path) -> Film:
    return measure(compose(folder, folder.parent / "film.mp4", OPTIONS).path, AREAS)


def is_in_step(film: Film, tile: str, look: Look, guest: Guest) -> bool:
    """True if sound and picture are within 80 ms of each other, as far as the page had them so."""
    late = statistics.median(sound_minus_picture(film, tile, look)) + guest.lateness()
    return abs(late) < 0.08


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


def lost_packets(track: RecordedTrack) -> int:
    sequences = [sequence for sequence, _ in in_order(packets_of(track))]
    return sequences[-1] - sequences[0] + 1 - len(sequences)


def is_fluent(film: Film, tile: str, folder: Path, name: str, *, until: float) -> bool:
    """True if at least nine of ten pictures that arrived are seen."""
    [track] = tracks_of(folder, name, "camera")
    begin = min(packets_of(track)[0].arrival_us for track in read_recording(folder).tracks) / 1e6
    arrived = arrived_per_second(track, begin + 1, begin + until)
    return film.tiles[tile].frames_per_second(1, until) >= 0.9 * min(30.0, arrived)


def test_both_people_are_seen_and_heard_also_after_one_was_muted(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(2.5)
    muting = time.time() - began
    ben.button("Mute").click()
    muted = time.time() - began
    goes_on(2.5)
    unmuting = time.time() - began
    ben.button("Unmute").click()
    unmuted = time.time() - began
    goes_on(4)
    lasted = time.time() - began
    assert recorder.stop() == {
        "event": "stopped",
        "reason": "asked",
        "message": "told to stop",
        "code": 0,
    }

    film = filmed(tmp_path / "rec")

    assert film.seconds == pytest.approx(lasted, abs=0.3)
    for tile, look, name, who in (
        ("left", signs.ADA, "Ada", ada),
        ("right", signs.BEN, "Ben", ben),
    ):
        assert film.tiles[tile].shows(look, 0.5, lasted - 0.5) > MOSTLY
        assert is_fluent(film, tile, tmp_path / "rec", name, until=lasted - 1)
        assert is_in_step(film, tile, look, who)
    assert len(film.tones(signs.ADA)) >= int(lasted)
    assert film.is_heard(signs.BEN, 0, muting)
    assert not film.is_heard(signs.BEN, muted + 0.3, unmuting)
    assert film.is_heard(signs.BEN, unmuted + 0.3, lasted)
    assert [lost_packets(track) for track in read_recording(tmp_path / "rec").tracks] == [0] * 4


def test_a_shared_screen_is_in_front_and_heard(ward: Ward, guest: Join, tmp_path: Path) -> None:
    ada = guest("Ada", signs.ADA)
    ben = guest("Ben", signs.BEN)
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(1.5)
    sharing = time.time() - began
    ada.button("Share screen").click()
    shared = time.time() - began
    goes_on(5)
    unsharing = time.time() - began
    ada.button("Stop sharing").click()
    unshared = time.time() - began
    goes_on(2)
    lasted = time.time() - began
    assert ward.delete() == 200
    assert recorder.ends()["reason"] == "room-deleted"

    film = filmed(tmp_path / "rec")

    assert film.seconds == pytest.approx(lasted, abs=0.5)
    assert film.tiles["left"].shows(signs.ADA, 0.3, sharing) > MOSTLY
    assert film.tiles["screen"].shows(signs.SCREEN, shared + 1, unsharing) > MOSTLY
    assert film.tiles["upper"].shows(signs.ADA, shared + 1, unsharing) > MOSTLY
    assert film.tiles["left"].shows(signs.ADA, unshared + 0.5, lasted) > MOSTLY
    assert not film.is_heard(signs.SCREEN, 0, sharing)
    late = statistics.median(sound_minus_picture(film, "screen", signs.SCREEN))
    assert abs(late) < 0.08
    assert ben.errors == []


@pytest.mark.parametrize("codec", ["VP8", "VP9", "H264"])
def test_who_comes_later_is_recorded_in_the_codec_of_the_browser(
    ward: Ward, guest: Join, tmp_path: Path, codec: str
) -> None:
    guest("Ada", signs.ADA)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(1)
    ben = guest("Ben", signs.BEN, codec)
    ben.sees_people(3)
    came = time.time() - began
    goes_on(4)
    lasted = time.time() - began
    recorder.stop()

    film = filmed(tmp_path / "rec")

    [track] = tracks_of(tmp_path / "rec", "Ben", "camera")
    used = {track.formats[packet.payload_type].codec for packet in packets_of(track)}
    assert used == {codec.lower()}
    assert film.tiles["whole"].shows(signs.ADA, 0.3, 1) > MOSTLY
    connected = came + 1  # a connection and a first whole picture take their time
    assert film.tiles["right"].shows(signs.BEN, connected, lasted - 0.5) > MOSTLY
    assert is_in_step(film, "right", signs.BEN, ben)


def test_who_reloads_the_page_is_recorded_again(ward: Ward, guest: Join, tmp_path: Path) -> None:
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(2)
    ben.page.reload()
    ben.sees_people(3)
    back = time.time() - began
    goes_on(4)
    lasted = time.time() - began
    recorder.stop()

    film = filmed(tmp_path / "rec")

    assert len(tracks_of(tmp_path / "rec", "Ben", "camera")) == 2
    assert film.tiles["right"].shows(signs.BEN, back + 1, lasted - 0.5) > MOSTLY
    later = [tone for tone in film.tones(signs.BEN) if tone > back + 1]
    assert len(later) >= 2
    assert is_in_step(film, "right", signs.BEN, ben)


def test_a_killed_recorder_loses_next_to_nothing_and_another_goes_on(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(4)
    recorder.kill()
    killed = time.time()
    written = [
        packets_of(track)[-1].arrival_us / 1e6 for track in read_recording(tmp_path / "rec").tracks
    ]
    recorder = ward.recorder(tmp_path / "rec")
    again = recorder.starts() - began
    goes_on(4)
    lasted = time.time() - began
    recorder.stop()

    film = filmed(tmp_path / "rec")

    assert len(written) == 4
    assert killed - min(written) < 0.5
    assert film.seconds == pytest.approx(lasted, abs=0.3)
    for tile, look, who in (("left", signs.ADA, ada), ("right", signs.BEN, ben)):
        assert film.tiles[tile].shows(look, 0.5, killed - began - 0.5) > MOSTLY
        assert film.tiles[tile].shows(look, again + 0.5, lasted - 0.5) > MOSTLY
        assert film.tiles[tile].frames_per_second(again + 0.5, lasted - 0.5) > 5
        assert is_in_step(film, tile, look, who)


def test_the_recording_goes_on_while_the_server_is_killed_and_started_again(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    ada, ben = guest("Ada", signs.ADA), guest("Ben", signs.BEN)
    ada.sees_people(2)
    recorder = ward.recorder(tmp_path / "rec")
    began = recorder.starts()
    goes_on(2)
    ward.server.kill()
    ward.server.start()
    goes_on(3)
    darkening = time.time() - began
    ben.button("Turn camera off").click()
    dark = time.time() - began
    goes_on(2)
    lasted = time.time() - began
    assert recorder.stop()["code"] == 0

    film = filmed(tmp_path / "rec")

    assert film.tiles["left"].shows(signs.ADA, 0.5, lasted - 0.5) > MOSTLY
    assert film.tiles["right"].shows(signs.BEN, 0.5, darkening) > MOSTLY
    assert film.tiles["right"].shows(signs.BEN, dark + 0.5, lasted - 0.5) < 1 - MOSTLY
    assert is_fluent(film, "left", tmp_path / "rec", "Ada", until=lasted - 1)
    assert is_in_step(film, "left", signs.ADA, ada)


def test_lost_packets_are_asked_for_again(ward: Ward, guest: Join, tmp_path: Path) -> None:
    """Two of a hundred packets are lost on their way to the recorder."""
    ada = guest("Ada", signs.ADA)
    recorder = ward.recorder(tmp_path / "rec", lose_one_in=50)
    recorder.starts()
    goes_on(8)
    recorder.stop()

    film = filmed(tmp_path / "rec")

    [camera] = tracks_of(tmp_path / "rec", "Ada", "camera")
    [microphone] = tracks_of(tmp_path / "rec", "Ada", "microphone")
    assert lost_packets(microphone) > 2
    assert lost_packets(camera) <= 1
    assert is_fluent(film, "whole", tmp_path / "rec", "Ada", until=7)
    assert is_in_step(film, "whole", signs.ADA, ada)


def test_a_disk_that_fills_up_ends_the_recording_in_order(
    ward: Ward, guest: Join, tmp_path: Path
) -> None:
    guest("Ada", signs.ADA)
    recorder = ward.recorder(tmp_path / "rec", most_bytes=100_000)
    recorder.starts()

    ended = recorder.ends()

    assert (ended["event"], ended["reason"], ended["code"]) == ("stopped", "disk-full", 6)
    film = filmed(tmp_path / "rec")
    assert film.seconds > 1
    assert film.tiles["whole"].shows(signs.ADA, 0.5, film.seconds - 0.5) > MOSTLY
