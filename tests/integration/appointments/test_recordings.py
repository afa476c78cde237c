"""Recordings: heard of by message and found in the list, kept for some days and no longer."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, Installation, answered, name_of
from tests.integration.appointments.test_provider_events import (
    apply,
    hooked,
    life_of_a_recording,
    recordings,
    tell,
)

HAPPENED = ["recording_started", "recording_stopped", "recording_ready"]
Deed = Callable[[], Awaitable[None]]


def short_form(room: str) -> list[dict[str, Any]]:
    """It names no recording (A17)."""
    return [
        {"type": "recording.started", "room": room, "startedBy": "Dr. Ada"},
        {"type": "recording.stopped", "room": room, "timestamp": "2026-11-21T10:10:00Z"},
        {"type": "recording.ready-to-download", "room": room},
    ]


class Told:
    """What came of a recording, and in how many places."""

    def __init__(self, clinic: Clinic, appointment: dict[str, Any]) -> None:
        self.clinic = clinic
        self.appointment = appointment

    async def once(self) -> None:
        """It is known once, with all that happened to it told once, and one mail about it."""
        [recording] = await recordings(self.clinic, self.appointment)
        assert recording["ready_at"] is not None
        events = [event for event, _ in await self.clinic.events(self.appointment)]
        assert sorted(each for each in events if each in HAPPENED) == sorted(HAPPENED)
        counted = self.clinic.server.metrics.recordings
        for stage in ("started", "stopped", "ready"):
            assert counted.labels(stage)._value.get() == 1, stage


@pytest.mark.parametrize("form", ["envelope", "short form"])
async def test_hearing_of_a_recording_by_message_and_in_the_list_doubles_nothing(
    clinic: Clinic, daily: Daily, form: str
) -> None:
    secret = await hooked(clinic, daily)
    told_by = {"envelope": life_of_a_recording, "short form": short_form}[form]

    async def sweep() -> None:
        await clinic.server.recording_sweep.compare(clinic.organization.id, is_whole=True)

    orders = [("message",), ("list",), ("message", "list"), ("list", "message", "list")]
    for number, order in enumerate(orders):
        clinic.server.metrics.recordings.clear()
        appointment = await clinic.book(
            started_at=clinic.in_minutes(5 + 60 * number).isoformat(),
            ended_at=clinic.in_minutes(35 + 60 * number).isoformat(),
        )
        room = name_of(clinic, appointment)
        messages = told_by(room)
        for each, of in itertools.product(messages, [f"r{number}"]):
            if "payload" in each:
                each["id"], each["payload"]["recording_id"] = f"{each['id']}-{of}", of
        if "list" in order:
            daily.records(room, f"r{number}")
        for way in order:
            if way == "list":
                await sweep()
                continue
            for message in messages:
                assert (await tell(clinic, secret, message)).status_code == 200
                await apply(clinic)
        await Told(clinic, appointment).once()
    assert await clinic.server.audit.verify(clinic.organization.id) is None


async def test_two_servers_that_hear_at_once_tell_once(
    clinic: Clinic, daily: Daily, peer: Installation
) -> None:
    secret = await hooked(clinic, daily)
    appointment = await clinic.book()
    room = name_of(clinic, appointment)
    daily.records(room, "r1")
    for message in life_of_a_recording(room):
        await tell(clinic, secret, message)
    of = clinic.organization.id
    await asyncio.gather(
        clinic.server.recording_sweep.compare(of, is_whole=True),
        peer.recording_sweep.compare(of, is_whole=True),
        peer.inbox.step(),
        clinic.server.inbox.step(),
    )
    [recording] = await recordings(clinic, appointment)
    assert recording["ready_at"] is not None
    events = [event for event, _ in await clinic.events(appointment)]
    assert sorted(each for each in events if each in HAPPENED) == sorted(HAPPENED)


async def keep_for(clinic: Clinic, days: int | None) -> None:
    """Have the clinic keep its recordings for so many days."""
    url = f"/v1/organizations/{clinic.organization.id}"
    body = {"recordings_keep_days": days}
    assert answered(await clinic.http.patch(url, json=body))["recordings_keep_days"] == days


async def forget(clinic: Clinic) -> None:
    """Do what the retention has to do now."""
    while await clinic.server.retention.step():
        pass


async def test_recordings_go_after_their_days_whatever_fails_and_leave_a_trace(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    daily.records(name_of(clinic, appointment), "old")
    daily.records("somebody-elses-room", "foreign")
    await clinic.server.recording_sweep.compare(clinic.organization.id, is_whole=True)
    await forget(clinic)
    await keep_for(clinic, 30)
    clock.advance(timedelta(days=29))
    await forget(clinic)
    assert set(daily.recordings) == {"old", "foreign"}

    clock.advance(timedelta(days=1))
    daily.fail_next("status")
    await forget(clinic)
    assert "old" in daily.recordings
    clock.advance(timedelta(minutes=6))
    daily.fail_next("lost-after")  # it was done, but we do not hear of it
    await forget(clinic)
    assert [each["recording_id"] for each in await recordings(clinic, appointment)] == ["old"]
    daily.requests.clear()
    await forget(clinic)
    assert daily.calls == [], "not before its time"
    clock.advance(timedelta(minutes=6))
    await forget(clinic)
    assert daily.calls == ["DELETE /recordings/old"]
    clock.advance(timedelta(minutes=6))
    await forget(clinic)
    await clinic.server.recording_sweep.compare(clinic.organization.id, is_whole=True)

    assert set(daily.recordings) == {"foreign"}
    [trace] = [d for event, d in await clinic.events(appointment) if event == "recording_deleted"]
    assert trace == {"recording_id": "old", "reason": "retention", "keep_days": 30}
    assert daily.calls == ["GET /recordings"], "once is enough"


async def test_fewer_days_count_at_once_and_more_days_spare_what_waits(
    clinic: Clinic, daily: Daily, clock: FakeClock
) -> None:
    appointment = await clinic.book()
    for each in ("first", "second"):
        daily.records(name_of(clinic, appointment), each)
        clock.advance(timedelta(days=10))
    await clinic.server.recording_sweep.compare(clinic.organization.id, is_whole=True)
    await keep_for(clinic, 15)
    daily.is_down = True
    await forget(clinic)
    daily.is_down = False
    await keep_for(clinic, None)
    clock.advance(timedelta(days=30))
    await forget(clinic)
    assert set(daily.recordings) == {"first", "second"}, "nobody wants them gone any more"
    await keep_for(clinic, 45)
    await forget(clinic)
    assert set(daily.recordings) == {"second"}
    url = f"/v1/organizations/{clinic.organization.id}"
    for wrong in (0, 3651, "30"):
        body = {"recordings_keep_days": wrong}
        assert (await clinic.http.patch(url, json=body)).status_code == 400
    assert answered(await clinic.http.get(url))["recordings_keep_days"] == 45
