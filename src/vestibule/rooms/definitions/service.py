"""Rooms: made, found, listed, changed and deleted (reference 3 and 4)."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Invalid, NotFound
from vestibule.foundation.ids import Ids
from vestibule.rooms.definitions import store
from vestibule.rooms.definitions.model import (
    RANDOM_NAME_LENGTH,
    Page,
    Privacy,
    Room,
    can_be_named,
    check_name,
    merged,
    refuse_past,
    room_id,
    split_times,
)

ROOM_DELETED = "room-deleted"
ROOM_CHANGED = "room-changed"


class RoomNameTaken(Invalid):
    """The domain has a room of this name (400, not 409: reference 3.3)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a room named {name} already exists")


class RoomNotFound(NotFound):
    """The domain has no room of this name, or it has expired."""

    def __init__(self, name: str, *, deleted: bool = False) -> None:
        super().__init__(f"room {name[:128]} not found")
        # Deleting an expired room says that it was there (reference 4.5).
        self.extra = {"deleted": True} if deleted else {}


class DefinitionService:
    """The rooms of every domain. Publishes `room-changed` and `room-deleted` with the `room_id`."""

    def __init__(self, *, database: Database, ids: Ids, broker: Broker) -> None:
        self._database = database
        self._ids = ids
        self._broker = broker

    async def create(
        self,
        domain_id: str,
        *,
        name: str | None = None,
        privacy: Privacy = "public",
        properties: Mapping[str, Any] | None = None,
        api_created: bool = True,
    ) -> Room:
        """Make a room, with a random name unless one is given.

        Invalid if the name cannot be or `exp` is past; RoomNameTaken if an unexpired room has it.
        Of several who ask for one name at once, exactly one gets it.
        """
        if name is None:
            name = self._ids.letters(RANDOM_NAME_LENGTH)
        check_name(name)
        given, nbf, exp = split_times(merged({}, properties or {}))
        random = uuid.UUID(self._ids.uuid())

        def insert(tx: Transaction) -> Room:
            refuse_past("exp", exp, unix_seconds(tx.now))
            room = Room(
                id=room_id(tx.now, random),
                domain_id=domain_id,
                name=name,
                privacy=privacy,
                api_created=api_created,
                created_at=tx.now,
                nbf=nbf,
                exp=exp,
                properties=given,
            )
            if not store.insert_room(tx, room):
                raise RoomNameTaken(name)
            return room

        return await self._database.write(insert)

    async def get(self, domain_id: str, name: str) -> Room:
        """The room of this name; RoomNotFound if it is not there or has expired."""

        def look(tx: Transaction) -> Room:
            return _available(store.find_room(tx, domain_id, name), name, tx)

        if not can_be_named(name):
            raise RoomNotFound(name)
        return await self._database.read(look)

    async def list(self, domain_id: str, page: Page) -> tuple[int, list[Room]]:
        """How many unexpired rooms there are, and those of one page, newest first."""
        return await self._database.read(lambda tx: store.page_of_rooms(tx, domain_id, page))

    async def update(
        self,
        domain_id: str,
        name: str,
        *,
        privacy: Privacy | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> Room:
        """Change what is given and leave the rest; None puts a property back to its default.

        RoomNotFound if the room is not there or has expired; Invalid if the new `exp` is past.
        """
        changes = properties or {}

        def change(tx: Transaction) -> Room:
            found = store.find_room(tx, domain_id, name, to_change=True)
            room = _available(found, name, tx)
            refuse_past("exp", changes.get("exp"), unix_seconds(tx.now))
            given, nbf, exp = split_times(merged(room.given, changes))
            room = replace(
                room, privacy=privacy or room.privacy, properties=given, nbf=nbf, exp=exp
            )
            store.update_room(tx, room)
            self._publish_after(tx, ROOM_CHANGED, room)
            return room

        if not can_be_named(name):
            raise RoomNotFound(name)
        return await self._database.write(change)

    async def delete(self, domain_id: str, name: str) -> None:
        """Remove a room and send everybody out; RoomNotFound if it is not there.

        An expired room is removed too, but answered as one that is not there (reference 4.5).
        """

        def remove(tx: Transaction) -> tuple[bool, bool]:
            room = store.delete_room(tx, domain_id, name)
            if room is None:
                return False, False
            self._publish_after(tx, ROOM_DELETED, room)
            return True, room.is_expired(unix_seconds(tx.now))

        if not can_be_named(name):
            raise RoomNotFound(name)
        was_there, was_expired = await self._database.write(remove)
        if not was_there or was_expired:
            raise RoomNotFound(name, deleted=was_there)

    async def find(self, domain_id: str, name: str) -> Room | None:
        """The room of this name even if it has expired; None if it was deleted or never was."""
        if not can_be_named(name):
            return None
        return await self._database.read(lambda tx: store.find_room(tx, domain_id, name))

    async def get_by_id(self, room_id: str) -> Room | None:
        """The room with this id, expired or not."""
        return await self._database.read(lambda tx: store.find_room_by_id(tx, room_id))

    def _publish_after(self, tx: Transaction, topic: str, room: Room) -> None:
        tx.after_commit(lambda: self._broker.publish(topic, {"room_id": room.id}))


def _available(room: Room | None, name: str, tx: Transaction) -> Room:
    if room is None or room.is_expired(unix_seconds(tx.now)):
        raise RoomNotFound(name)
    return room
