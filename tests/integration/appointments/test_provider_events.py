"""What the provider tells is believed only if signed, kept once, and applied in any order (A17)."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, answered, name_of
from vestibule.foundation.clock import unix_seconds


async def hooked(clinic: Clinic, daily: Daily) -> str:
    """The secret of our hook, once it is registered."""
    while await clinic.server.hooks.step():
        pass
    secret: str = next(iter(daily.hooks.values()))["hmac"]
    return secret


def path(clinic: Clinic) -> str:
    return f"/provider-events/{clinic.organization.id}"


async def tell(
    clinic: Clinic, secret: str, message: Any, *, age: int = 0, **headers: str
) -> httpx2.Response:
    """Send a message as Daily signs it (daily-rest 10.3)."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    timestamp = str(unix_seconds(clinic.server.clock.now()) - age)
    digest = hmac.digest(base64.b64decode(secret), timestamp.encode() + b"." + body, hashlib.sha256)
    signed = {
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": base64.b64encode(digest).decode(),
        **headers,
    }
    return await clinic.open.post(path(clinic), content=body, headers=signed)


def envelope(kind: str, number: int, **payload: Any) -> dict[str, Any]:
    return {
        "version": "1.0.0",
        "type": kind,
        "id": f"event-{number}",
        "payload": payload,
        "event_ts": 1795255200.5 + number,
    }


async def apply(clinic: Clinic) -> None:
    while await clinic.server.inbox.step():
        pass


async def recordings(clinic: Clinic, appointment: dict[str, Any]) -> list[dict[str, Any]]:
    url = f"{clinic.path}/{appointment['id']}/recordings"
    data: list[dict[str, Any]] = answered(await clinic.http.get(url))["data"]
    return data


def life_of_a_recording(room: str) -> list[dict[str, Any]]:
    """Daily names no room when a recording starts, only when it is ready."""
    return [
        envelope("recording.started", 1, recording_id="r1", started_by="Dr. Ada"),
        envelope("recording.ready-to-download", 3, recording_id="r1", room_name=room, duration=61),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
async def test_a_recording_is_known_once_in_whichever_order_it_is_told(
    clinic: Clinic, daily: Daily, order: tuple[int, ...]
) -> None:
    secret, appointment = await hooked(clinic, daily), await clinic.book()
    messages = life_of_a_recording(name_of(clinic, appointment))
    for each in [*order, *reversed(order)]:
        assert (await tell(clinic, secret, messages[each])).status_code == 200
        await apply(clinic)
    [recording] = await recordings(clinic, appointment)
    assert (recording["recording_id"], recording["duration_seconds"]) == ("r1", 61)
    assert recording["started_by"] == "Dr. Ada"
    assert recording["ready_at"] == "2026-11-21T10:00:03Z"
    events = [event for event, _ in await clinic.events(appointment)]
    assert sorted(events) == [
        *("recording_ready", "recording_started", "recording_stopped", "room_created")
    ]
    assert await clinic.server.audit.verify(clinic.organization.id) is None


async def test_the_short_form_is_understood(clinic: Clinic, daily: Daily) -> None:
    secret, appointment = await hooked(clinic, daily), await clinic.book()
    room, link = name_of(clinic, appointment), "https://files.example/r1.mp4"
    for message in (
        {"type": "recording.started", "room": room, "startedBy": "Dr. Smith"},
        {"type": "recording.stopped", "room": room, "timestamp": "2026-11-21T10:10:00Z"},
        {"type": "recording.ready-to-download", "room": room, "download_url": link},
    ):
        for _ in range(2):
            assert (await tell(clinic, secret, message)).status_code == 200
            await apply(clinic)
    [recording] = await recordings(clinic, appointment)
    assert (recording["started_by"], recording["download_url"]) == ("Dr. Smith", link)
    assert recording["stopped_at"] == "2026-11-21T10:10:00Z"
    told = dict(await clinic.events(appointment))
    assert told["recording_started"]["started_by"] == "Dr. Smith"
    counted = clinic.server.metrics.recordings
    assert [counted.labels(each)._value.get() for each in ("started", "stopped", "ready")] == [
        1
    ] * 3


async def test_the_length_of_a_call_is_counted_once(clinic: Clinic, daily: Daily) -> None:
    secret, appointment = await hooked(clinic, daily), await clinic.book()
    times = {"start_ts": 1795255200.5, "end_ts": 1795256100.5}
    ended = envelope("meeting.ended", 1, room=name_of(clinic, appointment), **times)
    foreign = envelope("meeting.ended", 2, room="restartix-77-1", **times)
    for message in (ended, ended, foreign):
        assert (await tell(clinic, secret, message)).status_code == 200
        await apply(clinic)
    seconds = clinic.server.metrics.call_seconds.labels("127.0.0.1")._sum.get()
    assert seconds == 900


async def test_a_knock_is_passed_on_at_once(clinic: Clinic, daily: Daily) -> None:
    secret, appointment = await hooked(clinic, daily), await clinic.book()
    hints: list[dict[str, Any]] = []
    clinic.server.broker.subscribe("appointment-event", hints.append)
    room = name_of(clinic, appointment)
    knock = envelope("waiting-participant.joined", 1, room=room, user_name="Ben")
    await tell(clinic, secret, knock)
    await apply(clinic)
    await tell(clinic, secret, knock)
    await apply(clinic)
    await clinic.server.database.read(lambda tx: None)
    assert [(each["appointment_id"], each["type"], each["name"]) for each in hints] == [
        (appointment["id"], "waiting-participant.joined", "Ben")
    ]


async def test_only_what_is_signed_and_fresh_is_kept(clinic: Clinic, daily: Daily) -> None:
    secret, appointment = await hooked(clinic, daily), await clinic.book()
    message = life_of_a_recording(name_of(clinic, appointment))[1]
    other = base64.b64encode(b"another secret").decode()
    assert (await tell(clinic, other, message)).status_code == 401
    assert (await tell(clinic, secret, message, age=301)).status_code == 401
    assert (await tell(clinic, secret, message, age=-301)).status_code == 401
    forged: dict[str, Any] = {"X-Webhook-Timestamp": "x"}
    assert (await tell(clinic, secret, message, **forged)).status_code == 401
    assert (await clinic.open.post(path(clinic), json=message)).status_code == 401
    elsewhere = "/provider-events/99"
    assert (await clinic.open.post(elsewhere, json=message)).status_code == 401
    for wrong in (b"{", b"[]", b"{}", b"\xff", b'{"type": 5}'):
        assert (await tell(clinic, secret, wrong)).status_code == 400, wrong
    assert (await tell(clinic, secret, {"test": "test"})).status_code == 200
    foreign = envelope("recording.ready-to-download", 9, room_name="restartix-77-1")
    assert (await tell(clinic, secret, foreign)).status_code == 200
    await apply(clinic)
    assert await recordings(clinic, appointment) == []


async def test_our_hook_is_registered_and_kept_alive(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    secret = await hooked(clinic, daily)
    [(number, hook)] = daily.hooks.items()
    assert hook["url"] == f"https://video.clinic.example{path(clinic)}"
    assert {"recording.ready-to-download", "waiting-participant.joined"} <= set(hook["eventTypes"])

    async def later() -> None:
        clock.advance(timedelta(minutes=11))
        await hooked(clinic, daily)

    daily.requests.clear()
    await later()
    assert daily.calls == ["GET /webhooks"], "all is well"
    hook["state"] = "FAILED"
    await later()
    assert daily.hooks[number]["state"] == "ACTIVE"
    del daily.hooks[number]
    daily.is_down = True
    clock.advance(timedelta(minutes=11))
    await clinic.server.hooks.step()
    daily.is_down = False
    await later()
    [again] = daily.hooks.values()
    assert (again["url"], again["hmac"]) == (hook["url"], secret)
