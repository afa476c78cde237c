"""Which organizations a user's roles open, and how much a board shows."""

from datetime import datetime, timedelta
from typing import Final

from vestibule.accounts.users.model import Membership, Role
from vestibule.foundation.errors import Forbidden, Invalid

KIND: Final = "organization"  # of scopes
ROLES: Final = frozenset({Role.ADMIN, Role.STAFF})
MAX_SPAN: Final = timedelta(days=8)
MAX_APPOINTMENTS: Final = 1000


class NotYourOrganization(Forbidden):
    """The user has no role in this organization, or there is none: nobody learns which."""


class NotAdmin(Forbidden):
    """Only the organization's administrators may do this."""


def roles_in_organizations(memberships: list[Membership]) -> dict[int, Role]:
    """What a user with these roles is in which organizations, by their ids."""
    places = [(*each.scope.partition(":"), each.role) for each in memberships]
    return {
        int(name): role
        for kind, _, name, role in places
        if kind == KIND and name.isdecimal() and role in ROLES
    }


def check_access(
    memberships: list[Membership], organization_id: int, *, as_admin: bool = False
) -> None:
    """NotYourOrganization if these roles do not open the organization, or NotAdmin."""
    role = roles_in_organizations(memberships).get(organization_id)
    if role is None:
        raise NotYourOrganization(f"you have no access to organization {organization_id}")
    if as_admin and role is not Role.ADMIN:
        raise NotAdmin("only administrators of the organization may do this")


def check_span(start: datetime, end: datetime) -> None:
    """Invalid if a board cannot show from `start` until before `end`."""
    if not timedelta(0) < end - start <= MAX_SPAN:
        raise Invalid(f"'to' must be later than 'from', by at most {MAX_SPAN.days} days")
