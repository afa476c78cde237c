"""What a message of the room provider means, in whichever of its two forms it comes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vestibule.appointments.room_provider.model import ProviderRecording
from vestibule.foundation.errors import Invalid, Unauthenticated
from vestibule.foundation.json_text import whole_characters

MAX_AGE: Final = timedelta(minutes=5)
MAX_ID_CHARACTERS: Final = 200
KNOCK, KNOCK_ENDED = "waiting-participant.joined", "waiting-participant.left"
KNOCKS: Final = (KNOCK, KNOCK_ENDED)
LONGEST_KNOCK: Final = timedelta(hours=3)  # then its end was lost
EVENT_TYPES: Final = (
    "recording.started",
    "recording.ready-to-download",
    "recording.error",
    KNOCK,
    KNOCK_ENDED,
    "participant.joined",
    "participant.left",
    "meeting.started",
    "meeting.ended",
)


class NotGenuine(Unauthenticated):
    """The message is not signed with the secret that the provider was given, or it is too old."""


@dataclass(frozen=True)
class Message:
    """Something that happened in a room. `at`: when the provider says it was."""

    id: str
    type: str
    room: str | None
    at: datetime
    recording_id: str | None = None
    by: str | None = None
    """Whoever started the recording, or knocks."""
    duration_seconds: int | None = None
    """Of the recording or the call."""
    download_url: str | None = None
    stay: tuple[str | None, Any] = (None, None)
    """Whose, and since when: who was turned away may knock again in the same window."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who asks to be let into an appointment's call, since `since`."""

    appointment_id: int
    name: str
    since: datetime


def messages_of(recording: ProviderRecording, now: datetime) -> list[Message]:
    """What the provider would have told of a recording that is found in its list."""

    def told(kind: str, at: datetime) -> Message:
        return Message(
            id="",
            type=kind,
            room=recording.room,
            at=at,
            recording_id=recording.id,
            by=recording.started_by,
            duration_seconds=recording.duration_seconds,
        )

    messages = [told("recording.started", recording.started_at)]
    if recording.stopped_at is not None:
        messages.append(told("recording.stopped", recording.stopped_at))
    if recording.status == "finished":
        messages.append(told("recording.ready-to-download", now))
    if recording.status == "canceled":
        messages.append(told("recording.error", now))
    return messages


def who_waits(told: Sequence[tuple[int, Message]]) -> list[Waiting]:
    """Who waits in which appointment, after these messages in any order; the first come first."""
    ended = {(number, each.stay) for number, each in told if each.type == KNOCK_ENDED}
    here = {
        (number, each.stay): Waiting(number, each.by or "", each.at)
        for number, each in told
        if each.type == KNOCK and (number, each.stay) not in ended
    }
    return sorted(here.values(), key=lambda each: each.since)


def check_signature(
    secret: str, *, timestamp: str | None, signature: str | None, body: bytes, now: datetime
) -> None:
    """NotGenuine unless the raw bytes are signed, and not more than five minutes ago.

    Daily's rule (daily-rest 10.3): HMAC-SHA256 under the decoded secret over `timestamp.body`.
    """
    if timestamp is None or signature is None or not timestamp.isdecimal():
        raise NotGenuine("the message carries no signature and timestamp")
    if abs(now.timestamp() - int(timestamp[:12])) > MAX_AGE.total_seconds():
        raise NotGenuine("the message was signed more than five minutes ago, or ahead of time")
    digest = hmac.digest(base64.b64decode(secret), timestamp.encode() + b"." + body, hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(digest), signature.encode()):
        raise NotGenuine("the signature is not the one that this message must have")


def parse(body: bytes, *, now: datetime) -> Message | None:
    """The message; None for the provider's check whether anybody listens. Invalid if it is none.

    Daily's envelope `{type, id, payload, event_ts}`, or the short form `{type, room, …}` of A17.
    """
    try:
        said = json.loads(whole_characters(body.decode()))
    except (ValueError, RecursionError):
        raise Invalid("the body is not valid JSON") from None
    if not isinstance(said, dict):
        raise Invalid("the body should be a JSON object")
    kind = said.get("type")
    if not isinstance(kind, str):
        if "test" in said:
            return None
        raise Invalid("missing required field 'type'")
    payload = said.get("payload")
    if isinstance(payload, dict):
        given = said.get("id")
        identity = given if isinstance(given, str) and given else _digest(body)
        return _message(identity, kind, payload, _moment(said.get("event_ts"), now))
    return _message(_digest(body), kind, said, _moment(said.get("timestamp"), now))


def _message(identity: str, kind: str, said: Mapping[str, Any], at: datetime) -> Message:
    def text(*names: str) -> str | None:
        values = (said.get(name) for name in names)
        return next((value[:500] for value in values if isinstance(value, str) and value), None)

    long = len(identity) > MAX_ID_CHARACTERS
    duration = said.get("duration", _between(said.get("start_ts"), said.get("end_ts")))
    is_number = isinstance(duration, int | float) and 0 <= duration < 2**31
    return Message(
        id=_digest(identity.encode()) if long else identity,
        type=kind[:64],
        room=text("room", "room_name"),
        at=at,
        recording_id=text("recording_id", "recordingId"),
        by=text("startedBy", "started_by", "user_name"),
        duration_seconds=int(duration) if is_number and duration is not None else None,
        download_url=text("download_url", "downloadUrl", "download_link", "url"),
        stay=(text("session_id"), repr(said.get("joined_at"))),
    )


def _between(start: Any, end: Any) -> float | None:
    """The seconds from one unix time to another; `meeting.ended` gives no duration."""
    are_numbers = isinstance(start, int | float) and isinstance(end, int | float)
    return end - start if are_numbers else None


def _moment(value: Any, now: datetime) -> datetime:
    """The time that a provider gives in unix seconds or ISO 8601; `now` if it gives none."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
