"""The console's use cases: each for a signed-in user, in an organization that is theirs."""

from datetime import datetime

from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import Role, User
from vestibule.appointments.console import store
from vestibule.appointments.console.model import (
    MAX_APPOINTMENTS,
    check_access,
    check_span,
    roles_in_organizations,
)
from vestibule.appointments.lifecycle.model import AppointmentPage, Selection
from vestibule.appointments.lifecycle.service import AppointmentService
from vestibule.appointments.organizations.model import Organization
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.database import Database


class ConsoleService:
    """What staff may see and do."""

    def __init__(
        self,
        *,
        database: Database,
        sessions: SessionService,
        organizations: OrganizationService,
        appointments: AppointmentService,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._organizations = organizations
        self._appointments = appointments

    async def organizations(self, user: User) -> list[tuple[Organization, Role]]:
        """The organizations that the user works for, and as what; in the order they were made."""
        own = roles_in_organizations(await self._sessions.roles(user))
        every = await self._organizations.list()
        return [(each, own[each.id]) for each in every if each.id in own]

    async def appointments(
        self, organization_id: int, *, start: datetime, end: datetime
    ) -> AppointmentPage:
        """The appointments that begin from `start` until before `end`, at most 1,000 of them."""
        check_span(start, end)
        selection = Selection(started_from=start, started_before=end, limit=MAX_APPOINTMENTS)
        return await self._appointments.list(organization_id, selection)

    async def version(self, organization_id: int) -> tuple[int, ...]:
        """Numbers that change whenever the organization's pages may show something else."""
        return await self._database.read(lambda tx: store.version(tx, organization_id))

    async def check(self, user: User, organization_id: int, *, as_admin: bool = False) -> None:
        """NotYourOrganization if the user does not work there now, or NotAdmin."""
        roles = await self._sessions.roles(user)
        check_access(roles, organization_id, as_admin=as_admin)
