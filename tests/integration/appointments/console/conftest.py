"""The console's server side, and browsers in which people sign in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI

from tests.integration.appointments.conftest import PUBLIC_URL, Clinic, Installation, answered
from vestibule.accounts.sessions.routes import routes as session_routes
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.passwords import Passwords
from vestibule.accounts.users.service import UserService
from vestibule.appointments.console.routes import Asked
from vestibule.appointments.console.routes import routes as console_routes
from vestibule.appointments.webhook_inbox.recordings import RecordingBook
from vestibule.foundation.http import install_error_answers
from vestibule.foundation.ids import SystemIds

PASSWORD = "correct horse battery"
OWN = {"Origin": PUBLIC_URL}


class Console:
    """The console's server side, and browsers in which people sign in."""

    def __init__(self, server: Installation) -> None:
        self.server = server
        self.users = UserService(
            database=server.database, ids=SystemIds(), passwords=Passwords(memory_kib=64)
        )
        self.sessions = SessionService(
            database=server.database, ids=SystemIds(), users=self.users, public_url=PUBLIC_URL
        )
        self.app = FastAPI()
        install_error_answers(self.app)
        self.app.include_router(session_routes(self.sessions))
        self.app.include_router(
            console_routes(
                Asked(
                    database=server.database,
                    sessions=self.sessions,
                    organizations=server.organizations,
                    appointments=server.appointments,
                    join_links=server.join_links,
                    audit=server.audit,
                    diagnosis=server.diagnosis,
                    reports=server.reports,
                    recordings=RecordingBook(
                        database=server.database, videocalls=server.videocalls
                    ),
                    inbox=server.inbox,
                    settings=server.settings,
                    ending=asyncio.Event(),
                )
            )
        )

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which nobody is signed in."""
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url=PUBLIC_URL, headers=OWN
        ) as browser:
            yield browser

    @asynccontextmanager
    async def signed_in(self, email: str, **roles: str) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser of a new user with roles such as organization_1="staff"."""
        user = await self.users.create(email, email.partition("@")[0].title(), PASSWORD)
        for scope, role in roles.items():
            await self.users.grant(user.id, scope.replace("_", ":"), role)
        async with self.browser() as browser:
            form = {"email": email, "password": PASSWORD}
            answered(await browser.post("/console/api/sign-in", json=form))
            yield browser


@pytest.fixture
def console(server: Installation) -> Console:
    return Console(server)


@pytest.fixture
async def staff(console: Console, clinic: Clinic) -> AsyncIterator[httpx2.AsyncClient]:
    role = {f"organization_{clinic.organization.id}": "staff"}
    async with console.signed_in("mara@clinic.example", **role) as browser:
        yield browser


@pytest.fixture
async def admin(console: Console, clinic: Clinic) -> AsyncIterator[httpx2.AsyncClient]:
    """An administrator of the clinic."""
    role = {f"organization_{clinic.organization.id}": "admin"}
    async with console.signed_in("radu@clinic.example", **role) as browser:
        yield browser
