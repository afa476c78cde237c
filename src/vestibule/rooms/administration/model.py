"""Whose domains a user's roles open."""

from typing import Final

from vestibule.accounts.users.model import Membership, Role
from vestibule.foundation.errors import Forbidden

KIND: Final = "domain"  # of scopes


class NotYourDomain(Forbidden):
    """The user owns no such domain, or there is none: nobody learns which."""

    def __init__(self) -> None:
        super().__init__("you are not an owner of this domain's team")


def owned_domains(memberships: list[Membership]) -> list[str]:
    """The ids of the domains that a user with these roles looks after."""
    places = [each.scope.partition(":") for each in memberships if each.role is Role.OWNER]
    return [name for kind, _, name in places if kind == KIND]
