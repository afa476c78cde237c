"""Decides for each moment of a recording what is in the picture, and has it drawn."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from av.video.frame import VideoFrame

from vestibule.rooms.definitions.shapes import Layout, RecordingOptions
from vestibule.rooms.recordings.layouts import Stage, Tile, arrange
from vestibule.rooms.recordings.pictures import Colour, Picture, TilePainter
from vestibule.rooms.recordings.playback import Playback
from vestibule.rooms.recordings.timeline import Scene


@dataclass(frozen=True)
class Rearranged:
    """Another layout, from a moment on."""

    at: float
    """Unix seconds."""
    layout: Layout


class Director:
    """Gives all pictures of a recording, in order."""

    def __init__(
        self, playback: Playback, options: RecordingOptions, layouts: Sequence[Rearranged] = ()
    ) -> None:
        self._options = options
        self._layout = options.layout
        self._layouts = deque((each.at - playback.started_at, each.layout) for each in layouts)
        self._scene = Scene(0.0, (), ())
        self._count = max(1, round(playback.seconds * options.fps))
        self._scenes = deque(playback.scenes())
        self._sources = playback.pictures()
        background = video_colour(options.backgroundColor)
        self._picture = Picture(options.width, options.height, background)
        self._painters: dict[Tile, TilePainter] = {}
        self._with_camera: set[str] = set()

    def __iter__(self) -> Iterator[VideoFrame]:
        for number in range(self._count):
            # A frame belongs to the picture nearest to it, so half a picture ahead counts as now.
            seconds = (number + 0.5) / self._options.fps
            while self._scenes and self._scenes[0].at <= seconds:
                self._scene = self._scenes.popleft()
                self._enter(self._scene)
            while self._layouts and self._layouts[0][0] <= seconds:
                self._layout = self._layouts.popleft()[1]
                self._enter(self._scene)
            for tile, painter in self._painters.items():
                painter.paint(self._shown_in(tile, seconds))
            yield self._picture.frame()

    def _enter(self, scene: Scene) -> None:
        self._with_camera = {person.session_id for person in scene.people if person.video}
        size = self._options.width, self._options.height
        tiles = arrange(self._layout, Stage(scene.people, scene.spoke, *size))
        if tiles != tuple(self._painters):
            self._picture.clear()
            self._painters = {tile: TilePainter(tile, self._picture) for tile in tiles}

    def _shown_in(self, tile: Tile, seconds: float) -> VideoFrame | None:
        source = self._sources.get((tile.session_id, tile.source))
        is_off = tile.source == "camera" and tile.session_id not in self._with_camera
        return None if source is None or is_off else source.at(seconds)


def video_colour(colour: str) -> Colour:
    """`#rrggbb` or `#aarrggbb` as brightness and colour differences (BT.601, studio range)."""
    red, green, blue = (value / 255 for value in bytes.fromhex(colour[-6:]))
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    return (
        round(16 + 219 * bright),
        round(128 + 112 * (blue - bright) / 0.886),
        round(128 + 112 * (red - bright) / 0.701),
    )
