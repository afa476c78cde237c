"""Who changed people, settings and keys is told by the audit; what is old is forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import PUBLIC_URL, Clinic, answered
from tests.integration.appointments.console.conftest import Console
from vestibule.appointments.error_reports.model import ErrorCode, Report, Reporter
from vestibule.appointments.room_provider.addresses import Addresses, Guarded
from vestibule.assembly import build
from vestibule.foundation.errors import Invalid
from vestibule.settings import Settings


async def told(clinic: Clinic) -> list[tuple[str, str, dict[str, Any]]]:
    events = await clinic.server.audit.list(clinic.organization.id)
    return [
        (each.event, each.actor, dict(each.details))
        for each in events
        if not each.event.startswith(("videocall.", "appointment."))
    ]


async def test_every_change_of_people_settings_and_keys_is_told_with_who_made_it(
    clinic: Clinic, daily: Daily
) -> None:
    console = Console(clinic.server)
    own = f"/v1/organizations/{clinic.organization.id}"
    before = len(await told(clinic))
    answered(await clinic.http.post(f"{own}/patients", json={"name": "Cleo"}))
    answered(await clinic.http.patch(own, json={"opens_minutes_before": 7}))
    role = {f"organization_{clinic.organization.id}": "admin"}
    async with console.signed_in("radu@clinic.example", **role) as admin:
        place = f"/console/api/organizations/{clinic.organization.id}"
        answered(await admin.post(f"{place}/people", json={"kind": "specialist", "name": "Dan"}))
        person = f"{place}/people/{clinic.patient.id}"
        answered(await admin.put(person, json={"name": "Ben Pop", "email": "b@mail.example"}))
        answered(await admin.patch(f"{place}/settings", json={"waiting_room": False}))
        provider = {"base_url": daily.url, "api_key": KEY}
        answered(await admin.put(f"{place}/provider", json=provider))
    events = (await told(clinic))[before:]
    program, radu = "token:booking platform", "user:radu@clinic.example"
    assert [(event, actor) for event, actor, _ in events] == [
        ("person.added", program),
        ("organization.changed", program),
        ("person.added", radu),
        ("person.changed", radu),
        ("organization.changed", radu),
        ("api_key.set", radu),
    ]
    assert events[1][2] == {"opens_minutes_before": 7}
    assert events[3][2] == {"person_id": clinic.patient.id}, "an audit is kept for ever"
    assert events[5][2] == {"base_url": daily.url}
    assert await clinic.server.audit.verify(clinic.organization.id) is None


async def test_a_person_is_added_once_however_often_the_request_comes(clinic: Clinic) -> None:
    url = f"/v1/organizations/{clinic.organization.id}/patients"
    headers = {"Idempotency-Key": "intake-17"}
    for _ in range(2):
        made = answered(await clinic.http.post(url, json={"name": "Cleo"}, headers=headers))
        assert made["name"] == "Cleo"
    other = await clinic.http.post(url, json={"name": "Dora"}, headers=headers)
    assert other.status_code == 409
    everybody = answered(await clinic.http.get(url))
    assert [each["name"] for each in everybody["data"]] == ["Ben Ionescu", "Cleo"]


async def test_reports_are_forgotten_after_their_time(clinic: Clinic, clock: FakeClock) -> None:
    reports = clinic.server.reports
    reporter = Reporter(clinic.organization.id, "patient:1", None)
    report = Report("Error", ErrorCode.TOKEN_EXPIRED, "too late", "videocall")
    await reports.report(reporter, report)
    clock.advance(timedelta(days=89))
    await reports.report(reporter, report)
    await reports.step()
    [group] = await reports.groups(clinic.organization.id)
    assert group.count == 2
    clock.advance(timedelta(days=2))
    await reports.step()
    [group] = await reports.groups(clinic.organization.id)
    assert group.count == 1


async def test_no_tenant_leads_us_into_our_own_network(tmp_path: Path, daily: Daily) -> None:
    vestibule = build(Settings(data=tmp_path, base_url=PUBLIC_URL))
    organizations = vestibule.appointments.organizations
    clinic = await organizations.create("Clinic")
    with pytest.raises(Invalid, match="must begin with https"):
        await organizations.set_integration(clinic.id, base_url="http://93.184.215.14", api_key=KEY)
    port = httpx2.URL(daily.url).port
    private = (f"127.0.0.1:{port}", "[::1]", "169.254.169.254/latest", "10.0.0.7")
    for inside in (f"https://{each}" for each in private):
        with pytest.raises(Invalid, match="not on the public internet"):
            await organizations.set_integration(clinic.id, base_url=inside, api_key=KEY)
    assert await organizations.integration(clinic.id) is None
    await vestibule.stop()


async def test_a_name_that_turns_private_later_is_not_followed(daily: Daily) -> None:
    answers = ["93.184.215.14"]

    async def resolve(_host: str, _port: int) -> list[str]:
        return answers

    addresses = Addresses(resolve=resolve, public_url=PUBLIC_URL, allow_private=False)
    port = httpx2.URL(daily.url).port
    base_url = f"http://rooms.example:{port}/v1"
    await addresses.check(f"https://rooms.example:{port}/v1")
    answers[:] = ["127.0.0.1"]
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx2.AsyncClient(transport=Guarded(addresses), headers=headers) as http:
        with pytest.raises(httpx2.ConnectError, match="public internet"):
            await http.get(f"{base_url}/rooms?limit=1")
    allowed = Addresses(resolve=resolve, public_url=PUBLIC_URL, allow_private=True)
    async with httpx2.AsyncClient(transport=Guarded(allowed), headers=headers) as http:
        assert (await http.get(f"{base_url}/rooms?limit=1")).status_code == 200
