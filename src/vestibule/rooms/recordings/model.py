"""What a recording is in the API, what can become of it, and who may ask for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from vestibule.foundation.errors import Invalid, NotFound, Unavailable
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.shapes import Layout, RecordingOptions

DEFAULT_INSTANCE: Final = RecordingOptions().instanceId
START_SECONDS: Final = 9.0
"""By then media is being written, or the start has failed."""
MOST_COMPOSING_ATTEMPTS: Final = 5
RECORDING_CHANGED: Final = "recording-changed"
"""The broker's topic: a recording began, ended, is ready, or was deleted."""


class State(StrEnum):
    """Where a recording is on its way."""

    STARTING = "starting"  # a worker was sent, and nothing is written yet
    RECORDING = "recording"  # media is being written
    STOPPED = "stopped"  # all is written; the file is due to be composed
    FINISHED = "finished"  # the file can be fetched
    FAILED = "failed"  # there is none, and there will be none
    DELETED = "deleted"  # there was one: the row stays as proof of its deletion


MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.STARTING: frozenset({State.RECORDING, State.FAILED}),
    State.RECORDING: frozenset({State.STOPPED}),
    State.STOPPED: frozenset({State.FINISHED, State.FAILED, State.DELETED}),
    State.FINISHED: frozenset({State.DELETED}),
    State.FAILED: frozenset({State.DELETED}),
    State.DELETED: frozenset(),
}
LIVE: Final = (State.STARTING, State.RECORDING)

STATUSES: Final[Mapping[State, Literal["finished", "in-progress", "canceled"]]] = {
    State.STARTING: "in-progress",
    State.RECORDING: "in-progress",
    State.STOPPED: "in-progress",
    State.FINISHED: "finished",
    State.FAILED: "canceled",
    State.DELETED: "canceled",
}
"""In Daily's words (reference 8)."""


@dataclass(frozen=True)
class Recording:
    """One recording of one room."""

    id: str
    domain_id: str
    room_id: str
    room_name: str
    instance_id: str
    state: State
    is_wanted: bool
    """False: it is to stop."""
    options: RecordingOptions
    created_at: datetime
    template: str = ""
    """The pattern of its key."""
    started_by: str | None = None
    """The session id of who started it; None for a request to the API."""
    started_by_name: str | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    seconds: float | None = None
    max_participants: int = 0
    size: int | None = None
    """Bytes of the file."""
    key: str | None = None
    """Where the file is in the store."""
    tracks: tuple[Mapping[str, Any], ...] = ()
    """Of raw tracks, each file: `s3Key`, `type`, `size`, and what it is encrypted with."""
    progress: float = 0.0
    """The part of the file that is composed, 0 to 1."""
    error: str | None = None
    file_key_sealed: str | None = None
    """What the file is encrypted with."""
    keep_until: datetime | None = None
    restarts: int = 0
    kept_by: str | None = None
    """The server that looks after its worker."""
    kept_until: datetime | None = None
    """Until then; afterwards another one may."""
    bucket: Mapping[str, Any] | None = None
    """Where the room wants its files (`recordings_bucket`); None: where the others are."""

    layouts: tuple[Mapping[str, Any], ...] = ()
    """Later arrangements, oldest first: `at` in unix seconds, and the `layout`."""
    consents: tuple[Mapping[str, Any], ...] | None = None
    """Who was asked and what they answered; None if nobody was."""

    @property
    def since(self) -> float:
        """Unix seconds of its beginning."""
        return (self.started_at or self.created_at).timestamp()

    @property
    def layout(self) -> Layout:
        """How people are arranged now."""
        if not self.layouts:
            return self.options.layout
        return Layout.model_validate(self.layouts[-1]["layout"])

    @property
    def shown_tracks(self) -> list[dict[str, Any]]:
        """Its files as the API tells of them; empty unless they are raw tracks."""
        names = ("size", "type", "s3Key")
        return [{name: track[name] for name in names} for track in self.tracks]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class RecordingNotFound(NotFound):
    """The domain has no such recording, or it was deleted."""

    def __init__(self, recording_id: str) -> None:
        super().__init__(f"recording {recording_id[:36]} not found")


class KindNotAllowed(Invalid):
    """`enable_recording` does not name this kind."""

    def __init__(self, room: str, kind: str) -> None:
        super().__init__(
            f"recordings of the type '{kind}' are not enabled for the room {room}; "
            f"name '{kind}' in its property enable_recording"
        )


class NobodyThere(Invalid):
    """There is no call to record (reference 5.7)."""

    def __init__(self, room: str) -> None:
        super().__init__(f"room {room} is not hosting a call")


class AlreadyRecorded(Invalid):
    """The room is recorded under this instance id already."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(
            f"a recording with the instanceId {instance_id} is active already; "
            "stop it first, or give another instanceId"
        )


class TooManyInstances(Invalid):
    """The room has as many recordings at once as it may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a room can have at most {most} recordings at once; stop one first")


class NoActiveRecording(Invalid):
    """There is nothing to stop or to change."""

    def __init__(self) -> None:
        super().__init__("no recording with this instanceId is active in the room")


class NotStarted(Unavailable):
    """The recording could not be started; it may be tried again."""

    def __init__(self, recording_id: str, reason: str) -> None:
        super().__init__(f"the recording was not started: {reason}")
        self.extra = {"recording_id": recording_id}


class NothingToArrange(Invalid):
    """Raw tracks have no layout (reference 5.7)."""

    def __init__(self) -> None:
        super().__init__("a recording of the type 'raw-tracks' has no layout that could change")


class NotReady(Invalid):
    """The file is not there yet, or never will be."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants recorded."""

    room: Room
    options: RecordingOptions
    kinds: frozenset[str]
    """Those that are allowed."""
    started_by: str | None = None
    """The session id of who asks; None for a request to the API."""
    started_by_name: str | None = None


def check_wish(wish: Wish) -> None:
    """Raise KindNotAllowed, or Invalid for a layout that this server cannot draw."""
    if wish.options.type not in wish.kinds:
        raise KindNotAllowed(wish.room.name, wish.options.type)
    if wish.options.layout.preset == "custom":
        raise Invalid("layout.preset 'custom' needs Daily's VCS; choose one of the other presets")


def options_of(stored: Mapping[str, Any]) -> RecordingOptions:
    """The options as they were given; `cloud-audio-only` has no pictures whatever the layout."""
    options = RecordingOptions.model_validate(stored)
    if options.type != "cloud-audio-only" or options.layout.preset == "audio-only":
        return options
    audio_only = type(options.layout)(preset="audio-only")
    return options.model_copy(update={"layout": audio_only})


def key_of(recording: Recording, *, domain_name: str, is_shared: bool) -> str:
    """The file's key in the store, after the pattern `recordings_template` (reference 5.4).

    In a bucket that other domains may name too it begins with the domain's name, whatever the
    pattern says, so that no domain can write over another's files.
    """
    at = recording.started_at or recording.created_at
    tags = {
        "domain_name": domain_name,
        "room_name": recording.room_name,
        "epoch_time": str(int(at.timestamp() * 1000)),
        "instance_id": recording.instance_id,
        "recording_id": recording.id,
        "mtg_session_id": recording.id,
    }
    key = recording.template
    for tag, value in tags.items():
        key = key.replace("{" + tag + "}", value)
    parts = [part for part in key.split("/") if part not in ("", ".", "..")]
    if is_shared and (len(parts) == 1 or parts[0] != domain_name):
        parts.insert(0, domain_name)
    key = "/".join(parts)
    if recording.options.type == "raw-tracks":  # a folder
        return key
    return key if key.endswith(".mp4") else f"{key}.mp4"
