"""What domains set for all of their rooms."""

from collections.abc import Mapping
from typing import Any

from vestibule.foundation.database import Database, Transaction
from vestibule.rooms.configuration import store
from vestibule.rooms.configuration.properties import Branding, TokenPolicy
from vestibule.rooms.definitions.model import merged


class ConfigurationService:
    """The properties of every domain. Rooms carry what they inherit; see `Room.value`."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def given(self, domain_id: str) -> dict[str, Any]:
        """The properties that were given."""
        return await self._database.read(lambda tx: store.find(tx, domain_id))

    async def change(self, domain_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change what is named and leave the rest; None puts a property back to its default.

        Answers what is given now. It holds for people who join from now on.
        """

        def write(tx: Transaction) -> dict[str, Any]:
            properties = merged(store.find(tx, domain_id, to_change=True), changes)
            store.write(tx, domain_id, properties)
            return properties

        return await self._database.write(write)

    async def branding(self, domain_id: str) -> Branding:
        """How the domain's pages look."""
        properties = await self.given(domain_id)
        return Branding.model_validate(properties.get(store.BRANDING, {}))

    async def token_policy(self, domain_id: str) -> TokenPolicy:
        """What the domain's meeting tokens must say."""
        properties = await self._database.read(lambda tx: store.find_properties(tx, domain_id))
        return TokenPolicy.model_validate(properties.get("token_policy", {}))
