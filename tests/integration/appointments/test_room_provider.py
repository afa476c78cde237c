"""The five video-call operations send exactly the documented requests (A13, A25)."""

from datetime import timedelta

import httpx2
import pytest

from tests.doubles.daily import KEY, Daily, Request
from tests.integration.appointments.conftest import Clinic
from vestibule.appointments.model import Window
from vestibule.appointments.room_provider.failures import failure
from vestibule.appointments.room_provider.model import FEATURES, NotThere, ProviderRoom, Refused
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import PermanentError, TemporaryError


def sent(daily: Daily) -> list[Request]:
    requests = list(daily.requests)
    daily.requests.clear()
    return requests


async def test_the_five_operations_send_exactly_the_documented_requests(
    clinic: Clinic, daily: Daily
) -> None:
    videocalls, of = clinic.server.videocalls, clinic.organization.id
    ends, later = clinic.in_minutes(30), clinic.in_minutes(90)
    name, key = f"restartix-{of}-102", f"Bearer {KEY}"

    made = await videocalls.create_room(of, 102, window=Window(ends, ends))
    url = f"https://clinic.daily.example/{name}"
    assert made == ProviderRoom(name=name, url=url, exp=unix_seconds(ends))
    body = {
        "name": name,
        "privacy": "private",
        "properties": {"exp": unix_seconds(ends), **FEATURES},
    }
    assert sent(daily) == [Request("POST", "/rooms", body, key)]

    moved = await videocalls.update_room_expiration(of, 102, window=Window(later, later))
    assert moved.exp == unix_seconds(later)
    body = {"properties": {"exp": unix_seconds(later)}}
    assert sent(daily) == [Request("POST", f"/rooms/{name}", body, key)]

    token = {"room_name": name, "enable_recording": "cloud", "exp": unix_seconds(ends)}
    await videocalls.generate_specialist_token(of, name, user_name="Dr. Smith", until=ends)
    specialist = {"is_owner": True, "user_name": "Dr. Smith", "start_cloud_recording": True}
    body = {"properties": {**token, **specialist}}
    assert sent(daily) == [Request("POST", "/meeting-tokens", body, key)]

    await videocalls.generate_patient_token(of, name, user_name="John Doe", until=ends)
    patient = {"is_owner": False, "user_name": "John Doe", "start_cloud_recording": False}
    body = {"properties": {**token, **patient, "knocking": True}}
    assert sent(daily) == [Request("POST", "/meeting-tokens", body, key)]

    assert await videocalls.delete_room(of, 102) is True
    assert await videocalls.delete_room(of, 102) is False, "a 404 counts as success"
    assert sent(daily) == [Request("DELETE", f"/rooms/{name}", None, key)] * 2


async def test_a_room_is_found_as_long_as_it_lives(clinic: Clinic, daily: Daily) -> None:
    videocalls, of = clinic.server.videocalls, clinic.organization.id
    assert await videocalls.find_room(of, 102) is None
    made = await videocalls.create_room(
        of, 102, window=Window(clinic.in_minutes(30), clinic.in_minutes(30))
    )
    assert await videocalls.find_room(of, 102) == made
    clinic.server.clock.advance(timedelta(minutes=30))
    assert await videocalls.find_room(of, 102) is None
    with pytest.raises(NotThere):
        await videocalls.update_room_expiration(
            of, 102, window=Window(clinic.in_minutes(30), clinic.in_minutes(30))
        )


async def test_what_daily_adds_to_its_answers_does_not_matter(clinic: Clinic, daily: Daily) -> None:
    shown = daily._shown
    daily._shown = lambda name: {  # type: ignore[method-assign]
        **shown(name),
        "tomorrow": {"more": 1},
        "config": {"exp": 1795257000.5, "sip_uri": {"endpoint": "x"}},
    }
    try:
        room = await clinic.server.videocalls.create_room(
            clinic.organization.id, 102, window=Window(clinic.in_minutes(30), clinic.in_minutes(30))
        )
    finally:
        del daily._shown
    assert room.exp == 1795257000


@pytest.mark.parametrize(
    ("status", "kind", "delay"),
    [
        (400, Refused, None),
        (401, PermanentError, None),
        (403, PermanentError, None),
        (404, NotThere, None),
        (409, Refused, None),
        (500, TemporaryError, None),
        (503, TemporaryError, None),
        (429, TemporaryError, 30),
    ],
)
def test_each_failing_answer_has_its_kind(
    status: int, kind: type[Exception], delay: float | None
) -> None:
    error = failure(httpx2.Response(status, json={"error": "x", "info": "the reason"}))
    assert type(error) is kind
    assert getattr(error, "delay_seconds", None) == delay


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("7", 7), ("0", 30), ("soon", 30), ("-5", 30), ("1.5", 30)]
)
def test_the_provider_may_say_in_seconds_when_to_come_back(
    retry_after: str, seconds: float
) -> None:
    error = failure(httpx2.Response(429, headers={"Retry-After": retry_after}))
    assert isinstance(error, TemporaryError)
    assert error.delay_seconds == seconds


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'"x"', b'{"error": "x"}', b"null"])
def test_a_failing_answer_may_say_anything(content: bytes) -> None:
    assert failure(httpx2.Response(500, content=content)).reason.endswith("(500)")


def test_a_long_reason_is_cut() -> None:
    error = failure(httpx2.Response(400, json={"info": "x" * 10_000}))
    assert len(error.reason) < 300


async def test_no_secret_and_no_name_is_logged(
    clinic: Clinic, daily: Daily, capfd: pytest.CaptureFixture[str]
) -> None:
    appointment = await clinic.book()
    link = appointment["patient_url"]
    for how in ("status", "lost-after", "garbage"):
        daily.fail_next(how)
        await clinic.open.post(f"{link}/enter")
    await clinic.open.post(f"{link}/enter")
    daily.fail_next("status")
    await clinic.move(appointment, "cancel")
    printed = "".join(capfd.readouterr())
    assert "room_provider_call_failed" in printed
    for secret in (KEY, link.rpartition("/")[2], "Ionescu", "token-of"):
        assert secret not in printed
