"""Organizations and their people over HTTP, for the organization's own programs."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from vestibule.appointments.fields import MAX_ID, Id
from vestibule.appointments.organizations.model import Caller, Kind
from vestibule.appointments.organizations.schemas import (
    OrganizationAnswer,
    OrganizationChanges,
    PeopleAnswer,
    PersonAnswer,
    PersonRequest,
)
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.http import bearer_key

MAX_PAGE = 100

PathId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]


def caller(organizations: OrganizationService) -> Callable[[Request, int], Awaitable[Caller]]:
    """What a route depends on so that only the organization in its path may call it."""

    async def authorized(request: Request, organization_id: PathId) -> Caller:
        return await organizations.authorize(bearer_key(request), organization_id)

    return authorized


def routes(organizations: OrganizationService) -> APIRouter:
    """`/v1/organizations/{organization_id}` and its people."""
    router = APIRouter(prefix="/v1/organizations/{organization_id}", tags=["organizations"])
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    @router.get("")
    async def read_organization(authorized: Authorized) -> OrganizationAnswer:
        """The organization."""
        return OrganizationAnswer.of(authorized.organization)

    @router.patch("")
    async def change_organization(
        authorized: Authorized, body: OrganizationChanges
    ) -> OrganizationAnswer:
        """Change the organization's settings."""
        changed = await organizations.change(
            authorized.organization.id, **body.model_dump(exclude_unset=True)
        )
        return OrganizationAnswer.of(changed)

    def add_people_routes(path: str, kind: Kind) -> None:
        @router.get(path, name=f"list_{kind}s")
        async def list_people(
            authorized: Authorized, limit: Limit = MAX_PAGE, starting_after: Id | None = None
        ) -> PeopleAnswer:
            """The organization's people of this kind, in the order they were added."""
            page = await organizations.people(
                authorized.organization.id, kind, limit=limit, starting_after=starting_after or 0
            )
            return PeopleAnswer(
                total_count=page.total_count,
                data=[PersonAnswer.of(person) for person in page.data],
            )

        @router.post(path, name=f"create_{kind}")
        async def create_person(authorized: Authorized, body: PersonRequest) -> PersonAnswer:
            """Add a person of this kind."""
            person = await organizations.create_person(
                authorized.organization.id, kind=kind, name=body.name, email=body.email
            )
            return PersonAnswer.of(person)

    add_people_routes("/specialists", "specialist")
    add_people_routes("/patients", "patient")
    return router
