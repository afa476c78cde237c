"""Gathers what is known about the way into a call, and has it judged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from vestibule.appointments.connection_checks.service import ConnectionCheckService
from vestibule.appointments.diagnosis.model import (
    REPORTS_COUNT_FOR,
    Check,
    Facts,
    Failed,
    Tried,
    diagnose,
)
from vestibule.appointments.error_reports.service import ErrorReportService
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.model import Appointment
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ice_servers import CredentialsRefused, Silent, try_ice_url
from vestibule.settings import IceServer

PATIENCE_SECONDS: Final = 4.0

Found = TypeVar("Found")


class DiagnosisService:
    """Answers why somebody cannot join. `media_servers`: what browsers are told to use now."""

    def __init__(
        self,
        *,
        appointments: AppointmentService,
        organizations: OrganizationService,
        videocalls: VideocallService,
        reports: ErrorReportService,
        connections: ConnectionCheckService,
        clock: Clock,
        media_servers: Callable[[], Sequence[IceServer]],
    ) -> None:
        self._appointments = appointments
        self._organizations = organizations
        self._videocalls = videocalls
        self._reports = reports
        self._connections = connections
        self._clock = clock
        self._media_servers = media_servers

    async def of(self, organization_id: int, appointment_id: int) -> list[Check]:
        """Every check of the appointment's call; NoSuchAppointment. Changes nothing."""
        appointment = await self._appointments.get(organization_id, appointment_id)
        organization = await self._organizations.get(organization_id)
        room, token, present, media_servers = await asyncio.gather(
            _asked(self._videocalls.find_room(organization_id, appointment_id)),
            self._try_token(appointment),
            self._present(appointment),
            self._try_media_servers(organization_id),
        )
        return diagnose(
            Facts(
                appointment=appointment,
                waiting_room=organization.waiting_room,
                room=room,
                token=token,
                present=present,
                reports=await self._reports.lately(appointment_id, REPORTS_COUNT_FOR),
                media_servers=media_servers,
                now=self._clock.now(),
                connections=await self._connections.lately(appointment_id, REPORTS_COUNT_FOR),
            )
        )

    async def _try_media_servers(self, organization_id: int) -> list[Tried] | None:
        """What happens when a browser of our own rooms uses them; None if the rooms are not ours.

        From here, so a firewall that is before this machine alone does not show.
        """
        try:
            if not await self._videocalls.has_own_rooms(organization_id):
                return None
        except PermanentError:
            return None
        servers = [(url, server) for server in self._media_servers() for url in server.urls]
        return await asyncio.gather(*(_tried(url, server) for url, server in servers))

    async def _try_token(self, appointment: Appointment) -> Failed | None:
        """Have a token made that nobody gets and that ends at once."""
        if appointment.videocall_room_name is None:
            return Failed("there is no room yet")
        token = await _asked(
            self._videocalls.generate_patient_token(
                appointment.organization_id,
                appointment.videocall_room_name,
                user_name=appointment.patient_name,
                until=self._clock.now() + timedelta(seconds=60),
            )
        )
        return token if isinstance(token, Failed) else None

    async def _present(self, appointment: Appointment) -> list[str] | None:
        name = appointment.videocall_room_name
        if name is None:
            return None
        found = await _asked(self._videocalls.present(appointment.organization_id, name))
        return None if isinstance(found, Failed) else found


async def _tried(url: str, server: IceServer) -> Tried:
    try:
        await try_ice_url(url, username=server.username, credential=server.credential)
    except CredentialsRefused:
        return Tried(url, "refused")
    except (Silent, ValueError):
        return Tried(url, "silent")
    return Tried(url)


async def _asked(question: Awaitable[Found]) -> Found | Failed:
    """The provider's answer, or why there is none within a few seconds."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await question
    except TimeoutError:
        return Failed("it takes too long to answer")
    except (TemporaryError, PermanentError) as error:
        return Failed(error.reason)
