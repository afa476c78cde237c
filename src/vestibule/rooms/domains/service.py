"""Domains and their keys: who calls the Rooms API, and under which address rooms are reached."""

import base64
import time
from typing import Final
from urllib.parse import urlsplit

from vestibule.accounts.teams.model import Team
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Conflict, NotFound, Unauthenticated
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash
from vestibule.rooms.domains import store
from vestibule.rooms.domains.model import (
    ApiKey,
    Domain,
    TokenKeys,
    check_name,
    clean_label,
    clean_origin,
)

KEY_BYTES: Final = 32
REMEMBERED_KEYS: Final = 1024
REMEMBERED_SECONDS: Final = 5.0


class DomainNameTaken(Conflict):
    """Another domain has this name."""


class ApiKeyNotFound(NotFound):
    """The domain has no active API key with this id."""


def first_domain(database: Database) -> str | None:
    """The name of the installation's first domain; None before its first start."""
    return database.read_now(store.first_domain_name)


class DomainService:
    """Makes domains and keys, and tells which domain a key or a host name means."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        ids: Ids,
        public_url: str,
        primary_domain: str,
        remembered_seconds: float = REMEMBERED_SECONDS,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._ids = ids
        self._public = urlsplit(public_url)
        self._primary_domain = primary_domain
        self._remembered_seconds = remembered_seconds
        self._revocations = 0
        self._remembered: dict[str, tuple[Domain, float]] = {}
        self._signing_keys: dict[str, str] = {}

    async def create(self, name: str) -> Domain:
        """Make a domain with a signing key of its own; DomainNameTaken if there is one already."""
        domain = await self._create(name)
        if domain is None:
            raise DomainNameTaken(f"a domain named {name} already exists")
        return domain

    async def ensure(self, name: str) -> Domain:
        """The domain of this name, made if it is not there."""
        domain = await self.find(name) or await self._create(name) or await self.find(name)
        assert domain is not None
        return domain

    async def primary(self) -> Domain:
        """The domain whose rooms live right below the public address, made if it is not there."""
        return await self.ensure(self._primary_domain)

    async def all(self) -> list[Domain]:
        """Every domain, in the order of their names."""
        return await self._database.read(store.all_domains)

    async def find(self, name: str) -> Domain | None:
        """The domain of this name."""
        return await self._database.read(lambda tx: store.find_domain(tx, name))

    async def find_by_id(self, domain_id: str) -> Domain | None:
        """The domain with this id."""
        return await self._database.read(lambda tx: store.find_domain_by_id(tx, domain_id))

    async def for_host(self, host_header: str) -> Domain | None:
        """The domain that a `Host` header means: that of its first label, else the primary one."""
        host = host_header.partition(":")[0].lower()
        label = host.partition(".")[0]

        def look(tx: Transaction) -> Domain | None:
            named = None if host == self._public.hostname else store.find_domain(tx, label)
            return named or store.find_domain(tx, self._primary_domain)

        return await self._database.read(look)

    def room_url(self, domain: Domain, room_name: str) -> str:
        """Where people open a room: below the public address, on the domain's own host name."""
        return f"{self._address(domain)}/{room_name}"

    def team_of(self, domain: Domain) -> Team:
        """The people of a domain. They sign in on its own host name: sessions are kept by host."""
        return Team(domain.scope, domain.name, self._address(domain))

    async def find_team(self, scope: str) -> Team | None:
        """The team that memberships and invitations name like this."""
        kind, _, domain_id = scope.partition(":")
        if kind != "domain":
            return None
        domain = await self.find_by_id(domain_id)
        return self.team_of(domain) if domain else None

    async def embed_origins(self, domain: Domain) -> list[str]:
        """The origins whose pages may show this domain's calls in a frame."""
        return await self._database.read(lambda tx: store.embed_origins(tx, domain.id))

    async def set_embed_origins(self, domain: Domain, origins: list[str]) -> None:
        """Say whose pages may show this domain's calls in a frame; Invalid if one is no origin."""
        cleaned = [clean_origin(origin) for origin in origins]
        await self._database.write(lambda tx: store.set_embed_origins(tx, domain.id, cleaned))

    async def create_key(self, domain_id: str, label: str) -> str:
        """Make an API key of 64 hexadecimal characters, which is shown this once."""
        label = clean_label(label)
        key = base64.urlsafe_b64decode(self._ids.secret(KEY_BYTES) + "=").hex()
        key_id = self._ids.uuid()
        sealed = self._keyring.seal(key, binds=_api_key_row(key_id))

        def insert(tx: Transaction) -> None:
            store.insert_key(
                tx,
                key_id=key_id,
                domain_id=domain_id,
                label=label,
                key_hash=secret_hash(key),
                key_sealed=sealed,
            )

        await self._database.write(insert)
        return key

    async def reveal_key(self, domain_id: str, label: str) -> str | None:
        """The newest active key of this label, opened again."""
        keys = await self._database.read(
            lambda tx: store.sealed_api_keys(tx, domain_id, label=label)
        )
        return self._open_api_key(*keys[0]) if keys else None

    async def api_keys(self, domain_id: str) -> list[ApiKey]:
        """Every API key of a domain, revoked ones too, newest first; never the keys themselves."""
        return await self._database.read(lambda tx: store.api_keys_of(tx, domain_id))

    async def revoke_key(self, domain_id: str, key_id: str) -> None:
        """End an API key and the tokens signed with it; ApiKeyNotFound if there is none active.

        It ends at once in this process, and within 5 seconds in others.
        """
        if not await self._database.write(lambda tx: store.revoke_key(tx, domain_id, key_id)):
            raise ApiKeyNotFound(f"the domain has no active API key with the id {key_id[:36]}")
        self._revocations += 1
        self._remembered.clear()

    async def rotate_key(self, domain_id: str, key_id: str) -> str:
        """Make a successor of an active key, with the same label; ApiKeyNotFound.

        The old one works until it is revoked, so that programs can change over without a gap.
        """
        keys = await self.api_keys(domain_id)
        old = next((each for each in keys if each.id == key_id and not each.revoked_at), None)
        if old is None:
            raise ApiKeyNotFound(f"the domain has no active API key with the id {key_id[:36]}")
        return await self.create_key(domain_id, old.label)

    async def authenticate(self, key: str) -> Domain:
        """The domain that this API key speaks for; Unauthenticated if there is none.

        A key that was right is remembered for 5 seconds, to spare each request a look at the
        database: a key that another process revokes may work that much longer.
        """
        key_hash = secret_hash(key)
        domain, until = self._remembered.get(key_hash, (None, 0.0))
        if domain is not None and time.monotonic() < until:
            return domain
        seen = self._revocations
        domain = await self._database.read(lambda tx: store.find_domain_of_key(tx, key_hash))
        if domain is None:
            self._remembered.pop(key_hash, None)
            raise Unauthenticated("this API key is not valid; it may be mistyped or revoked")
        if seen == self._revocations:  # else what was read may be older than a revocation
            self._remember(key_hash, domain)
        return domain

    async def signing_key(self, domain_id: str) -> str:
        """The domain's own secret, which signs the meeting tokens that we hand out.

        It never changes, so it is opened once.
        """
        if domain_id not in self._signing_keys:
            sealed = await self._database.read(lambda tx: store.sealed_signing_key(tx, domain_id))
            if len(self._signing_keys) >= REMEMBERED_KEYS:
                self._signing_keys.clear()
            self._signing_keys[domain_id] = self._keyring.open(
                sealed, binds=_signing_key_of(domain_id)
            )
        return self._signing_keys[domain_id]

    async def keys_for_tokens(self, domain_id: str) -> TokenKeys:
        """The secrets that may have signed a meeting token of this domain."""

        def sealed(tx: Transaction) -> tuple[str, list[tuple[str, str]]]:
            return store.sealed_signing_key(tx, domain_id), store.sealed_api_keys(tx, domain_id)

        signing_key, api_keys = await self._database.read(sealed)
        return TokenKeys(
            signing=self._keyring.open(signing_key, binds=_signing_key_of(domain_id)),
            api_keys=tuple(self._open_api_key(*key) for key in api_keys),
        )

    async def _create(self, name: str) -> Domain | None:
        check_name(name)
        domain = Domain(self._ids.uuid(), name)
        sealed = self._keyring.seal(self._ids.secret(KEY_BYTES), binds=_signing_key_of(domain.id))
        made = await self._database.write(
            lambda tx: store.insert_domain(tx, domain, signing_key_sealed=sealed)
        )
        return domain if made else None

    def _address(self, domain: Domain) -> str:
        host = self._public.netloc
        if domain.name != self._primary_domain:
            host = f"{domain.name}.{host}"
        return f"{self._public.scheme}://{host}{self._public.path}"

    def _remember(self, key_hash: str, domain: Domain) -> None:
        if len(self._remembered) >= REMEMBERED_KEYS:
            self._remembered.clear()
        self._remembered[key_hash] = (domain, time.monotonic() + self._remembered_seconds)

    def _open_api_key(self, key_id: str, sealed: str) -> str:
        return self._keyring.open(sealed, binds=_api_key_row(key_id))


def _api_key_row(key_id: str) -> str:
    return f"api_keys.{key_id}.key_sealed"


def _signing_key_of(domain_id: str) -> str:
    return f"domains.{domain_id}.signing_key_sealed"
