"""Recordings become films in which everything is at its time and place."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.film import Film, measure, sound_minus_picture
from tests.integration.rooms.recordings.invented_call import BEGIN, Sender, ada, ben, cleo, record
from vestibule.rooms.definitions.shapes import Layout, RecordingOptions
from vestibule.rooms.recordings.compositor import NothingRecorded, compose
from vestibule.rooms.recordings.journal import Source, Updated
from vestibule.rooms.recordings.layouts import Area
from vestibule.rooms.recordings.track_store import RecorderClock, RecordingWriter

SMALL = RecordingOptions(width=640, height=240, videoBitrate=1000)
LEFT, RIGHT, MIDDLE = Area(0, 0, 320, 240), Area(320, 0, 320, 240), Area(160, 0, 320, 240)
SIDES = {"left": LEFT, "right": RIGHT, "middle": MIDDLE}


def filmed(folder: Path, options: RecordingOptions = SMALL) -> Film:
    composed = compose(folder, folder / "film.mp4", options)
    return measure(composed.path, SIDES)


def median(values: list[float]) -> float:
    return float(np.median(values))


def test_a_call_of_two_is_shown_and_heard_in_full(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=4), ben(goes=4), stops=4)

    film = filmed(tmp_path)

    assert film.seconds == pytest.approx(4, abs=0.1)
    assert (film.fps, film.size) == (30, (640, 240))
    for side, look in (("left", signs.ADA), ("right", signs.BEN)):
        assert film.tiles[side].shows(look, 0.2, 3.8) == 1
        assert film.tiles[side].frames_per_second(0.5, 3.5) > 29
        assert len(film.tones(look)) == 4
        assert abs(median(sound_minus_picture(film, side, look))) < 0.025


def test_clocks_that_are_wrong_and_drift_do_not_tear_sound_and_picture_apart(
    tmp_path: Path,
) -> None:
    """A sound card that is 0.05 % too fast is 16 ms ahead after 32 seconds."""
    record(tmp_path, ada(goes=32, clock_ahead=-7200, sound_ppm=500), stops=32)

    film = filmed(tmp_path)

    late = sound_minus_picture(film, "middle", signs.ADA)
    assert len(late) >= 30
    assert max(late) - min(late) < 0.012


def test_two_people_are_in_step_though_their_clocks_are_an_hour_apart(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3, clock_ahead=3600), ben(goes=3, clock_ahead=-3600), stops=3)

    film = filmed(tmp_path)

    assert film.tiles["left"].flashes() == film.tiles["right"].flashes()


def test_who_comes_late_and_who_goes_early_is_there_at_the_right_time(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=6), ben(comes=2, goes=4), stops=6)

    film = filmed(tmp_path)

    for start, end in ((0.2, 1.9), (4.1, 5.9)):
        assert film.tiles["middle"].shows(signs.ADA, start, end) == 1
    assert film.tiles["right"].shows(signs.BEN, 2.2, 3.9) == 1
    assert [round(at) for at in film.tones(signs.BEN)] == [2, 3]


def test_a_muted_microphone_is_silent_and_in_step_afterwards(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=10, silent=(3.5, 6.7)), stops=10)

    film = filmed(tmp_path)

    assert [round(at) for at in film.tones(signs.ADA)] == [0, 1, 2, 3, 7, 8, 9]
    late = sound_minus_picture(film, "middle", signs.ADA)
    assert max(map(abs, late)) < 0.04


def test_lost_packets_freeze_the_picture_and_leave_the_rest_in_step(tmp_path: Path) -> None:
    """Every 50th packet of sound, and one of the picture: there is no later whole one."""

    def loses(source: Source, number: int) -> bool:
        return number % 50 == 7 if source == "microphone" else number == 100

    record(tmp_path, ada(goes=6), loses=loses, stops=6)

    film = filmed(tmp_path)

    late = sound_minus_picture(film, "middle", signs.ADA)
    assert len(late) >= 2
    assert max(map(abs, late)) < 0.03
    numbers = film.tiles["middle"].numbers[:-10]
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert numbers.count(numbers[-1]) > 30


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of three people, of whom Ada speaks first; Ben, who came last, shares."""
    folder = tmp_path_factory.mktemp("three")
    sharing = ben().attendee.model_copy(update={"screen": True})
    shares = replace(ben(goes=2, comes=0.04), attendee=sharing, shares=signs.SCREEN)
    record(folder, ada(goes=2), cleo(comes=0.02, goes=2), shares, stops=2)
    return folder


ALONE: dict[str, object] = {"preset": "single-participant", "session_id": "cleo"}
PLACES: list[tuple[dict[str, object], tuple[int, int], dict[str, Area]]] = [
    # beside a shared screen, everybody in a column of a fifth of the width
    (
        {"preset": "default"},
        (800, 480),
        {
            "SCREEN": Area(0, 0, 640, 480),
            "ADA": Area(640, 20, 160, 120),
            "CLEO": Area(640, 180, 160, 120),
            "BEN": Area(640, 340, 160, 120),
        },
    ),
    (
        {"preset": "active-participant"},
        (800, 480),
        {"SCREEN": Area(0, 0, 640, 480), "ADA": Area(640, 20, 160, 120)},
    ),
    (ALONE, (640, 480), {"CLEO": Area(0, 0, 640, 480)}),
    # an upright phone: the host at the end, edges are cut off
    (
        {"preset": "portrait", "variant": "vertical"},
        (320, 480),
        {"CLEO": Area(0, 0, 320, 240), "ADA": Area(0, 240, 320, 240)},
    ),
]


@pytest.mark.parametrize(("layout", "size", "places"), PLACES)
def test_everybody_is_seen_in_the_place_that_the_layout_gives_them(
    three: Path, layout: dict[str, object], size: tuple[int, int], places: dict[str, Area]
) -> None:
    width, height = size
    options = RecordingOptions(
        width=width, height=height, fps=10, layout=Layout.model_validate(layout)
    )

    film = measure(compose(three, three / "film.mp4", options).path, places)

    assert (film.size, film.fps) == (size, 10)
    for name in places:
        assert film.tiles[name].shows(getattr(signs, name), 0.3, 1.8) == 1, name
    for look in (signs.ADA, signs.BEN, signs.CLEO):
        is_wanted = layout is not ALONE or look == signs.CLEO
        assert film.is_heard(look, 0, 2) == is_wanted


def test_who_speaks_is_large_and_every_tile_bears_a_name(tmp_path: Path) -> None:
    """Ada's tones are her speech; without a name there would be the flat field of her picture."""
    record(tmp_path, ada(goes=2), cleo(goes=2, silent=(0, 2)), stops=2)
    active = Layout(preset="active-participant")
    options = RecordingOptions(width=800, height=480, fps=10, layout=active)
    large, small = Area(0, 0, 640, 480), Area(640, 180, 160, 120)

    path = compose(tmp_path, tmp_path / "film.mp4", options).path

    film = measure(path, {"large": large, "small": small})
    assert film.tiles["large"].shows(signs.ADA, 0.3, 1.8) == 1
    assert film.tiles["small"].shows(signs.CLEO, 0.3, 1.8) == 1
    with av.open(path) as file:
        picture = next(file.decode(video=0)).to_ndarray(format="gray")
    for area in (large, small):
        foot = picture[area.y + area.height - 20 : area.y + area.height, area.x : area.x + 60]
        assert foot.max() - foot.min() > 100, "there is no name"


def test_a_camera_that_is_switched_off_shows_the_name_instead(tmp_path: Path) -> None:
    off = ada().attendee.model_copy(update={"video": False})
    change = Updated(at=BEGIN + 3, person=off)
    record(tmp_path, ada(goes=6), extra=[change], stops=6)

    film = filmed(tmp_path)

    assert film.tiles["middle"].shows(signs.ADA, 0.2, 2.9) == 1
    assert film.tiles["middle"].shows(signs.ADA, 3.1, 5.9) == 0
    assert film.is_heard(signs.ADA, 4.5, 5.5)


def test_nothing_is_left_of_who_has_gone(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=2), stops=4)

    film = filmed(tmp_path)

    assert film.tiles["middle"].shows(signs.ADA, 0.2, 1.9) == 1
    assert film.tiles["middle"].shows(signs.ADA, 2.1, 3.9) == 0


def test_what_a_killed_recorder_left_is_composed_to_its_last_moment(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=4), stops=None)
    for track in (tmp_path / "tracks").iterdir():
        whole = track.read_bytes()
        track.write_bytes(whole[: len(whole) - 100])

    film = filmed(tmp_path)

    assert film.seconds == pytest.approx(4, abs=0.1)
    assert film.tiles["middle"].shows(signs.ADA, 0.2, 3.9) == 1


def test_a_recording_that_two_recorders_made_is_one_film(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3), stops=None)
    (tmp_path / "lock").unlink()  # this process is both recorders
    record(tmp_path, ada(comes=4, goes=7), stops=7)

    film = filmed(tmp_path)

    assert film.seconds == pytest.approx(7, abs=0.1)
    assert [round(at) for at in film.tones(signs.ADA)] == [0, 1, 2, 4, 5, 6]
    assert film.tiles["middle"].frames_per_second(4.2, 6.8) > 29


def test_an_audio_recording_has_no_picture(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3), ben(goes=3), stops=3)

    composed = compose(
        tmp_path, tmp_path / "sound.mp4", RecordingOptions(layout=Layout(preset="audio-only"))
    )

    film = measure(composed.path, {})
    with av.open(composed.path) as file:
        assert not file.streams.video
    assert film.is_heard(signs.ADA, 0, 3)
    assert film.is_heard(signs.BEN, 0, 3)


def test_a_single_participants_recording_has_nobody_elses_voice(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3), ben(goes=3), stops=3)
    only_ben = Layout(preset="single-participant", session_id="ben")

    film = filmed(tmp_path, SMALL.model_copy(update={"layout": only_ben}))

    assert film.is_heard(signs.BEN, 0, 3)
    assert not film.is_heard(signs.ADA, 0, 3)
    assert film.tiles["middle"].shows(signs.BEN, 0.2, 2.8) == 1


def test_the_file_is_as_it_was_asked_for(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=3), stops=3)
    asked = RecordingOptions(
        width=400, height=300, fps=10, videoBitrate=300, audioBitrate=48, backgroundColor="#ff0000"
    )

    composed = compose(tmp_path, tmp_path / "film.mp4", asked)

    with av.open(composed.path) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, float(video.average_rate or 0)) == (400, 300, 10)
        assert audio.codec_context.sample_rate == 48_000
    whole = composed.path.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")


def test_the_bitrate_is_an_upper_limit(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=4), stops=4)
    sizes = []
    for kbps in (20, 5000):
        asked = RecordingOptions(width=640, height=480, videoBitrate=kbps)
        with av.open(compose(tmp_path, tmp_path / f"{kbps}.mp4", asked).path) as file:
            sizes.append(sum(packet.size for packet in file.demux(video=0)))

    assert sizes[0] < 0.8 * sizes[1]


def test_progress_is_told_and_the_work_can_be_interrupted_and_repeated(tmp_path: Path) -> None:
    record(tmp_path, ada(goes=4), stops=4)
    seen: list[float] = []

    def interrupt(done: float) -> None:
        seen.append(done)
        if done >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compose(tmp_path, tmp_path / "film.mp4", SMALL, progress=interrupt)
    assert seen == pytest.approx([0.25, 0.5], abs=0.02)
    assert not list(tmp_path.glob("film*"))

    compose(tmp_path, tmp_path / "film.mp4", SMALL)

    assert [path.name for path in tmp_path.glob("film*")] == ["film.mp4"]


def test_a_recording_without_media_is_an_error_for_people(tmp_path: Path) -> None:
    RecordingWriter(tmp_path, room="ward", clock=RecorderClock()).close("asked")

    with pytest.raises(NothingRecorded, match="holds no media"):
        compose(tmp_path, tmp_path / "film.mp4", SMALL)
    assert not list(tmp_path.glob("film*"))


@pytest.mark.parametrize("sender", [ada(goes=0.4), ada(goes=0.02)])
def test_the_shortest_recording_can_be_composed(tmp_path: Path, sender: Sender) -> None:
    record(tmp_path, sender, stops=0.5)

    assert filmed(tmp_path).seconds == pytest.approx(0.5, abs=0.1)
