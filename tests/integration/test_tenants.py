"""No tenant sees or touches another's: every route, with every wrong credential."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.served_routes import served_routes
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.accounts.users.model import ROLES_IN, Role
from vestibule.assembly import Vestibule, build
from vestibule.settings import Settings

ADDRESS = "https://video.clinic.example"
PASSWORD = "correct horse battery"
SECRET = "a-clinics-secret"
NOWHERE = "01a10000-0000-7000-8000-000000000001"
TIMES = {"started_at": "2030-01-01T10:00:00Z", "ended_at": "2030-01-01T11:00:00Z"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
# Proves by what it says whose it is: a link's secret.
OPEN = {"/v1/errors/report"}


class Tenants:
    """Two of everything in one installation, and everything of the first one's to be asked for."""

    def __init__(self, vestibule: Vestibule, http: httpx2.AsyncClient) -> None:
        self.vestibule = vestibule
        self.http = http
        self.places: dict[str, str] = {}
        self.foreign_token = ""
        self.foreign_key = ""
        self.own_key = ""

    async def settle(self, webhook_url: str) -> None:
        """Make the two, and a room, a webhook, an appointment and people of the first."""
        domains, organizations = (
            self.vestibule.rooms.domains,
            self.vestibule.appointments.organizations,
        )
        own, practice = await domains.primary(), await domains.create("practice")
        key = self.own_key = await domains.create_key(own.id, "own")
        self.foreign_key = await domains.create_key(practice.id, "foreign")
        clinic, school = await organizations.create("Clinic"), await organizations.create("School")
        self.foreign_token = await organizations.create_token(school.id, "foreign")
        await organizations.set_integration(clinic.id, base_url=None, api_key=key)
        people = [
            await organizations.create_person(clinic.id, kind=kind, name=kind)
            for kind in ("specialist", "patient")
        ]
        starts = self.vestibule.shared.clock.now() + timedelta(minutes=5)
        appointment = await self.vestibule.appointments.lifecycle.create(
            clinic.id,
            specialist_id=people[0].id,
            patient_id=people[1].id,
            started_at=starts,
            ended_at=starts + timedelta(minutes=30),
        )
        self.places = {
            "organization_id": str(clinic.id),
            "appointment_id": str(appointment.id),
            "person_id": str(people[1].id),
            "domain_id": own.id,
            "team": own.name,
            **await self._things_in_rooms(own.name, webhook_url),
        }

    async def _things_in_rooms(self, team: str, webhook_url: str) -> dict[str, str]:
        """A room with a meeting token in the first domain, and a webhook."""
        room = {"name": SECRET, "privacy": "private"}
        await self.rooms("POST", "/rooms", self.own_key, room)
        token = await self.rooms(
            "POST", "/meeting-tokens", self.own_key, {"properties": {"room_name": SECRET}}
        )
        hook = (await self.rooms("POST", "/webhooks", self.own_key, {"url": webhook_url})).json()
        return {
            "name": SECRET,
            "room": SECRET,
            "token": token.json()["token"],
            "uuid": hook["uuid"],
            "meeting_id": NOWHERE,
            "recording_id": NOWHERE,
            "email": "ada@clinic.example",
            "rest": team,
        }

    async def rooms(self, method: str, path: str, key: str, body: Any = None) -> httpx2.Response:
        """A call of the Rooms API."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.http.request(method, f"/v1{path}", headers=headers, json=body)

    async def everything(self) -> list[str]:
        """What the first domain's owner sees of it."""
        paths = ("", "/rooms", f"/rooms/{SECRET}", "/webhooks", "/meetings", "/presence")
        return [(await self.rooms("GET", path, self.own_key)).text for path in paths]

    def asked(self, beginning: str) -> list[tuple[str, str]]:
        """Method and address of every route below, with the first tenant's things in its path."""
        found = served_routes(self.vestibule.app)
        return sorted(
            (method, re.sub(r"{(\w+)(:path)?}", lambda part: self.places.get(part[1], "1"), path))
            for method, path in found
            if path.startswith(beginning) and method in METHODS and path not in OPEN
        )


@pytest.fixture
async def tenants(database_url: str, tmp_path: Path) -> AsyncIterator[Tenants]:
    settings = Settings(
        database_url=database_url,
        data=tmp_path,
        base_url=ADDRESS,
        webhook_allow_private_targets=True,
    )
    receiver = WebhookReceiver()
    await receiver.start()
    vestibule = build(settings)
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=ADDRESS, headers={"Origin": ADDRESS}
    ) as http:
        tenants = Tenants(vestibule, http)
        await tenants.settle(receiver.url)
        yield tenants
    await vestibule.stop()
    await receiver.stop()


async def test_an_organizations_token_opens_nothing_of_another(tenants: Tenants) -> None:
    routes = tenants.asked("/v1/organizations/")
    assert len(routes) >= 10
    for credential, status in ((tenants.foreign_token, 403), ("invented", 401), (None, 400)):
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        for method, path in routes:
            answer = await tenants.http.request(method, path, headers=headers)
            assert answer.status_code == status, (method, path, answer.text)


async def test_the_rooms_api_opens_to_nobody_without_a_key(tenants: Tenants) -> None:
    routes = [
        (method, path)
        for method, path in tenants.asked("/v1")
        if not path.startswith("/v1/organizations")
    ]
    assert len(routes) >= 15
    for credential, status in (("invented", 401), (tenants.foreign_token, 401), (None, 400)):
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        for method, path in routes:
            answer = await tenants.http.request(method, path, headers=headers)
            assert answer.status_code == status, (method, path, answer.text)


# What each of these asks for lies in the domain of whoever asks, so it finds nothing, or its own.
BODIES: dict[str, Any] = {
    "DELETE /v1/batch/rooms": {"room_names": ["a-clinics-secret"]},
    "POST /v1/meeting-tokens": {"properties": {"room_name": "a-clinics-secret"}},
}


async def test_the_key_of_another_domain_finds_and_changes_nothing(tenants: Tenants) -> None:
    before, found = await tenants.everything(), 0
    for method, path in [*tenants.asked("/v1"), *tenants.asked("/domains")]:
        body = BODIES.get(f"{method} {path}", {} if method != "GET" else None)
        headers = {"Authorization": f"Bearer {tenants.foreign_key}"}
        answer = await tenants.http.request(method, path, headers=headers, json=body)
        told = answer.text
        is_one_thing = any(thing in path for thing in tenants.places.values() if len(thing) > 5)
        if path.startswith("/v1/organizations"):
            assert answer.status_code == 401, (method, path)
        elif path.startswith("/domains"):
            assert "error" in answer.json(), (method, path, told)
        elif is_one_thing:
            found += 1
            assert answer.status_code in (400, 404), (method, path, told)
        elif method == "GET":
            # The log holds what this very key asked for, and nobody else's requests.
            assert tenants.places["domain_id"] not in told, (method, path)
            assert SECRET not in told or path == "/v1/logs/api", (method, path)
    assert found >= 20
    assert await tenants.everything() == before


async def test_what_another_tenant_has_is_not_found_under_ones_own(tenants: Tenants) -> None:
    """The second organization's own token, in its own path, with the first one's things."""
    own = re.compile(r"/organizations/\d+")
    headers = {"Authorization": f"Bearer {tenants.foreign_token}"}
    asked = 0
    for method, path in tenants.asked("/v1/organizations/"):
        if "/appointments/" not in path:
            continue
        asked += 1
        answer = await tenants.http.request(
            method, own.sub("/organizations/2", path), headers=headers, json=TIMES
        )
        assert answer.status_code in (400, 404), (method, path, answer.text)
        assert "specialist" not in answer.text
    assert asked >= 10
    shown = await tenants.vestibule.appointments.lifecycle.get(1, 1)
    assert shown.version == 1


async def test_a_role_and_a_key_of_another_domain_together_open_no_more(tenants: Tenants) -> None:
    user = await tenants.vestibule.shared.users.create("eve@school.example", "Eve", PASSWORD)
    form = {"email": user.email, "password": PASSWORD}
    assert (await tenants.http.post("/console/api/sign-in", json=form)).status_code == 200
    headers = {"Authorization": f"Bearer {tenants.foreign_key}"}
    routes = [
        *tenants.asked("/console/api/organizations/"),
        *tenants.asked("/console/api/domains/"),
        *tenants.asked("/v1/organizations/"),
    ]
    for scope, role in (("organization:2", Role.ADMIN), ("domain:elsewhere", Role.OWNER)):
        await tenants.vestibule.shared.users.grant(user.id, scope, role)
        for method, path in routes:
            answer = await tenants.http.request(method, path, headers=headers)
            assert answer.status_code in (401, 403), (scope, method, path, answer.text)


async def test_no_role_elsewhere_opens_the_console_of_a_tenant(tenants: Tenants) -> None:
    users = tenants.vestibule.shared.users
    routes = [
        *tenants.asked("/console/api/organizations/"),
        *tenants.asked("/console/api/domains/"),
    ]
    assert len(routes) >= 30
    scopes = {"organization": "organization:2", "domain": "domain:elsewhere"}
    roles = [(scopes[kind], role) for kind in ROLES_IN for role in sorted(ROLES_IN[kind])]
    user = await users.create("eve@school.example", "Eve", PASSWORD)
    form = {"email": user.email, "password": PASSWORD}
    assert (await tenants.http.post("/console/api/sign-in", json=form)).status_code == 200
    for scope, role in roles:
        await users.grant(user.id, scope, role)
        for method, path in routes:
            answer = await tenants.http.request(method, path)
            assert answer.status_code == 403, (scope, role, method, path, answer.text)
