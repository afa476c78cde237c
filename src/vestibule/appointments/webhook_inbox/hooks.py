"""Our own hook at each room provider: made there, and kept alive."""

import base64
import secrets
from datetime import timedelta
from typing import Any, Final

import structlog

from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.room_provider.model import Hook
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.appointments.webhook_inbox import store
from vestibule.appointments.webhook_inbox.model import EVENT_TYPES
from vestibule.appointments.webhook_inbox.service import hook_row
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop

CHECKED_EVERY: Final = timedelta(minutes=10)
LEASE_SECONDS: Final = 120.0
SECRET_BYTES: Final = 32

log = structlog.get_logger()


class HookKeeper:
    """Looks after one hook at a time, each every ten minutes.

    A provider switches hooks off that failed it (daily-rest 10.2); an update switches ours on.
    """

    def __init__(
        self,
        *,
        database: Database,
        organizations: OrganizationService,
        videocalls: VideocallService,
        keyring: Keyring,
        ids: Ids,
        public_url: str,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._keyring = keyring
        self._ids = ids
        self._public_url = public_url
        self.loop = Loop("provider-hooks", self.step, idle_seconds=5.0)
        organizations.on_new_provider(store.hurry_hook)

    def url(self, organization_id: int) -> str:
        """Where the organization's provider sends its messages."""
        return f"{self._public_url}/provider-events/{organization_id}"

    async def step(self) -> bool:
        """Look after a hook that is due, if one is."""
        hook = await self._database.write(
            lambda tx: store.claim_hook(
                tx,
                lease=self._ids.uuid(),
                lease_seconds=LEASE_SECONDS,
            )
        )
        if hook is None:
            return False
        hook_id, problem = hook.hook_id, None
        try:
            hook_id = await self._keep(hook.id, hook)
        except (TemporaryError, PermanentError) as error:
            problem = error.reason
            log.warning("provider_hook_missing", organization_id=hook.id, problem=problem)
        await self._database.write(
            lambda tx: store.settle_hook(
                tx, hook, hook_id=hook_id, due_at=tx.now + CHECKED_EVERY, problem=problem
            )
        )
        return True

    async def _keep(self, organization_id: int, hook: Any) -> str:
        """The id of our hook, which works now."""
        secret = await self._given_secret(organization_id, hook.secret_sealed)
        url = self.url(organization_id)
        there = await self._videocalls.hooks(organization_id)
        known = {each.id: each for each in there}.get(hook.hook_id)  # our address may be a new one
        ours = next((each for each in there if each.url == url), known)
        wanted = {"url": url, "hmac": secret, "eventTypes": list(EVENT_TYPES)}
        if ours is None:
            return (await self._videocalls.create_hook(organization_id, wanted)).id
        if not _is_well(ours) or hook.hook_id != ours.id or ours.url != url:
            await self._videocalls.update_hook(organization_id, ours.id, wanted)
        return ours.id

    async def _given_secret(self, organization_id: int, sealed: str | None) -> str:
        """The hook's secret; written before the provider has it, as it is checked at once."""
        binds = hook_row(organization_id)
        if sealed is not None:
            return self._keyring.open(sealed, binds=binds)
        secret = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        fresh = self._keyring.seal(secret, binds=binds)

        def write(tx: Transaction) -> None:
            store.write_secret(tx, organization_id, fresh)

        await self._database.write(write)
        return secret


def _is_well(hook: Hook) -> bool:
    return hook.state == "ACTIVE" and set(EVENT_TYPES) <= set(hook.event_types)
