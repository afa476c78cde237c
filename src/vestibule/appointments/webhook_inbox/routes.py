"""Where room providers send their messages, and what came of recordings."""

from typing import Annotated

from fastapi import Depends, Header, Request

from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.model import Caller
from vestibule.appointments.organizations.routes import PathId, caller
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.webhook_inbox.schemas import (
    ReceivedAnswer,
    RecordingAnswer,
    RecordingsAnswer,
)
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.routing import Routes


def routes(
    inbox: InboxService, organizations: OrganizationService, appointments: AppointmentService
) -> Routes:
    """`/provider-events/{organization_id}`, and `…/appointments/{id}/recordings`."""
    router = Routes(tags=["recordings"])
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    @router.post("/provider-events/{organization_id}", include_in_schema=False)
    async def receive(
        organization_id: PathId,
        request: Request,
        x_webhook_timestamp: Annotated[str | None, Header()] = None,
        x_webhook_signature: Annotated[str | None, Header()] = None,
    ) -> ReceivedAnswer:
        """Keep a signed message of the organization's room provider."""
        await inbox.receive(
            organization_id,
            timestamp=x_webhook_timestamp,
            signature=x_webhook_signature,
            body=await request.body(),
        )
        return ReceivedAnswer()

    @router.get("/v1/organizations/{organization_id}/appointments/{appointment_id}/recordings")
    async def list_recordings(authorized: Authorized, appointment_id: PathId) -> RecordingsAnswer:
        """The appointment's recordings; the link is there once the provider has it ready."""
        of = authorized.organization.id
        await appointments.get(of, appointment_id)
        found = await inbox.recordings(of, appointment_id)
        return RecordingsAnswer(data=[RecordingAnswer.of(each) for each in found])

    return router
