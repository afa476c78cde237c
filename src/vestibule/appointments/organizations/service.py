"""Organizations: made, changed, recognised by their tokens, given people and a room provider."""

from vestibule.accounts.users.model import clean_email, clean_name
from vestibule.appointments.organizations import store
from vestibule.appointments.organizations.model import (
    Caller,
    Integration,
    Kind,
    Organization,
    PeoplePage,
    Person,
    check_opening,
    check_prefix,
)
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Forbidden, NotFound, Unauthenticated
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash

TOKEN_BYTES = 32


class NoSuchOrganization(NotFound):
    """There is no such organization."""


class NoSuchPerson(NotFound):
    """The organization has no such person."""


class ForeignOrganization(Forbidden):
    """The token speaks for another organization, or there is no such one: nobody learns which."""


class OrganizationService:
    """The use cases of organizations."""

    def __init__(self, *, database: Database, keyring: Keyring, ids: Ids, room_prefix: str) -> None:
        self._database = database
        self._keyring = keyring
        self._ids = ids
        self._room_prefix = room_prefix

    async def create(
        self,
        name: str,
        *,
        room_prefix: str | None = None,
        waiting_room: bool = True,
        opens_minutes_before: int = 5,
    ) -> Organization:
        """Make an organization; Invalid if one of its settings cannot be.

        The prefix stays for good, because the names of its rooms are derived from it.
        """
        cleaned = clean_name(name)
        prefix = check_prefix(self._room_prefix if room_prefix is None else room_prefix)
        minutes = check_opening(opens_minutes_before)
        return await self._database.write(
            lambda tx: store.insert_organization(
                tx,
                name=cleaned,
                room_prefix=prefix,
                waiting_room=waiting_room,
                opens_minutes_before=minutes,
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
        waiting_room: bool | None = None,
        opens_minutes_before: int | None = None,
    ) -> Organization:
        """Change what is given and leave the rest."""
        given = {
            "name": None if name is None else clean_name(name),
            "waiting_room": waiting_room,
            "opens_minutes_before": (
                None if opens_minutes_before is None else check_opening(opens_minutes_before)
            ),
        }
        changes = {setting: value for setting, value in given.items() if value is not None}
        if not changes:
            return await self.get(organization_id)
        changed = await self._database.write(
            lambda tx: store.update_organization(tx, organization_id, changes)
        )
        return _there(changed, organization_id)

    async def create_token(self, organization_id: int, label: str) -> str:
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
        return Caller(organization=found[0], token_label=found[1])

    async def authorize(self, token: str, organization_id: int) -> Caller:
        """Whose token this is, if it speaks for this organization; else ForeignOrganization."""
        caller = await self.authenticate(token)
        if caller.organization.id != organization_id:
            raise ForeignOrganization(
                f"this token does not give access to organization {organization_id}"
            )
        return caller

    async def set_integration(
        self, organization_id: int, *, base_url: str | None, api_key: str
    ) -> None:
        """Choose the room provider: Daily's API at `base_url`, or this installation's own rooms.

        The key is stored encrypted, bound to this organization (A21).
        """
        sealed = self._keyring.seal(api_key, binds=_integration_row(organization_id))

        def put(tx: Transaction) -> None:
            _there(store.find_organization(tx, organization_id), organization_id)
            store.put_integration(tx, organization_id, base_url=base_url, api_key_encrypted=sealed)

        await self._database.write(put)

    async def integration(self, organization_id: int) -> Integration | None:
        """The organization's room provider with its opened key; None if none was chosen."""
        found = await self._database.read(lambda tx: store.find_integration(tx, organization_id))
        if found is None:
            return None
        organization, base_url, sealed = found
        api_key = self._keyring.open(sealed, binds=_integration_row(organization_id))
        return Integration(organization=organization, base_url=base_url, api_key=api_key)

    async def create_person(
        self, organization_id: int, *, kind: Kind, name: str, email: str | None = None
    ) -> Person:
        """Add a specialist or patient; Invalid if the name or address cannot be."""
        cleaned = clean_name(name)
        address = None if email is None else clean_email(email)

        def add(tx: Transaction) -> Person:
            _there(store.find_organization(tx, organization_id), organization_id)
            return store.insert_person(tx, organization_id, kind=kind, name=cleaned, email=address)

        return await self._database.write(add)

    async def change_person(
        self, organization_id: int, person_id: int, *, name: str, email: str | None
    ) -> Person:
        """Replace a person's name and address; NoSuchPerson, or Invalid as in `create_person`."""
        cleaned = clean_name(name)
        address = None if email is None else clean_email(email)
        changed = await self._database.write(
            lambda tx: store.update_person(
                tx, organization_id, person_id, name=cleaned, email=address
            )
        )
        if changed is None:
            raise NoSuchPerson(f"the organization has no person {person_id}")
        return changed

    async def people(
        self, organization_id: int, kind: Kind, *, limit: int = 100, starting_after: int = 0
    ) -> PeoplePage:
        """One page of the organization's specialists or patients, in the order of their ids."""
        return await self._database.read(
            lambda tx: store.page_of_people(
                tx, organization_id, kind, limit=limit, starting_after=starting_after
            )
        )


def get_person(tx: Transaction, organization_id: int, person_id: int) -> Person | None:
    """The organization's person with this id, inside the caller's transaction."""
    return store.find_person(tx, organization_id, person_id)


def _there(found: Organization | None, organization_id: int) -> Organization:
    if found is None:
        raise NoSuchOrganization(f"there is no organization {organization_id}")
    return found


def _integration_row(organization_id: int) -> str:
    return f"organization_integrations.{organization_id}.{store.ROOMS_SERVICE}.api_key"
