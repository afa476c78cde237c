"""Organizations and their people over HTTP, for the organization's own programs."""

from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response

from vestibule.appointments.fields import MAX_ID, Id
from vestibule.appointments.idempotency.routes import AskedOnce
from vestibule.appointments.idempotency.service import IdempotencyService
from vestibule.appointments.organizations.model import Caller, Kind
from vestibule.appointments.organizations.schemas import (
    OrganizationAnswer,
    OrganizationChanges,
    PeopleAnswer,
    PersonAnswer,
    PersonRequest,
)
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.versions import etag, versions_in
from vestibule.foundation.api_document import BearerKey, failing
from vestibule.foundation.http import bearer_key
from vestibule.foundation.routing import Routes

MAX_PAGE = 100

PathId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]


TOKEN_OF_ORGANIZATION = "organizationToken"  # noqa: S105 - the name of a kind


class OrganizationToken(BearerKey):
    """What a route depends on so that only the organization in its path may call it."""

    def __init__(self, organizations: OrganizationService) -> None:
        super().__init__(
            TOKEN_OF_ORGANIZATION,
            "Token of the organization in the path; `vestibule organizations create` prints it.",
        )
        self.organizations = organizations

    async def __call__(self, request: Request, organization_id: PathId) -> Caller:
        return await self.organizations.authorize(bearer_key(request), organization_id)


def caller(organizations: OrganizationService) -> OrganizationToken:
    """What a route depends on so that only the organization in its path may call it."""
    return OrganizationToken(organizations)


def routes(organizations: OrganizationService, idempotency: IdempotencyService) -> Routes:
    """`/v1/organizations/{organization_id}` and its people."""
    router = Routes(prefix="/v1/organizations/{organization_id}", tags=["organizations"])
    Authorized = Annotated[Caller, Depends(caller(organizations))]  # noqa: N806 - a type

    @router.get("")
    async def read_organization(authorized: Authorized, response: Response) -> OrganizationAnswer:
        """The organization."""
        response.headers["ETag"] = etag(authorized.organization.version)
        return OrganizationAnswer.of(authorized.organization)

    @router.patch("", responses=failing(412))
    async def change_organization(
        authorized: Authorized,
        body: OrganizationChanges,
        response: Response,
        if_match: Annotated[str | None, Header()] = None,
    ) -> OrganizationAnswer:
        """Change the organization's settings."""
        changed = await organizations.change(
            authorized.organization.id,
            expected=versions_in(if_match),
            by=authorized.actor,
            **body.model_dump(exclude_unset=True),
        )
        response.headers["ETag"] = etag(changed.version)
        return OrganizationAnswer.of(changed)

    def add_people_routes(path: str, kind: Kind) -> None:
        @router.get(
            path,
            name=f"list_{kind}s",
            description=f"The organization's {kind}s, in the order they were added.",
        )
        async def list_people(
            authorized: Authorized, limit: Limit = MAX_PAGE, starting_after: Id | None = None
        ) -> PeopleAnswer:
            page = await organizations.people(
                authorized.organization.id, kind, limit=limit, starting_after=starting_after or 0
            )
            return PeopleAnswer(
                total_count=page.total_count,
                data=[PersonAnswer.of(person) for person in page.data],
            )

        @router.post(
            path,
            name=f"create_{kind}",
            description=f"Add a {kind}. With an `Idempotency-Key` the same request adds one.",
            responses=failing(409),
        )
        async def create_person(
            authorized: Authorized, body: PersonRequest, once: AskedOnce
        ) -> PersonAnswer:
            of = authorized.organization.id

            async def make() -> PersonAnswer:
                person = await organizations.create_person(
                    of, kind=kind, name=body.name, email=body.email, by=authorized.actor, once=once
                )
                return PersonAnswer.of(person)

            return await idempotency.answer(of, once, PersonAnswer, make)

    add_people_routes("/specialists", "specialist")
    add_people_routes("/patients", "patient")
    return router
