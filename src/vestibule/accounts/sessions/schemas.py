"""The JSON of signing in."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vestibule.accounts.users.model import Membership, User


class SignIn(BaseModel):
    """The sign-in form."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=1000)
    password: SecretStr = Field(max_length=1000)


class UserAnswer(BaseModel):
    """Who is signed in."""

    id: str
    email: str
    name: str


class MembershipAnswer(BaseModel):
    """A role in a place, such as `organization:1`."""

    scope: str
    role: str


class SessionAnswer(BaseModel):
    """Who is signed in and what they may do where."""

    user: UserAnswer
    memberships: list[MembershipAnswer]


def session_answer(user: User, memberships: list[Membership]) -> SessionAnswer:
    """The session as the pages see it."""
    return SessionAnswer(
        user=UserAnswer(id=user.id, email=user.email, name=user.name),
        memberships=[
            MembershipAnswer(scope=membership.scope, role=membership.role)
            for membership in memberships
        ],
    )
