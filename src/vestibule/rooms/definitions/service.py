"""Rooms: made, found, listed, changed and deleted (reference 3 and 4)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Invalid, NotFound
from vestibule.foundation.gathering import Gathered
from vestibule.foundation.ids import Ids
from vestibule.rooms.definitions import store
from vestibule.rooms.definitions.model import (
    RANDOM_NAME_LENGTH,
    Page,
    Privacy,
    Room,
    WantedRoom,
    can_be_named,
    check_name,
    check_names,
    merged,
    new_room,
    refuse_past,
    split_times,
)

ROOM_DELETED = "room-deleted"
ROOM_CHANGED = "room-changed"
ROOMS_PER_DOMAIN: Final = 1_000_000
RECOUNT_FROM: Final = 1000
"""Rooms that expired since the last count; from here on a reader has them counted again."""


class RoomNameTaken(Invalid):
    """The domain has a room of this name (400, not 409: reference 3.3)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a room named {name} already exists")


class TooManyRooms(Invalid):
    """The domain has as many available rooms as it may have (requirement D1)."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the domain can have at most {most} rooms that are available at once; delete rooms "
            "that are not needed any more, or give rooms an exp so that they go by themselves"
        )


class RoomNotFound(NotFound):
    """The domain has no room of this name, or it has expired."""

    def __init__(self, name: str, *, deleted: bool = False) -> None:
        super().__init__(f"room {name[:128]} not found")
        # Deleting an expired room says that it was there (reference 4.5).
        self.extra = {"deleted": True} if deleted else {}


class DefinitionService:
    """The rooms of every domain. Publishes `room-changed` and `room-deleted` with the `room_id`."""

    def __init__(
        self,
        *,
        database: Database,
        ids: Ids,
        broker: Broker,
        rooms_per_domain: int = ROOMS_PER_DOMAIN,
        recount_from: int = RECOUNT_FROM,
    ) -> None:
        self._database = database
        self._ids = ids
        self._broker = broker
        self._rooms_per_domain = rooms_per_domain
        self._recount_from = recount_from
        self._making = Gathered(self.create_all)

    async def create(
        self,
        domain_id: str,
        *,
        name: str | None = None,
        privacy: Privacy = "public",
        properties: Mapping[str, Any] | None = None,
    ) -> Room:
        """Make a room, with a random name unless one is given.

        Invalid if the name cannot be or `exp` is past; RoomNameTaken if an unexpired room has it;
        TooManyRooms if the domain has reached its limit, which holds for any number at once.
        Of several who ask for one name at once, exactly one gets it. An expired room of the name
        goes for good, and everybody still inside it.
        """
        if name is not None:
            check_name(name)
        wanted = WantedRoom(name, privacy, properties or {})
        return await self._making.ask(domain_id, wanted)

    async def create_all(self, domain_id: str, wanted: Sequence[WantedRoom]) -> list[Room]:
        """Make all of these rooms, in this order, or none of them; errors as of `create`."""
        names = [
            self._ids.letters(RANDOM_NAME_LENGTH) if room.name is None else room.name
            for room in wanted
        ]
        check_names(names)
        random = [uuid.UUID(self._ids.uuid()) for _ in wanted]

        def insert(tx: Transaction) -> list[Room]:
            new = [
                new_room(room, name=name, domain_id=domain_id, at=tx.now, random=bits)
                for room, name, bits in zip(wanted, names, random, strict=True)
            ]
            replaced, taken = store.insert_rooms(tx, new)
            if taken:
                raise RoomNameTaken(taken[0])
            defaults = self._count(tx, domain_id, new, replaced)
            # The people of a room that is replaced can never come back to it.
            self._publish_after(tx, ROOM_DELETED, replaced)
            return [replace(room, defaults=defaults) for room in new]

        return await self._database.write(insert) if wanted else []

    async def get(self, domain_id: str, name: str) -> Room:
        """The room of this name; RoomNotFound if it is not there or has expired."""

        def look(tx: Transaction) -> Room:
            return _available(store.find_room(tx, domain_id, name), name, tx)

        if not can_be_named(name):
            raise RoomNotFound(name)
        return await self._database.read(look)

    async def list(self, domain_id: str, page: Page) -> tuple[int, list[Room]]:
        """How many unexpired rooms there are, and those of one page, newest first."""

        def look(tx: Transaction) -> tuple[int, int, list[Room]]:
            return *store.count_rooms(tx, domain_id), store.page_of_rooms(tx, domain_id, page)

        counted, expired, found = await self._database.read(look)
        if expired > self._recount_from:
            await self._database.write(lambda tx: store.keep_count(tx, domain_id))
        return counted - expired, found

    async def limit_rooms(self, domain_id: str, most: int | None) -> None:
        """Let a domain have this many available rooms; None: as many as the setting says (D1)."""
        await self._database.write(lambda tx: store.set_limit(tx, domain_id, most))

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
            old = _available(found, name, tx)
            refuse_past("exp", changes.get("exp"), unix_seconds(tx.now))
            given, nbf, exp = split_times(merged(old.given, changes))
            room = replace(old, privacy=privacy or old.privacy, properties=given, nbf=nbf, exp=exp)
            store.update_room(tx, room)
            if room.exp != old.exp:
                store.keep_count(tx, domain_id, come=[room], gone=[old])
            self._publish_after(tx, ROOM_CHANGED, [room])
            return room

        if not can_be_named(name):
            raise RoomNotFound(name)
        return await self._database.write(change)

    async def delete(self, domain_id: str, name: str) -> None:
        """Remove a room and send everybody out; RoomNotFound if it is not there.

        An expired room is removed too, but answered as one that is not there (reference 4.5).
        """

        def remove(tx: Transaction) -> tuple[bool, bool]:
            gone = store.delete_rooms(tx, domain_id, [name])
            store.keep_count(tx, domain_id, gone=gone)
            self._publish_after(tx, ROOM_DELETED, gone)
            return bool(gone), any(room.is_expired(unix_seconds(tx.now)) for room in gone)

        if not can_be_named(name):
            raise RoomNotFound(name)
        was_there, was_expired = await self._database.write(remove)
        if not was_there or was_expired:
            raise RoomNotFound(name, deleted=was_there)

    async def delete_all(self, domain_id: str, names: Sequence[str]) -> int:
        """Remove all of these rooms, send everybody out, and say how many they were; or none.

        RoomNotFound if one of them is not there or has expired. A name given twice counts once.
        """
        wanted = list(dict.fromkeys(names))
        impossible = [name for name in wanted if not can_be_named(name)]
        if impossible:
            raise RoomNotFound(impossible[0])

        def remove(tx: Transaction) -> int:
            gone = {room.name: room for room in store.delete_rooms(tx, domain_id, wanted)}
            for name in wanted:
                _available(gone.get(name), name, tx)
            store.keep_count(tx, domain_id, gone=list(gone.values()))
            self._publish_after(tx, ROOM_DELETED, list(gone.values()))
            return len(gone)

        return await self._database.write(remove)

    async def collect_expired(self, *, before: int, keep: Collection[str], limit: int) -> int:
        """Remove up to `limit` rooms that expired before this time (unix seconds) for good.

        Rooms whose ids are in `keep` stay. Answers how many went.
        """
        doomed = await self._database.read(
            lambda tx: store.long_expired(tx, before=before, keep=keep, limit=limit)
        )
        by_domain: dict[str, list[str]] = {}
        for domain_id, name in doomed:
            by_domain.setdefault(domain_id, []).append(name)

        def remove(tx: Transaction) -> int:
            count = 0
            for domain_id, names in by_domain.items():
                gone = store.delete_expired(tx, domain_id, names, before=before)
                store.keep_count(tx, domain_id, gone=gone)
                self._publish_after(tx, ROOM_DELETED, gone)
                count += len(gone)
            return count

        return await self._database.write(remove) if by_domain else 0

    async def find(self, domain_id: str, name: str) -> Room | None:
        """The room of this name even if it has expired; None if it was deleted or never was."""
        if not can_be_named(name):
            return None
        return await self._database.read(lambda tx: store.find_room(tx, domain_id, name))

    async def get_by_id(self, room_id: str) -> Room | None:
        """The room with this id, expired or not."""
        return await self._database.read(lambda tx: store.find_room_by_id(tx, room_id))

    def _count(
        self, tx: Transaction, domain_id: str, new: Sequence[Room], replaced: Sequence[Room]
    ) -> Mapping[str, Any]:
        """Count new rooms, or raise TooManyRooms; answers what their domain sets for them."""
        count = store.add_to_count(tx, domain_id, new)
        available = count.available
        most = self._rooms_per_domain if count.most is None else count.most
        if replaced or available > most:
            available = store.keep_count(tx, domain_id, gone=replaced)
        if available > most:
            raise TooManyRooms(most)
        return count.defaults

    def _publish_after(self, tx: Transaction, topic: str, rooms: Sequence[Room]) -> None:
        for room in rooms:
            tx.after_commit(partial(self._broker.publish, topic, {"room_id": room.id}))


def _available(room: Room | None, name: str, tx: Transaction) -> Room:
    if room is None or room.is_expired(unix_seconds(tx.now)):
        raise RoomNotFound(name)
    return room
