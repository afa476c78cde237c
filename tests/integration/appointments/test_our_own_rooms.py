"""The same appointments with the rooms of this very installation, in one process."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from tests.integration.appointments.conftest import answered, exp_of
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.assembly import Vestibule, build
from vestibule.rooms.outbox.service import record_event
from vestibule.settings import Settings

URL = "http://localhost:8000"


@dataclass
class Practice:
    """An assembled installation with one organization, and what its programs call with."""

    vestibule: Vestibule
    http: httpx2.AsyncClient
    api_key: str
    domain_id: str
    organization_token: str
    organization_id: int
    specialist_id: int
    patient_id: int

    async def call(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """A call of the booking platform, below the organization's path."""
        return await self.http.request(
            method,
            f"/v1/organizations/{self.organization_id}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.organization_token}"},
        )

    async def rooms(self, method: str, path: str) -> httpx2.Response:
        """A call of the Rooms API."""
        headers = {"Authorization": f"Bearer {self.api_key}"}
        return await self.http.request(method, f"/v1{path}", headers=headers)

    async def book(self, now: datetime) -> dict[str, Any]:
        body = {
            "specialist_id": self.specialist_id,
            "patient_id": self.patient_id,
            "started_at": (now + timedelta(minutes=5)).isoformat(),
            "ended_at": (now + timedelta(minutes=35)).isoformat(),
            "status": "upcoming",
        }
        return answered(await self.call("POST", "/appointments", body))


async def opened(vestibule: Vestibule, http: httpx2.AsyncClient) -> Practice:
    domain = await vestibule.rooms.domains.create("clinic")
    api_key = await vestibule.rooms.domains.create_key(domain.id, "appointments")
    organizations = vestibule.appointments.organizations
    organization = await organizations.create("Clinic")
    await organizations.set_integration(organization.id, base_url=None, api_key=api_key)
    specialist = await organizations.create_person(organization.id, kind="specialist", name="Ada")
    patient = await organizations.create_person(organization.id, kind="patient", name="Ben")
    return Practice(
        vestibule=vestibule,
        http=http,
        api_key=api_key,
        domain_id=domain.id,
        organization_token=await organizations.create_token(organization.id, "platform"),
        organization_id=organization.id,
        specialist_id=specialist.id,
        patient_id=patient.id,
    )


@pytest.fixture
async def practice(database_url: str, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Practice]:
    settings = Settings(
        data=tmp_path / "data",
        database_url=database_url,
        primary_domain="clinic",
        provider_time_budget_seconds=30.0,  # however busy the machine is
        provider_lease_seconds=60.0,
        webhook_allow_private_targets=True,  # for the clinic's own receiver
    )
    vestibule = build(settings, clock=clock)
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as http:
        yield await opened(vestibule, http)
    await vestibule.stop()


async def test_an_appointment_lives_in_a_room_of_this_installation(
    practice: Practice, clock: FakeClock
) -> None:
    appointment = await practice.book(clock.now())
    name = f"restartix-{practice.organization_id}-{appointment['id']}"
    assert appointment["videocall_room_name"] == name
    assert appointment["videocall_room_url"] == f"{URL}/{name}"
    assert appointment["room"] == {"state": "ready", "problem": None}
    room = answered(await practice.rooms("GET", f"/rooms/{name}"))
    assert (room["privacy"], room["url"]) == ("private", appointment["videocall_room_url"])
    assert room["config"]["exp"] == exp_of(appointment)
    assert room["config"]["max_participants"] == 2
    assert room["config"]["enable_knocking"] is True

    path = f"/appointments/{appointment['id']}"
    times = {
        "started_at": (clock.now() + timedelta(minutes=3)).isoformat(),
        "ended_at": (clock.now() + timedelta(minutes=63)).isoformat(),
    }
    moved = answered(await practice.call("POST", f"{path}/reschedule", times))
    room = answered(await practice.rooms("GET", f"/rooms/{name}"))
    assert room["config"]["exp"] == exp_of(moved)

    cancelled = answered(await practice.call("POST", f"{path}/cancel"))
    assert (cancelled["videocall_room_name"], cancelled["room"]["state"]) == (None, "none")
    assert (await practice.rooms("GET", f"/rooms/{name}")).status_code == 404
    answered(await practice.call("POST", f"{path}/reinstate"))
    assert (await practice.rooms("GET", f"/rooms/{name}")).status_code == 200
    answered(await practice.call("DELETE", path))
    assert (await practice.rooms("GET", f"/rooms/{name}")).status_code == 404
    assert await practice.vestibule.appointments.audit.verify(practice.organization_id) is None


async def test_the_join_links_carry_tokens_that_our_rooms_take(
    practice: Practice, clock: FakeClock
) -> None:
    appointment = await practice.book(clock.now())
    room = {
        "room_name": appointment["videocall_room_name"],
        "exp": exp_of(appointment),
        "enable_recording": "cloud",
    }
    expected = {
        "specialist_url": {**room, "is_owner": True, "user_name": "Ada"},
        "patient_url": {**room, "user_name": "Ben", "knocking": True},
    }
    for link, properties in expected.items():
        path = appointment[link].removeprefix(URL)
        url, _, token = answered(await practice.http.post(f"{path}/enter"))["url"].partition("?t=")
        assert url == appointment["videocall_room_url"]
        read = answered(await practice.rooms("GET", f"/meeting-tokens/{token}"))
        assert properties.items() <= read.items()
        assert read.get("is_owner", False) is (link == "specialist_url")


async def test_a_room_deleted_behind_our_back_comes_back_with_a_reschedule(
    practice: Practice, clock: FakeClock
) -> None:
    appointment = await practice.book(clock.now())
    name = appointment["videocall_room_name"]
    answered(await practice.rooms("DELETE", f"/rooms/{name}"))
    times = {
        "started_at": (clock.now() + timedelta(minutes=60)).isoformat(),
        "ended_at": (clock.now() + timedelta(minutes=90)).isoformat(),
    }
    path = f"/appointments/{appointment['id']}/reschedule"
    moved = answered(await practice.call("POST", path, times))
    assert moved["room"]["state"] == "ready"
    room = answered(await practice.rooms("GET", f"/rooms/{name}"))
    assert room["config"]["exp"] == exp_of(moved)


async def test_the_background_loop_brings_a_pending_room_about(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings(
        data=tmp_path / "data",
        database_url=database_url,
        primary_domain="clinic",
        provider_time_budget_seconds=30.0,
        provider_retry_seconds=0.05,
    )
    vestibule = build(settings)
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as http:
        practice = await opened(vestibule, http)
        await vestibule.start()
        organizations, of = vestibule.appointments.organizations, practice.organization_id
        await organizations.set_integration(of, base_url=None, api_key="wrong")
        appointment = await practice.book(datetime.now(UTC))
        assert appointment["room"]["state"] == "pending"
        assert "does not accept the API key" in appointment["room"]["problem"]
        await organizations.set_integration(of, base_url=None, api_key=practice.api_key)
        while appointment["room"]["state"] != "ready":  # the test's own time limit ends this
            await asyncio.sleep(0.01)
            path = f"/appointments/{appointment['id']}"
            appointment = answered(await practice.call("GET", path))
    await vestibule.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


async def test_our_own_hook_needs_no_network_and_takes_nobodys_place(
    practice: Practice, receiver: WebhookReceiver, clock: FakeClock
) -> None:
    appointment = await practice.book(clock.now())
    half, rooms = practice.vestibule.appointments, practice.vestibule.rooms
    while await half.hooks.step():
        pass
    assert answered_list(await practice.rooms("GET", "/webhooks")) == []
    [ours] = await rooms.webhooks.every()
    assert ours.url == f"{URL}/provider-events/{practice.organization_id}"
    for method in ("GET", "DELETE"):
        assert (await practice.rooms(method, f"/webhooks/{ours.id}")).status_code == 404
    clock.advance(timedelta(minutes=11))
    assert await half.hooks.step(), "it is looked after, though it is not shown"
    assert [each.id for each in await rooms.webhooks.every()] == [ours.id]
    headers = {"Authorization": f"Bearer {practice.api_key}"}
    theirs = {"url": receiver.url}
    made = await practice.http.post("/v1/webhooks", json=theirs, headers=headers)
    assert made.status_code == 200, made.text
    assert (await practice.http.post("/v1/webhooks", json=theirs, headers=headers)).json()["info"]
    # Whoever does not know the secret can make no other of this kind.
    forged = {"url": ours.url, "hmac": base64.b64encode(b"guessed").decode()}
    refused = await practice.http.post("/v1/webhooks", json=forged, headers=headers)
    assert (refused.status_code, "recvd 401" in refused.json()["info"]) == (400, True)
    listed = answered_list(await practice.rooms("GET", "/webhooks"))
    assert [each["uuid"] for each in listed] == [made.json()["uuid"]]

    hints: list[dict[str, Any]] = []
    practice.vestibule.shared.broker.subscribe("appointment-event", hints.append)
    room = {
        "domain_id": practice.domain_id,
        "room_id": "r1",
        "room_name": appointment["videocall_room_name"],
    }
    told = {"room": room["room_name"], "user_name": "Ben"}
    await practice.vestibule.shared.database.write(
        lambda tx: record_event(tx, **room, type="waiting-participant.joined", payload=told)
    )
    while await rooms.deliveries.step():
        await rooms.deliveries.settled()
    await receiver.arrival(2)
    while await half.inbox.step():
        pass
    await practice.vestibule.shared.database.read(lambda tx: None)
    assert [(each["appointment_id"], each["name"]) for each in hints] == [
        (appointment["id"], "Ben")
    ]


def answered_list(answer: httpx2.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found
