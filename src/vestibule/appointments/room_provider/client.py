"""Speaks Daily's REST API to a room provider and sorts its failures into two kinds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import httpx2
import structlog
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from vestibule.appointments.room_provider.failures import failure, reason_of, word_for
from vestibule.appointments.room_provider.gate import Gate, Kind
from vestibule.appointments.room_provider.model import (
    Hook,
    NotThere,
    ProviderRecording,
    ProviderRoom,
    TrackKind,
    is_right,
)
from vestibule.foundation.clock import from_unix
from vestibule.foundation.errors import PermanentError, TemporaryError

ANSWER_SECONDS: Final = 10.0
BATCH_SECONDS: Final = 45.0
MAX_PAUSE_SECONDS: Final = 3600.0
PAGE: Final = 100

log = structlog.get_logger()

# Told of every request: the operation, and `ok` or the reason of its failure in a word.
Note = Callable[[str, str], None]


@dataclass(frozen=True)
class _Call:
    """A request, the limit that it falls under, and how long its answer may take."""

    method: str
    path: str
    body: Mapping[str, Any] | None
    kind: Kind
    seconds: float

    @property
    def operation(self) -> str:
        """Which one of Daily's it is, such as `GET /rooms/:name`."""
        place, *rest = self.path.partition("?")[0].strip("/").split("/")
        if place == "batch":
            return f"{self.method} /batch/rooms"
        return f"{self.method} /{'/'.join([place, *([':name'] if rest else []), *rest[1:]])}"


class RoomProvider(Protocol):
    """Keeps rooms and makes meeting tokens.

    Every call raises TemporaryError when repeating it may help, and PermanentError when not; after
    a TemporaryError the provider may or may not have done what was asked.
    """

    async def create_room(self, name: str, room: Mapping[str, Any]) -> ProviderRoom: ...

    async def create_rooms(self, rooms: Sequence[Mapping[str, Any]]) -> list[ProviderRoom]: ...

    async def delete_rooms(self, names: Sequence[str]) -> None: ...

    async def find_room(self, name: str) -> ProviderRoom | None: ...

    async def page_of_rooms(self, after: str | None) -> tuple[list[ProviderRoom], str | None]: ...

    async def update_room(self, name: str, changes: Mapping[str, Any]) -> ProviderRoom: ...

    async def delete_room(self, name: str) -> bool: ...

    async def create_token(self, token: Mapping[str, Any]) -> str: ...

    async def branding(self) -> Any: ...

    async def present(self, name: str) -> list[str]: ...

    async def close(self) -> None: ...


class _Config(BaseModel):
    model_config = ConfigDict(extra="allow")

    exp: float | None = None
    nbf: float | None = None


class _Room(BaseModel):
    id: str = ""
    name: str
    url: str
    privacy: str
    config: _Config = _Config()


class _Rooms(RootModel[list[_Room]]):
    pass


class _Page(BaseModel):
    data: list[_Room]


class _Hook(BaseModel):
    uuid: str
    url: str
    state: str = "ACTIVE"
    event_types: list[str] = Field(default=[], alias="eventTypes")


class _Hooks(RootModel[list[_Hook]]):
    pass


class _Token(BaseModel):
    token: str


class _Domain(BaseModel):
    config: dict[str, Any] = {}


class _Presence(BaseModel):
    class Participant(BaseModel):
        userName: str | None = None  # noqa: N815 - Daily's own key

    data: list[Participant]


class _Track(BaseModel):
    type: TrackKind


class _Recording(BaseModel):
    id: str
    room_name: str = ""
    start_ts: float
    status: str
    duration: float | None = None
    started_by: str | None = None
    stopped_ts: float | None = None
    progress: float | None = None
    tracks: list[_Track] | None = None


class _Recordings(BaseModel):
    data: list[_Recording]


class _AccessLink(BaseModel):
    download_link: str


class _Done(BaseModel):
    pass


Answer = TypeVar("Answer", bound=BaseModel)


class DailyClient:
    """A room provider behind Daily's REST API (A25)."""

    def __init__(self, http: httpx2.AsyncClient, gate: Gate, note: Note) -> None:
        self._http = http
        self._note = note
        self.gate = gate

    async def create_room(self, name: str, room: Mapping[str, Any]) -> ProviderRoom:
        """Make a room; Refused also if there is one of this name."""
        return _room(await self._call("POST", "/rooms", _Room, {"name": name, **room}))

    async def find_room(self, name: str) -> ProviderRoom | None:
        """The room of this name; None if there is none or it has expired."""
        try:
            return _room(await self._call("GET", f"/rooms/{name}", _Room))
        except NotThere:
            return None

    async def update_room(self, name: str, changes: Mapping[str, Any]) -> ProviderRoom:
        """Change what is given; NotThere if there is no such room."""
        return _room(await self._call("POST", f"/rooms/{name}", _Room, changes))

    async def delete_room(self, name: str) -> bool:
        """Remove a room; False if there was none, which is as good (A7)."""
        try:
            await self._call("DELETE", f"/rooms/{name}", _Done)
        except NotThere:
            return False
        return True

    async def create_rooms(self, rooms: Sequence[Mapping[str, Any]]) -> list[ProviderRoom]:
        """Make up to 1,000 rooms, all of them or none; Refused also if one name is taken."""
        call = _Call("POST", "/batch/rooms", {"rooms": rooms}, "batch", BATCH_SECONDS)
        return [_room(room) for room in (await self._send(call, _Rooms)).root]

    async def delete_rooms(self, names: Sequence[str]) -> None:
        """Remove up to 1,000 rooms, all or none; Refused or NotThere also if one is gone."""
        body = {"room_names": names}
        await self._send(_Call("DELETE", "/batch/rooms", body, "batch", BATCH_SECONDS), _Done)

    async def page_of_rooms(self, after: str | None) -> tuple[list[ProviderRoom], str | None]:
        """Up to 100 rooms that have not expired, newest first, and where the next page begins."""
        start = f"&starting_after={after}" if after else ""
        page = await self._call("GET", f"/rooms?limit={PAGE}{start}", _Page)
        is_last = len(page.data) < PAGE
        return [_room(room) for room in page.data], None if is_last else page.data[-1].id

    async def create_token(self, token: Mapping[str, Any]) -> str:
        """Make a meeting token."""
        return (await self._call("POST", "/meeting-tokens", _Token, token)).token

    async def branding(self) -> Any:
        """What the domain's configuration says about its look; Daily's own cloud says nothing."""
        return (await self._call("GET", "/", _Domain)).config.get("branding")

    async def present(self, name: str) -> list[str]:
        """The names of those in the room's call."""
        answer = await self._call("GET", f"/rooms/{name}/presence", _Presence)
        return [each.userName or "" for each in answer.data]

    async def recordings(self, after: str | None) -> list[ProviderRecording]:
        """Up to 100 recordings, newest first, of those that came before the one with this id."""
        start = f"&starting_after={after}" if after else ""
        page = await self._call("GET", f"/recordings?limit={PAGE}{start}", _Recordings)
        return [_recording(each) for each in page.data]

    async def recording(self, recording_id: str) -> ProviderRecording:
        """One recording; NotThere if there is none, or no longer."""
        return _recording(await self._call("GET", f"/recordings/{recording_id}", _Recording))

    async def delete_recording(self, recording_id: str) -> bool:
        """Remove a recording with its file; False if there was none, which is as good."""
        try:
            await self._call("DELETE", f"/recordings/{recording_id}", _Done)
        except NotThere:
            return False
        return True

    async def recording_tracks(self, recording_id: str) -> list[TrackKind]:
        """What each file of raw tracks holds, `audio` or `video`; of a film none. NotThere."""
        found = await self._call("GET", f"/recordings/{recording_id}", _Recording)
        return [track.type for track in found.tracks or ()]

    async def recording_link(self, recording_id: str, seconds: int, track: int | None) -> str:
        """An address of the recording's file that works for so many seconds; NotThere if none.

        `track`: which of raw tracks is meant; only rooms of this server have such addresses.
        """
        path = f"/recordings/{recording_id}/access-link?valid_for_secs={seconds}"
        path += "" if track is None else f"&track={track}"
        return (await self._call("GET", path, _AccessLink)).download_link

    async def hooks(self) -> list[Hook]:
        """The webhooks of the account."""
        return [_hook(each) for each in (await self._call("GET", "/webhooks", _Hooks)).root]

    async def write_hook(self, hook_id: str | None, wanted: Mapping[str, Any]) -> Hook:
        """Make a webhook, or change and so revive the one of this id."""
        path = f"/webhooks/{hook_id}" if hook_id else "/webhooks"
        return _hook(await self._call("POST", path, _Hook, wanted))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _call(
        self, method: str, path: str, reads: type[Answer], body: Mapping[str, Any] | None = None
    ) -> Answer:
        kind: Kind = "delete" if method == "DELETE" else "usual"
        return await self._send(_Call(method, path, body, kind, ANSWER_SECONDS), reads)

    async def _send(self, call: _Call, reads: type[Answer]) -> Answer:
        turn = await self.gate.turn(call.kind)
        try:
            # A limit of our own, because the in-process transport has none.
            async with asyncio.timeout(call.seconds):
                answer = await self._http.request(
                    call.method, call.path, json=call.body, timeout=call.seconds
                )
            if answer.status_code == 200:
                read = reads.model_validate_json(answer.content)
                self.gate.answered()
                self._note(call.operation, "ok")
                return read
            self._note(call.operation, word_for(answer.status_code))
            raise self._noted(answer)
        except NotThere:
            raise  # often the very answer that was hoped for
        except (TemporaryError, PermanentError) as error:
            raise _logged(call, error) from None
        except (TimeoutError, httpx2.HTTPError, OSError, ValidationError) as error:
            self.gate.failed()
            word, sentence = reason_of(error, call.seconds)
            self._note(call.operation, word)
            reason = TemporaryError(sentence)
            raise _logged(call, reason, cause=error) from error
        finally:
            turn.over()

    def _noted(self, answer: httpx2.Response) -> TemporaryError | PermanentError:
        """What a failing answer means, after the gate has heard of it."""
        error = failure(answer)
        if isinstance(error, TemporaryError) and error.delay_seconds is not None:
            self.gate.pause(min(error.delay_seconds, MAX_PAUSE_SECONDS))
        elif isinstance(error, TemporaryError):
            self.gate.failed()
        else:
            self.gate.answered()
        return error


def _recording(found: _Recording) -> ProviderRecording:
    return ProviderRecording(
        id=found.id,
        room=found.room_name,
        started_at=from_unix(found.start_ts),
        status=found.status,
        duration_seconds=None if found.duration is None else int(found.duration),
        started_by=found.started_by,
        stopped_at=None if found.stopped_ts is None else from_unix(found.stopped_ts),
        progress=found.progress,
    )


def _hook(hook: _Hook) -> Hook:
    return Hook(id=hook.uuid, url=hook.url, state=hook.state, event_types=tuple(hook.event_types))


def _room(room: _Room) -> ProviderRoom:
    return ProviderRoom(
        name=room.name,
        url=room.url,
        exp=None if room.config.exp is None else int(room.config.exp),
        nbf=None if room.config.nbf is None else int(room.config.nbf),
        is_right=is_right(room.privacy, room.config.model_extra or {}),
    )


Failure = TypeVar("Failure", bound=TemporaryError | PermanentError)


def _logged(call: _Call, failure: Failure, *, cause: Exception | None = None) -> Failure:
    # Neither body nor headers, nor a cause's text: they hold names, keys and tokens.
    log.warning(
        "room_provider_call_failed",
        method=call.method,
        path=call.path,
        reason=failure.reason,
        cause=cause and type(cause).__name__,
    )
    return failure
