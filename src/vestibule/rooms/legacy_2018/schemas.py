"""The JSON of the 2018 team API."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from vestibule.accounts.teams.model import Member
from vestibule.accounts.users.model import Role
from vestibule.rooms.definitions.model import Privacy


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


class UpdatedAnswer(BaseModel):
    """The room was changed."""

    updated: Literal[True] = True


class DeletedAnswer(BaseModel):
    """It is gone. A text, as the document has it."""

    deleted: Literal["true"] = "true"
