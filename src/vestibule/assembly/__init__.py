"""Builds everything by hand. The only package that knows both domains."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from vestibule.accounts.oidc.routes import routes as oidc_routes
from vestibule.accounts.sessions.routes import routes as session_routes
from vestibule.accounts.teams.routes import routes as team_routes
from vestibule.assembly.appointments import Appointments, build_appointments
from vestibule.assembly.documentation import routes as documentation_routes
from vestibule.assembly.health import Health
from vestibule.assembly.health import routes as health_routes
from vestibule.assembly.rooms import LARGER_BODIES, Rooms, build_rooms
from vestibule.assembly.shared import Shared, build_oidc, build_shared
from vestibule.foundation.assets import asset
from vestibule.foundation.checked_bodies import CheckedJson
from vestibule.foundation.clock import Clock
from vestibule.foundation.direct import Direct
from vestibule.foundation.http import (
    AsgiApp,
    BodyLimit,
    PlainPaths,
    Receive,
    RequestLog,
    Scope,
    SecurityHeaders,
    Send,
    install_error_answers,
)
from vestibule.foundation.ids import Ids
from vestibule.foundation.metrics import routes as metrics_routes
from vestibule.foundation.pages import page
from vestibule.foundation.routing import Routes
from vestibule.rooms.calls.service import CALL_PROLONGED
from vestibule.rooms.legacy_2018.always_ok import AlwaysOk
from vestibule.rooms.ownership.forwarding import AtOwner
from vestibule.rooms.recordings.model import RECORDING_CHANGED
from vestibule.rooms.webhooks.sender import Inside
from vestibule.settings import Settings

PROVIDER_EVENTS = "/provider-events/"


@dataclass
class Vestibule:
    """One assembled installation: its two halves, its application, and its background work."""

    shared: Shared
    rooms: Rooms
    appointments: Appointments
    http: FastAPI
    routes: Routes
    """What `http` answers, by path."""
    app: AsgiApp
    """`http`, and what stands around it: the way in from outside."""
    _at_owner: AtOwner | None
    _running: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Make the primary domain if this is the first start, and begin the background work."""
        if self.shared.several is not None:
            await self.shared.several.start()
        await self.rooms.domains.primary()
        self.rooms.recordings.studio.prepare()
        if self.rooms.media_servers is not None:
            self.rooms.media_servers.prepare()
        await self.rooms.recordings.service.step()
        loops = [*self.appointments.loops(), *self.rooms.loops()]
        self._running.extend(asyncio.create_task(loop.run(), name=loop.name) for loop in loops)

    async def drain(self) -> None:
        """Say for a while that nothing more should come here; then hand the calls to others."""
        self.shared.ending.set()
        await asyncio.sleep(self.shared.settings.drain_seconds)
        await self.rooms.hand_over()

    async def stop(self) -> None:
        """End the background work, close every call's sockets and the database."""
        for task in self._running:
            task.cancel()
        for task in self._running:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.rooms.close()
        await self.appointments.close()
        if self._at_owner is not None:
            await self._at_owner.close()
        if self.shared.several is not None:
            await self.shared.several.close()
        self.shared.database.close()


def build(settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None) -> Vestibule:
    """Assemble an installation; brings its database to the newest schema first."""
    http = FastAPI(openapi_url=None)
    http.router = routes = Routes()
    shared = build_shared(settings, clock=clock, ids=ids)
    answering = Direct(http, routes)
    way_in = WayIn(answering)
    # A defect in one half must look to the other half as it would over the network.
    ourselves = httpx2.ASGITransport(app=PlainPaths(way_in), raise_app_exceptions=False)
    receivers = f"{settings.public_url}{PROVIDER_EVENTS}"
    rooms = build_rooms(shared, inside=Inside(prefix=receivers, transport=ourselves))
    at_owner = rooms.at_owner(answering)
    way_in.app = at_owner or answering
    appointments = build_appointments(shared, own_rooms=ourselves)
    # A hint alone: whoever keeps appointments elsewhere asks every ten minutes, or is told by hook.
    sweep = appointments.recording_sweep.loop
    shared.broker.subscribe(RECORDING_CHANGED, lambda _hint: sweep.wake())
    prolonging = appointments.prolonging
    shared.broker.subscribe(CALL_PROLONGED, lambda hint: prolonging.hear(hint["room_name"]))
    install_error_answers(http)
    for router in (
        *rooms.routers(),
        *appointments.routers(),
        session_routes(sessions=shared.sessions),
        oidc_routes(build_oidc(shared), sessions=shared.sessions),
        team_routes(teams=rooms.teams, sessions=shared.sessions),
    ):
        routes.include_router(router)
    routes.include_router(documentation_routes(http, settings.public_url))
    token = settings.metrics_token
    routes.include_router(
        metrics_routes(shared.metrics, token=token.get_secret_value() if token else None)
    )
    routes.add_api_route("/", front_door, include_in_schema=False)
    routes.add_api_route("/assets/{name}", asset, include_in_schema=False)
    running: list[asyncio.Task[None]] = []
    health = Health(database=shared.database, ending=shared.ending, running=lambda: running)
    routes.include_router(health_routes(health))
    routes.include_router(rooms.room_router())
    guarded = rooms.guard(at_owner or answering, others=["/v1/organizations", "/v1/errors"])
    checked = CheckedJson(PlainPaths(guarded), others=("/provider-events/",))
    limited = BodyLimit(checked, larger=LARGER_BODIES)
    return Vestibule(
        shared=shared,
        rooms=rooms,
        appointments=appointments,
        http=http,
        routes=routes,
        _running=running,
        _at_owner=at_owner,
        app=RequestLog(SecurityHeaders(AlwaysOk(limited)), ids=shared.ids),
    )


class WayIn:
    """The application as our own other half reaches it; known before the application is whole."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


async def front_door(tk: str = "") -> Response:
    """The page of an invite link (C8). Whoever opens the bare address is staff: to the console."""
    return page("invite") if tk else RedirectResponse("/console")
