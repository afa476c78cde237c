"""A recorded appointment is found, played and, once it was deleted, remembered by its clinic."""

import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.integration.rooms.recordings import signs
from tests.integration.rooms.recordings.conftest import Guest
from tests.integration.rooms.recordings.test_archive import Desk, desk
from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.test_console_page import fill_in
from tests.servers.mail_server import MailServer
from tests.servers.vestibule import VestibuleProcess
from vestibule.appointments.console.schemas import RecordingRow
from vestibule.appointments.console.store import version as console_version
from vestibule.appointments.webhook_inbox.recording_store import unfinished_recordings
from vestibule.appointments.webhook_inbox.recordings import NotPlayable, ShownRecording
from vestibule.rooms.recordings import store as rooms_store

__all__ = ["desk"]
COMPOSED_MS = 180_000
MATROSKA = bytes.fromhex("1a45dfa3")
RAN_TO_ITS_END = "() => document.querySelector('video').ended"
JUMP = "(video) => { video.currentTime = video.duration / 2; return video.play(); }"


async def a_clinic(desk: Desk) -> tuple[int, str]:
    """The number of a clinic with our own rooms, and the room of its one appointment."""
    appointments = desk.vestibule.appointments
    clinic = await appointments.organizations.create(name="Clinic")
    key = desk.http.headers["Authorization"].removeprefix("Bearer ")
    await appointments.organizations.set_integration(clinic.id, base_url=None, api_key=key)
    create = appointments.organizations.create_person
    ada = await create(clinic.id, kind="specialist", name="Ada")
    ben = await create(clinic.id, kind="patient", name="Ben")
    starts = desk.clock.now() + timedelta(minutes=5)
    appointment = await appointments.lifecycle.create(
        clinic.id,
        specialist_id=ada.id,
        patient_id=ben.id,
        started_at=starts,
        ended_at=starts + timedelta(minutes=30),
    )
    return clinic.id, f"{clinic.room_prefix}-{clinic.id}-{appointment.id}"


@pytest.mark.anyio
async def test_what_was_not_told_is_found_and_what_is_gone_leaves_a_trace(desk: Desk) -> None:
    appointments = desk.vestibule.appointments
    clinic_id, room = await a_clinic(desk)
    await desk.http.post("/v1/", json={"properties": {"recordings_keep_days": 30}})
    recording = await desk.recorded(1, room_name=room, started_by_name="Ada")
    book = appointments.recordings

    async def page() -> list[ShownRecording]:
        total, found = await book.page(clinic_id, before=None, limit=50)
        assert total == len(found)
        return found

    async def told() -> list[str]:
        events = [event.event for event in await appointments.audit.list(clinic_id)]
        return [event for event in events if event.startswith("videocall.recording")]

    await appointments.recording_sweep.step()
    [shown] = await page()
    assert (shown.specialist_name, shown.patient_name, shown.started_by) == ("Ada", "Ben", "Ada")
    with pytest.raises(NotPlayable):
        await book.files(clinic_id, shown.id, actor="user:ada")
    await desk.composes(recording)
    for _ in range(2):
        await appointments.recording_sweep.step()
    assert (await page())[0].ready_at is not None
    [film] = await book.files(clinic_id, shown.id, actor="user:ada")
    assert film.holds == "film"
    assert (await desk.get(film.url)).content[4:8] == b"ftyp"
    desk.clock.advance(timedelta(days=31))
    assert (await desk.get(film.url)).status_code == 404
    await desk.recordings.archive.sweep()
    await appointments.recording_sweep.step()

    assert (await page())[0].deleted_at is not None
    with pytest.raises(NotPlayable):
        await book.files(clinic_id, shown.id, actor="user:ada")
    happened = ("started", "stopped", "ready", "opened", "deleted")
    assert await told() == [f"videocall.recording_{each}" for each in happened]


@pytest.mark.anyio
async def test_staff_see_how_far_a_film_is_and_it_goes_after_the_clinics_own_days(
    desk: Desk,
) -> None:
    appointments = desk.vestibule.appointments
    clinic_id, room = await a_clinic(desk)
    await appointments.organizations.change(clinic_id, recordings_keep_days=7)
    ended: dict[str, Any] = {"stopped_at": desk.clock.now(), "progress": 0.25}
    film = await desk.recorded(1, room_name=room, **ended)
    broken = await desk.recorded(2, room_name=room, due_at=None, **ended)

    async def version() -> tuple[int, ...]:
        return await desk.database.read(lambda tx: console_version(tx, clinic_id))

    async def shown() -> dict[str | None, RecordingRow]:
        _, found = await appointments.recordings.page(clinic_id, before=None, limit=50)
        return {ids[each.id]: RecordingRow.of(each) for each in found}

    await appointments.recording_sweep.step()
    long_ago = desk.clock.now() - timedelta(days=1)
    rows = await desk.database.read(lambda tx: unfinished_recordings(tx, long_ago))
    ids = {row.id: row.recording_id for row in rows}
    before = await version()
    await appointments.recording_progress.step()
    states = {which: (each.state, each.progress) for which, each in (await shown()).items()}
    assert states == dict.fromkeys((film.id, broken.id), ("making", 0.25))
    assert await version() != before, "the console is told"
    await desk.composes(film)
    failed = {"state": "failed", "error": "the disk was full"}
    await desk.database.write(lambda tx: rooms_store.change(tx, broken.id, **failed))
    await appointments.recording_progress.step()
    assert {which: each.state for which, each in (await shown()).items()} == {
        film.id: "ready",
        broken.id: "failed",
    }
    events = [event.event for event in await appointments.audit.list(clinic_id)]
    happened = [each for each in events if each.startswith("videocall.recording")]
    assert len(happened) == len(set(happened)) + 2, "both began and ended, one ready, one failed"

    kept_of_it = desk.recordings.studio.folder_of(broken.id)
    assert any(kept_of_it.iterdir())
    desk.clock.advance(timedelta(days=7))
    while await appointments.retention.step():
        pass
    assert (await desk.get(f"/v1/recordings/{film.id}")).status_code == 404
    assert not kept_of_it.exists()
    states_now = {each.state for each in (await shown()).values()}
    assert states_now == {"deleted"}


@pytest.mark.anyio
async def test_staff_gets_each_raw_track_where_there_is_no_film(desk: Desk) -> None:
    appointments = desk.vestibule.appointments
    clinic_id, room = await a_clinic(desk)
    raw = await desk.recorded(1, room_name=room, options={"type": "raw-tracks"})
    await desk.composes(raw)
    await appointments.recording_sweep.step()
    _, [shown] = await appointments.recordings.page(clinic_id, before=None, limit=50)

    tracks = await appointments.recordings.files(clinic_id, shown.id, actor="user:ada")

    assert [track.holds for track in tracks] == ["video", "audio"]
    for track in tracks:
        assert (await desk.get(track.url)).content.startswith(MATROSKA)


def mail_about_recordings(server: MailServer) -> list[EmailMessage]:
    """Wait for some."""
    deadline = time.monotonic() + COMPOSED_MS / 1000
    found: list[EmailMessage] = []
    while not found and time.monotonic() < deadline:
        found = [mail for mail in server.messages if "recording" in mail["Subject"]]
        time.sleep(0.1)
    return found


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_specialist_hears_of_a_recording_and_staff_play_it(
    server: VestibuleProcess, mail_server: MailServer, new_context: Callable[[], BrowserContext]
) -> None:
    ada = Guest(new_context(), signs.ADA)
    ada.open_join_link(server.demo["specialist_url"])
    ada.join()
    ada.says("This call is being recorded.")
    assert_no_barrier(ada.page)
    ada.page.wait_for_timeout(3000)
    ada.button("Stop recording").click()

    page = new_context().new_page()
    organization = server.demo["organization_id"]
    page.goto(f"{server.demo['console_url']}/organizations/{organization}/recordings")
    fill_in(page, server.demo["admin"]["email"], server.demo["admin"]["password"])
    expect(page.get_by_text("Dr. Ada Popescu with Ben Ionescu")).to_be_visible(timeout=COMPOSED_MS)
    expect(page.get_by_text("started by Dr. Ada Popescu")).to_be_visible()
    expect(page.get_by_text("Ready", exact=True)).to_be_visible(timeout=COMPOSED_MS)
    [mail] = mail_about_recordings(mail_server)
    text = mail.get_content()
    assert "Ben Ionescu" in text
    assert f"/console/organizations/{organization}/recordings" in text
    page.get_by_role("button", name="Play").click()
    video = page.locator("video")
    video.evaluate(JUMP)
    page.wait_for_function(RAN_TO_ITS_END, timeout=COMPOSED_MS)
    assert_no_barrier(page)
    assert_fits(page, 320)

    key = server.demo["api_key"]
    recording = server.request("GET", "/v1/recordings", key=key)[1]["data"][0]["id"]
    assert server.request("DELETE", f"/v1/recordings/{recording}", key=key)[0] == 200
    expect(page.get_by_text("Deleted", exact=True)).to_be_visible(timeout=60_000)
    expect(video).to_be_hidden()
