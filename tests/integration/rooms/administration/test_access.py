"""Nobody but the owners of a domain gets an answer about it in the console."""

from uuid import uuid4

import pytest

from tests.integration.rooms.administration.conftest import Browser, nobody, signed_in
from tests.served_routes import served_routes
from vestibule.accounts.users.model import Role
from vestibule.assembly import Vestibule
from vestibule.rooms.domains.model import Domain

HOOK = f"/webhooks/{uuid4()}"
QUESTIONS = [
    ("GET", "/keys", None),
    ("POST", "/keys", {"label": "stolen"}),
    ("POST", "/keys/some-id/rotate", None),
    ("POST", "/keys/some-id/revoke", None),
    ("GET", "/team", None),
    ("POST", "/team/invitations", {"role": "owner"}),
    ("DELETE", "/team/invitations/owner", None),
    ("PUT", "/team/members/some-id", {"role": "owner"}),
    ("DELETE", "/team/members/some-id", None),
    ("GET", "/settings", None),
    ("PATCH", "/settings", {"embed_origins": ["https://evil.example"]}),
    ("GET", "/webhooks", None),
    ("POST", "/webhooks", {"url": "https://evil.example"}),
    ("PATCH", HOOK, {"url": "https://evil.example"}),
    ("DELETE", HOOK, None),
    ("GET", f"{HOOK}/deliveries", None),
    ("POST", f"{HOOK}/deliveries/1/replay", None),
]


async def test_every_route_is_asked(vestibule: Vestibule) -> None:
    of_domains = {
        route for route in served_routes(vestibule.app) if "/console/api/domains/{" in route[1]
    }
    assert len(of_domains) == len(QUESTIONS)


@pytest.mark.parametrize("cookie", [None, "vestibule_session=invented"])
async def test_without_a_session_there_is_no_answer(
    vestibule: Vestibule, clinic: Domain, cookie: str | None
) -> None:
    headers = {"Cookie": cookie} if cookie else {}
    async with nobody(vestibule) as http:
        for method, path, body in QUESTIONS:
            url = f"/console/api/domains/{clinic.id}{path}"
            answer = await http.request(method, url, json=body, headers=headers)
            assert answer.status_code == 401, (method, path)
        assert (await http.get("/console/api/domains")).status_code == 401


@pytest.mark.parametrize("who", ["member", "owner of another", "nobody's"])
async def test_who_does_not_own_the_domain_gets_nothing(
    vestibule: Vestibule, clinic: Domain, practice: Domain, who: str
) -> None:
    place = practice if who == "owner of another" else clinic
    role = {"member": Role.MEMBER, "owner of another": Role.OWNER}.get(who)
    async with signed_in(vestibule, "cleo@practice.example", place, role) as cleo:
        cleo.path = f"/console/api/domains/{clinic.id}"
        for method, path, body in QUESTIONS:
            status, info = await cleo.refused(method, path, body)
            assert (status, info) == (403, "you are not an owner of this domain's team")
    assert await vestibule.rooms.domains.api_keys(clinic.id) == []
    assert await vestibule.rooms.domains.embed_origins(clinic) == []


async def test_a_domain_that_is_not_there_looks_like_one_of_others(owner: Browser) -> None:
    owner.path = f"/console/api/domains/{uuid4()}"
    assert (await owner.refused("GET", "/keys"))[0] == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_another_site_cannot_use_the_owners_session(
    vestibule: Vestibule, owner: Browser, clinic: Domain, origin: str | None
) -> None:
    owner.http.headers.pop("Origin")
    headers = {"Origin": origin} if origin else {}
    for method, path, body in QUESTIONS:
        if method == "GET":
            continue
        url = f"{owner.path}{path}"
        answer = await owner.http.request(method, url, json=body, headers=headers)
        assert answer.status_code == 403, (method, path)
    assert await vestibule.rooms.domains.api_keys(clinic.id) == []


async def test_what_belongs_to_another_domain_is_not_found_in_ones_own(
    vestibule: Vestibule, owner: Browser, practice: Domain
) -> None:
    await vestibule.rooms.domains.create_key(practice.id, "theirs")
    [key] = await vestibule.rooms.domains.api_keys(practice.id)
    assert (await owner.refused("POST", f"/keys/{key.id}/revoke"))[0] == 404
    assert (await owner.refused("POST", f"/keys/{key.id}/rotate"))[0] == 404
    async with signed_in(vestibule, "cleo@practice.example", practice, Role.OWNER):
        [member] = await vestibule.rooms.teams.members(practice.scope)
        for method, body in (("PUT", {"role": "member"}), ("DELETE", None)):
            status, _ = await owner.refused(method, f"/team/members/{member.user.id}", body)
            assert status == 404
    assert (await owner.refused("GET", f"{HOOK}/deliveries"))[0] == 404
