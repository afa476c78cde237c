"""Organizations: made, changed, recognised by their tokens, given people and a room provider."""

from collections.abc import Awaitable, Callable
from typing import Any

from vestibule.accounts.users.model import clean_email, clean_name
from vestibule.appointments.audit.service import record
from vestibule.appointments.idempotency.model import Once
from vestibule.appointments.idempotency.service import begin, end
from vestibule.appointments.organizations import store
from vestibule.appointments.organizations.model import (
    Caller,
    Integration,
    KeyOnFile,
    Kind,
    Organization,
    PeoplePage,
    Person,
    Preset,
    TokenRole,
    check_base_url,
    check_prefix,
    check_settings_version,
    masked,
    settings_to_write,
)
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Forbidden, NotFound, Unauthenticated
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash

TOKEN_BYTES = 32
SYSTEM = "vestibule"  # who did it, when nobody in particular did
CheckAddress = Callable[[str], Awaitable[None]]
"""Raises Invalid for the base URL of a provider that this installation does not speak to."""
KeysOnFile = list[KeyOnFile]  # beside a method named `list`


class NoSuchOrganization(NotFound):
    """There is no such organization."""


class NoSuchPerson(NotFound):
    """The organization has no such person."""


class NoSuchKey(NotFound):
    """The organization has chosen no room provider."""


class ForeignOrganization(Forbidden):
    """The token speaks for another organization, or there is no such one: nobody learns which."""


class OrganizationService:
    """The use cases of organizations."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        ids: Ids,
        room_prefix: str,
        check_address: CheckAddress | None = None,
    ) -> None:
        self._check_address = check_address
        self._database = database
        self._keyring = keyring
        self._ids = ids
        self._room_prefix = room_prefix
        self._provider_listeners: list[Callable[[Transaction, int], None]] = []
        self._listeners: list[Callable[[Transaction, Organization], None]] = []

    async def create(
        self,
        name: str,
        *,
        room_prefix: str | None = None,
        preset: Preset = "clinic",
        **settings: Any,
    ) -> Organization:
        """Make an organization; Invalid if one of its settings cannot be.

        The prefix stays for good, because the names of its rooms are derived from it. `settings`
        are those of `change`, over those of the preset.
        """
        cleaned = clean_name(name)
        prefix = check_prefix(self._room_prefix if room_prefix is None else room_prefix)
        written = settings_to_write(preset, {"waiting_room": True, **settings})
        return await self._database.write(
            lambda tx: store.insert_organization(
                tx, name=cleaned, room_prefix=prefix, settings=written
            )
        )

    async def get(self, organization_id: int) -> Organization:
        """The organization with this id, else NoSuchOrganization."""
        found = await self._database.read(lambda tx: store.find_organization(tx, organization_id))
        return _there(found, organization_id)

    async def list(self) -> list[Organization]:
        """Every organization, in the order they were made."""
        return await self._database.read(store.all_organizations)

    async def change(
        self,
        organization_id: int,
        *,
        name: str | None = None,
        preset: Preset | None = None,
        expected: frozenset[int] | None = None,
        by: str = SYSTEM,
        **settings: Any,
    ) -> Organization:
        """Change what is given, over what a preset gives, and leave the rest.

        `settings`: waiting_room, opens_minutes_before, closes_minutes_after, locks_early, timezone,
        language, mail_name, mail_reply_to, retry_minutes and recordings_keep_days. A new window
        holds at once for every appointment that is not over. SettingsChanged if their version is
        none of those `expected`.
        """
        changes = settings_to_write(preset, settings)
        if name is not None:
            changes["name"] = clean_name(name)
        if not changes:
            return await self.get(organization_id)

        def write(tx: Transaction) -> Organization:
            check_settings_version(get_organization(tx, organization_id).version, expected)
            changed = store.update_organization(tx, organization_id, changes)
            organization = _there(changed, organization_id)
            for listener in self._listeners:
                listener(tx, organization)
            _record(tx, organization_id, "organization.changed", by, **changes)
            return organization

        return await self._database.write(write)

    def on_change(self, listener: Callable[[Transaction, Organization], None]) -> None:
        """Call `listener` in each transaction that changes an organization's settings."""
        self._listeners.append(listener)

    def on_new_provider(self, listener: Callable[[Transaction, int], None]) -> None:
        """Call `listener` in each transaction that gives an organization another provider."""
        self._provider_listeners.append(listener)

    async def create_token(
        self, organization_id: int, label: str, *, role: TokenRole = "program"
    ) -> str:
        """Make an access token for the organization's programs; it is shown this once."""
        token = self._ids.secret(TOKEN_BYTES)
        token_id = self._ids.uuid()
        cleaned = clean_name(label)

        def add(tx: Transaction) -> None:
            _there(store.find_organization(tx, organization_id), organization_id)
            store.insert_token(
                tx,
                token_id=token_id,
                organization_id=organization_id,
                label=cleaned,
                token_hash=secret_hash(token),
                role=role,
            )

        await self._database.write(add)
        return token

    async def authenticate(self, token: str) -> Caller:
        """Whose token this is; Unauthenticated if nobody's."""
        token_hash = secret_hash(token)
        found = await self._database.read(lambda tx: store.find_by_token(tx, token_hash))
        if found is None:
            raise Unauthenticated(
                "this organization token is not valid; it may be mistyped or revoked"
            )
        return found

    async def authorize(self, token: str, organization_id: int) -> Caller:
        """Whose token this is, if it speaks for this organization; else ForeignOrganization."""
        caller = await self.authenticate(token)
        if caller.organization.id != organization_id:
            raise ForeignOrganization(
                f"this token does not give access to organization {organization_id}"
            )
        return caller

    async def set_integration(
        self, organization_id: int, *, base_url: str | None, api_key: str, by: str | None = None
    ) -> None:
        """Choose the room provider: Daily's API at `base_url`, or this installation's own rooms.

        The key is stored encrypted, bound to this organization (A21).
        """
        if base_url is not None:
            base_url = check_base_url(base_url)
            if self._check_address is not None:
                await self._check_address(base_url)
        sealed = self._keyring.seal(api_key, binds=_integration_row(organization_id))

        def put(tx: Transaction) -> None:
            _there(store.find_organization(tx, organization_id), organization_id)
            before = store.find_integration(tx, organization_id)
            store.put_integration(tx, organization_id, base_url=base_url, api_key_encrypted=sealed)
            if before is None or before[1] != base_url:  # not only a new key of the same provider
                for listener in self._provider_listeners:
                    listener(tx, organization_id)
            if by is not None:  # else it is part of making the organization
                _record(tx, organization_id, "api_key.set", by, base_url=base_url)

        await self._database.write(put)

    async def delete_integration(self, organization_id: int, *, by: str = SYSTEM) -> None:
        """Forget the room provider and its key; NotFound if none was chosen."""

        def forget(tx: Transaction) -> None:
            if not store.delete_integration(tx, organization_id):
                raise NoSuchKey("this organization has no API key")
            _record(tx, organization_id, "api_key.deleted", by)

        await self._database.write(forget)

    async def keys_on_file(self, organization_id: int) -> KeysOnFile:
        """The organization's provider keys, as people may see them."""
        rows = await self._database.read(lambda tx: store.integrations(tx, organization_id))
        return [
            KeyOnFile(
                service=store.ROOMS_SERVICE,
                base_url=row.base_url,
                api_key=masked(
                    self._keyring.open(
                        row.api_key_encrypted, binds=_integration_row(row.organization_id)
                    )
                ),
                master_key_id=row.api_key_encrypted.partition(".")[0],
                updated_at=row.updated_at,
            )
            for row in rows
        ]

    async def reseal(self) -> int:
        """Seal every provider key under the active master key; how many were under another one."""

        def write(tx: Transaction) -> int:
            stale = [
                row
                for row in store.integrations(tx)
                if row.api_key_encrypted.partition(".")[0] != self._keyring.active
            ]
            for row in stale:
                binds = _integration_row(row.organization_id)
                opened = self._keyring.open(row.api_key_encrypted, binds=binds)
                sealed = self._keyring.seal(opened, binds=binds)
                store.write_key(tx, row.organization_id, sealed)
            return len(stale)

        return await self._database.write(write)

    async def integration(self, organization_id: int) -> Integration | None:
        """The organization's room provider with its opened key; None if none was chosen."""
        found = await self._database.read(lambda tx: store.find_integration(tx, organization_id))
        if found is None:
            return None
        organization, base_url, sealed = found
        api_key = self._keyring.open(sealed, binds=_integration_row(organization_id))
        return Integration(organization=organization, base_url=base_url, api_key=api_key)

    async def create_person(
        self,
        organization_id: int,
        *,
        kind: Kind,
        name: str,
        email: str | None = None,
        by: str = SYSTEM,
        once: Once | None = None,
    ) -> Person:
        """Add a specialist or patient; Invalid if the name or address cannot be.

        At most once for each key of a request that may come again.
        """
        cleaned = clean_name(name)
        address = None if email is None else clean_email(email)

        def add(tx: Transaction) -> Person:
            _there(store.find_organization(tx, organization_id), organization_id)
            earlier = begin(tx, organization_id, once)
            if earlier is not None:
                return _person(store.find_person(tx, organization_id, earlier), earlier)
            person = store.insert_person(
                tx, organization_id, kind=kind, name=cleaned, email=address
            )
            end(tx, organization_id, once, person.id)
            _record(tx, organization_id, "person.added", by, person_id=person.id, kind=kind)
            return person

        return await self._database.write(add)

    async def change_person(
        self,
        organization_id: int,
        person_id: int,
        *,
        name: str,
        email: str | None,
        by: str = SYSTEM,
    ) -> Person:
        """Replace a person's name and address; NoSuchPerson, or Invalid as in `create_person`."""
        cleaned = clean_name(name)
        address = None if email is None else clean_email(email)

        def replace(tx: Transaction) -> Person:
            found = store.update_person(tx, organization_id, person_id, name=cleaned, email=address)
            changed = _person(found, person_id)
            _record(tx, organization_id, "person.changed", by, person_id=person_id)
            return changed

        return await self._database.write(replace)

    async def people(
        self, organization_id: int, kind: Kind, *, limit: int = 100, starting_after: int = 0
    ) -> PeoplePage:
        """One page of the organization's specialists or patients, in the order of their ids."""
        return await self._database.read(
            lambda tx: store.page_of_people(
                tx, organization_id, kind, limit=limit, starting_after=starting_after
            )
        )


def get_organization(tx: Transaction, organization_id: int) -> Organization:
    """The organization with this id, inside the caller's transaction."""
    return _there(store.find_organization(tx, organization_id), organization_id)


def get_person(tx: Transaction, organization_id: int, person_id: int) -> Person | None:
    """The organization's person with this id, inside the caller's transaction."""
    return store.find_person(tx, organization_id, person_id)


def _there(found: Organization | None, organization_id: int) -> Organization:
    if found is None:
        raise NoSuchOrganization(f"there is no organization {organization_id}")
    return found


def _person(found: Person | None, person_id: int) -> Person:
    if found is None:
        raise NoSuchPerson(f"the organization has no person {person_id}")
    return found


def _record(tx: Transaction, organization_id: int, event: str, by: str, **details: Any) -> None:
    """Names and addresses of people are no part of it: an audit is kept for ever."""
    record(tx, organization_id=organization_id, event=event, actor=by, details=details)


def _integration_row(organization_id: int) -> str:
    return f"organization_integrations.{organization_id}.{store.ROOMS_SERVICE}.api_key"
