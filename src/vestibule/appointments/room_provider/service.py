"""The video-call operations of an appointment, at whichever provider its organization uses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import httpx2

from vestibule.appointments.metrics import AppointmentMetrics, provider_name
from vestibule.appointments.model import Window
from vestibule.appointments.organizations.model import Integration
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.room_provider.client import DailyClient
from vestibule.appointments.room_provider.gate import DAILY_LIMITS, Gate, Kind
from vestibule.appointments.room_provider.model import (
    Hook,
    ProviderRecording,
    ProviderRoom,
    TrackKind,
    appointment_in,
    new_times,
    patient_token,
    right_room,
    room_name,
    specialist_token,
)
from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import PermanentError
from vestibule.settings import Settings

# The base URL of the provider (None: our own rooms) and its key, to a client that uses them.
ClientFor = Callable[[str | None, str], httpx2.AsyncClient]


class VideocallService:
    """The service interface of the requirements under Python names (A13).

    Every operation raises TemporaryError or PermanentError when the provider fails, and
    PermanentError when the organization has no provider.
    """

    def __init__(
        self,
        *,
        organizations: OrganizationService,
        client_for: ClientFor,
        clock: Clock,
        settings: Settings,
        metrics: AppointmentMetrics,
    ) -> None:
        self._organizations = organizations
        self._metrics = metrics
        self._client_for = client_for
        self._clock = clock
        self._settings = settings
        self._open: dict[tuple[str | None, str], DailyClient] = {}
        self._gates: dict[int, Gate] = {}

    async def create_rooms(
        self, organization_id: int, windows: Mapping[int, Window]
    ) -> list[ProviderRoom]:
        """Make the rooms of up to 1,000 appointments, all of them or none."""
        integration, provider = await self._provider(organization_id)
        prefix = integration.organization.room_prefix
        return await provider.create_rooms(
            [
                {"name": room_name(prefix, organization_id, each), **right_room(window)}
                for each, window in windows.items()
            ]
        )

    async def delete_rooms(self, organization_id: int, appointment_ids: Sequence[int]) -> None:
        """Remove the rooms of up to 1,000 appointments, all of them or none.

        Refused or NotThere if the provider would not, be it that one of them is gone already.
        """
        integration, provider = await self._provider(organization_id)
        prefix = integration.organization.room_prefix
        await provider.delete_rooms(
            [room_name(prefix, organization_id, each) for each in appointment_ids]
        )

    async def rooms(self, organization_id: int) -> dict[int, ProviderRoom]:
        """Every room that the provider has for this organization, by appointment."""
        integration, provider = await self._provider(organization_id)
        prefix = integration.organization.room_prefix
        found: dict[int, ProviderRoom] = {}
        after, is_first = None, True
        while after or is_first:
            is_first = False
            page, after = await provider.page_of_rooms(after)
            for room in page:
                appointment_id = appointment_in(room.name, prefix, organization_id)
                if appointment_id is not None:
                    found[appointment_id] = room
        return found

    async def gate(self, organization_id: int) -> Gate:
        """Whether the organization's provider may be asked; PermanentError if it has none."""
        await self._provider(organization_id)
        return self._gates[organization_id]

    def shut_gates(self) -> dict[int, Gate]:
        """The organizations whose providers should not be asked now."""
        return {each: gate for each, gate in self._gates.items() if gate.is_shut}

    def without_turn(self, kind: Kind) -> set[int]:
        """The organizations whose providers take no more requests of a kind for now."""
        gates = self._gates.items()
        return {each for each, gate in gates if gate.is_shut or not gate.has_turn(kind)}

    def without_batches(self) -> set[int]:
        """The organizations whose providers take no more batches for now."""
        return {each for each, gate in self._gates.items() if not gate.has_turn("batch")}

    def has_batch(self, organization_id: int) -> bool:
        """Whether the organization's provider takes a batch at once."""
        return organization_id not in self.without_batches()

    def book_batch(self, organization_id: int) -> None:
        """Keep the turn for a batch that is about to be asked for."""
        if organization_id in self._gates:
            self._gates[organization_id].book("batch")

    def note_outages(self) -> None:
        """Have the metrics say which providers count as down now."""
        down: dict[str, bool] = {}
        for (base_url, _), client in self._open.items():
            name = provider_name(base_url)
            down[name] = down.get(name, False) or client.gate.is_open
        for name, is_down in down.items():
            self._metrics.provider_down.labels(name).set(is_down)

    async def create_room(
        self, organization_id: int, appointment_id: int, *, window: Window
    ) -> ProviderRoom:
        """Make the appointment's room, which expires when its window closes (A3, A5)."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.create_room(name, right_room(window))

    async def find_room(self, organization_id: int, appointment_id: int) -> ProviderRoom | None:
        """The appointment's room if the provider has it (A8)."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.find_room(name)

    async def update_room_expiration(
        self, organization_id: int, appointment_id: int, *, window: Window, had_nbf: bool = False
    ) -> ProviderRoom:
        """Give the appointment's room other times (A6); NotThere if it is gone."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.update_room(name, new_times(window, had_nbf=had_nbf))

    async def put_room_right(
        self, organization_id: int, appointment_id: int, *, window: Window
    ) -> ProviderRoom:
        """Give a room that somebody else made or changed the privacy and properties of ours."""
        name, provider = await self._room(organization_id, appointment_id)
        return await provider.update_room(name, right_room(window))

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
        until: datetime,
        user_id: str | None = None,
    ) -> str:
        """A meeting token with a host's rights, until then (A9)."""
        _, provider = await self._provider(organization_id)
        return await provider.create_token(
            specialist_token(room, user_name=user_name, until=until, user_id=user_id)
        )

    async def generate_patient_token(
        self,
        organization_id: int,
        room: str,
        *,
        user_name: str,
        until: datetime,
        user_id: str | None = None,
    ) -> str:
        """A meeting token with a guest's rights, until then (A10).

        It leads to the lobby unless the organization has no waiting room (A12).
        """
        integration, provider = await self._provider(organization_id)
        return await provider.create_token(
            patient_token(
                room,
                user_name=user_name,
                until=until,
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

    async def recordings(self, organization_id: int, after: str | None) -> list[ProviderRecording]:
        """Up to 100 of the provider's recordings, newest first, after the one with this id."""
        _, provider = await self._provider(organization_id)
        return await provider.recordings(after)

    async def recording(self, organization_id: int, recording_id: str) -> ProviderRecording:
        """One of the provider's recordings; NotThere if it has none of this id."""
        _, provider = await self._provider(organization_id)
        return await provider.recording(recording_id)

    async def delete_recording(self, organization_id: int, recording_id: str) -> bool:
        """Remove a recording with its file; False if there was none, which is as good."""
        _, provider = await self._provider(organization_id)
        return await provider.delete_recording(recording_id)

    async def recording_tracks(self, organization_id: int, recording_id: str) -> list[TrackKind]:
        """What each file of raw tracks holds, `audio` or `video`; of a film none. NotThere."""
        _, provider = await self._provider(organization_id)
        return await provider.recording_tracks(recording_id)

    async def recording_link(
        self, organization_id: int, recording_id: str, *, seconds: int, track: int | None = None
    ) -> str:
        """An address of a recording's file that works for so many seconds; NotThere if none."""
        _, provider = await self._provider(organization_id)
        return await provider.recording_link(recording_id, seconds, track)

    async def has_own_rooms(self, organization_id: int) -> bool:
        """Whether the organization's rooms are those of this installation."""
        integration, _ = await self._provider(organization_id)
        return integration.base_url is None

    async def hooks(self, organization_id: int) -> list[Hook]:
        """The webhooks at the organization's provider."""
        _, provider = await self._provider(organization_id)
        return await provider.hooks()

    async def create_hook(self, organization_id: int, wanted: Mapping[str, Any]) -> Hook:
        """Make a webhook at the organization's provider."""
        _, provider = await self._provider(organization_id)
        return await provider.write_hook(None, wanted)

    async def update_hook(
        self, organization_id: int, hook_id: str, wanted: Mapping[str, Any]
    ) -> Hook:
        """Change a webhook at the organization's provider, and switch it on."""
        _, provider = await self._provider(organization_id)
        return await provider.write_hook(hook_id, wanted)

    async def close(self) -> None:
        """Let go of every connection."""
        for provider in self._open.values():
            await provider.close()
        self._open.clear()

    async def _room(self, organization_id: int, appointment_id: int) -> tuple[str, DailyClient]:
        integration, provider = await self._provider(organization_id)
        prefix = integration.organization.room_prefix
        return room_name(prefix, organization_id, appointment_id), provider

    async def _provider(self, organization_id: int) -> tuple[Integration, DailyClient]:
        """The organization's provider as it is set now, over connections that are kept."""
        wanted = await self._organizations.integration(organization_id)
        if wanted is None:
            raise PermanentError("this organization has no room provider; set its API key")
        place = (wanted.base_url, wanted.api_key)
        if place not in self._open:
            limited = wanted.base_url is not None and self._settings.provider_rate_limits
            gate = Gate(
                clock=self._clock,
                limits=DAILY_LIMITS if limited else None,
                probe_seconds=self._settings.provider_retry_seconds,
            )
            self._open[place] = DailyClient(
                self._client_for(*place), gate, partial(self._note, provider_name(place[0]))
            )
        self._gates[organization_id] = self._open[place].gate
        return wanted, self._open[place]

    def _note(self, provider: str, operation: str, result: str) -> None:
        self._metrics.provider_calls.labels(provider, operation, result).inc()
