"""The video-call operations of an appointment, at whichever provider its organization uses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx2

from vestibule.appointments.organizations.model import Integration
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.room_provider.client import DailyClient, RoomProvider
from vestibule.appointments.room_provider.model import (
    ProviderRoom,
    new_expiration,
    patient_token,
    right_room,
    room_name,
    specialist_token,
)
from vestibule.foundation.errors import PermanentError

# The base URL of the provider (None: our own rooms) and its key, to a client that uses them.
ClientFor = Callable[[str | None, str], httpx2.AsyncClient]


class VideocallService:
    """The service interface of the requirements under Python names (A13).

    Every operation raises TemporaryError or PermanentError when the provider fails, and
    PermanentError when the organization has no provider.
    """

    def __init__(self, *, organizations: OrganizationService, client_for: ClientFor) -> None:
        self._organizations = organizations
        self._client_for = client_for
        self._open: dict[tuple[str | None, str], RoomProvider] = {}

    async def create_room(
        self, organization_id: int, appointment_id: int, *, ended_at: datetime
    ) -> ProviderRoom:
        """Make the appointment's room, which expires at `ended_at` (A3, A5)."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.create_room(name, right_room(ended_at))

    async def find_room(self, organization_id: int, appointment_id: int) -> ProviderRoom | None:
        """The appointment's room if the provider has it (A8)."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.find_room(name)

    async def update_room_expiration(
        self, organization_id: int, appointment_id: int, *, ended_at: datetime
    ) -> ProviderRoom:
        """Let the appointment's room expire at `ended_at` (A6); NotThere if it is gone."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.update_room(name, new_expiration(ended_at))

    async def put_room_right(
        self, organization_id: int, appointment_id: int, *, ended_at: datetime
    ) -> ProviderRoom:
        """Give a room that somebody else made or changed the privacy and properties of ours."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.update_room(name, right_room(ended_at))

    async def delete_room(self, organization_id: int, appointment_id: int) -> bool:
        """Remove the appointment's room; False if there was none, which is as good (A7)."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.delete_room(name)

    async def generate_specialist_token(
        self,
        organization_id: int,
        room: str,
        *,
        user_name: str,
        ended_at: datetime,
        user_id: str | None = None,
    ) -> str:
        """A meeting token with a host's rights, until `ended_at` (A9)."""
        _, provider = await self._provider(organization_id)
        return await provider.create_token(
            specialist_token(room, user_name=user_name, ended_at=ended_at, user_id=user_id)
        )

    async def generate_patient_token(
        self,
        organization_id: int,
        room: str,
        *,
        user_name: str,
        ended_at: datetime,
        user_id: str | None = None,
    ) -> str:
        """A meeting token with a guest's rights, until `ended_at` (A10).

        It leads to the lobby unless the organization has no waiting room (A12).
        """
        integration, provider = await self._provider(organization_id)
        return await provider.create_token(
            patient_token(
                room,
                user_name=user_name,
                ended_at=ended_at,
                waiting_room=integration.organization.waiting_room,
                user_id=user_id,
            )
        )

    async def branding(self, organization_id: int) -> Any:
        """What the organization's domain says about its look, as it was answered."""
        _, provider = await self._provider(organization_id)
        return await provider.branding()

    async def present(self, organization_id: int, room: str) -> list[str]:
        """The names of those in the room's call."""
        _, provider = await self._provider(organization_id)
        return await provider.present(room)

    async def close(self) -> None:
        """Let go of every connection."""
        for provider in self._open.values():
            await provider.close()
        self._open.clear()

    async def _room(self, organization_id: int, appointment_id: int) -> tuple[str, RoomProvider]:
        integration, provider = await self._provider(organization_id)
        prefix = integration.organization.room_prefix
        return room_name(prefix, organization_id, appointment_id), provider

    async def _provider(self, organization_id: int) -> tuple[Integration, RoomProvider]:
        """The organization's provider as it is set now, over connections that are kept."""
        wanted = await self._organizations.integration(organization_id)
        if wanted is None:
            raise PermanentError("this organization has no room provider; set its API key")
        place = (wanted.base_url, wanted.api_key)
        if place not in self._open:
            self._open[place] = DailyClient(self._client_for(*place))
        return wanted, self._open[place]
