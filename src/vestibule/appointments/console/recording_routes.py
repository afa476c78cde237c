"""The recordings of an organization, for those who work there."""

from typing import Annotated, Final

from fastapi import Depends, Query

from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.schemas import (
    RecordingFileRow,
    RecordingLinkAnswer,
    RecordingRow,
    RecordingsAnswer,
)
from vestibule.appointments.fields import Id
from vestibule.appointments.webhook_inbox.recordings import RecordingBook
from vestibule.foundation.routing import Routes

SHOWN: Final = 50


def recording_routes(guard: Guard, book: RecordingBook) -> Routes:
    """`…/recordings`."""
    router = Routes(prefix="/{organization_id}/recordings")
    AtWork = Annotated[Staff, Depends(guard.staff)]  # noqa: N806 - a type

    @router.get("")
    async def list_recordings(
        staff: AtWork, before: Annotated[Id | None, Query()] = None
    ) -> RecordingsAnswer:
        """The organization's recordings, newest first, before the one with this number."""
        total, found = await book.page(staff.organization_id, before=before, limit=SHOWN)
        return RecordingsAnswer(
            total_count=total,
            keep_days=await book.keep_days(staff.organization_id),
            data=[RecordingRow.of(each) for each in found],
        )

    @router.post("/{number}/link")
    async def open_recording(staff: AtWork, number: Id) -> RecordingLinkAnswer:
        """Addresses from which a player can play the recording for five minutes."""
        files = await book.files(staff.organization_id, number, actor=staff.actor)
        return RecordingLinkAnswer(
            files=[RecordingFileRow(url=each.url, holds=each.holds) for each in files]
        )

    return router
