"""The people and the settings of an organization, in the console."""

from typing import Annotated

from fastapi import Depends, Header, Query, Response

from vestibule.appointments.console.guard import Guard, Staff
from vestibule.appointments.console.schemas import (
    NewPerson,
    ProviderAnswer,
    ProviderForm,
    SettingsAnswer,
)
from vestibule.appointments.fields import Id
from vestibule.appointments.organizations.model import Kind, Organization
from vestibule.appointments.organizations.routes import PathId
from vestibule.appointments.organizations.schemas import (
    OrganizationAnswer,
    OrganizationChanges,
    PeopleAnswer,
    PersonAnswer,
    PersonRequest,
)
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.versions import etag, versions_in
from vestibule.foundation.routing import Routes
from vestibule.settings import Settings as InstallationSettings


def people_routes(guard: Guard, organizations: OrganizationService) -> Routes:
    """`…/people`."""
    router = Routes(prefix="/{organization_id}/people")
    AtWork = Annotated[Staff, Depends(guard.staff)]  # noqa: N806 - a type

    @router.get("")
    async def list_people(
        staff: AtWork, kind: Kind, starting_after: Annotated[Id | None, Query()] = None
    ) -> PeopleAnswer:
        """The organization's specialists or patients, in the order they were added."""
        page = await organizations.people(
            staff.organization_id, kind, starting_after=starting_after or 0
        )
        data = [PersonAnswer.of(person) for person in page.data]
        return PeopleAnswer(total_count=page.total_count, data=data)

    @router.post("")
    async def add_person(staff: AtWork, body: NewPerson) -> PersonAnswer:
        """Add somebody."""
        person = await organizations.create_person(
            staff.organization_id,
            kind=body.kind,
            name=body.name,
            email=body.email,
            by=staff.actor,
        )
        return PersonAnswer.of(person)

    @router.put("/{person_id}")
    async def change_person(staff: AtWork, person_id: PathId, body: PersonRequest) -> PersonAnswer:
        """Replace somebody's name and e-mail address."""
        person = await organizations.change_person(
            staff.organization_id, person_id, name=body.name, email=body.email, by=staff.actor
        )
        return PersonAnswer.of(person)

    return router


def settings_routes(
    guard: Guard, organizations: OrganizationService, usual: InstallationSettings
) -> Routes:
    """`…/settings` and `…/provider`, for administrators."""
    router = Routes(prefix="/{organization_id}")
    Admin = Annotated[Staff, Depends(guard.admin)]  # noqa: N806 - a type

    def answer(organization: Organization, response: Response) -> SettingsAnswer:
        response.headers["ETag"] = etag(organization.version)
        return SettingsAnswer(
            **OrganizationAnswer.of(organization).model_dump(),
            usual_retry_minutes=max(1, round(usual.provider_retry_seconds / 60)),
            mail_from=usual.mail_from if usual.mail_host else None,
        )

    @router.get("/settings")
    async def read_settings(admin: Admin, response: Response) -> SettingsAnswer:
        """The organization's settings."""
        return answer(await organizations.get(admin.organization_id), response)

    @router.patch("/settings")
    async def change_settings(
        admin: Admin,
        body: OrganizationChanges,
        response: Response,
        if_match: Annotated[str | None, Header()] = None,
    ) -> SettingsAnswer:
        """Change what is given, from now on; not if somebody else did since the `If-Match`."""
        changes = body.model_dump(exclude_unset=True)
        changed = await organizations.change(
            admin.organization_id, expected=versions_in(if_match), by=admin.actor, **changes
        )
        return answer(changed, response)

    @router.get("/provider")
    async def read_provider(admin: Admin) -> ProviderAnswer:
        """Where the organization has its rooms; never its key."""
        found = await organizations.integration(admin.organization_id)
        return ProviderAnswer(base_url=found.base_url if found else None, has_key=found is not None)

    @router.put("/provider")
    async def set_provider(admin: Admin, body: ProviderForm) -> ProviderAnswer:
        """Choose where the organization has its rooms, with a key that is never shown again."""
        await organizations.set_integration(
            admin.organization_id,
            base_url=body.base_url,
            api_key=body.api_key.get_secret_value(),
            by=admin.actor,
        )
        return ProviderAnswer(base_url=body.base_url, has_key=True)

    @router.delete("/provider")
    async def forget_provider(admin: Admin) -> ProviderAnswer:
        """Forget the key. Rooms stay pending until another one is set."""
        await organizations.delete_integration(admin.organization_id, by=admin.actor)
        return ProviderAnswer(base_url=None, has_key=False)

    return router
