"""What the owners of a domain do in the console, on both databases."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.rooms.administration.conftest import Browser, signed_in
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.accounts.users.model import Role
from vestibule.assembly import Vestibule
from vestibule.foundation.errors import Unauthenticated
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.outbox.service import record_event


async def test_an_owner_finds_the_domains_that_are_hers(
    vestibule: Vestibule, owner: Browser, clinic: Domain, practice: Domain
) -> None:
    users = vestibule.shared.users
    ada = await users.find_by_email("ada@clinic.example")
    await users.grant(ada.id, practice.scope, "member")
    listed = (await owner.http.get("/console/api/domains")).json()["domains"]
    address = vestibule.rooms.domains.team_of(clinic).address
    assert listed == [{"id": clinic.id, "name": "clinic", "address": address}]


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    key = (await owner("POST", "/keys", {"label": "  booking   platform "}))["key"]
    assert await vestibule.rooms.domains.authenticate(key) == clinic
    listed = await owner.ask("GET", "/keys")
    assert key not in listed.text
    assert listed.headers["cache-control"] == "no-store"
    [row] = listed.json()["keys"]
    assert (row["label"], row["revoked_at"]) == ("booking platform", None)
    await owner("POST", f"/keys/{row['id']}/revoke")
    with pytest.raises(Unauthenticated):
        await vestibule.rooms.domains.authenticate(key)
    assert (await owner("GET", "/keys"))["keys"][0]["revoked_at"]


async def test_a_rotated_key_leaves_the_old_one_working_until_it_is_revoked(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    old = (await owner("POST", "/keys", {"label": "platform"}))["key"]
    [row] = (await owner("GET", "/keys"))["keys"]
    new = (await owner("POST", f"/keys/{row['id']}/rotate"))["key"]
    assert new != old
    for key in (old, new):
        assert await vestibule.rooms.domains.authenticate(key) == clinic
    assert [each["label"] for each in (await owner("GET", "/keys"))["keys"]] == ["platform"] * 2
    await owner("POST", f"/keys/{row['id']}/revoke")
    assert await vestibule.rooms.domains.authenticate(new) == clinic
    status, info = await owner.refused("POST", f"/keys/{row['id']}/rotate")
    assert status == 404
    assert "no active API key" in info


@pytest.mark.parametrize("label", ["", "   ", "x" * 101, "two\u0000words"])
async def test_a_key_needs_a_label_that_a_person_can_read(owner: Browser, label: str) -> None:
    assert (await owner.refused("POST", "/keys", {"label": label}))[0] == 400
    assert (await owner("GET", "/keys"))["keys"] == []


async def test_people_come_by_a_link_get_another_role_and_go(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    link = (await owner("POST", "/team/invitations", {"role": "member"}))["link"]
    team = await owner("GET", "/team")
    assert team["invitations"] == [{"role": "member", "link": link}]
    async with signed_in(vestibule, "ben@clinic.example", clinic, None) as ben:
        token = parse_qs(urlsplit(link).query)["tk"][0]
        answer = await ben.http.post("/console/api/invitations/accept", json={"tk": token})
        assert answer.status_code == 200
        _, row = (await owner("GET", "/team"))["members"]
        assert (row["email"], row["role"]) == ("ben@clinic.example", "member")
        assert (await ben.refused("GET", "/keys"))[0] == 403
        await owner("PUT", f"/team/members/{row['id']}", {"role": "owner"})
        assert (await ben("GET", "/keys"))["keys"] == []
        await owner("DELETE", f"/team/members/{row['id']}")
        assert (await ben.refused("GET", "/keys"))[0] == 403
    team = await owner("GET", "/team")
    assert [each["email"] for each in team["members"]] == ["ada@clinic.example"]
    assert team["invitations"] == []  # who was sent away may know the link


async def test_a_revoked_link_opens_nothing_and_the_next_one_is_another(owner: Browser) -> None:
    link = (await owner("POST", "/team/invitations", {"role": "owner"}))["link"]
    await owner("DELETE", "/team/invitations/owner")
    token = parse_qs(urlsplit(link).query)["tk"][0]
    answer = await owner.http.post("/console/api/invitations/look", json={"tk": token})
    assert answer.status_code == 404
    assert (await owner.refused("DELETE", "/team/invitations/owner"))[0] == 404
    assert (await owner("POST", "/team/invitations", {"role": "owner"}))["link"] != link


async def test_the_last_owner_stays_even_when_two_owners_go_at_once(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    async with signed_in(vestibule, "ben@clinic.example", clinic, Role.OWNER) as ben:
        ids = [each["id"] for each in (await owner("GET", "/team"))["members"]]
        both = await asyncio.gather(
            owner.ask("DELETE", f"/team/members/{ids[1]}"),
            ben.ask("PUT", f"/team/members/{ids[0]}", {"role": "member"}),
        )
    assert sorted(answer.status_code for answer in both) != [200, 200]
    members = await vestibule.rooms.teams.members(clinic.scope)
    assert [each.role for each in members].count(Role.OWNER) == 1


async def test_settings_are_changed_one_by_one(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    branding = {"logo_url": "https://clinic.example/logo.png", "colors": {"accent": "#7a1f5c"}}
    await owner("PATCH", "/settings", {"embed_origins": ["https://Portal.Clinic.example/"]})
    await owner("PATCH", "/settings", {"token_policy": {"require_exp": True}})
    changed = await owner("PATCH", "/settings", {"branding": branding})
    assert changed["embed_origins"] == ["https://portal.clinic.example"]
    assert changed["token_policy"]["require_exp"] is True
    assert changed["branding"]["logo_url"] == branding["logo_url"]
    assert changed["branding"]["colors"]["accent"] == "#7a1f5c"
    assert await owner("GET", "/settings") == changed
    policy = await vestibule.rooms.configurations.token_policy(clinic.id)
    assert policy.require_exp
    cleared = await owner("PATCH", "/settings", {"branding": {}, "embed_origins": []})
    assert (cleared["branding"]["logo_url"], cleared["embed_origins"]) == (None, [])
    assert cleared["token_policy"]["require_exp"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"embed_origins": ["portal"]},
        {"branding": {"colors": {"accent": "red"}}},
        {"branding": {"logo_url": "javascript:alert(1)"}},
        {"token_policy": {"max_lifetime_seconds": -1}},
        {"nothing": True},
    ],
)
async def test_a_setting_that_cannot_be_changes_nothing(
    owner: Browser, body: dict[str, object]
) -> None:
    before = await owner("GET", "/settings")
    assert (await owner.refused("PATCH", "/settings", body))[0] == 400
    assert await owner("GET", "/settings") == before


async def test_a_webhook_is_made_tried_listed_with_deliveries_and_replayed(
    vestibule: Vestibule, owner: Browser, clinic: Domain
) -> None:
    receiver = WebhookReceiver()
    await receiver.start()
    try:
        hook = await owner("POST", "/webhooks", {"url": receiver.url})
        assert (await owner("GET", "/webhooks"))["webhooks"] == [hook]
        await vestibule.shared.database.write(
            lambda tx: record_event(
                tx,
                domain_id=clinic.id,
                room_id="r1",
                room_name="ward",
                type="meeting.started",
                payload={"room": "ward"},
            )
        )
        deliveries = vestibule.rooms.deliveries
        path = f"/webhooks/{hook['uuid']}/deliveries"
        while await deliveries.step():
            await deliveries.settled()
        [sent] = (await owner("GET", path))["data"]
        assert (sent["state"], sent["room"]) == ("delivered", "ward")
        again = await owner("POST", f"{path}/{sent['id']}/replay")
        assert (again["state"], again["replayed"]) == ("waiting", True)
        changed = await owner("PATCH", f"/webhooks/{hook['uuid']}", {"eventTypes": []})
        assert changed["state"] == "ACTIVE"
        await owner("DELETE", f"/webhooks/{hook['uuid']}")
        assert (await owner("GET", "/webhooks"))["webhooks"] == []
    finally:
        await receiver.stop()
