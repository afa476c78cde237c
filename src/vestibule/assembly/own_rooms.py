"""Knocks in this installation's own rooms reach the appointments half without a webhook.

A webhook of ours would take the one place that a domain has for webhooks, and could not reach an
address in a private network. What is passed on is Daily's envelope, as a webhook would carry it.
"""

import asyncio
import json
import re
from typing import Any, Final

from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.webhook_inbox.model import KNOCKS
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.broker import Broker
from vestibule.foundation.errors import VestibuleError
from vestibule.rooms.domains.service import DomainService

ROOM_EVENT: Final = "room-event"
_OF_ORGANIZATION: Final = re.compile(r".*-([1-9]\d{0,8})-[1-9]\d*", re.ASCII)


class OwnRooms:
    """Listens to the rooms half, and tells the appointments half what concerns it."""

    def __init__(
        self, *, organizations: OrganizationService, domains: DomainService, inbox: InboxService
    ) -> None:
        self._organizations = organizations
        self._domains = domains
        self._inbox = inbox
        self._passing: set[asyncio.Task[None]] = set()

    def listen(self, broker: Broker) -> None:
        """From now on, pass on what happens."""
        broker.subscribe(ROOM_EVENT, self._heard)

    def _heard(self, event: dict[str, Any]) -> None:
        if event["type"] in KNOCKS:
            task = asyncio.get_running_loop().create_task(self._pass_on(event))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass_on(self, event: dict[str, Any]) -> None:
        named = _OF_ORGANIZATION.fullmatch(event["payload"].get("room", ""))
        if named and await self._has_rooms_in(int(named[1]), event["domain_id"]):
            told = {name: value for name, value in event.items() if name != "domain_id"}
            await self._inbox.keep(int(named[1]), json.dumps(told).encode())

    async def _has_rooms_in(self, organization_id: int, domain_id: str) -> bool:
        """A room's name alone proves nothing: another domain may have one of the same name."""
        own = await self._organizations.integration(organization_id)
        if own is None or own.base_url is not None:
            return False
        try:
            domain = await self._domains.authenticate(own.api_key)
        except VestibuleError:
            return False
        return domain.id == domain_id
