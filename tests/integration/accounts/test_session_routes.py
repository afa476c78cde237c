"""Signing in over HTTP: the cookie, its attributes, and requests made by other sites."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from tests.integration.accounts.conftest import PUBLIC_URL
from vestibule.accounts.sessions.routes import routes
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.service import UserService
from vestibule.foundation.http import install_error_answers

ADA = "ada@clinic.example"
PASSWORD = "correct horse battery"
FORM = {"email": ADA, "password": PASSWORD}
OWN = {"Origin": PUBLIC_URL}


@pytest.fixture
async def browser(
    users: UserService, sessions: SessionService
) -> AsyncIterator[httpx2.AsyncClient]:
    ada = await users.create(ADA, "Ada Popescu", PASSWORD)
    await users.grant(ada.id, "organization:1", "admin")
    app = FastAPI()
    install_error_answers(app)
    app.include_router(routes(sessions))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield client


async def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await browser.post("/console/api/sign-in", json=FORM, headers=OWN)
    assert answer.status_code == 200
    assert answer.json()["user"]["name"] == "Ada Popescu"
    assert answer.json()["memberships"] == [{"scope": "organization:1", "role": "admin"}]
    cookie = answer.headers["set-cookie"].lower()
    for attribute in ("httponly", "samesite=lax", "secure", "path=/", "max-age=43200"):
        assert attribute in cookie
    assert "domain" not in cookie


async def test_the_session_tells_who_is_signed_in_until_signing_out(
    browser: httpx2.AsyncClient,
) -> None:
    assert (await browser.get("/console/api/session")).status_code == 401
    await browser.post("/console/api/sign-in", json=FORM, headers=OWN)
    answer = await browser.get("/console/api/session")
    assert answer.json()["user"]["email"] == ADA
    assert answer.headers["cache-control"] == "no-store"
    token = browser.cookies["vestibule_session"]
    assert (await browser.post("/console/api/sign-out", headers=OWN)).status_code == 200
    assert "vestibule_session" not in browser.cookies
    stolen = {"Cookie": f"vestibule_session={token}"}
    assert (await browser.get("/console/api/session", headers=stolen)).status_code == 401


async def test_a_wrong_password_is_refused_in_words_and_without_a_cookie(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await browser.post("/console/api/sign-in", json={**FORM, "password": "wrong"})
    assert (answer.status_code, answer.json()["error"]) == (401, "authentication-error")
    assert "set-cookie" not in answer.headers


async def test_the_lock_says_when_to_come_back(browser: httpx2.AsyncClient) -> None:
    for _ in range(10):
        await browser.post("/console/api/sign-in", json={**FORM, "password": "wrong"})
    answer = await browser.post("/console/api/sign-in", json=FORM)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert "15 minutes" in answer.json()["info"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://video.clinic.example"])
async def test_another_site_can_neither_sign_a_visitor_in_nor_out(
    browser: httpx2.AsyncClient, origin: str
) -> None:
    foreign = {"Origin": origin}
    answer = await browser.post("/console/api/sign-in", json=FORM, headers=foreign)
    assert answer.status_code == 403
    await browser.post("/console/api/sign-in", json=FORM, headers=OWN)
    assert (await browser.post("/console/api/sign-out", headers=foreign)).status_code == 403
    assert (await browser.post("/console/api/sign-out")).status_code == 403
    assert (await browser.get("/console/api/session")).status_code == 200


async def test_a_page_opened_under_another_name_of_the_server_is_its_own_origin(
    browser: httpx2.AsyncClient,
) -> None:
    local = {"Host": "127.0.0.1:8000", "Origin": "https://127.0.0.1:8000"}
    answer = await browser.post("/console/api/sign-in", json=FORM, headers=local)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"email": ADA},
        {**FORM, "remember": True},
        {"email": 7, "password": PASSWORD},
        {**FORM, "password": "x" * 1001},
    ],
)
async def test_a_form_of_the_wrong_shape_is_refused(
    browser: httpx2.AsyncClient, body: dict[str, object]
) -> None:
    answer = await browser.post("/console/api/sign-in", json=body, headers=OWN)
    assert answer.status_code == 400
    assert PASSWORD not in answer.text


async def test_a_form_from_another_site_that_hides_its_type_is_refused(
    browser: httpx2.AsyncClient,
) -> None:
    hidden = {"Content-Type": "text/plain"}
    text = '{"email": "ada@clinic.example", "password": "correct horse battery"}'
    answer = await browser.post("/console/api/sign-in", content=text, headers=hidden)
    assert answer.status_code == 400
