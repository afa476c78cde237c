"""`/v1/organizations/{id}/api-keys`, for administrators alone (A21)."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import Role
from vestibule.appointments.api_keys.schemas import (
    ApiKeyAnswer,
    ApiKeyRequest,
    ApiKeysAnswer,
    DeletedKeyAnswer,
)
from vestibule.appointments.organizations.routes import PathId
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.errors import Forbidden
from vestibule.foundation.http import bearer_key


class NotAnAdministrator(Forbidden):
    """Only administrators of the organization read and set its API keys."""

    def __init__(self) -> None:
        super().__init__(
            "only an administrator of the organization may do this: sign in as one, or use a "
            "token made with the role admin"
        )


def administrator(
    organizations: OrganizationService, sessions: SessionService
) -> Callable[[Request, int], Awaitable[str]]:
    """What a route depends on so that only administrators call it; answers who it is."""
    cookie = SessionCookie(sessions)

    async def actor(request: Request, organization_id: PathId) -> str:
        if "authorization" in request.headers or cookie.token(request) is None:
            caller = await organizations.authorize(bearer_key(request), organization_id)
            if caller.role != "admin":
                raise NotAnAdministrator
            return caller.actor
        user = await cookie.person(request)
        roles = await sessions.roles(user)
        scope = f"organization:{organization_id}"
        if not any(each.scope == scope and each.role is Role.ADMIN for each in roles):
            raise NotAnAdministrator
        return f"user:{user.id}"

    return actor


def routes(organizations: OrganizationService, sessions: SessionService) -> APIRouter:
    """`/v1/organizations/{organization_id}/api-keys`."""
    router = APIRouter(prefix="/v1/organizations/{organization_id}/api-keys", tags=["api keys"])
    Administrator = Annotated[  # noqa: N806 - a type
        str, Depends(administrator(organizations, sessions))
    ]

    @router.get("")
    async def list_api_keys(
        _by: Administrator, organization_id: PathId, response: Response
    ) -> ApiKeysAnswer:
        """The organization's provider keys, of each the last four characters."""
        response.headers["Cache-Control"] = "no-store"
        keys = await organizations.keys_on_file(organization_id)
        return ApiKeysAnswer(data=[ApiKeyAnswer.of(key) for key in keys])

    @router.put("")
    async def set_api_key(
        by: Administrator, organization_id: PathId, body: ApiKeyRequest
    ) -> ApiKeysAnswer:
        """Use another provider or another key of it, from the next request on."""
        await organizations.set_integration(
            organization_id, base_url=body.base_url, api_key=body.api_key, by=by
        )
        keys = await organizations.keys_on_file(organization_id)
        return ApiKeysAnswer(data=[ApiKeyAnswer.of(key) for key in keys])

    @router.delete("")
    async def delete_api_key(by: Administrator, organization_id: PathId) -> DeletedKeyAnswer:
        """Forget the key. Rooms stay pending until another one is set."""
        await organizations.delete_integration(organization_id, by=by)
        return DeletedKeyAnswer()

    return router
