"""No tenant sees or touches another's: every route, with every wrong credential."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.served_routes import served_routes
from vestibule.accounts.users.model import ROLES_IN
from vestibule.assembly import Vestibule, build
from vestibule.settings import Settings

ADDRESS = "https://video.clinic.example"
PASSWORD = "correct horse battery"
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

    async def settle(self) -> None:
        """Make the two, and a room, an appointment and people of the first."""
        domains, organizations = (
            self.vestibule.rooms.domains,
            self.vestibule.appointments.organizations,
        )
        own, practice = await domains.primary(), await domains.create("practice")
        key = await domains.create_key(own.id, "own")
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
        }

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
    settings = Settings(database_url=database_url, data=tmp_path, base_url=ADDRESS)
    vestibule = build(settings)
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=ADDRESS, headers={"Origin": ADDRESS}
    ) as http:
        tenants = Tenants(vestibule, http)
        await tenants.settle()
        yield tenants
    await vestibule.stop()


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
