"""A whole installation with two domains, and browsers in which their people sign in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from vestibule.accounts.users.model import Role
from vestibule.assembly import Vestibule, build
from vestibule.rooms.domains.model import Domain
from vestibule.settings import Settings

ADDRESS = "https://video.clinic.example"
PASSWORD = "correct horse battery"


@pytest.fixture
async def vestibule(database_url: str, tmp_path: Path) -> AsyncIterator[Vestibule]:
    settings = Settings(
        database_url=database_url,
        data=tmp_path,
        base_url=ADDRESS,
        primary_domain="clinic",
        webhook_allow_private_targets=True,
    )
    vestibule = build(settings)
    await vestibule.rooms.domains.primary()
    yield vestibule
    await vestibule.stop()


@pytest.fixture
async def clinic(vestibule: Vestibule) -> Domain:
    return await vestibule.rooms.domains.primary()


@pytest.fixture
async def practice(vestibule: Vestibule) -> Domain:
    return await vestibule.rooms.domains.create("practice")


class Browser:
    """A browser in which somebody is signed in, looking at one domain."""

    def __init__(self, http: httpx2.AsyncClient, domain: Domain) -> None:
        self.http = http
        self.path = f"/console/api/domains/{domain.id}"

    async def ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """One question about the domain."""
        return await self.http.request(method, f"{self.path}{path}", json=body)

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer that must be a success."""
        answer = await self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and sentence of a refusal."""
        answer = await self.ask(method, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["info"]


@asynccontextmanager
async def nobody(vestibule: Vestibule) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser in which nobody is signed in."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=vestibule.app),
        base_url=ADDRESS,
        headers={"Origin": ADDRESS},
    ) as http:
        yield http


@asynccontextmanager
async def signed_in(
    vestibule: Vestibule, email: str, domain: Domain, role: Role | None
) -> AsyncIterator[Browser]:
    """A browser of a new user who has this role in the domain's team."""
    user = await vestibule.shared.users.create(email, email.partition("@")[0].title(), PASSWORD)
    if role is not None:
        await vestibule.shared.users.grant(user.id, domain.scope, role)
    async with nobody(vestibule) as http:
        form = {"email": email, "password": PASSWORD}
        assert (await http.post("/console/api/sign-in", json=form)).status_code == 200
        yield Browser(http, domain)


@pytest.fixture
async def owner(vestibule: Vestibule, clinic: Domain) -> AsyncIterator[Browser]:
    """Ada, who owns the clinic's team."""
    async with signed_in(vestibule, "ada@clinic.example", clinic, Role.OWNER) as browser:
        yield browser
