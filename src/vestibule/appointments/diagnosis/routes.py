"""Why somebody cannot join, for the organization's own programs."""

from typing import Annotated, Self

from fastapi import Depends
from pydantic import BaseModel

from vestibule.appointments.diagnosis.model import Check, Name, Outcome
from vestibule.appointments.diagnosis.service import DiagnosisService
from vestibule.appointments.organizations.model import Caller
from vestibule.appointments.organizations.routes import PathId, caller
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.routing import Routes


class CheckAnswer(BaseModel):
    """One step on the way into the call. `fix` says what to do if it is not passed."""

    name: Name
    outcome: Outcome
    says: str
    fix: str | None


class DiagnosisAnswer(BaseModel):
    """Every step, in the order in which they stop somebody. `can_join`: none of them fails."""

    can_join: bool
    checks: list[CheckAnswer]

    @classmethod
    def of(cls, checks: list[Check]) -> Self:
        can_join = all(check.outcome != "fail" for check in checks)
        return cls(can_join=can_join, checks=[CheckAnswer(**vars(check)) for check in checks])


def routes(*, diagnosis: DiagnosisService, organizations: OrganizationService) -> Routes:
    """`/v1/organizations/{organization_id}/appointments/{appointment_id}/diagnosis`."""
    router = Routes(
        prefix="/v1/organizations/{organization_id}/appointments", tags=["appointments"]
    )
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    @router.get("/{appointment_id}/diagnosis")
    async def diagnose_appointment(
        authorized: Authorized, appointment_id: PathId
    ) -> DiagnosisAnswer:
        """Check the link, the window, the room, tokens, the lobby and what pages found."""
        checks = await diagnosis.of(authorized.organization.id, appointment_id)
        return DiagnosisAnswer.of(checks)

    return router
