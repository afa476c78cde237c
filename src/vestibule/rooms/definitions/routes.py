"""Rooms over HTTP, as Daily's API has them (reference 2, 3)."""

from typing import Annotated

from fastapi import Body, Depends, Query

from vestibule.foundation.api_document import failing
from vestibule.foundation.routing import Routes
from vestibule.rooms.definitions.model import MAX_PAGE, WantedRoom, page_of
from vestibule.rooms.definitions.schemas import (
    DeletedAnswer,
    DeletedCountAnswer,
    DeleteRoomsRequest,
    RoomAnswer,
    RoomChanges,
    RoomRequest,
    RoomsAnswer,
    RoomsRequest,
)
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService

# A body may be missing, but `null` is none.
OptionalRoomRequest = Annotated[RoomRequest, Body(default_factory=RoomRequest)]
OptionalRoomChanges = Annotated[RoomChanges, Body(default_factory=RoomChanges)]


def routes(definitions: DefinitionService, domains: DomainService) -> Routes:
    """`/v1/rooms`."""
    # curl and others send JSON without saying so; a key in a header needs no guard against forms.
    router = Routes(prefix="/v1/rooms", tags=["rooms"], strict_content_type=False)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.post("")
    async def create_room(domain: Caller, body: OptionalRoomRequest) -> RoomAnswer:
        """Make a room."""
        room = await definitions.create(
            domain.id, name=body.name, privacy=body.privacy, properties=body.said
        )
        return RoomAnswer.of(room, domains.room_url(domain, room.name))

    @router.get("")
    async def list_rooms(
        domain: Caller,
        limit: Annotated[
            int, Query(ge=1, le=MAX_PAGE, description="Rooms in the page.")
        ] = MAX_PAGE,
        starting_after: Annotated[
            str | None, Query(description="Id of a room: the page of those that are older.")
        ] = None,
        ending_before: Annotated[
            str | None,
            Query(description="Id of a room: the page before it, of newer ones; or `OLDEST`."),
        ] = None,
    ) -> RoomsAnswer:
        """The unexpired rooms, newest first."""
        page = page_of(limit=limit, starting_after=starting_after, ending_before=ending_before)
        total, found = await definitions.list(domain.id, page)
        data = [RoomAnswer.of(room, domains.room_url(domain, room.name)) for room in found]
        return RoomsAnswer(total_count=total, data=data)

    @router.get("/{name}")
    async def read_room(domain: Caller, name: str) -> RoomAnswer:
        """One room."""
        room = await definitions.get(domain.id, name)
        return RoomAnswer.of(room, domains.room_url(domain, room.name))

    # Daily itself knows POST only; requirement A6 writes PATCH.
    @router.patch("/{name}")
    @router.post("/{name}")
    async def update_room(domain: Caller, name: str, body: OptionalRoomChanges) -> RoomAnswer:
        """Change a room."""
        room = await definitions.update(
            domain.id, name, privacy=body.said_privacy, properties=body.said
        )
        return RoomAnswer.of(room, domains.room_url(domain, room.name))

    @router.delete("/{name}")
    async def delete_room(domain: Caller, name: str) -> DeletedAnswer:
        """Remove a room and send everybody out."""
        await definitions.delete(domain.id, name)
        return DeletedAnswer(name=name)

    return router


def batch_routes(definitions: DefinitionService, domains: DomainService) -> Routes:
    """`/v1/batch/rooms` (reference 5.11)."""
    router = Routes(prefix="/v1/batch/rooms", tags=["batch"], strict_content_type=False)
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.post("")
    async def create_rooms(domain: Caller, body: RoomsRequest) -> list[RoomAnswer]:
        """Make up to 1,000 rooms, all of them or none; answered in the order of the request."""
        wanted = [WantedRoom(room.name, room.privacy, room.said) for room in body.rooms]
        made = await definitions.create_all(domain.id, wanted)
        return [RoomAnswer.of(room, domains.room_url(domain, room.name)) for room in made]

    @router.delete("", responses=failing(404))
    async def delete_rooms(domain: Caller, body: DeleteRoomsRequest) -> DeletedCountAnswer:
        """Remove up to 1,000 rooms, all of them or none, and send everybody out."""
        count = await definitions.delete_all(domain.id, body.room_names)
        return DeletedCountAnswer(deleted_count=count)

    return router
