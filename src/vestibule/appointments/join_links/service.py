"""Join links: made with their appointment, and turned into a way into the call at the click."""

from vestibule.appointments.audit.service import record
from vestibule.appointments.join_links import store
from vestibule.appointments.join_links.model import (
    LinkedAppointment,
    Links,
    LinkState,
    LinkView,
    link_secret,
    state_of,
    why_closed,
)
from vestibule.appointments.metrics import AppointmentMetrics
from vestibule.appointments.model import Appointment
from vestibule.appointments.organizations.model import KINDS, Kind
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import (
    Conflict,
    NotFound,
    PermanentError,
    TemporaryError,
    Unavailable,
)
from vestibule.foundation.signature import secret_hash

PURPOSE = "join-link"
UNAVAILABLE = "Videocall temporarily unavailable"  # the words of A19


class UnknownLink(NotFound):
    """No appointment has this link."""


class LinkClosed(Conflict):
    """The link does not lead into a call now."""

    def __init__(self, info: str, state: LinkState) -> None:
        super().__init__(info)
        self.extra = {"state": state.value}


class VideocallUnavailable(Unavailable):
    """No token can be made now; the plain room URL leads to the lobby (A19)."""

    def __init__(self, room_url: str | None) -> None:
        super().__init__(UNAVAILABLE)
        self.extra = {"room_url": room_url}


class JoinLinkService:
    """The use cases of join links."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        videocalls: VideocallService,
        clock: Clock,
        public_url: str,
        metrics: AppointmentMetrics,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._keyring = keyring
        self._videocalls = videocalls
        self._clock = clock
        self._public_url = public_url

    def create(self, tx: Transaction, *, organization_id: int, appointment_id: int) -> None:
        """Make both links of an appointment; call in the transaction that makes it."""
        for role in KINDS:
            secret = self._secret(organization_id, appointment_id, role, self._keyring.active)
            store.insert_link(
                tx,
                appointment_id=appointment_id,
                role=role,
                token_hash=secret_hash(secret),
                key_id=self._keyring.active,
            )

    def links(self, appointment: Appointment) -> Links:
        """The addresses of both links, the same ones for the appointment's whole life."""
        return Links(
            specialist=self._url(appointment, "specialist"),
            patient=self._url(appointment, "patient"),
        )

    async def look(self, link: str) -> LinkView:
        """What is true now of the appointment behind a link; UnknownLink if there is none."""
        token_hash = secret_hash(link)
        found = await self._database.read(lambda tx: store.find_linked(tx, token_hash))
        if found is None:
            raise UnknownLink("there is no appointment behind this link; it may be mistyped")
        now = self._clock.now()
        return LinkView(appointment=found, state=state_of(found, now=now), now=now)

    async def enter(self, link: str) -> str:
        """The address of the call with a meeting token made for this click (A9, A10, A15).

        LinkClosed outside the window; VideocallUnavailable if the room is not there yet or the
        provider makes no token (A19).
        """
        view = await self.look(link)
        appointment = view.appointment
        if view.state not in (LinkState.OPEN, LinkState.PENDING):
            raise LinkClosed(why_closed(appointment, view.state), view.state)
        clicks = self._metrics.meeting_tokens
        if appointment.room_name is None or appointment.room_url is None:
            clicks.labels(appointment.role, "no-room").inc()
            raise VideocallUnavailable(None)
        try:
            token = await self._token(appointment, appointment.room_name)
        except (TemporaryError, PermanentError) as error:
            clicks.labels(appointment.role, "failed").inc()
            raise VideocallUnavailable(appointment.room_url) from error
        clicks.labels(appointment.role, "made").inc()
        await self._database.write(lambda tx: _record_token(tx, appointment))
        return f"{appointment.room_url}?t={token}"

    async def _token(self, appointment: LinkedAppointment, room_name: str) -> str:
        generate = {
            "specialist": self._videocalls.generate_specialist_token,
            "patient": self._videocalls.generate_patient_token,
        }[appointment.role]
        return await generate(
            appointment.organization_id,
            room_name,
            user_name=appointment.your_name,
            until=appointment.window.closes_at,
            user_id=f"{appointment.role}-{appointment.person_id}",
        )

    def url(self, organization_id: int, appointment_id: int, role: Kind, key_id: str) -> str:
        """The address of one person's link."""
        return self.url_of(self._secret(organization_id, appointment_id, role, key_id))

    def url_of(self, link: str) -> str:
        """The address of the link with this secret."""
        return f"{self._public_url}/a/{link}"

    def _url(self, appointment: Appointment, role: Kind) -> str:
        return self.url(appointment.organization_id, appointment.id, role, appointment.link_key_id)

    def _secret(self, organization_id: int, appointment_id: int, role: Kind, key_id: str) -> str:
        return link_secret(
            self._keyring.derive(PURPOSE, key_id=key_id),
            organization_id=organization_id,
            appointment_id=appointment_id,
            role=role,
        )


def _record_token(tx: Transaction, appointment: LinkedAppointment) -> None:
    record(
        tx,
        organization_id=appointment.organization_id,
        event="videocall.token_generated",
        actor=f"{appointment.role}:{appointment.person_id}",
        appointment_id=appointment.appointment_id,
        details={"role": appointment.role, "room_name": appointment.room_name},
    )
