"""Which limit holds for a request, and what may be written down about it (reference 1.3, 9)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from vestibule.foundation.errors import Invalid
from vestibule.rooms.definitions.model import OLDEST

MAX_PAGE: Final = 100
MAX_LOGGED_BYTES: Final = 4096
"""A body beyond this is not written down."""
HIDDEN: Final = "********"

# Secrets, and what is about people: names, their ids, and what they say to each other.
_HIDDEN_KEYS: Final = frozenset(
    {
        *("token", "hmac", "basicauth", "authorization", "password", "secret", "apikey", "key"),
        *("user_name", "username", "user_id", "userid", "user_ids", "displayname", "display_name"),
        *("byuserid", "phone_number", "phonenumber", "phone_numbers", "caller_id", "callerid"),
        *("data", "redirect_on_meeting_exit", "rtmpurl", "streaming_endpoints", "logo_url"),
    }
)
_SECRET: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JWT
    r"|(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])"  # an API key
    r"|(?<=://)[^/@\s]+(?=@)"  # a password in an address
    r"|(?<=\?)[^\s\"]+"  # what an address carries after its path
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_READ_ONE: Final = "/v1/meeting-tokens/"


@dataclass(frozen=True)
class Limit:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: int


MOST: Final = Limit(100, 5)
SLOW: Final = Limit(50, 30)
STARTS: Final = Limit(5, 5)
BATCHES: Final = Limit(10, 30)

_STARTED: Final = {"recordings", "live-streaming", "dialOut"}


def limit_of(method: str, path: str) -> tuple[str, Limit]:
    """The route that this request counts for, and its limit. `path` begins with `/v1`."""
    parts = path.split("/")[2:]
    if parts[:1] == ["batch"]:
        return f"{method} /batch/rooms", BATCHES
    # The second part is a name or an id: all of them together are one route.
    route = "/".join([*parts[:1], *([":id"] if len(parts) > 1 else []), *parts[2:4]])
    return f"{method} /{route}", _limit(method, parts)


def _limit(method: str, parts: list[str]) -> Limit:
    match method, parts:
        case "DELETE", ["rooms", _]:
            return SLOW
        case "GET", ["recordings"] | ["meetings", *_]:
            return SLOW
        case "POST", ["rooms", _, part, "start"] if part in _STARTED:
            return STARTS
    return MOST


@dataclass(frozen=True)
class ApiRequest:
    """One request as the log keeps it; nothing secret is in it."""

    id: str
    domain_id: str
    ip: str | None
    method: str
    url: str
    status: int
    created_at: datetime
    request: str | None
    response: str | None


@dataclass(frozen=True)
class LogPage:
    """Which part of the log is wanted, newest first."""

    limit: int = 20
    starting_after: str | None = None
    ending_before: str | None = None
    url: str | None = None
    """Only requests whose address begins like this, or has this path below `/v1`."""

    def __post_init__(self) -> None:
        if self.starting_after is not None and self.ending_before is not None:
            raise Invalid("give starting_after or ending_before, not both")
        for name in ("starting_after", "ending_before"):
            place = getattr(self, name)
            if place is not None and place != OLDEST and not _UUID.fullmatch(place):
                raise Invalid(f"{name} must be the id of a logged request")
        if self.starting_after == OLDEST:
            raise Invalid(f"only ending_before can be {OLDEST}")


def scrubbed_url(path: str, query: str) -> str:
    """The address of a request without the token in its path, and without people in its query."""
    if path.startswith(_READ_ONE):
        path = f"{_READ_ONE}{HIDDEN}"
    pairs = [
        (name, HIDDEN if name.lower() in _HIDDEN_KEYS else _SECRET.sub(HIDDEN, value))
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    path = _SECRET.sub(HIDDEN, path)[:1024]
    return f"{path}?{urlencode(pairs, safe='*')}"[:2048] if pairs else path


def scrubbed_body(body: bytes | None) -> str | None:
    """A JSON body without what is secret or about people; None if it is none, or too long."""
    if not body or len(body) > MAX_LOGGED_BYTES:
        return None
    try:
        return json.dumps(_scrubbed(json.loads(body)))
    except (ValueError, RecursionError):
        return None


def _scrubbed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            _SECRET.sub(HIDDEN, name): HIDDEN if name.lower() in _HIDDEN_KEYS else _scrubbed(held)
            for name, held in value.items()
        }
    if isinstance(value, list):
        return [_scrubbed(part) for part in value]
    return _SECRET.sub(HIDDEN, value) if isinstance(value, str) else value
