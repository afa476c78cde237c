"""Builds the rooms half: the complete stand-in for Daily."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.teams.service import TeamService
from vestibule.assembly.media_servers import relays
from vestibule.assembly.recordings import Recordings, build_recordings
from vestibule.assembly.shared import Shared
from vestibule.foundation.http import MAX_BODY_BYTES, AsgiApp
from vestibule.foundation.loops import Loop
from vestibule.foundation.routing import Routes
from vestibule.rooms.administration.routes import routes as administration_routes
from vestibule.rooms.administration.service import AdministrationService
from vestibule.rooms.calls.chronicle import Chronicle
from vestibule.rooms.calls.collector import RoomCollector
from vestibule.rooms.calls.crossing import Crossing
from vestibule.rooms.calls.door import Door
from vestibule.rooms.calls.live import LiveCalls
from vestibule.rooms.calls.members import Members
from vestibule.rooms.calls.passes import Passes
from vestibule.rooms.calls.routes import routes as call_routes
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.calls.tickets import Tickets
from vestibule.rooms.configuration.brands import Brands
from vestibule.rooms.configuration.brands import routes as brand_routes
from vestibule.rooms.configuration.routes import routes as configuration_routes
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.routes import batch_routes
from vestibule.rooms.definitions.routes import routes as room_routes
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.deliveries.routes import routes as delivery_routes
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.domains.service import DomainService, first_domain
from vestibule.rooms.exclusions.service import ExclusionService
from vestibule.rooms.legacy_2018.routes import routes as legacy_2018_routes
from vestibule.rooms.legacy_2018.service import TeamApiService
from vestibule.rooms.live_actions.routes import routes as live_action_routes
from vestibule.rooms.live_actions.service import LiveActionService
from vestibule.rooms.meetings.routes import routes as meeting_routes
from vestibule.rooms.meetings.service import MeetingService
from vestibule.rooms.ownership.forwarding import AtOwner
from vestibule.rooms.sfu.local import LocalJanus
from vestibule.rooms.sfu.service import MediaServerService
from vestibule.rooms.tokens.routes import routes as token_routes
from vestibule.rooms.tokens.service import TokenService
from vestibule.rooms.traffic.limiter import Limiter, RateLimiter
from vestibule.rooms.traffic.middleware import Traffic
from vestibule.rooms.traffic.routes import routes as log_routes
from vestibule.rooms.traffic.service import RequestLogService
from vestibule.rooms.traffic.shared_limiter import SharedRateLimiter
from vestibule.rooms.webhooks.model import RetryType
from vestibule.rooms.webhooks.routes import routes as webhook_routes
from vestibule.rooms.webhooks.sender import Inside, Sender
from vestibule.rooms.webhooks.service import WebhookService

# A thousand rooms with every property given.
LARGER_BODIES = {"/v1/batch/rooms": 8 * MAX_BODY_BYTES}


@dataclass(frozen=True)
class Rooms:
    """The services of the rooms half."""

    shared: Shared
    domains: DomainService
    teams: TeamService
    configurations: ConfigurationService
    definitions: DefinitionService
    tokens: TokenService
    request_log: RequestLogService
    webhooks: WebhookService
    deliveries: DeliveryService
    meetings: MeetingService
    exclusions: ExclusionService
    calls: CallService
    recordings: Recordings
    live_actions: LiveActionService
    collector: RoomCollector
    crossing: Crossing | None
    """The way to other processes; None if this one is alone."""
    media_servers: MediaServerService | None

    def routers(self) -> Iterator[Routes]:
        """Everything it answers but the rooms' own addresses, which `room_router` has."""
        yield configuration_routes(configurations=self.configurations, domains=self.domains)
        yield room_routes(definitions=self.definitions, domains=self.domains)
        yield batch_routes(definitions=self.definitions, domains=self.domains)
        yield live_action_routes(actions=self.live_actions, domains=self.domains)
        yield token_routes(tokens=self.tokens, domains=self.domains)
        yield webhook_routes(webhooks=self.webhooks, domains=self.domains)
        yield delivery_routes(deliveries=self.deliveries, domains=self.domains)
        yield self.recordings.router(definitions=self.definitions, domains=self.domains)
        yield meeting_routes(meetings=self.meetings, domains=self.domains, clock=self.shared.clock)
        yield log_routes(log=self.request_log, domains=self.domains)
        team_api = TeamApiService(
            database=self.shared.database,
            ids=self.shared.ids,
            definitions=self.definitions,
            meetings=self.meetings,
            teams=self.teams,
            users=self.shared.users,
        )
        yield legacy_2018_routes(team_api=team_api, domains=self.domains)
        yield self.administration_router()

    def administration_router(self) -> Routes:
        """What owners ask about their domains in the console."""
        sessions = self.shared.sessions
        return administration_routes(
            administration=AdministrationService(
                sessions=sessions, domains=self.domains, configurations=self.configurations
            ),
            domains=self.domains,
            teams=self.teams,
            webhooks=self.webhooks,
            deliveries=self.deliveries,
            sessions=sessions,
        )

    def room_router(self) -> Routes:
        """The rooms' own addresses. To be mounted last: they answer any path of one part."""
        members = Members(cookie=SessionCookie(self.shared.sessions), users=self.shared.users)
        brands = Brands(domains=self.domains, configurations=self.configurations)
        router = brand_routes(brands)
        router.include_router(
            call_routes(calls=self.calls, members=members, brands=brands, crossing=self.crossing)
        )
        return router

    def loops(self) -> Iterator[Loop]:
        """The background work."""
        yield self.calls.loop
        yield self.meetings.loop
        yield self.meetings.sweep_loop
        yield self.exclusions.loop
        yield self.collector.loop
        yield self.request_log.loop
        yield self.deliveries.loop
        yield self.deliveries.sweep_loop
        yield from self.recordings.loops()
        if self.crossing is not None:
            yield self.crossing.leases.loop
            yield self.crossing.loop
        if self.media_servers is not None:
            yield self.media_servers.loop

    def guard(self, app: AsgiApp, *, others: list[str]) -> AsgiApp:
        """Hold the users of API keys to their limits, and log what they ask.

        Around the application, not in it: our own appointments go past this. `others`: paths below
        `/v1` that are not of the Rooms API.
        """
        several = self.shared.several
        return Traffic(
            app,
            domains=self.domains,
            log=self.request_log,
            limiter=build_limiter(self.shared),
            others=others,
            is_counted=lambda scope: several is None or not several.peers.is_peer(scope["headers"]),
        )

    def at_owner(self, app: AsgiApp) -> AtOwner | None:
        """Have what is asked of a call answered by the process that keeps it."""
        several = self.shared.several
        if several is None:
            return None
        return AtOwner(
            app,
            leases=several.leases,
            peers=several.peers,
            domains=self.domains,
            definitions=self.definitions,
        )

    async def hand_over(self) -> None:
        """Give every call to the other processes, if there are any."""
        if self.crossing is not None:
            await self.calls.chronicle.settled()
            await self.crossing.hand_over()

    async def close(self) -> None:
        """Close every call's sockets; wait for recordings, deliveries and the log."""
        await self.recordings.close()
        await self.calls.close()
        if self.media_servers is not None:
            await self.media_servers.close()
        await self.deliveries.settled()
        await self.request_log.close()


def build_rooms(shared: Shared, *, inside: Inside) -> Rooms:
    """Assemble the rooms half; `inside` are this installation's own receivers of webhooks."""
    settings, database = shared.settings, shared.database
    domains = DomainService(
        database=database,
        keyring=shared.keyring,
        ids=shared.ids,
        public_url=settings.public_url,
        primary_domain=first_domain(database) or settings.primary_domain,
    )
    definitions = DefinitionService(
        database=database,
        ids=shared.ids,
        broker=shared.broker,
        rooms_per_domain=settings.rooms_per_domain,
    )
    configurations = ConfigurationService(database=database)
    tokens = TokenService(domains=domains, configurations=configurations, clock=shared.clock)
    webhooks, deliveries = build_webhooks(shared, inside)
    meetings = MeetingService(
        database=database,
        clock=shared.clock,
        ids=shared.ids,
        gap=timedelta(seconds=settings.meeting_gap_seconds),
        grace=timedelta(seconds=settings.reconnect_grace_seconds),
        keep=timedelta(days=settings.meetings_keep_days),
    )
    exclusions = ExclusionService(database=database)
    calls, door = build_calls(shared, definitions, tokens, domains, exclusions, meetings)
    recordings = build_recordings(
        shared, calls=calls, configurations=configurations, domains=domains
    )
    return Rooms(
        shared=shared,
        domains=domains,
        teams=TeamService(
            database=database,
            keyring=shared.keyring,
            ids=shared.ids,
            users=shared.users,
            find_team=domains.find_team,
        ),
        configurations=configurations,
        definitions=definitions,
        tokens=tokens,
        request_log=RequestLogService(
            database=database, clock=shared.clock, ids=shared.ids, keep_days=settings.api_log_days
        ),
        webhooks=webhooks,
        deliveries=deliveries,
        meetings=meetings,
        exclusions=exclusions,
        calls=calls,
        recordings=recordings,
        crossing=build_crossing(shared, calls, door, meetings, recordings),
        live_actions=LiveActionService(definitions=definitions, calls=calls, meetings=meetings),
        collector=RoomCollector(
            definitions=definitions,
            meetings=meetings,
            live=calls.live,
            keep_days=settings.expired_rooms_keep_days,
        ),
        media_servers=build_media_servers(shared, calls),
    )


def build_calls(
    shared: Shared,
    definitions: DefinitionService,
    tokens: TokenService,
    domains: DomainService,
    exclusions: ExclusionService,
    meetings: MeetingService,
) -> tuple[CallService, Door]:
    """The live calls, and the way into them."""
    settings, tickets = shared.settings, Tickets(shared.keyring)
    chronicle = Chronicle(meetings)
    live = LiveCalls(
        clock=shared.clock,
        chronicle=chronicle,
        tickets=tickets,
        relays=relays(settings),
        keep_seconds=settings.reconnect_grace_seconds,
        settles_at=shared.clock.now().timestamp() + settings.reconnect_grace_seconds,
        on_ended=exclusions.note_ended,
    )
    door = Door(
        definitions=definitions,
        tokens=tokens,
        domains=domains,
        exclusions=exclusions,
        tickets=tickets,
        passes=Passes(shared.keyring),
        live=live,
        ids=shared.ids,
    )
    calls = CallService(
        live=live,
        door=door,
        domains=domains,
        chronicle=chronicle,
        exclusions=exclusions,
        broker=shared.broker,
        grace_seconds=settings.reconnect_grace_seconds,
    )
    return calls, door


def build_crossing(
    shared: Shared,
    calls: CallService,
    door: Door,
    meetings: MeetingService,
    recordings: Recordings,
) -> Crossing | None:
    """The way of connections between several processes; None if this one is alone."""
    several, live = shared.several, calls.live
    if several is None:
        return None
    live.owns = several.leases.owns
    several.broker.on_gap(calls.look_at_all)

    async def take_over(room_id: str) -> None:
        if await meetings.is_kept_elsewhere(room_id):
            live.settle(room_id, seconds=shared.settings.reconnect_grace_seconds)
        await recordings.service.take_over(room_id)

    async def give_up(room_id: str) -> None:
        recordings.service.give_up(room_id)
        await meetings.give_up(room_id)

    return Crossing(
        leases=several.leases,
        peers=several.peers,
        live=live,
        room_of=door.room_meant,
        take_over=take_over,
        give_up=give_up,
    )


def build_limiter(shared: Shared) -> Limiter | None:
    """What counts the requests of each key, for all processes together."""
    if not shared.settings.rate_limits:
        return None
    alone = RateLimiter(clock=shared.clock)
    if shared.several is None:
        return alone
    return SharedRateLimiter(shared.several.redis, alone=alone, ids=shared.ids)


def build_media_servers(shared: Shared, calls: CallService) -> MediaServerService | None:
    """What carries large calls, if the settings name something."""
    settings, secret = shared.settings, shared.settings.janus_api_secret
    if settings.sfu == "none":
        return None
    if not settings.janus_urls:
        local = LocalJanus(
            settings.data.resolve() / "janus",
            media_ports=settings.janus_media_ports,
            public_address=settings.janus_public_address,
        )
        return MediaServerService(
            live=calls.live, urls=[local.url], secret=local.secret, local=local
        )
    return MediaServerService(
        live=calls.live,
        urls=settings.janus_urls,
        secret=secret.get_secret_value() if secret else None,
    )


def build_webhooks(shared: Shared, inside: Inside) -> tuple[WebhookService, DeliveryService]:
    """Who is told of events, and the telling."""
    settings = shared.settings
    sender = Sender(
        clock=shared.clock,
        allow_private_targets=settings.webhook_allow_private_targets,
        inside=inside,
    )
    webhooks = WebhookService(
        database=shared.database,
        keyring=shared.keyring,
        ids=shared.ids,
        sender=sender,
        per_domain=settings.webhooks_per_domain,
        default_retry_type=RetryType(settings.webhook_retry_type),
    )
    deliveries = DeliveryService(
        database=shared.database,
        clock=shared.clock,
        ids=shared.ids,
        webhooks=webhooks,
        sender=sender,
        keep=timedelta(days=settings.webhook_keep_days),
    )
    return webhooks, deliveries
