"""The calendar file behind a join link."""

from fastapi import Response

from vestibule.appointments.notifications.service import NotificationService
from vestibule.foundation.routing import Routes


def routes(notifications: NotificationService) -> Routes:
    """`/a/{link}/appointment.ics`."""
    router = Routes(prefix="/a/{link}", tags=["join links"])

    @router.get("/appointment.ics", response_class=Response)
    async def calendar_file(link: str) -> Response:
        """The appointment for a calendar; a later file of it replaces an earlier one."""
        return Response(
            await notifications.calendar_file(link),
            media_type="text/calendar; charset=utf-8",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="appointment.ics"',
            },
        )

    return router
