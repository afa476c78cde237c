"""The messages of the signalling protocol that are about a media server."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from vestibule.rooms.calls.views import SessionId, Shape

Slot = Literal["microphone", "camera", "screen", "screenSound"]
"""What a person sends, each at a place of its own."""
SLOTS: Final[tuple[Slot, ...]] = get_args(Slot)

PathId = Annotated[str, Field(min_length=1, max_length=64)]
Sdp = Annotated[str, Field(max_length=63_000)]
Layer = Annotated[int, Field(ge=0, le=2)]


class CarriedTrack(Shape):
    """Whose media a line of the media server's offer carries."""

    mid: str
    session_id: SessionId
    slot: Slot


# From the browser -------------------------------------------------------------------------


class Publish(Shape):
    """The offer of a new connection over which I send: microphone, camera, screen, its sound.

    It begins what I have with the media server anew.
    """

    type: Literal["publish"]
    path: PathId
    sdp: Sdp | None
    """None: I may send nothing, and only receive."""


class Subscribed(Shape):
    """My answer to the newest `subscription`."""

    type: Literal["subscribed"]
    path: PathId
    sdp: Sdp


class PathCandidate(Shape):
    """An ICE candidate of mine for the media server; an empty candidate ends them."""

    type: Literal["path-candidate"]
    path: PathId
    publishes: bool
    """Of the connection over which I send, else of the one over which I receive."""
    candidate: Annotated[str, Field(max_length=1024)]
    sdp_mid: Annotated[str | None, Field(max_length=64)] = None
    sdp_m_line_index: Annotated[int | None, Field(ge=0, le=1000)] = None


class Receives(Shape):
    """I get the media of these people over the media server now."""

    type: Literal["receives"]
    path: PathId
    session_ids: Annotated[list[SessionId], Field(max_length=1000)]


class WantLayers(Shape):
    """How large I show these people: what I am given of whoever sends several sizes."""

    type: Literal["want-layers"]
    path: PathId
    layers: Annotated[dict[str, Layer], Field(max_length=1000)]
    """By session id; 0: small, 1: middle, 2: as large as it is sent."""


# From the server --------------------------------------------------------------------------


class MediaServer(Shape):
    """Send to and receive from a media server from now on, over a path with this name."""

    type: Literal["media-server"] = "media-server"
    path: PathId | None
    """None: there is no server any more, and browsers connect to each other."""


class Published(Shape):
    """The media server's answer to `publish`."""

    type: Literal["published"] = "published"
    path: PathId
    sdp: str


class Subscription(Shape):
    """The media server's offer of what the others send; answer with `subscribed`."""

    type: Literal["subscription"] = "subscription"
    path: PathId
    sdp: str
    is_new: bool
    """It is for a new connection; else for the one that stands."""
    tracks: list[CarriedTrack]
    """Every line that carries something."""


class DirectOver(Shape):
    """You and this participant or recorder have each other over the media server: your direct
    connection is not needed any more."""

    type: Literal["direct-over"] = "direct-over"
    session_id: SessionId


FromPath = Publish | Subscribed | PathCandidate | Receives | WantLayers
