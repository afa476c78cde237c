"""What a webhook is, what it may be set to, and how its messages are written and signed."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from vestibule.foundation.errors import Invalid
from vestibule.rooms.outbox.model import Event, EventType

HMAC_BYTES: Final = 32
MAX_URL_CHARACTERS: Final = 2048
MAX_SECRET_CHARACTERS: Final = 1024
HIDDEN: Final = "********"
TEST_MESSAGE: Final = {"test": "test"}

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class RetryType(StrEnum):
    """What happens after a failed try; the rules are in `deliveries.model`."""

    PERSISTENT = "persistent"  # our own: 72 hours, and no event can switch the webhook off
    CIRCUIT_BREAKER = "circuit-breaker"  # Daily's default: three failures switch it off
    EXPONENTIAL = "exponential"  # Daily's other one: five tries, then the next event


class WebhookState(StrEnum):
    """Whether events are sent."""

    ACTIVE = "ACTIVE"  # -> FAILED, by the circuit breaker
    FAILED = "FAILED"  # -> ACTIVE, by an update


@dataclass(frozen=True)
class Webhook:
    """An address that is told of a domain's events, and how it has been doing."""

    id: str
    domain_id: str
    url: str
    hmac_sealed: str
    basic_auth_sealed: str | None
    retry_type: RetryType
    event_types: tuple[EventType, ...] | None
    """None: every type."""
    state: WebhookState
    failed_count: int
    """Failures since the last success."""
    last_pushed_at: datetime | None
    """The last success."""
    paused_until: datetime | None
    """Until then the receiver wishes to hear nothing."""
    created_at: datetime
    updated_at: datetime

    def wants(self, event: Event) -> bool:
        """Whether it is to be told of this event: of its types, and not from before its time."""
        of_its_types = self.event_types is None or event.type in self.event_types
        return of_its_types and self.created_at <= event.created_at


@dataclass(frozen=True)
class Target:
    """Where and with which secrets to send."""

    url: str
    hmac: str
    basic_auth: str | None


@dataclass(frozen=True)
class Answer:
    """What came of sending one message. Without a status there was no answer, and why."""

    at: datetime
    milliseconds: int
    status: int | None
    error: str | None
    response: str | None = None
    """The beginning of the answer's body."""
    wait_seconds: float | None = None
    """How long the receiver asks to be left alone."""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check_url(url: str) -> str:
    """The URL, if messages can be sent there; else Invalid says why not."""
    if len(url) > MAX_URL_CHARACTERS or not _VISIBLE_ASCII.fullmatch(url):
        raise Invalid(
            f"url must be an address of at most {MAX_URL_CHARACTERS} characters, "
            "without spaces and with other letters than ASCII encoded"
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid(f"url is not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Invalid("url must begin with https:// or http:// and a host name")
    if parts.username is not None or parts.password is not None:
        raise Invalid("url must not contain a user or password; give them as basicAuth")
    return url


def check_hmac(secret: str) -> str:
    """The secret, if it is base64 of at least one byte; else Invalid says why not."""
    try:
        key = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key or len(secret) > MAX_SECRET_CHARACTERS:
        raise Invalid(
            f"hmac must be a secret in base64, of at most {MAX_SECRET_CHARACTERS} characters; "
            "leave it out to get a strong one"
        )
    return secret


def check_basic_auth(credentials: str) -> str:
    """The credentials, if they can stand in a header; else Invalid says why not."""
    if len(credentials) > MAX_SECRET_CHARACTERS or not _HEADER_VALUE.fullmatch(credentials):
        raise Invalid(
            "basicAuth must be what follows 'Basic ' in an Authorization header: base64 of "
            f"user:password, at most {MAX_SECRET_CHARACTERS} characters"
        )
    return credentials


def check_retry_type(name: str) -> RetryType:
    """The retry type of this name; else Invalid names those that exist."""
    if name not in list(RetryType):
        raise Invalid(_not_one_of("retryType", name, list(RetryType)))
    return RetryType(name)


def check_event_types(names: Sequence[str]) -> tuple[EventType, ...] | None:
    """The types of these names, each once; None, which is every type, if there are no names."""
    for position, name in enumerate(names):
        if name not in list(EventType):
            raise Invalid(_not_one_of(f"eventTypes[{position}]", name, list(EventType)))
    return tuple(EventType(name) for name in dict.fromkeys(names)) or None


def _not_one_of(field: str, received: str, allowed: Sequence[str]) -> str:
    shown = received[:64].encode("utf-8", "replace").decode()
    return f'"{field}" must be one of [{", ".join(allowed)}] [Received "{shown}"]'


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Webhook-Signature` holds for this body at this time (reference 10.3)."""
    key = base64.b64decode(secret)
    return base64.b64encode(
        hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).digest()
    ).decode()
