"""Meetings over HTTP, as Daily's API has them (reference 7.2)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from vestibule.foundation.clock import Clock, from_unix
from vestibule.foundation.errors import Invalid
from vestibule.foundation.routing import Routes
from vestibule.rooms.definitions.model import OLDEST, created_at_of
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.meetings.model import MAX_PAGE, Page, Wanted
from vestibule.rooms.meetings.schemas import (
    ListedMeetingAnswer,
    MeetingAnswer,
    MeetingsAnswer,
    ParticipantAnswer,
    ParticipantsAnswer,
)
from vestibule.rooms.meetings.service import MeetingService

LATEST = 2**33
"""Unix seconds in the year 2242: what a database can hold as a moment, and then some."""

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Moment = Annotated[float, Query(ge=0, le=LATEST, description="Unix seconds.")]


def routes(*, meetings: MeetingService, domains: DomainService, clock: Clock) -> Routes:
    """`/v1/meetings`."""
    router = Routes(prefix="/v1/meetings", tags=["meetings"])
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("", response_model_exclude_unset=True)
    async def list_meetings(
        domain: Caller,
        wanted: Annotated[Wanted, Depends(wanted_meetings)],
        page: Annotated[Page, Depends(page_of)],
        no_participants: bool = False,
    ) -> MeetingsAnswer:
        """Meeting sessions, newest first."""
        total, records = await meetings.list(
            domain.id, wanted, page, with_stays=not no_participants
        )
        answer = ListedMeetingAnswer.without_stays if no_participants else _with_stays
        now = clock.now()
        return MeetingsAnswer(total_count=total, data=[answer(record, now) for record in records])

    @router.get("/{meeting_id}")
    async def read_meeting(domain: Caller, meeting_id: str) -> MeetingAnswer:
        """One meeting session, without its participants."""
        return MeetingAnswer.of(await meetings.get(domain.id, meeting_id), clock.now())

    @router.get("/{meeting_id}/participants")
    async def list_participants(
        domain: Caller,
        meeting_id: str,
        limit: Limit = MAX_PAGE,
        joined_after: str | None = None,
        joined_before: str | None = None,
    ) -> ParticipantsAnswer:
        """Who was in a meeting, newest first; past the end is 404."""
        stays = await meetings.participants(
            domain.id,
            meeting_id,
            limit=limit,
            joined_after=joined_after,
            joined_before=joined_before,
        )
        now = clock.now()
        return ParticipantsAnswer(data=[ParticipantAnswer.of(stay, now) for stay in stays])

    return router


_with_stays = ListedMeetingAnswer.with_stays


def wanted_meetings(
    room: str | None = None,
    timeframe_start: Moment | None = None,
    timeframe_end: Moment | None = None,
    ongoing: bool | None = None,
) -> Wanted:
    """The meetings that these query parameters ask for; their beginning is in the timeframe."""
    return Wanted(room, _moment(timeframe_start), _moment(timeframe_end), ongoing)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else from_unix(seconds)


def page_of(
    limit: Limit = MAX_PAGE,
    starting_after: str | None = None,
    ending_before: str | None = None,
) -> Page:
    """The page that these query parameters ask for (reference 1.4)."""
    if starting_after is not None and ending_before is not None:
        raise Invalid("give starting_after or ending_before, not both")
    if starting_after is not None:
        return Page(limit, older_than=_place("starting_after", starting_after))
    if ending_before == OLDEST:
        return Page(limit, from_oldest=True)
    if ending_before is not None:
        return Page(limit, newer_than=_place("ending_before", ending_before), from_oldest=True)
    return Page(limit)


def _place(parameter: str, identifier: str) -> tuple[datetime, str]:
    """The place of a meeting in the list, which its id tells."""
    try:
        return created_at_of(identifier), str(UUID(identifier))
    except (ValueError, OverflowError):
        raise Invalid(f"{parameter} must be the id of a meeting") from None
