"""Where each camera and screen stands in the picture (reference 5.7). Pure rules, no pictures."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from vestibule.rooms.definitions.shapes import Layout
from vestibule.rooms.recordings.journal import Attendee, Source

# Daily's column of other cameras beside the speaker holds nine, and a portrait shows two people.
COLUMN_MOST = 9
PORTRAIT_MOST = 2
COLUMN_PART = 5
INSET_PART = 3
CAMERA_SHAPE = 4 / 3


@dataclass(frozen=True)
class Area:
    """A rectangle in the picture. All edges are even, as the encoder's colour planes need them."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Tile:
    """Something shown in an area. Later tiles lie over earlier ones."""

    session_id: str
    source: Source
    area: Area
    fit: Literal["whole", "fill"] = "whole"
    """`whole`: everything is seen, with bars if need be. `fill`: no bars, edges are cut off."""
    label: str = ""


@dataclass(frozen=True)
class Stage:
    """All that a layout depends on."""

    people: tuple[Attendee, ...]
    """In the order in which they came."""
    spoke: tuple[str, ...]
    """Session ids, the speaker first, then by how lately they spoke."""
    width: int
    height: int

    @property
    def whole(self) -> Area:
        return Area(0, 0, self.width, self.height)


def arrange(layout: Layout, stage: Stage) -> tuple[Tile, ...]:
    """The tiles of the picture at one moment; none for a layout without pictures."""
    rule = RULES.get(layout.preset)
    return tuple(rule(layout, stage)) if rule is not None else ()


def heard(layout: Layout, session_id: str) -> bool:
    """True if this person's sound belongs into the recording."""
    return layout.preset != "single-participant" or layout.session_id == session_id


def has_pictures(layout: Layout) -> bool:
    """True if the layout shows anything at all."""
    return layout.preset in RULES


def _grid_layout(layout: Layout, stage: Stage) -> list[Tile]:
    cameras = _cameras_first(stage.people)[: layout.max_cam_streams]
    return _behind_screen(stage, cameras) or _grid(cameras, stage.whole)


def _active_layout(layout: Layout, stage: Stage) -> list[Tile]:
    people = _by_turn(stage)
    with_screen = _behind_screen(stage, people[:COLUMN_MOST])
    if with_screen or len(people) < 2:
        return with_screen or _grid(people, stage.whole)
    main, column = _main_and_column(stage)
    return [_camera(people[0], main), *_stack(people[1 : COLUMN_MOST + 1], column)]


def _single_layout(layout: Layout, stage: Stage) -> list[Tile]:
    only = [person for person in stage.people if person.session_id == layout.session_id]
    alone = Stage(tuple(only), stage.spoke, stage.width, stage.height)
    return _behind_screen(alone, only) or _grid(only, stage.whole)


def _portrait_layout(layout: Layout, stage: Stage) -> list[Tile]:
    most = min(layout.max_cam_streams, PORTRAIT_MOST)
    shown = _cameras_first(stage.people)[:most]
    owners_last = sorted(shown, key=lambda person: person.is_owner)
    if layout.variant == "vertical":
        return _stack(owners_last, stage.whole, fit="fill")
    full = [_camera(person, stage.whole, fit="fill") for person in owners_last[-1:]]
    insets = [_camera(person, _inset(stage), fit="fill") for person in owners_last[:-1]]
    return full + insets


RULES: dict[str, Callable[[Layout, Stage], Iterable[Tile]]] = {
    "default": _grid_layout,
    "active-participant": _active_layout,
    "single-participant": _single_layout,
    "portrait": _portrait_layout,
    "custom": _grid_layout,  # compositions of one's own are not supported: better a grid than none
}


def _cameras_first(people: Iterable[Attendee]) -> list[Attendee]:
    """When not all have room, those who show something are seen."""
    return sorted(people, key=lambda person: not person.video)


def _by_turn(stage: Stage) -> list[Attendee]:
    turn = {session_id: place for place, session_id in enumerate(stage.spoke)}
    return sorted(
        _cameras_first(stage.people), key=lambda person: turn.get(person.session_id, len(turn))
    )


def _behind_screen(stage: Stage, people: Sequence[Attendee]) -> list[Tile]:
    """The shared screens large, the people in a column at the right; nothing if no screen is."""
    sharing = [person for person in stage.people if person.screen]
    if not sharing:
        return []
    main, column = _main_and_column(stage)
    screens = [
        Tile(person.session_id, "screen", area, label=person.user_name)
        for person, area in zip(sharing, _cells(len(sharing), main), strict=True)
    ]
    return [*screens, *_stack(people, column)]


def _grid(people: Sequence[Attendee], area: Area) -> list[Tile]:
    return [_camera(*pair) for pair in zip(people, _cells(len(people), area), strict=True)]


def _stack(
    people: Sequence[Attendee], area: Area, *, fit: Literal["whole", "fill"] = "whole"
) -> list[Tile]:
    cells = _rows(len(people), area)
    return [_camera(person, cell, fit=fit) for person, cell in zip(people, cells, strict=True)]


def _camera(person: Attendee, area: Area, fit: Literal["whole", "fill"] = "whole") -> Tile:
    return Tile(person.session_id, "camera", area, fit, person.user_name)


def _cells(count: int, area: Area) -> list[Area]:
    """A grid whose cells show cameras as large as possible; a last row with gaps is centred."""
    if count == 0:
        return []
    columns = max(range(1, count + 1), key=lambda columns: _camera_width(count, columns, area))
    rows = _rows(math.ceil(count / columns), area)
    return [
        cell
        for number, row in enumerate(rows)
        for cell in _columns(min(columns, count - number * columns), columns, row)
    ]


def _camera_width(count: int, columns: int, area: Area) -> float:
    rows = math.ceil(count / columns)
    return min(area.width / columns, area.height / rows * CAMERA_SHAPE)


def _rows(count: int, area: Area) -> list[Area]:
    edges = [_even(area.height * row / count) for row in range(count + 1)] if count else []
    return [
        Area(area.x, area.y + top, area.width, bottom - top)
        for top, bottom in itertools.pairwise(edges)
    ]


def _columns(count: int, columns: int, row: Area) -> list[Area]:
    width = _even(row.width / columns)
    left = row.x + _even((row.width - count * width) / 2)
    return [Area(left + width * column, row.y, width, row.height) for column in range(count)]


def _main_and_column(stage: Stage) -> tuple[Area, Area]:
    column = _even(stage.width / COLUMN_PART)
    main = Area(0, 0, stage.width - column, stage.height)
    return main, Area(main.width, 0, column, stage.height)


def _inset(stage: Stage) -> Area:
    width, height = _even(stage.width / INSET_PART), _even(stage.height / INSET_PART)
    margin = _even(stage.width / 40)
    return Area(stage.width - width - margin, margin, width, height)


def _even(size: float) -> int:
    return int(size / 2) * 2
