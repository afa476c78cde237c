"""The JSON of meetings (reference 7.2)."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from vestibule.foundation.clock import unix_seconds
from vestibule.rooms.meetings.model import Meeting, Stay
from vestibule.rooms.meetings.service import Record


class ParticipantAnswer(BaseModel):
    """Somebody's stay in a meeting."""

    user_id: str | None = Field(description="The customer's own key for the person.")
    participant_id: str = Field(description="The session id of the person in the call.")
    user_name: str | None
    join_time: int = Field(description="Unix seconds.")
    duration: int = Field(description="Seconds; until now for somebody who is still there.")

    @classmethod
    def of(cls, stay: Stay, now: datetime) -> Self:
        return cls(
            user_id=stay.visitor.user_id,
            participant_id=stay.visitor.session_id,
            user_name=stay.visitor.user_name or None,
            join_time=unix_seconds(stay.joined_at),
            duration=int(stay.duration(now).total_seconds()),
        )


class MeetingAnswer(BaseModel):
    """A meeting session."""

    id: str
    room: str = Field(description="The name of the room.")
    start_time: int = Field(description="Unix seconds.")
    duration: int = Field(description="Seconds; until now for a meeting that goes on.")
    ongoing: bool
    max_participants: int = Field(description="How many were there at once, at most.")

    @classmethod
    def of(cls, meeting: Meeting, now: datetime) -> Self:
        return cls(
            id=meeting.id,
            room=meeting.place.room_name,
            start_time=unix_seconds(meeting.started_at),
            duration=int(meeting.duration(now).total_seconds()),
            ongoing=meeting.ended_at is None,
            max_participants=meeting.max_participants,
        )


class ListedMeetingAnswer(MeetingAnswer):
    """A meeting session and who was in it; `participants` is left out on request."""

    participants: list[ParticipantAnswer] = Field(
        default_factory=list, description="Newest first. Left out with `no_participants=true`."
    )

    @classmethod
    def with_stays(cls, record: Record, now: datetime) -> Self:
        said = MeetingAnswer.of(record.meeting, now).model_dump()
        participants = [ParticipantAnswer.of(stay, now) for stay in record.stays]
        return cls(**said, participants=participants)

    @classmethod
    def without_stays(cls, record: Record, now: datetime) -> Self:
        return cls(**MeetingAnswer.of(record.meeting, now).model_dump())


class MeetingsAnswer(BaseModel):
    """One page of the list; `total_count` is of all that match the filters."""

    total_count: int
    data: list[ListedMeetingAnswer]


class ParticipantsAnswer(BaseModel):
    """One page of the participants of a meeting."""

    data: list[ParticipantAnswer]
