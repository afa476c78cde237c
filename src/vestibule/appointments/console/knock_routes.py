"""Who waits to be let into a call, for whoever can let them in (issue 5, E7)."""

from typing import Annotated

from fastapi import Depends

from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.schemas import KnockRow, KnocksAnswer
from vestibule.appointments.fields import utc_text
from vestibule.appointments.join_links.service import JoinLinkService
from vestibule.appointments.lifecycle.service import AppointmentService, NoSuchAppointment
from vestibule.appointments.webhook_inbox.model import Waiting
from vestibule.appointments.webhook_inbox.service import InboxService
from vestibule.foundation.routing import Routes


def knock_routes(
    guard: Guard,
    *,
    inbox: InboxService,
    appointments: AppointmentService,
    join_links: JoinLinkService,
) -> Routes:
    """`…/knocks`."""
    router = Routes()

    async def row(staff: Staff, knock: Waiting) -> KnockRow | None:
        try:
            found = await appointments.get(staff.organization_id, knock.appointment_id)
        except NoSuchAppointment:
            return None  # deleted meanwhile
        return KnockRow(
            appointment_id=found.id,
            name=knock.name,
            since=utc_text(knock.since),
            started_at=utc_text(found.started_at),
            specialist_name=found.specialist_name,
            specialist_url=join_links.links(found).specialist,
        )

    @router.get("/{organization_id}/knocks")
    async def list_knocks(staff: Annotated[Staff, Depends(guard.staff)]) -> KnocksAnswer:
        """Who waits now."""
        rows = [await row(staff, each) for each in await inbox.waiting(staff.organization_id)]
        return KnocksAnswer(waiting=[each for each in rows if each is not None])

    return router
