"""What both domains rest on: settings, time, ids, the database, keys, and who signs in."""

import asyncio
from dataclasses import dataclass

from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.service import UserService
from vestibule.foundation.broker import LocalBroker
from vestibule.foundation.clock import Clock, SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring, keyring_from_file, parse_keyring
from vestibule.foundation.ids import Ids, SystemIds
from vestibule.foundation.metrics import Metrics
from vestibule.migrations import upgrade
from vestibule.settings import Settings


@dataclass(frozen=True)
class Shared:
    """Made once for each installation."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    keyring: Keyring
    broker: LocalBroker
    users: UserService
    sessions: SessionService
    metrics: Metrics
    ending: asyncio.Event
    """Set when the server is told to end, so that answers without an end come to one."""


def build_shared(settings: Settings, *, clock: Clock | None, ids: Ids | None) -> Shared:
    """Brings the database to the newest schema first."""
    clock = clock or SystemClock()
    ids = ids or SystemIds()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database)
    database = Database(settings.database, clock)
    users = UserService(database=database, ids=ids)
    return Shared(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        keyring=master_keys(settings),
        broker=LocalBroker(),
        users=users,
        sessions=SessionService(
            database=database, users=users, ids=ids, public_url=settings.public_url
        ),
        metrics=Metrics(),
        ending=asyncio.Event(),
    )


def master_keys(settings: Settings) -> Keyring:
    """The keys that seal secrets: from the setting, else from the data folder's own key file."""
    if settings.master_key is not None:
        return parse_keyring(settings.master_key.get_secret_value())
    return keyring_from_file(settings.data / "master.key")
