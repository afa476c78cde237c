"""The JSON of the console's pages about a domain."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from vestibule.accounts.teams.model import Member, StandingLink
from vestibule.rooms.administration.service import DomainSettings
from vestibule.rooms.configuration.properties import Branding, TokenPolicy
from vestibule.rooms.domains.model import ApiKey, Domain
from vestibule.rooms.webhooks.schemas import WebhookAnswer, iso, iso_or_none

RoleName = Literal["owner", "member"]


class Form(BaseModel):
    """What a page sends."""

    model_config = ConfigDict(extra="forbid")


class DomainRow(BaseModel):
    """A domain to choose, and the address that its rooms lie below."""

    id: str
    name: str
    address: str


class DomainsAnswer(BaseModel):
    """The domains that the user owns."""

    domains: list[DomainRow]


class NewKey(Form):
    """What the key is for."""

    label: StrictStr = Field(max_length=1000)


class KeyAnswer(BaseModel):
    """The whole key, this once."""

    key: str


class KeyRow(BaseModel):
    """A key, without what is secret about it."""

    id: str
    label: str
    created_at: str
    revoked_at: str | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        return cls(
            id=key.id,
            label=key.label,
            created_at=iso(key.created_at),
            revoked_at=iso_or_none(key.revoked_at),
        )


class KeysAnswer(BaseModel):
    """Every key, newest first."""

    keys: list[KeyRow]


class MemberRow(BaseModel):
    """A person of the team."""

    id: str
    name: str
    email: str
    role: str

    @classmethod
    def of(cls, member: Member) -> Self:
        user = member.user
        return cls(id=user.id, name=user.name, email=user.email, role=member.role)


class InvitationRow(BaseModel):
    """A link that works, and the role that it gives."""

    role: str
    link: str

    @classmethod
    def of(cls, standing: StandingLink) -> Self:
        return cls(role=standing.role, link=standing.link)


class TeamAnswer(BaseModel):
    """The team, and the ways into it."""

    members: list[MemberRow]
    invitations: list[InvitationRow]


class RoleChoice(Form):
    """A role in the team."""

    role: RoleName


class SettingsAnswer(BaseModel):
    """What is set for the domain."""

    embed_origins: list[str]
    token_policy: TokenPolicy
    branding: Branding

    @classmethod
    def of(cls, settings: DomainSettings) -> Self:
        return cls(**vars(settings))


class SettingsChanges(Form):
    """What to change; what is not given stays."""

    embed_origins: list[StrictStr] | None = Field(default=None, max_length=50)
    token_policy: TokenPolicy | None = None
    branding: Branding | None = None

    @property
    def properties(self) -> dict[str, Any]:
        """The properties of the domain among them, as plain JSON values."""
        said = self.model_dump(mode="json", exclude={"embed_origins"}, exclude_none=True)
        return {name: value for name, value in said.items() if name in self.model_fields_set}


class WebhooksAnswer(BaseModel):
    """The domain's webhooks, and how many it may have."""

    webhooks: list[WebhookAnswer]
    most: int


class Done(BaseModel):
    """It is as asked."""

    done: Literal[True] = True


def domain_row(domain: Domain, address: str) -> DomainRow:
    """A domain as a page sees it."""
    return DomainRow(id=domain.id, name=domain.name, address=address)
