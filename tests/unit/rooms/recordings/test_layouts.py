"""Where people and screens stand in the picture, layout by layout."""

import itertools

import pytest

from vestibule.rooms.definitions.shapes import Layout
from vestibule.rooms.recordings.journal import Attendee
from vestibule.rooms.recordings.layouts import Area, Stage, Tile, arrange, has_pictures, heard

DEFAULT = Layout(preset="default")
ACTIVE = Layout(preset="active-participant")
SINGLE = Layout(preset="single-participant", session_id="ben")
VERTICAL = Layout(preset="portrait")
INSET = Layout(preset="portrait", variant="inset")

ADA = Attendee(session_id="ada", user_name="Ada", is_owner=True, audio=True, video=True)
BEN = Attendee(session_id="ben", user_name="Ben", audio=True, video=True)
CLEO = Attendee(session_id="cleo", user_name="Cleo", audio=True, video=True)
SHARING = BEN.model_copy(update={"screen": True})


def stage(
    *people: Attendee, spoke: tuple[str, ...] = (), width: int = 1280, height: int = 720
) -> Stage:
    return Stage(people, spoke, width, height)


def crowd(count: int) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(session_id=f"p{n}", user_name=f"P{n}", audio=True, video=True)
        for n in range(count)
    )


def areas(tiles: tuple[Tile, ...]) -> list[tuple[str, str, tuple[int, int, int, int]]]:
    return [
        (
            tile.session_id,
            tile.source,
            (tile.area.x, tile.area.y, tile.area.width, tile.area.height),
        )
        for tile in tiles
    ]


LANDSCAPE = [
    ("nobody", DEFAULT, stage(), []),
    ("one", DEFAULT, stage(ADA), [("ada", "camera", (0, 0, 1280, 720))]),
    (
        "two stand side by side",
        DEFAULT,
        stage(ADA, BEN),
        [("ada", "camera", (0, 0, 640, 720)), ("ben", "camera", (640, 0, 640, 720))],
    ),
    (
        "the third stands centred below",
        DEFAULT,
        stage(ADA, BEN, CLEO),
        [
            ("ada", "camera", (0, 0, 640, 360)),
            ("ben", "camera", (640, 0, 640, 360)),
            ("cleo", "camera", (320, 360, 640, 360)),
        ],
    ),
    (
        "a shared screen is large, the people are beside it",
        DEFAULT,
        stage(ADA, SHARING),
        [
            ("ben", "screen", (0, 0, 1024, 720)),
            ("ada", "camera", (1024, 0, 256, 360)),
            ("ben", "camera", (1024, 360, 256, 360)),
        ],
    ),
    (
        "the speaker is large, the others by how lately they spoke",
        ACTIVE,
        stage(ADA, BEN, CLEO, spoke=("ben", "cleo")),
        [
            ("ben", "camera", (0, 0, 1024, 720)),
            ("cleo", "camera", (1024, 0, 256, 360)),
            ("ada", "camera", (1024, 360, 256, 360)),
        ],
    ),
    (
        "a speaker who left is passed over",
        ACTIVE,
        stage(ADA, CLEO, spoke=("ben", "cleo")),
        [("cleo", "camera", (0, 0, 1024, 720)), ("ada", "camera", (1024, 0, 256, 720))],
    ),
    (
        "a screen is larger than the speaker",
        ACTIVE,
        stage(ADA, SHARING, spoke=("ada",)),
        [
            ("ben", "screen", (0, 0, 1024, 720)),
            ("ada", "camera", (1024, 0, 256, 360)),
            ("ben", "camera", (1024, 360, 256, 360)),
        ],
    ),
    ("one alone", SINGLE, stage(ADA, BEN), [("ben", "camera", (0, 0, 1280, 720))]),
    ("one who is not there", SINGLE, stage(ADA), []),
    (
        "one with a screen",
        SINGLE,
        stage(ADA, SHARING),
        [("ben", "screen", (0, 0, 1024, 720)), ("ben", "camera", (1024, 0, 256, 720))],
    ),
    ("no pictures", Layout(preset="audio-only"), stage(ADA, BEN), []),
]

PORTRAIT = [
    (
        "owners stand lower",
        VERTICAL,
        stage(ADA, BEN, width=720, height=1280),
        [("ben", "camera", (0, 0, 720, 640)), ("ada", "camera", (0, 640, 720, 640))],
    ),
    (
        "the owner is large",
        INSET,
        stage(ADA, BEN, width=720, height=1280),
        [("ada", "camera", (0, 0, 720, 1280)), ("ben", "camera", (462, 18, 240, 426))],
    ),
    (
        "two at most",
        VERTICAL,
        stage(*crowd(5), width=720, height=1280),
        [("p0", "camera", (0, 0, 720, 640)), ("p1", "camera", (0, 640, 720, 640))],
    ),
]


@pytest.mark.parametrize(
    ("layout", "shown", "expected"),
    [pytest.param(*case, id=name) for name, *case in LANDSCAPE + PORTRAIT],
)
def test_everything_has_its_place(
    layout: Layout, shown: Stage, expected: list[tuple[str, str, tuple[int, int, int, int]]]
) -> None:
    assert areas(arrange(layout, shown)) == expected


@pytest.mark.parametrize("layout", [DEFAULT, ACTIVE, VERTICAL, INSET])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (720, 1280), (642, 362)])
def test_no_tile_leaves_the_picture_or_has_an_odd_edge(
    layout: Layout, size: tuple[int, int]
) -> None:
    width, height = size
    for count, sharing in itertools.product(range(25), (0, 1, 3)):
        people = tuple(
            person.model_copy(update={"screen": number < sharing})
            for number, person in enumerate(crowd(count))
        )
        for tile in arrange(layout, stage(*people, width=width, height=height)):
            area = tile.area
            assert not (area.x | area.y | area.width | area.height) & 1
            assert 0 <= area.x <= area.x + area.width <= width
            assert 0 <= area.y <= area.y + area.height <= height
            assert area.width > 0
            assert area.height > 0


@pytest.mark.parametrize("layout", [DEFAULT, ACTIVE, VERTICAL])
@pytest.mark.parametrize("count", range(1, 21))
def test_tiles_do_not_lie_over_each_other(layout: Layout, count: int) -> None:
    tiles = arrange(layout, stage(*crowd(count)))

    assert not any(overlap(one.area, two.area) for one, two in itertools.combinations(tiles, 2))


def overlap(one: Area, two: Area) -> bool:
    across = one.x < two.x + two.width and two.x < one.x + one.width
    return across and one.y < two.y + two.height and two.y < one.y + one.height


@pytest.mark.parametrize(("count", "shown"), [(19, 19), (20, 20), (25, 20)])
def test_the_grid_has_room_for_twenty(count: int, shown: int) -> None:
    assert len(arrange(DEFAULT, stage(*crowd(count)))) == shown


def test_the_grid_can_be_made_smaller() -> None:
    tiles = arrange(Layout(preset="default", max_cam_streams=4), stage(*crowd(9)))

    assert [tile.session_id for tile in tiles] == ["p0", "p1", "p2", "p3"]


def test_when_not_all_have_room_those_with_a_camera_are_seen() -> None:
    dark = ADA.model_copy(update={"video": False})

    tiles = arrange(Layout(preset="default", max_cam_streams=2), stage(dark, BEN, CLEO))

    assert [tile.session_id for tile in tiles] == ["ben", "cleo"]


def test_the_column_beside_the_speaker_has_room_for_nine() -> None:
    assert len(arrange(ACTIVE, stage(*crowd(15)))) == 1 + 9


def test_every_tile_says_whose_it_is() -> None:
    assert {tile.label for tile in arrange(DEFAULT, stage(ADA, SHARING))} == {"Ada", "Ben"}


def test_only_portraits_cut_pictures_off() -> None:
    assert {tile.fit for tile in arrange(DEFAULT, stage(ADA, BEN))} == {"whole"}
    assert {tile.fit for tile in arrange(VERTICAL, stage(ADA, BEN))} == {"fill"}


def test_only_a_single_participants_recording_leaves_voices_out() -> None:
    assert [heard(SINGLE, who) for who in ("ada", "ben")] == [False, True]
    assert [heard(DEFAULT, who) for who in ("ada", "ben")] == [True, True]


def test_a_custom_composition_is_shown_as_a_grid() -> None:
    custom = Layout(preset="custom", composition_id="daily:baseline")

    assert arrange(custom, stage(ADA, BEN)) == arrange(DEFAULT, stage(ADA, BEN))


def test_layouts_without_pictures_are_known() -> None:
    presets = ["default", "portrait", "audio-only", "raw-tracks-audio-only"]

    layouts = [Layout.model_validate({"preset": preset}) for preset in presets]

    assert [has_pictures(layout) for layout in layouts] == [True, True, False, False]
