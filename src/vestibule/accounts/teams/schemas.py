"""The JSON of invitations."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Link(BaseModel):
    """The `tk` of an invite link."""

    model_config = ConfigDict(extra="forbid")

    tk: str = Field(max_length=1000)


class SignUp(Link):
    """The form that makes an account and joins the team."""

    email: str = Field(max_length=1000)
    name: str = Field(max_length=1000)
    password: SecretStr = Field(max_length=1000)


class InvitedAnswer(BaseModel):
    """What the link invites to, and whether the visitor is signed in already."""

    team: str
    role: str
    is_signed_in: bool


class JoinedAnswer(BaseModel):
    """The visitor belongs to the team now."""

    team: str
