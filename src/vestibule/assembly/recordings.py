"""Builds what records calls and keeps the recordings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from vestibule.assembly.shared import Shared
from vestibule.foundation.loops import Loop
from vestibule.foundation.object_store import ObjectStore, S3Access, object_store
from vestibule.foundation.routing import Routes
from vestibule.rooms.calls.passes import Passes
from vestibule.rooms.calls.service import CallService
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.recordings.archive import Archive
from vestibule.rooms.recordings.composing import Composing
from vestibule.rooms.recordings.consent import Consents
from vestibule.rooms.recordings.desk import Desk
from vestibule.rooms.recordings.local import LocalRecordings
from vestibule.rooms.recordings.routes import routes
from vestibule.rooms.recordings.service import RecordingService
from vestibule.rooms.recordings.storage import Storage
from vestibule.rooms.recordings.studio import Studio
from vestibule.settings import Settings

ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what to listen on, told here to be replaced


@dataclass(frozen=True)
class Recordings:
    """The services of recordings."""

    service: RecordingService
    archive: Archive
    composing: Composing
    desk: Desk
    studio: Studio

    async def close(self) -> None:
        """End what waits; recorders work on, and the next server finds them."""
        await self.desk.close()
        await self.service.close()
        self.studio.close()

    def router(self, *, definitions: DefinitionService, domains: DomainService) -> Routes:
        """Everything it answers."""
        return routes(
            recordings=self.service,
            archive=self.archive,
            definitions=definitions,
            domains=domains,
        )

    def loops(self) -> Iterator[Loop]:
        """The background work."""
        yield self.service.loop
        yield self.composing.loop
        yield self.archive.sweep_loop


def build_recordings(
    shared: Shared,
    *,
    calls: CallService,
    configurations: ConfigurationService,
    domains: DomainService,
) -> Recordings:
    """Assemble them, and have the calls ask here."""
    settings, database, live = shared.settings, shared.database, calls.live
    folder = settings.data.resolve() / "recordings"
    studio = Studio(
        folder / "raw",
        passes=Passes(shared.keyring),
        signalling_url=signalling_url(settings),
        least_free_bytes=settings.recordings_least_free_mb * 1_000_000,
        is_open=settings.recordings,
    )
    consents = Consents(
        database=database, configurations=configurations, live=live, clock=shared.clock
    )
    service = RecordingService(
        database=database,
        clock=shared.clock,
        ids=shared.ids,
        broker=shared.broker,
        live=live,
        studio=studio,
        consents=consents,
        most_per_room=settings.recordings_per_room,
    )
    archive = Archive(
        database=database,
        broker=shared.broker,
        clock=shared.clock,
        keyring=shared.keyring,
        storage=Storage(
            object_store(
                settings.recordings_store or str(folder / "files"),
                s3_access(settings, settings.s3_region),
            ),
            bucket=buckets(settings),
            keyring=shared.keyring,
            encrypts=settings.recordings_encrypted,
        ),
        configurations=configurations,
        public_url=settings.public_url,
        discard=studio.discard,
    )
    composing = Composing(
        database=database,
        ids=shared.ids,
        broker=shared.broker,
        studio=studio,
        archive=archive,
        domains=domains,
    )
    local = LocalRecordings(clock=shared.clock, ids=shared.ids, live=live, consents=consents)
    desk = Desk(recordings=service, local=local, consents=consents, live=live)
    live.notices.desk = desk
    return Recordings(service, archive, composing, desk, studio)


def s3_access(settings: Settings, region: str | None) -> S3Access:
    """How a bucket of this region is reached."""
    secret = settings.s3_secret_access_key
    return S3Access(
        settings.s3_endpoint,
        region,
        settings.s3_access_key_id,
        secret.get_secret_value() if secret else None,
    )


def buckets(settings: Settings) -> Callable[[str, str], ObjectStore | None]:
    """Gives the bucket that a room names, if the settings allow that one."""

    @cache
    def bucket(name: str, region: str) -> ObjectStore | None:
        if name not in settings.recordings_buckets:
            return None
        return object_store(f"s3://{name}", s3_access(settings, region or settings.s3_region))

    return bucket


def signalling_url(settings: Settings) -> str:
    """Where this server's own recorders reach it."""
    host = "127.0.0.1" if settings.host in ANYWHERE else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"ws://{host}:{settings.port}/signalling"
