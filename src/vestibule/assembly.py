"""Builds everything by hand. The only file that knows both domains."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.routes import routes as session_routes
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.teams.routes import routes as team_routes
from vestibule.accounts.teams.service import TeamService
from vestibule.accounts.users.service import UserService
from vestibule.appointments.audit.service import AuditService
from vestibule.appointments.console.routes import routes as console_routes
from vestibule.appointments.join_links.routes import routes as join_link_routes
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.routes import routes as appointment_routes
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.routes import routes as organization_routes
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import Clock, SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring, keyring_from_file, parse_keyring
from vestibule.foundation.http import (
    AsgiApp,
    BodyLimit,
    PlainPaths,
    RequestLog,
    SecurityHeaders,
    install_error_answers,
)
from vestibule.foundation.ids import Ids, SystemIds
from vestibule.foundation.loops import Loop
from vestibule.foundation.pages import STATIC, page
from vestibule.migrations import upgrade
from vestibule.rooms.calls.members import Members
from vestibule.rooms.calls.routes import routes as call_routes
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.definitions.routes import routes as room_routes
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.routes import routes as domain_routes
from vestibule.rooms.domains.service import DomainService, first_domain
from vestibule.rooms.legacy_2018.routes import routes as legacy_2018_routes
from vestibule.rooms.legacy_2018.service import TeamApiService
from vestibule.rooms.tokens.routes import routes as token_routes
from vestibule.rooms.tokens.service import TokenService
from vestibule.settings import Settings

IN_PROCESS_URL = "http://rooms.internal/v1"


@dataclass
class Vestibule:
    """One assembled installation: its parts, its application, and its background work."""

    settings: Settings
    database: Database
    users: UserService
    teams: TeamService
    sessions: SessionService
    domains: DomainService
    definitions: DefinitionService
    tokens: TokenService
    calls: CallService
    organizations: OrganizationService
    audit: AuditService
    videocalls: VideocallService
    reconciler: ReconcilerService
    join_links: JoinLinkService
    appointments: AppointmentService
    loops: list[Loop]
    app: AsgiApp
    _running: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Make the primary domain if this is the first start, and begin the background work."""
        await self.domains.primary()
        self._running = [asyncio.create_task(loop.run(), name=loop.name) for loop in self.loops]

    async def stop(self) -> None:
        """End the background work, close every call's sockets and the database."""
        for task in self._running:
            task.cancel()
        for task in self._running:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.calls.close()
        await self.reconciler.close()
        await self.videocalls.close()
        self.database.close()


def build(settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None) -> Vestibule:
    """Assemble an installation; brings its database to the newest schema first."""
    clock = clock or SystemClock()
    ids = ids or SystemIds()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database)
    database = Database(settings.database, clock)
    keyring = master_keys(settings)
    broker = LocalBroker()

    users = UserService(database=database, ids=ids)
    sessions = SessionService(
        database=database, users=users, ids=ids, public_url=settings.public_url
    )

    domains = DomainService(
        database=database,
        keyring=keyring,
        ids=ids,
        public_url=settings.public_url,
        primary_domain=first_domain(database) or settings.primary_domain,
    )
    teams = TeamService(
        database=database, keyring=keyring, ids=ids, users=users, find_team=domains.find_team
    )
    definitions = DefinitionService(database=database, ids=ids, broker=broker)
    tokens = TokenService(domains=domains, clock=clock)
    calls = CallService(
        definitions=definitions,
        tokens=tokens,
        domains=domains,
        keyring=keyring,
        broker=broker,
        clock=clock,
        ids=ids,
        settings=settings,
    )

    http = FastAPI(
        title="Vestibule", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )

    def provider_client(base_url: str | None, api_key: str) -> httpx2.AsyncClient:
        """A client of the organization's room provider; our own rooms without a base URL."""
        return httpx2.AsyncClient(
            base_url=base_url or IN_PROCESS_URL,
            headers={"Authorization": f"Bearer {api_key}"},
            transport=None if base_url else httpx2.ASGITransport(app=http),
            timeout=10.0,
        )

    audit = AuditService(database=database)
    organizations = OrganizationService(
        database=database, keyring=keyring, ids=ids, room_prefix=settings.room_prefix
    )
    videocalls = VideocallService(organizations=organizations, client_for=provider_client)
    reconciler = ReconcilerService(
        database=database, videocalls=videocalls, clock=clock, ids=ids, settings=settings
    )
    join_links = JoinLinkService(
        database=database,
        keyring=keyring,
        videocalls=videocalls,
        clock=clock,
        public_url=settings.public_url,
    )
    appointments = AppointmentService(
        database=database, reconciler=reconciler, join_links=join_links
    )

    install_error_answers(http)
    http.include_router(domain_routes(domains=domains))
    http.include_router(room_routes(definitions=definitions, domains=domains))
    http.include_router(token_routes(tokens=tokens, domains=domains))
    team_api = TeamApiService(database=database, ids=ids, definitions=definitions, teams=teams)
    http.include_router(legacy_2018_routes(team_api=team_api, domains=domains))
    http.include_router(organization_routes(organizations=organizations))
    http.include_router(
        appointment_routes(
            appointments=appointments, organizations=organizations, join_links=join_links
        )
    )
    http.include_router(join_link_routes(join_links=join_links))
    http.include_router(session_routes(sessions=sessions))
    http.include_router(team_routes(teams=teams, sessions=sessions))
    http.include_router(
        console_routes(
            appointments=appointments,
            organizations=organizations,
            join_links=join_links,
            sessions=sessions,
        )
    )
    http.add_api_route("/", front_door, include_in_schema=False)
    http.mount("/assets", StaticFiles(directory=STATIC / "assets", check_dir=False))
    members = Members(cookie=SessionCookie(sessions), users=users)
    http.include_router(call_routes(calls=calls, members=members))  # last: it answers any one part

    return Vestibule(
        settings=settings,
        database=database,
        users=users,
        teams=teams,
        sessions=sessions,
        domains=domains,
        definitions=definitions,
        tokens=tokens,
        calls=calls,
        organizations=organizations,
        audit=audit,
        videocalls=videocalls,
        reconciler=reconciler,
        join_links=join_links,
        appointments=appointments,
        loops=[reconciler.loop, calls.loop],
        app=RequestLog(SecurityHeaders(BodyLimit(PlainPaths(http))), ids=ids),
    )


async def front_door(tk: str = "") -> Response:
    """The page of an invite link (C8). Whoever opens the bare address is staff: to the console."""
    return page("invite") if tk else RedirectResponse("/console")


def master_keys(settings: Settings) -> Keyring:
    """The keys that seal secrets: from the setting, else from the data folder's own key file."""
    if settings.master_key is not None:
        return parse_keyring(settings.master_key.get_secret_value())
    return keyring_from_file(settings.data / "master.key")
