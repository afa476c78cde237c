"""Where room providers send their messages, and what came of recordings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.model import Caller
from vestibule.appointments.organizations.routes import PathId, caller
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.webhook_inbox.recording_links import RecordingLinks
from vestibule.appointments.webhook_inbox.schemas import (
    AccessLinkAnswer,
    ReceivedAnswer,
    RecordingAnswer,
    RecordingsAnswer,
)
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.api_document import failing


def routes(
    inbox: InboxService,
    links: RecordingLinks,
    organizations: OrganizationService,
    appointments: AppointmentService,
) -> APIRouter:
    """`/provider-events/{organization_id}`, and `…/appointments/{id}/recordings`."""
    router = APIRouter(tags=["recordings"])
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

    @router.post(
        "/v1/organizations/{organization_id}/appointments/{appointment_id}"
        "/recordings/{recording_number}/access-link",
        responses=failing(409, 503),
    )
    async def make_access_link(
        authorized: Authorized, appointment_id: PathId, recording_number: PathId, response: Response
    ) -> AccessLinkAnswer:
        """A link to the file that works for about an hour. The audit tells who asked for it."""
        response.headers["Cache-Control"] = "no-store"
        link = await links.to(
            authorized.organization.id, appointment_id, recording_number, by=authorized.actor
        )
        return AccessLinkAnswer(download_link=link)

    return router
