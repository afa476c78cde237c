"""The JSON of the 2018 team API."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictStr

from vestibule.accounts.teams.model import Member
from vestibule.accounts.users.model import Role
from vestibule.rooms.definitions.kinds import expected
from vestibule.rooms.definitions.model import Privacy
from vestibule.rooms.legacy_2018.model import PastMeetings
from vestibule.rooms.webhooks.schemas import iso


class RoomRequest(BaseModel):
    """A room to make. Who enters: everybody, the signed-in team (`org`), or by token and knock."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["hello"])
    privacy: Privacy = Field(default="org", examples=["org"])


class PrivacyRequest(BaseModel):
    """Who enters the room from now on."""

    model_config = ConfigDict(extra="forbid")

    privacy: Privacy
    name: str | None = None
    """Passed over: the document's own example sends it, beside the name in the address."""


class RoomAnswer(BaseModel):
    """A room, and the digits that name it to callers by telephone."""

    name: str = Field(examples=["hello"])
    dialInPIN: str = Field(examples=["74819264508"])  # noqa: N815 - the document's spelling
    privacy: Privacy
    url: str = Field(examples=["https://video.clinic.example/hello"])


class UserAnswer(BaseModel):
    """A person of the team; `avatarSrc` only if there is a picture."""

    email: str = Field(examples=["ada@clinic.example"])
    name: str = Field(examples=["Ada"])
    role: Literal["owner", "member"]
    avatarSrc: str | None = None  # noqa: N815 - the document's spelling

    @classmethod
    def of(cls, member: Member) -> Self:
        return cls(
            email=member.user.email,
            name=member.user.name,
            role="owner" if member.role is Role.OWNER else "member",
            avatarSrc=member.user.avatar_src,
        )


class TeamAnswer(BaseModel):
    """A team: the link that invites into it, its rooms, and its people by e-mail address."""

    name: str = Field(examples=["my-team"])
    teamInviteLink: str = Field(  # noqa: N815 - the document's spelling
        examples=["https://video.clinic.example/?tk=4f0c"]
    )
    rooms: list[RoomAnswer]
    users: dict[str, UserAnswer] = Field(
        examples=[
            {"ada@clinic.example": {"email": "ada@clinic.example", "name": "Ada", "role": "owner"}}
        ]
    )


class Failure(BaseModel):
    """What went wrong."""

    message: str = Field(examples=["there is no room named hello"])


class FailureAnswer(BaseModel):
    """Something went wrong. The status is 200 all the same."""

    error: Failure


Time = Annotated[
    StrictFloat | StrictStr,
    expected("a time: unix seconds, or a date such as 2018-07-10T20:00:00.000Z"),
]


class MeetingsRequest(BaseModel):
    """A time range: unix seconds or ISO dates; and a room, if only its meetings are wanted."""

    model_config = ConfigDict(extra="forbid")

    start: Time
    end: Time
    room: str | None = None


class ParticipantAnswer(BaseModel):
    """Somebody's stay in a meeting; `email` is `guest` for whoever was not signed in."""

    email: str
    mtgJoin: str  # noqa: N815 - the document's spelling
    mtgLeave: str  # noqa: N815 - the document's spelling


class MeetingAnswer(BaseModel):
    """A meeting that has happened; times as ISO dates."""

    domain: str
    room: str
    mtgStart: str  # noqa: N815 - the document's spelling
    mtgEnd: str  # noqa: N815 - the document's spelling
    participants: list[ParticipantAnswer]

    @classmethod
    def of(cls, team: str, found: PastMeetings) -> list[Self]:
        return [
            cls(
                domain=team,
                room=meeting.place.room_name,
                mtgStart=iso(meeting.started_at),
                mtgEnd=iso(meeting.ended_at or meeting.started_at),
                participants=[
                    ParticipantAnswer(
                        email=found.email_of(stay),
                        mtgJoin=iso(stay.joined_at),
                        mtgLeave=iso(stay.left_at or stay.joined_at),
                    )
                    for stay in stays
                ],
            )
            for meeting, stays in found.meetings
        ]


class MeetingsAnswer(BaseModel):
    """At most 100 meetings, the newest first; whether there were more in the time range."""

    meetings: list[MeetingAnswer]
    moreResults: bool  # noqa: N815 - the document's spelling


class UpdatedAnswer(BaseModel):
    """The room was changed."""

    updated: Literal[True] = True


class DeletedAnswer(BaseModel):
    """It is gone. A text, as the document has it."""

    deleted: Literal["true"] = "true"
