"""What both domains rest on: settings, time, ids, the database, keys, and who signs in."""

import asyncio
from dataclasses import dataclass

from vestibule.accounts.oidc.client import OpenIdClient
from vestibule.accounts.oidc.model import is_safe
from vestibule.accounts.oidc.service import OidcService
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.service import UserService
from vestibule.assembly.several import Several, build_several
from vestibule.foundation.broker import Broker, LocalBroker
from vestibule.foundation.clock import Clock, SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring, keyring_from_file, parse_keyring
from vestibule.foundation.errors import Invalid
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
    broker: Broker
    several: Several | None
    """What connects this process with others; None if it is alone."""
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
    keyring = master_keys(settings)
    several = build_several(settings, keyring=keyring, clock=clock, ids=ids)
    users = UserService(database=database, ids=ids)
    return Shared(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        keyring=keyring,
        broker=several.broker if several else LocalBroker(),
        several=several,
        users=users,
        sessions=SessionService(
            database=database, users=users, ids=ids, public_url=settings.public_url
        ),
        metrics=Metrics(),
        ending=asyncio.Event(),
    )


def build_oidc(shared: Shared) -> OidcService | None:
    """Signing in with an account elsewhere, if the settings say where."""
    settings = shared.settings
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None or not is_safe(settings.oidc_issuer):
        raise Invalid(
            "VESTIBULE_OIDC_ISSUER must be an https:// address, and needs VESTIBULE_OIDC_CLIENT_ID"
        )
    secret = settings.oidc_client_secret
    client = OpenIdClient(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        clock=shared.clock,
    )
    return OidcService(
        client=client,
        name=settings.oidc_name,
        may_create=settings.oidc_create_users,
        database=shared.database,
        sessions=shared.sessions,
        keyring=shared.keyring,
        clock=shared.clock,
        ids=shared.ids,
    )


def master_keys(settings: Settings) -> Keyring:
    """The keys that seal secrets: from the setting, else from the data folder's own key file."""
    if settings.master_key is not None:
        return parse_keyring(settings.master_key.get_secret_value())
    return keyring_from_file(settings.data / "master.key")
