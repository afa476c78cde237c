"""A provider's API key is set and seen by administrators alone, and never whole again (A21)."""

import sqlite3
from pathlib import Path

import httpx2
import pytest

from tests.integration.appointments.conftest import answered
from vestibule.accounts.users.model import Role
from vestibule.assembly import Vestibule, build
from vestibule.foundation.encryption import UnreadableSecret
from vestibule.settings import Settings

KEY = "0123456789abcdef0123456789abcdef"
PATH = "/v1/organizations/1/api-keys"
OLD = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
NEW = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
ORIGIN = "http://localhost:8000"


async def opened(tmp_path: Path, master_key: str) -> Vestibule:
    return build(Settings(data=tmp_path, port=8000, master_key=master_key))  # type: ignore[arg-type]


def client(vestibule: Vestibule) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=vestibule.app), base_url=ORIGIN)


async def test_only_administrators_set_and_see_a_key_and_never_whole(tmp_path: Path) -> None:
    vestibule = await opened(tmp_path, OLD)
    organizations, shared = vestibule.appointments.organizations, vestibule.shared
    own, foreign = await organizations.create("Clinic"), await organizations.create("Other")
    admin = await organizations.create_token(own.id, "owner", role="admin")
    program = await organizations.create_token(own.id, "platform")
    stranger = await organizations.create_token(foreign.id, "owner", role="admin")
    async with client(vestibule) as http:
        body = {"api_key": KEY, "base_url": "https://api.daily.example/v1/"}
        headers = {"Authorization": f"Bearer {admin}"}
        put = answered(await http.put(PATH, json=body, headers=headers))
        shown = answered(await http.get(PATH, headers=headers))
        assert put == shown
        assert shown["data"][0] | {"updated_at": ""} == {
            "service": "daily",
            "base_url": "https://api.daily.example/v1",
            "api_key": "…cdef",
            "master_key_id": "old",
            "updated_at": "",
        }
        for token, status in ((program, 403), (stranger, 403), ("wrong", 401), ("", 400)):
            for method in ("GET", "PUT", "DELETE"):
                refused = await http.request(
                    method, PATH, json=body, headers={"Authorization": f"Bearer {token}"}
                )
                assert refused.status_code == status, (token, method)
        assert (await http.get(PATH)).status_code == 400
        for wrong in ({}, {"api_key": "short"}, {**body, "base_url": "ftp://x"}, {**body, "x": 1}):
            assert (await http.put(PATH, json=wrong, headers=headers)).status_code == 400
        for role, status in ((Role.STAFF, 403), (Role.ADMIN, 200)):
            email = f"{role}@clinic.example"
            user = await shared.users.create(email, "Eva", "a long enough password")
            await shared.users.grant(user.id, f"organization:{own.id}", role)
            session, _ = await shared.sessions.sign_in(email, "a long enough password")
            signed_in = {"Cookie": f"vestibule_session={session}"}
            assert (await http.get(PATH, headers=signed_in)).status_code == status
            forged = await http.put(PATH, json=body, headers=signed_in)
            assert forged.status_code == 403, "no origin: perhaps another site's page"
            there = {**signed_in, "Origin": ORIGIN}
            assert (await http.put(PATH, json=body, headers=there)).status_code == status
        assert answered(await http.delete(PATH, headers=headers)) == {"deleted": True}
        assert (await http.delete(PATH, headers=headers)).status_code == 404
        assert answered(await http.get(PATH, headers=headers)) == {"data": []}
    events = await vestibule.appointments.audit.list(own.id)
    assert [event.event for event in events] == ["api_key.set"] * 2 + ["api_key.deleted"]
    assert KEY not in str(events)
    await vestibule.stop()


async def test_a_key_is_bound_to_its_row_and_moves_to_a_new_master_key(tmp_path: Path) -> None:
    first = await opened(tmp_path, OLD)
    organization = await first.appointments.organizations.create("Clinic")
    other = await first.appointments.organizations.create("Other")
    for each in (organization, other):
        await first.appointments.organizations.set_integration(each.id, base_url=None, api_key=KEY)
    await first.stop()
    second = await opened(tmp_path, f"{NEW},{OLD}")
    assert await second.appointments.organizations.reseal() == 2
    assert await second.appointments.organizations.reseal() == 0
    await second.stop()
    third = await opened(tmp_path, NEW)
    integration = await third.appointments.organizations.integration(organization.id)
    assert integration is not None and integration.api_key == KEY
    await third.stop()
    file = tmp_path / "vestibule.sqlite3"
    with sqlite3.connect(file) as database:
        rows = database.execute(
            "SELECT api_key_encrypted FROM organization_integrations ORDER BY organization_id"
        ).fetchall()
        assert KEY not in file.read_bytes().decode("latin-1")
        assert rows[0][0].startswith("new.")
        database.execute(
            "UPDATE organization_integrations SET api_key_encrypted = ? WHERE organization_id = 2",
            rows[0],
        )
    database.close()
    fourth = await opened(tmp_path, NEW)
    with pytest.raises(UnreadableSecret):
        await fourth.appointments.organizations.integration(other.id)
    await fourth.stop()
