"""Running calls over HTTP, as Daily's API has them (reference 5.10, 7.1)."""

from typing import Annotated

from fastapi import Depends, Query

from vestibule.foundation.routing import Routes
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.live_actions.schemas import (
    AppMessageRequest,
    EjectAnswer,
    EjectRequest,
    PermissionsRequest,
    PresenceAnswer,
    PresenceView,
    SentAnswer,
    SessionDataAnswer,
    SessionDataRequest,
    StatusAnswer,
)
from vestibule.rooms.live_actions.service import LiveActionService


def routes(actions: LiveActionService, domains: DomainService) -> Routes:
    """`/v1/presence`, and what belongs to a running call below `/v1/rooms/<name>`."""
    # curl and others send JSON without saying so; a key in a header needs no guard against forms.
    router = Routes(prefix="/v1", tags=["live actions"], strict_content_type=False)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("/presence")
    async def presence(domain: Caller) -> dict[str, list[PresenceView]]:
        """Who is in each call, by room name."""
        return {
            presence.room_name: [
                PresenceView.of(presence, person, actions.now) for person in presence.people
            ]
            for presence in await actions.everywhere(domain.id)
        }

    @router.get("/rooms/{name}/presence")
    async def room_presence(
        domain: Caller,
        name: str,
        limit: Annotated[int | None, Query(ge=1)] = None,
        user_id: Annotated[str | None, Query(alias="userId")] = None,
        user_name: Annotated[str | None, Query(alias="userName")] = None,
    ) -> PresenceAnswer:
        """Who is in the call of one room."""
        present = await actions.present(domain.id, name)
        views = [PresenceView.of(present, person, actions.now) for person in present.people]
        found = [
            view
            for view in views
            if user_id in (None, view.userId) and user_name in (None, view.userName)
        ]
        return PresenceAnswer(total_count=len(found), data=found[:limit])

    @router.post("/rooms/{name}/eject")
    async def eject(domain: Caller, name: str, body: EjectRequest) -> EjectAnswer:
        """Send people out of the call."""
        met = await actions.eject(
            domain.id, name, ids=body.ids, user_ids=body.user_ids, ban=body.ban
        )
        return EjectAnswer(ejectedIds=met)

    @router.post("/rooms/{name}/send-app-message")
    async def send_app_message(domain: Caller, name: str, body: AppMessageRequest) -> SentAnswer:
        """Say something to the pages of those in the call."""
        await actions.send(domain.id, name, body.data, recipient=body.recipient)
        return SentAnswer()

    @router.get("/rooms/{name}/get-session-data")
    async def get_session_data(domain: Caller, name: str) -> SessionDataAnswer:
        """What everybody in the call knows together."""
        return SessionDataAnswer(data=await actions.session_data(domain.id, name))

    @router.post("/rooms/{name}/set-session-data")
    async def set_session_data(
        domain: Caller, name: str, body: SessionDataRequest | None = None
    ) -> SentAnswer:
        """Change what everybody in the call knows together."""
        body = body or SessionDataRequest()
        await actions.set_session_data(
            domain.id, name, body.data, strategy=body.mergeStrategy, delete=body.keysToDelete
        )
        return SentAnswer()

    @router.post("/rooms/{name}/update-permissions")
    async def update_permissions(
        domain: Caller, name: str, body: PermissionsRequest
    ) -> StatusAnswer:
        """Change what people in the call may do."""
        changes = {session_id: one.change for session_id, one in body.data.items()}
        await actions.update_permissions(domain.id, name, changes)
        return StatusAnswer()

    return router
