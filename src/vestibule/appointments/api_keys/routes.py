"""`/v1/organizations/{id}/api-keys`, for administrators alone (A21)."""

from typing import Annotated

from fastapi import Depends, Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import Role
from vestibule.appointments.api_keys.schemas import (
    ApiKeyAnswer,
    ApiKeyRequest,
    ApiKeysAnswer,
    DeletedKeyAnswer,
)
from vestibule.appointments.organizations.routes import TOKEN_OF_ORGANIZATION, PathId
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.api_document import BearerKey
from vestibule.foundation.errors import Forbidden
from vestibule.foundation.http import bearer_key
from vestibule.foundation.routing import Routes


class NotAnAdministrator(Forbidden):
    """Only administrators of the organization read and set its API keys."""

    def __init__(self) -> None:
        super().__init__(
            "only an administrator of the organization may do this: sign in as one, or use a "
            "token made with the role admin"
        )


class Administrator(BearerKey):
    """What a route depends on so that only administrators call it; it answers who it is."""

    def __init__(self, organizations: OrganizationService, sessions: SessionService) -> None:
        super().__init__(
            TOKEN_OF_ORGANIZATION,
            "Token of the organization in the path; `vestibule organizations create` prints it.",
        )
        self._organizations = organizations
        self._sessions = sessions
        self._cookie = SessionCookie(sessions)

    async def __call__(self, request: Request, organization_id: PathId) -> str:
        if "authorization" in request.headers or self._cookie.token(request) is None:
            caller = await self._organizations.authorize(bearer_key(request), organization_id)
            if caller.role != "admin":
                raise NotAnAdministrator
            return caller.actor
        user = await self._cookie.person(request)
        scope = f"organization:{organization_id}"
        roles = await self._sessions.roles(user)
        if not any(each.scope == scope and each.role is Role.ADMIN for each in roles):
            raise NotAnAdministrator
        return f"user:{user.email}"


def routes(organizations: OrganizationService, sessions: SessionService) -> Routes:
    """`/v1/organizations/{organization_id}/api-keys`."""
    router = Routes(prefix="/v1/organizations/{organization_id}/api-keys", tags=["api keys"])
    By = Annotated[str, Depends(Administrator(organizations, sessions))]  # noqa: N806 - a type

    @router.get("")
    async def list_api_keys(_by: By, organization_id: PathId, response: Response) -> ApiKeysAnswer:
        """The organization's provider keys, of each the last four characters."""
        response.headers["Cache-Control"] = "no-store"
        keys = await organizations.keys_on_file(organization_id)
        return ApiKeysAnswer(data=[ApiKeyAnswer.of(key) for key in keys])

    @router.put("")
    async def set_api_key(by: By, organization_id: PathId, body: ApiKeyRequest) -> ApiKeysAnswer:
        """Use another provider or another key of it, from the next request on."""
        await organizations.set_integration(
            organization_id, base_url=body.base_url, api_key=body.api_key.get_secret_value(), by=by
        )
        keys = await organizations.keys_on_file(organization_id)
        return ApiKeysAnswer(data=[ApiKeyAnswer.of(key) for key in keys])

    @router.delete("")
    async def delete_api_key(by: By, organization_id: PathId) -> DeletedKeyAnswer:
        """Forget the key. Rooms stay pending until another one is set."""
        await organizations.delete_integration(organization_id, by=by)
        return DeletedKeyAnswer()

    return router
