"""What a team, a member and an invitation are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vestibule.accounts.users.model import Role, User

TOKEN_BYTES: Final = 24


@dataclass(frozen=True)
class Team:
    """The people of one place. Its pages, the way in among them, are below `address`."""

    scope: str
    name: str
    address: str


@dataclass(frozen=True)
class Member:
    """A person of a team."""

    user: User
    role: Role


@dataclass(frozen=True)
class Invitation:
    """A link that makes whoever opens it a member. Only what is sealed leads back to its token."""

    scope: str
    role: Role
    token_sealed: str

    @property
    def binds(self) -> str:
        """The row and field that the sealed token belongs to."""
        return f"invitations.{self.scope}.{self.role}.token_sealed"


@dataclass(frozen=True)
class StandingLink:
    """A link that works now, and the role that it gives."""

    role: Role
    link: str


@dataclass(frozen=True)
class Invited:
    """What a link invites to."""

    team: Team
    role: Role


def keeps_an_owner(members: Sequence[Member], *, without: str) -> bool:
    """Whether somebody is left to look after the team when this user is no owner any more."""
    return any(each.role is Role.OWNER and each.user.id != without for each in members)


def link(team: Team, token: str) -> str:
    """The address that a person opens to join the team (requirement C8)."""
    return f"{team.address}/?tk={token}"
