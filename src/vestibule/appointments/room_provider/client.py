"""Speaks Daily's REST API to a room provider and sorts its failures into two kinds."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar

import httpx2
import structlog
from pydantic import BaseModel, ValidationError

from vestibule.appointments.room_provider.model import NotThere, ProviderRoom, Refused
from vestibule.foundation.errors import PermanentError, TemporaryError

ANSWER_SECONDS: Final = 10.0
RATE_LIMIT_SECONDS: Final = 30.0  # Daily's longest window (reference daily-rest 1.3)
MAX_INFO_CHARACTERS: Final = 200

log = structlog.get_logger()


class RoomProvider(Protocol):
    """Keeps rooms and makes meeting tokens.

    Every call raises TemporaryError when repeating it may help, and PermanentError when not; after
    a TemporaryError the provider may or may not have done what was asked.
    """

    async def create_room(self, name: str, room: Mapping[str, Any]) -> ProviderRoom: ...

    async def find_room(self, name: str) -> ProviderRoom | None: ...

    async def update_room(self, name: str, changes: Mapping[str, Any]) -> ProviderRoom: ...

    async def delete_room(self, name: str) -> bool: ...

    async def create_token(self, token: Mapping[str, Any]) -> str: ...

    async def branding(self) -> Any: ...

    async def present(self, name: str) -> list[str]: ...

    async def close(self) -> None: ...


class _Config(BaseModel):
    exp: float | None = None


class _Room(BaseModel):
    name: str
    url: str
    privacy: str
    config: _Config = _Config()


class _Token(BaseModel):
    token: str


class _Domain(BaseModel):
    config: dict[str, Any] = {}


class _Presence(BaseModel):
    class Participant(BaseModel):
        userName: str | None = None  # noqa: N815 - Daily's own key

    data: list[Participant]


class _Done(BaseModel):
    pass


Answer = TypeVar("Answer", bound=BaseModel)


class DailyClient:
    """A room provider behind Daily's REST API (A25)."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

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

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _call(
        self, method: str, path: str, reads: type[Answer], body: Mapping[str, Any] | None = None
    ) -> Answer:
        try:
            # A limit of our own, because the in-process transport has none.
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._http.request(method, path, json=body)
            if answer.status_code == 200:
                return reads.model_validate_json(answer.content)
            raise failure(answer)
        except NotThere:
            raise  # often the very answer that was hoped for
        except (TemporaryError, PermanentError) as error:
            raise _logged(method, path, error) from None
        except (TimeoutError, httpx2.HTTPError, OSError, ValidationError) as error:
            raise _logged(method, path, TemporaryError(_reason(error)), cause=error) from error


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError() | httpx2.TimeoutException():
            return f"the room provider did not answer within {ANSWER_SECONDS:.0f} seconds"
        case ValidationError():
            return "the room provider's answer has not the form of Daily's API"
        case _:
            return "the connection to the room provider failed"


def failure(answer: httpx2.Response) -> TemporaryError | PermanentError:
    """What an answer other than 200 means for whoever asked."""
    status, info = answer.status_code, _info(answer)
    if status == 404:
        return NotThere(f"the room provider answered 404{info}")
    if status == 429:
        return TemporaryError(
            "the room provider asks for fewer requests",
            delay_seconds=_retry_after(answer) or RATE_LIMIT_SECONDS,
        )
    if status >= 500:
        return TemporaryError(f"the room provider has a failure of its own ({status}){info}")
    if status in (401, 403):
        return PermanentError(f"the room provider does not accept the API key ({status}){info}")
    return Refused(f"the room provider refused the request ({status}){info}")


def _info(answer: httpx2.Response) -> str:
    try:
        info = answer.json()["info"]
    except (ValueError, TypeError, LookupError):
        return ""
    return f": {str(info)[:MAX_INFO_CHARACTERS]}"


def _retry_after(answer: httpx2.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None


def _room(room: _Room) -> ProviderRoom:
    return ProviderRoom(
        name=room.name,
        url=room.url,
        is_private=room.privacy == "private",
        exp=None if room.config.exp is None else int(room.config.exp),
    )


Failure = TypeVar("Failure", bound=TemporaryError | PermanentError)


def _logged(method: str, path: str, failure: Failure, *, cause: Exception | None = None) -> Failure:
    # Neither body nor headers, nor a cause's text: they hold names, keys and tokens.
    log.warning(
        "room_provider_call_failed",
        method=method,
        path=path,
        reason=failure.reason,
        cause=cause and type(cause).__name__,
    )
    return failure
