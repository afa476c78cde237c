"""The JSON of the 2018 team API."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from vestibule.accounts.teams.model import Member
from vestibule.accounts.users.model import Role
from vestibule.rooms.definitions.model import Privacy
from vestibule.rooms.legacy_2018.model import PastMeetings
from vestibule.rooms.webhooks.schemas import iso


class RoomRequest(BaseModel):
    """A room to make. Who enters: everybody, the signed-in team (`org`), or by token and knock."""

    model_config = ConfigDict(extra="forbid")

    name: str
    privacy: Privacy = "org"


class PrivacyRequest(BaseModel):
    """Who enters the room from now on."""

    model_config = ConfigDict(extra="forbid")

    privacy: Privacy
    name: str | None = None
    """Passed over: the document's own example sends it, beside the name in the address."""


class RoomAnswer(BaseModel):
    """A room, and the digits that name it to callers by telephone."""

    name: str
    dialInPIN: str  # noqa: N815 - the document's spelling
    privacy: Privacy
    url: str


class UserAnswer(BaseModel):
    """A person of the team; `avatarSrc` only if there is a picture."""

    email: str
    name: str
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

    name: str
    teamInviteLink: str  # noqa: N815 - the document's spelling
    rooms: list[RoomAnswer]
    users: dict[str, UserAnswer]


class MeetingsRequest(BaseModel):
    """A time range: unix seconds or ISO dates; and a room, if only its meetings are wanted."""

    model_config = ConfigDict(extra="forbid")

    start: float | str
    end: float | str
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
