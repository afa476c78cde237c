"""Organizations, their people, tokens and sealed keys."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.doubles.daily import KEY, Daily
from tests.integration.appointments.conftest import Clinic, Installation, answered
from vestibule.appointments.schema import organization_integrations, organization_tokens
from vestibule.foundation.encryption import UnreadableSecret
from vestibule.foundation.errors import Invalid, NotFound, Unauthenticated


def path(clinic: Clinic) -> str:
    return f"/v1/organizations/{clinic.organization.id}"


async def test_an_organization_reads_and_changes_its_settings(clinic: Clinic) -> None:
    before = answered(await clinic.http.get(path(clinic)))
    assert before == {
        "id": clinic.organization.id,
        "name": "Restartix Clinic",
        "room_prefix": "restartix",
        "waiting_room": True,
        "opens_minutes_before": 5,
        "closes_minutes_after": 0,
        "locks_early": False,
        "timezone": "UTC",
        "language": "en",
        "mail_name": None,
        "mail_reply_to": None,
        "retry_minutes": None,
        "recordings_keep_days": None,
    }
    changed = answered(
        await clinic.http.patch(
            path(clinic), json={"waiting_room": False, "opens_minutes_before": 10}
        )
    )
    assert changed == {**before, "waiting_room": False, "opens_minutes_before": 10}
    assert answered(await clinic.http.patch(path(clinic), json={})) == changed
    renamed = answered(await clinic.http.patch(path(clinic), json={"name": " The  Clinic "}))
    assert renamed == {**changed, "name": "The Clinic"}
    assert answered(await clinic.http.get(path(clinic))) == renamed


async def test_settings_that_somebody_else_changed_meanwhile_are_not_overwritten(
    clinic: Clinic,
) -> None:
    seen = (await clinic.http.get(path(clinic))).headers["etag"]
    own = await clinic.http.patch(path(clinic), json={"language": "ro"}, headers={"If-Match": seen})
    assert (own.status_code, own.headers["etag"]) == (200, '"2"')
    late = await clinic.http.patch(
        path(clinic), json={"language": "de"}, headers={"If-Match": seen}
    )
    assert (late.status_code, late.json()["info"]) == (
        412,
        "somebody else has changed these settings since you saw them",
    )
    assert answered(await clinic.http.get(path(clinic)))["language"] == "ro"


async def test_settings_of_its_own_can_be_taken_back(clinic: Clinic) -> None:
    own = {"mail_name": "Front desk", "mail_reply_to": "Desk@Clinic.example", "retry_minutes": 2}
    changed = answered(await clinic.http.patch(path(clinic), json=own))
    assert {name: changed[name] for name in own} == {**own, "mail_reply_to": "desk@clinic.example"}
    none = dict.fromkeys(own)
    back = answered(await clinic.http.patch(path(clinic), json=none))
    assert {name: back[name] for name in own} == none


IMPOSSIBLE_SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"waiting_room": "no"}, "waiting_room: should be true or false"),
    ({"waiting_room": None}, "waiting_room: should be true or false"),
    ({"opens_minutes_before": -1}, "opens_minutes_before: should be at least"),
    ({"opens_minutes_before": 1441}, "opens_minutes_before: should be at most"),
    ({"opens_minutes_before": 5.5}, "opens_minutes_before: should be a whole number, not 5.5"),
    ({"name": ""}, "name: must be a line of printable text"),
    ({"retry_minutes": 0}, "retry_minutes: should be at least"),
    ({"mail_reply_to": "desk"}, "'desk' is not an e-mail address"),
    ({"mail_name": "x" * 101}, "the name must have 1 to 100 characters"),
    ({"language": "xx"}, "language 'xx' is not offered"),
    ({"name": "x" * 101}, "the name must have 1 to 100 characters"),
    ({"room_prefix": "other"}, "invalid property name 'room_prefix'"),
]


async def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(clinic: Clinic) -> None:
    before = answered(await clinic.http.get(path(clinic)))
    for body, info in IMPOSSIBLE_SETTINGS:
        answer = await clinic.http.patch(path(clinic), json=body)
        assert answer.status_code == 400, body
        assert answer.json()["info"].startswith(info), body
    assert answered(await clinic.http.get(path(clinic))) == before


@pytest.mark.parametrize("kind", ["specialist", "patient"])
async def test_people_are_added_and_listed_by_kind(clinic: Clinic, kind: str) -> None:
    people = f"{path(clinic)}/{kind}s"
    before = answered(await clinic.http.get(people))
    assert before["total_count"] == 1
    made = answered(
        await clinic.http.post(
            people, json={"name": " Cleo  Ionescu", "email": "Cleo@Mail.example"}
        )
    )
    assert made == {
        "id": made["id"],
        "organization_id": clinic.organization.id,
        "kind": kind,
        "name": "Cleo Ionescu",
        "email": "cleo@mail.example",
        "created_at": "2026-11-21T10:00:00Z",
    }
    assert answered(await clinic.http.get(people))["data"] == [*before["data"], made]
    after = {"starting_after": before["data"][0]["id"], "limit": 1}
    page = answered(await clinic.http.get(people, params=after))
    assert page == {"total_count": 2, "data": [made]}


IMPOSSIBLE_PEOPLE: list[tuple[dict[str, Any], str]] = [
    ({}, "missing required field 'name'"),
    ({"name": "Cleo", "email": "nowhere"}, "'nowhere' is not an e-mail address"),
    ({"name": "Cleo", "email": 7}, "email: should be a text, not 7"),
    ({"name": "Cl\u0000eo"}, "name: must be a line of printable text"),
    ({"name": "Cleo", "email": "c\u0000@mail.example"}, "email: must be a line of printable"),
    ({"name": "Cleo", "kind": "patient"}, "invalid property name 'kind'"),
]


async def test_a_person_that_cannot_be_is_refused(clinic: Clinic) -> None:
    for body, info in IMPOSSIBLE_PEOPLE:
        answer = await clinic.http.post(f"{path(clinic)}/patients", json=body)
        assert answer.status_code == 400, body
        assert answer.json()["info"].startswith(info), body
    assert answered(await clinic.http.get(f"{path(clinic)}/patients"))["total_count"] == 1


async def test_another_organizations_token_opens_nothing(
    clinic: Clinic, server: Installation
) -> None:
    other = await server.organizations.create("Another Practice")
    token = await server.organizations.create_token(other.id, "platform")
    headers = {"Authorization": f"Bearer {token}"}
    requests: list[tuple[str, str, Any]] = [
        ("GET", path(clinic), None),
        ("PATCH", path(clinic), {"waiting_room": False}),
        ("GET", f"{path(clinic)}/patients", None),
        ("POST", f"{path(clinic)}/patients", {"name": "Cleo"}),
        ("GET", f"{path(clinic)}/specialists", None),
        ("POST", f"{path(clinic)}/specialists", {"name": "Cleo"}),
        ("GET", "/v1/organizations/999", None),
    ]
    for method, url, body in requests:
        answer = await clinic.open.request(method, url, headers=headers, json=body)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden-error"), url
    assert (await clinic.open.get(path(clinic))).status_code == 400


async def test_a_token_is_stored_only_as_its_hash_and_can_be_revoked(
    clinic: Clinic, server: Installation
) -> None:
    token = await server.organizations.create_token(clinic.organization.id, "second")
    assert (await server.organizations.authenticate(token)).token_label == "second"
    rows = await server.database.read(lambda tx: tx.run(select(organization_tokens)).all())
    assert token not in repr(rows)
    with pytest.raises(Unauthenticated):
        await server.organizations.authenticate(token + "x")
    revoke = organization_tokens.update().values(revoked_at=server.clock.now())
    await server.database.write(lambda tx: tx.run(revoke))
    with pytest.raises(Unauthenticated):
        await server.organizations.authenticate(token)


async def test_the_providers_key_is_sealed_and_bound_to_its_organization(
    clinic: Clinic, server: Installation, daily: Daily
) -> None:
    integration = await server.organizations.integration(clinic.organization.id)
    assert integration is not None
    assert (integration.base_url, integration.api_key) == (daily.url, KEY)
    rows = await server.database.read(lambda tx: tx.run(select(organization_integrations)).all())
    assert KEY not in repr(rows)
    other = await server.organizations.create("Another Practice")
    stolen = organization_integrations.update().values(organization_id=other.id)
    await server.database.write(lambda tx: tx.run(stolen))
    with pytest.raises(UnreadableSecret):
        await server.organizations.integration(other.id)


async def test_an_organization_needs_possible_settings(server: Installation) -> None:
    for settings in (
        {"name": ""},
        {"name": "Clinic", "room_prefix": "a/b"},
        {"name": "Clinic", "opens_minutes_before": -5},
    ):
        with pytest.raises(Invalid):
            await server.organizations.create(**settings)
    assert await server.organizations.list() == []


async def test_what_belongs_to_nobody_cannot_be_made(server: Installation) -> None:
    organizations = server.organizations
    with pytest.raises(NotFound):
        await organizations.get(999)
    with pytest.raises(NotFound):
        await organizations.create_token(999, "platform")
    with pytest.raises(NotFound):
        await organizations.set_integration(999, base_url=None, api_key="key")
    with pytest.raises(NotFound):
        await organizations.create_person(999, kind="patient", name="Cleo")
    with pytest.raises(NotFound):
        await organizations.change(999, waiting_room=False)
