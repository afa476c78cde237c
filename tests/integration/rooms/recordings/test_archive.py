"""What was recorded is composed, stored, listed, fetched and deleted, whatever crashes between."""

import asyncio
import io
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import httpx2
import pytest
from av.container import InputContainer

from tests.doubles.clock import FakeClock
from tests.integration.rooms.recordings.invented_call import ada, record
from tests.integration.rooms.recordings.s3 import s3_service
from vestibule.assembly import Vestibule, build
from vestibule.foundation.database import Transaction
from vestibule.foundation.errors import TemporaryError
from vestibule.rooms.outbox.service import take_undistributed
from vestibule.rooms.recordings import store
from vestibule.rooms.recordings.model import Recording, State, key_of, options_of
from vestibule.rooms.recordings.receipts import is_genuine
from vestibule.rooms.recordings.track_store import RecorderClock, RecordingWriter
from vestibule.settings import Settings

pytestmark = pytest.mark.anyio

SMALL = {"width": 64, "height": 48, "fps": 10}
ANSWERS = [{"session_id": "s", "user_name": "Ada", "answers": [{"agrees": True, "at": 1.0}]}]


class Desk:
    """An installation, and recordings put into it as if calls had been recorded."""

    def __init__(self, vestibule: Vestibule, clock: FakeClock, domain_id: str, key: str) -> None:
        self.vestibule, self.clock, self.domain_id = vestibule, clock, domain_id
        self.recordings = vestibule.rooms.recordings
        self.database = vestibule.shared.database
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=vestibule.app),
            base_url="http://localhost:8000",
            headers={"Authorization": f"Bearer {key}"},
        )

    async def recorded(self, number: int, *, media: bool = True, **values: Any) -> Recording:
        """A recording whose worker has just ended; it is due to be composed."""
        recording_id = f"00000000-0000-4000-8000-{number:012}"
        if media:
            record(self.recordings.studio.folder_of(recording_id), ada(goes=1), stops=1)

        def write(tx: Transaction) -> Recording:
            row = {
                "id": recording_id,
                "domain_id": self.domain_id,
                "room_id": f"room-{number}",
                "room_name": "ward",
                "instance_id": "i",
                "options": SMALL,
                "template": "{domain_name}/{room_name}/{epoch_time}",
            }
            assert store.insert_recording(tx, row)
            done = {"state": "stopped", "started_at": tx.now, "due_at": tx.now}
            store.change(tx, recording_id, **{**done, **values})
            found = store.find(tx, recording_id)
            assert found is not None
            return found

        return await self.database.write(write)

    async def now(self, recording: Recording) -> Recording:
        found = await self.database.read(lambda tx: store.find(tx, recording.id))
        assert found is not None
        return found

    async def composes(self, *recordings: Recording) -> None:
        for _ in recordings:
            assert await self.recordings.composing.step()

    async def refusal(self, path: str) -> str:
        """Why something about a recording is refused."""
        answer = await self.get(f"/v1/recordings/{path}")
        assert answer.status_code == 400, answer.text
        info: str = answer.json()["info"]
        return info

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers=headers)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_service("films") as address:
        yield address


async def opened(tmp_path: Path, **settings: Any) -> Desk:
    clock = FakeClock()
    vestibule = build(Settings(data=tmp_path, **settings), clock=clock)
    domain = await vestibule.rooms.domains.primary()
    key = await vestibule.rooms.domains.create_key(domain.id, "test")
    return Desk(vestibule, clock, domain.id, key)


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[Desk]:
    desk = await opened(tmp_path, database_url=database_url)
    yield desk
    await desk.vestibule.stop()


async def test_in_s3_a_recording_lies_encrypted_with_its_receipt_and_is_read_in_parts(
    tmp_path: Path, migrated_sqlite: Path, s3: str
) -> None:
    access = {"s3_endpoint": s3, "s3_region": "us-east-1", "s3_access_key_id": "a"}
    shutil.copy(migrated_sqlite, tmp_path / "vestibule.sqlite3")
    desk = await opened(
        tmp_path,
        recordings_store="s3://films/of/ours",
        recordings_encrypted=True,
        s3_secret_access_key="b",
        **access,
    )
    recording = await desk.recorded(1, consents=ANSWERS)

    await desk.composes(recording)

    done = await desk.now(recording)
    assert (done.state, done.progress, done.error) == (State.FINISHED, 1.0, None)
    assert done.seconds == pytest.approx(1, abs=0.2)
    assert not desk.recordings.studio.folder_of(recording.id).exists()
    link = (await desk.get(f"/v1/recordings/{recording.id}/access-link")).json()["download_link"]
    whole = await desk.get(link)
    assert whole.content[4:8] == b"ftyp"
    part = await desk.get(link, Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{done.size}"
    objects, key = desk.recordings.archive.storage.ours, f"{desk.domain_id}/{done.key}"
    head = b"".join([piece async for piece in objects.read(key, 0, 16)])
    assert b"ftyp" not in head
    receipt = key.replace(".mp4", ".consent.json")
    text = b"".join([piece async for piece in objects.read(receipt, 0, 100_000)]).decode()
    assert json.loads(text)["people"] == ANSWERS
    assert is_genuine(text)
    assert not is_genuine(text.replace("Ada", "Eve"))
    deleted = (await desk.http.delete(f"/v1/recordings/{recording.id}")).json()
    assert (deleted["deleted"], deleted["s3_bucket"]) == (True, "films")
    for gone in (key, receipt):
        with pytest.raises(TemporaryError):
            _ = [piece async for piece in objects.read(gone, 0, 1)]
    await desk.vestibule.stop()


async def test_raw_tracks_lie_in_the_bucket_that_the_room_names_each_in_a_file(
    tmp_path: Path, migrated_sqlite: Path, s3: str
) -> None:
    """Which is reached as the installation's own; links need leave, and each file has its own."""
    shutil.copy(migrated_sqlite, tmp_path / "vestibule.sqlite3")
    access = {"s3_endpoint": s3, "s3_region": "us-east-1", "s3_access_key_id": "a"}
    desk = await opened(
        tmp_path,
        recordings_encrypted=True,
        recordings_buckets=["films"],
        s3_secret_access_key="b",
        **access,
    )
    bucket = {"bucket_name": "films", "bucket_region": "", "allow_api_access": False}
    raw = {"type": "raw-tracks"}
    recording = await desk.recorded(1, options=raw, bucket=bucket, consents=ANSWERS)
    shown = {**bucket, "allow_api_access": True, "allow_streaming_from_bucket": True}
    other = await desk.recorded(2, options=raw, bucket=shown)
    elsewhere = await desk.recorded(3, bucket={**bucket, "bucket_name": "of-others"})

    await desk.composes(recording, other, elsewhere)

    films = desk.recordings.archive.storage.own_bucket(await desk.now(recording))
    assert films is not None
    answer = (await desk.get(f"/v1/recordings/{recording.id}")).json()
    assert [track["type"] for track in answer["tracks"]] == ["video", "audio"]
    assert set(answer["tracks"][0]) == {"size", "type", "s3Key"}
    receipt = f"{answer['s3key']}.consent.json"
    assert is_genuine(b"".join([part async for part in films.read(receipt, 0, 9999)]).decode())
    assert "allow_api_access" in await desk.refusal(f"{recording.id}/access-link?track=0")
    for wrong in ("", "?track=2"):
        assert "track=0 to 1" in await desk.refusal(f"{other.id}/access-link{wrong}")
    for number, codec in enumerate(("vp8", "opus")):
        path = f"/v1/recordings/{other.id}/access-link?track={number}"
        answer = await desk.get((await desk.get(path)).json()["download_link"])
        assert answer.headers["content-disposition"].startswith("inline")
        with av.open(io.BytesIO(answer.content)) as file:
            assert file.streams[0].codec_context.name == codec
            assert isinstance(file, InputContainer)
            seconds = len(list(file.decode(file.streams[0]))) / {"vp8": 30, "opus": 50}[codec]
            assert seconds == pytest.approx(1, abs=0.1)
    [first, *_] = (await desk.now(other)).tracks
    head = b"".join([part async for part in films.read(first["s3Key"], 0, 64)])
    assert b"webm" not in head, "a track lies there in the clear"
    deleted = (await desk.http.delete(f"/v1/recordings/{other.id}")).json()
    assert deleted["s3_bucket"] == "films"
    with pytest.raises(TemporaryError):
        _ = [part async for part in films.read(first["s3Key"], 0, 1)]
    assert not any("file_key_sealed" in track for track in (await desk.now(other)).tracks)
    assert (await desk.get(f"/v1/recordings/{elsewhere.id}/access-link")).status_code == 200
    await desk.vestibule.stop()


async def test_a_recording_is_ready_once_however_often_composing_crashes(desk: Desk) -> None:
    recording = await desk.recorded(1)

    def crash(tx: Transaction) -> None:
        keeper = desk.recordings.studio.keeper
        lease = "of a dead process"
        assert store.claim_to_compose(tx, keeper=keeper, lease=lease, lease_seconds=30) is not None

    await desk.database.write(crash)
    assert not await desk.recordings.composing.step()  # somebody else seems to do it
    desk.clock.advance(timedelta(seconds=31))

    await desk.composes(recording)

    assert (await desk.now(recording)).state is State.FINISHED
    events = await desk.database.write(lambda tx: take_undistributed(tx, 10))
    assert [event.type for event in events] == ["recording.ready-to-download"]
    assert events[0].payload["recording_id"] == recording.id
    assert not await desk.recordings.composing.step()


async def test_several_servers_share_the_work_of_composing(desk: Desk, tmp_path: Path) -> None:
    other = await opened(tmp_path, database_url=desk.vestibule.shared.settings.database_url)
    recordings = [await desk.recorded(number) for number in (1, 2)]

    await asyncio.gather(desk.composes(recordings[0]), other.composes(recordings[1]))

    for recording in recordings:
        assert (await desk.now(recording)).state is State.FINISHED
    events = await desk.database.write(lambda tx: take_undistributed(tx, 10))
    assert {event.payload["recording_id"] for event in events} == {one.id for one in recordings}
    assert len(events) == 2, "one was composed twice"
    assert not await other.recordings.composing.step()
    await other.vestibule.stop()


async def test_only_one_server_looks_after_a_recorder(desk: Desk, tmp_path: Path) -> None:
    """Another one takes over when it has not been heard of for ten seconds."""
    other = await opened(
        tmp_path / "other", database_url=desk.vestibule.shared.settings.database_url
    )
    recording = await desk.recorded(1, media=False, state="recording", due_at=None)
    ours, theirs = desk.recordings.service, other.recordings.service
    folder = desk.recordings.studio.folder_of(recording.id)
    recorder = RecordingWriter(folder, room="ward", clock=RecorderClock())

    for _ in range(3):
        await ours.step()
        await theirs.step()
        desk.clock.advance(timedelta(seconds=8))
        other.clock.advance(timedelta(seconds=8))
    now = await desk.now(recording)
    assert (now.kept_by, now.restarts) == (desk.recordings.studio.keeper, 0)
    recorder.close("asked")

    other.clock.advance(timedelta(seconds=11))
    await theirs.step()

    now = await desk.now(recording)
    assert (now.kept_by, now.restarts) == (other.recordings.studio.keeper, 1)
    await ours.step()
    while (await desk.now(recording)).is_live:  # their recorder ends: there is no call
        await asyncio.sleep(0.05)
        await theirs.step()
    assert (await desk.now(recording)).restarts == 1
    await other.vestibule.stop()


async def test_what_holds_no_media_has_no_file_and_says_so(desk: Desk) -> None:
    recording = await desk.recorded(1, media=False)
    folder = desk.recordings.studio.folder_of(recording.id)
    record(folder, stops=1)

    await desk.composes(recording)

    answer = (await desk.get(f"/v1/recordings/{recording.id}")).json()
    assert answer["status"] == "canceled"
    assert "no media" in answer["error"]
    events = await desk.database.write(lambda tx: take_undistributed(tx, 10))
    assert [event.type for event in events] == ["recording.error"]
    link = await desk.get(f"/v1/recordings/{recording.id}/access-link")
    assert link.status_code == 400


async def test_the_list_is_newest_first_in_pages_and_keeps_the_place_of_what_was_deleted(
    desk: Desk,
) -> None:
    made = []
    for number in range(5):
        desk.clock.advance(timedelta(seconds=1))
        made.append(await desk.recorded(number, media=False, state="finished", due_at=None))
    ids = [recording.id for recording in reversed(made)]

    async def listed(query: str) -> list[str]:
        page = (await desk.get(f"/v1/recordings?{query}")).json()
        return [one["id"] for one in page["data"]]

    assert await listed("limit=2") == ids[:2]
    assert await listed(f"limit=2&starting_after={ids[1]}") == ids[2:4]
    assert await listed(f"limit=2&ending_before={ids[3]}") == ids[1:3]
    assert await listed("room_name=another") == []
    assert (await desk.http.delete(f"/v1/recordings/{ids[1]}")).status_code == 200
    assert await listed(f"limit=2&starting_after={ids[1]}") == ids[2:4]
    assert (await desk.get("/v1/recordings")).json()["total_count"] == 4
    assert (await desk.get("/v1/recordings?starting_after=x")).status_code == 400


async def test_recordings_go_when_their_domain_no_longer_keeps_them(desk: Desk) -> None:
    await desk.http.post("/v1/", json={"properties": {"recordings_keep_days": 30}})
    recording = await desk.recorded(1)
    await desk.composes(recording)

    desk.clock.advance(timedelta(days=29))
    await desk.recordings.archive.sweep()
    assert (await desk.get(f"/v1/recordings/{recording.id}")).status_code == 200
    desk.clock.advance(timedelta(days=2))
    await desk.recordings.archive.sweep()

    assert (await desk.get(f"/v1/recordings/{recording.id}")).status_code == 404
    assert (await desk.now(recording)).state is State.DELETED
    with pytest.raises(TemporaryError):
        key = f"{desk.domain_id}/{(await desk.now(recording)).key}"
        _ = [piece async for piece in desk.recordings.archive.storage.ours.read(key, 0, 1)]


async def test_no_other_domain_sees_a_recording_and_a_link_ends(desk: Desk) -> None:
    recording = await desk.recorded(1)
    await desk.composes(recording)
    path = f"/v1/recordings/{recording.id}"
    other = await desk.vestibule.rooms.domains.create("practice")
    key = await desk.vestibule.rooms.domains.create_key(other.id, "test")
    theirs = {"Authorization": f"Bearer {key}"}
    for method, there in (("GET", path), ("DELETE", path), ("GET", f"{path}/access-link")):
        assert (await desk.http.request(method, there, headers=theirs)).status_code == 404
    assert (await desk.get("/v1/recordings", **theirs)).json()["total_count"] == 0

    link = (await desk.get(f"{path}/access-link?valid_for_secs=60")).json()["download_link"]
    assert (await desk.http.get(link, headers={"Authorization": ""})).status_code == 200
    assert (await desk.get(link + "x")).status_code == 404
    desk.clock.advance(timedelta(seconds=61))
    assert (await desk.get(link)).status_code == 404


async def test_a_room_is_recorded_once_at_a_time_and_each_answer_is_kept(desk: Desk) -> None:
    recording = await desk.recorded(1, media=False, state="recording", due_at=None)
    row = {"id": "another", "domain_id": desk.domain_id, "room_name": "ward", "template": ""}
    same = {**row, "room_id": recording.room_id, "instance_id": "i", "options": {}}
    ada = {"room_id": recording.room_id, "session_id": "s", "user_id": None, "user_name": "Ada"}

    def write(tx: Transaction) -> None:
        assert not store.insert_recording(tx, same)
        assert store.insert_recording(tx, {**same, "instance_id": "second"})
        for at, agrees in enumerate((True, False)):
            store.add_consent(tx, {"agrees": agrees, "at": at}, text="May we?", **ada)
        store.add_layout(tx, recording.id, {"at": 1.0, "layout": {"preset": "portrait"}})
        store.note_people(tx, recording.id, 2)
        store.note_people(tx, recording.id, 1)
        assert store.move(tx, recording, State.STOPPED)
        assert not store.move(tx, recording, State.STOPPED), "moved twice"
        [answered] = store.take_consents(tx, recording) or []
        assert [one["agrees"] for one in answered["answers"]] == [True, False]
        [other] = store.find_live(tx, [recording.room_id])
        assert store.consents_in(tx, recording.room_id), "the other recording still needs them"
        assert store.take_consents(tx, other)
        assert not store.consents_in(tx, recording.room_id)

    await desk.database.write(write)
    now = await desk.now(recording)
    assert (now.max_participants, now.layout.preset) == (2, "portrait")


async def test_a_recording_that_cannot_be_made_is_a_clear_error(desk: Desk) -> None:
    rooms = "/v1/rooms"
    await desk.http.post(rooms, json={"name": "ward", "properties": {"enable_recording": "cloud"}})
    await desk.http.post(rooms, json={"name": "private-talk"})

    async def said(path: str, body: Any = None) -> tuple[int, str]:
        answer = await desk.http.post(f"{rooms}/{path}", json=body)
        return answer.status_code, answer.json().get("info", "")

    assert await said("ward/recordings/start") == (400, "room ward is not hosting a call")
    assert "enable_recording" in (await said("private-talk/recordings/start"))[1]
    raw = await said("ward/recordings/start", {"type": "raw-tracks"})
    assert "name 'raw-tracks' in its property enable_recording" in raw[1]
    assert (await said("nowhere/recordings/start"))[0] == 404
    assert (await said("ward/recordings/start", {"width": 641}))[0] == 400
    assert (await said("ward/recordings/stop"))[0] == 400
    assert (await said("ward/recordings/update", {"layout": {"preset": "default"}}))[0] == 400


def test_a_key_leads_nowhere_else() -> None:
    recording = Recording(
        id="r", domain_id="d", room_id="x", room_name="ward", instance_id="i",
        state=State.STOPPED, is_wanted=False, options=options_of({}),
        created_at=FakeClock().now(),
    )  # fmt: skip

    def key(template: str, *, is_shared: bool = False) -> str:
        changed = replace(recording, template=template)
        return key_of(changed, domain_name="clinic", is_shared=is_shared)

    assert key("../../{domain_name}//{epoch_time}.mp4").startswith("clinic/1")
    assert key("{recording_id}-{instance_id}-{epoch_time}").startswith("r-i-")
    # Where other domains may write too, each stays below its own name.
    assert key("{domain_name}/{epoch_time}", is_shared=True).startswith("clinic/1")
    assert key("school/{epoch_time}", is_shared=True).startswith("clinic/school/1")
    assert key("clinic{epoch_time}", is_shared=True).startswith("clinic/clinic1")
    assert key("./../school/{epoch_time}", is_shared=True).startswith("clinic/school/1")
