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


def organizations_of(memberships: list[Membership]) -> list[int]:
    """The ids of the organizations whose appointments these roles let a user see."""
    places = [each.scope.partition(":") for each in memberships if each.role in ROLES]
    return [int(name) for kind, _, name in places if kind == KIND and name.isdecimal()]


def check_access(memberships: list[Membership], organization_id: int) -> None:
    """NotYourOrganization if these roles do not open the organization."""
    if organization_id not in organizations_of(memberships):
        raise NotYourOrganization(f"you have no access to organization {organization_id}")


def check_span(start: datetime, end: datetime) -> None:
    """Invalid if a board cannot show from `start` until before `end`."""
    if not timedelta(0) < end - start <= MAX_SPAN:
        raise Invalid(f"'to' must be later than 'from', by at most {MAX_SPAN.days} days")
