"""Every question of the console about an organization, asked by everybody who may not ask."""

from typing import Any

import httpx2
import pytest

from tests.doubles.daily import Daily
from tests.integration.appointments.conftest import Clinic, opened_clinic
from tests.integration.appointments.console.conftest import Console
from tests.served_routes import served_routes
from vestibule.foundation.database import Database

STAFF: list[tuple[str, str, Any]] = [
    ("GET", "/appointments?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z", None),
    ("GET", "/appointments/{appointment}", None),
    ("POST", "/appointments/{appointment}/retry-room", None),
    ("GET", "/appointments/{appointment}/diagnosis", None),
    ("GET", "/people?kind=patient", None),
    ("POST", "/people", {"kind": "patient", "name": "Eve"}),
    ("PUT", "/people/{person}", {"name": "Eve"}),
    ("GET", "/audit", None),
    ("GET", "/audit/verification", None),
    ("GET", "/recordings", None),
    ("POST", "/recordings/1/link", None),
    ("GET", "/reports", None),
    ("POST", "/reports/TOKEN_EXPIRED/handled", {"up_to": 1}),
    ("GET", "/knocks", None),
    ("GET", "/events", None),
]
ADMIN: list[tuple[str, str, Any]] = [
    ("GET", "/settings", None),
    ("PATCH", "/settings", {"name": "Eve's clinic"}),
    ("GET", "/provider", None),
    ("PUT", "/provider", {"api_key": "stolen"}),
    ("DELETE", "/provider", None),
    ("GET", "/audit/export?kind=csv", None),
]


def filled(path: str, clinic: Clinic, appointment: dict[str, Any]) -> str:
    parts = {"appointment": appointment["id"], "person": clinic.patient.id}
    return f"/console/api/organizations/{clinic.organization.id}{path.format(**parts)}"


async def test_no_question_is_left_out(console: Console) -> None:
    prefix = "/console/api/organizations/{organization_id}/"
    asked = [route for route in served_routes(console.app) if route[1].startswith(prefix)]
    assert len(asked) == len(STAFF) + len(ADMIN)


async def said_about(database: Database, clinic: Clinic) -> tuple[object, ...]:
    """What somebody could have changed."""
    organizations = clinic.server.organizations
    return (
        await organizations.get(clinic.organization.id),
        (await organizations.people(clinic.organization.id, "patient")).data,
        await organizations.integration(clinic.organization.id),
    )


@pytest.mark.parametrize("role", ["nobody", "of another", "owner", "member", "no role"])
async def test_who_does_not_work_there_learns_and_changes_nothing(
    console: Console, clinic: Clinic, daily: Daily, role: str
) -> None:
    booked = await clinic.book()
    before = await said_about(clinic.server.database, clinic)
    async with opened_clinic(console.server, "Kineto School", daily.url) as school:
        own = clinic.organization.id
        roles: dict[str, dict[str, str]] = {
            "of another": {f"organization_{school.organization.id}": "admin"},
            "owner": {f"domain_{own}": "owner"},
            "member": {f"organization_{own}": "member"},
            "no role": {},
        }
        person = (
            console.browser()
            if role == "nobody"
            else console.signed_in("eve@school.example", **roles[role])
        )
        async with person as browser:
            for method, path, body in STAFF + ADMIN:
                answer = await browser.request(method, filled(path, clinic, booked), json=body)
                assert answer.status_code == (401 if role == "nobody" else 403), (method, path)
    assert await said_about(clinic.server.database, clinic) == before


async def test_staff_may_not_do_what_administrators_do(
    staff: httpx2.AsyncClient, clinic: Clinic
) -> None:
    booked = await clinic.book()
    before = await said_about(clinic.server.database, clinic)
    for method, path, body in ADMIN:
        answer = await staff.request(method, filled(path, clinic, booked), json=body)
        assert answer.status_code == 403, (method, path)
    assert await said_about(clinic.server.database, clinic) == before


async def test_another_site_cannot_use_the_session(
    admin: httpx2.AsyncClient, clinic: Clinic
) -> None:
    booked = await clinic.book()
    before = await said_about(clinic.server.database, clinic)
    for method, path, body in STAFF + ADMIN:
        if method == "GET":
            continue
        headers = {"Origin": "https://evil.example"}
        url = filled(path, clinic, booked)
        answer = await admin.request(method, url, json=body, headers=headers)
        assert answer.status_code == 403, (method, path)
    assert await said_about(clinic.server.database, clinic) == before


async def test_what_belongs_to_another_organization_is_not_found_in_ones_own(
    admin: httpx2.AsyncClient, console: Console, clinic: Clinic, daily: Daily
) -> None:
    async with opened_clinic(console.server, "Kineto School", daily.url) as school:
        theirs = await school.book()
        for method, path, body in STAFF:
            if "{" not in path:
                continue
            parts = {"appointment": theirs["id"], "person": school.patient.id}
            url = f"/console/api/organizations/{clinic.organization.id}{path.format(**parts)}"
            assert (await admin.request(method, url, json=body)).status_code == 404, path
