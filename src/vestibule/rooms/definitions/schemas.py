"""What the room routes take and answer (reference 3)."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from vestibule.rooms.definitions.kinds import Text
from vestibule.rooms.definitions.model import Privacy, Room
from vestibule.rooms.definitions.properties import RoomProperties, given


class RoomChanges(BaseModel):
    """What to change about a room; what is not given stays, null puts back to the default."""

    model_config = ConfigDict(extra="forbid")

    privacy: Privacy = "public"
    properties: RoomProperties | None = None

    @property
    def said(self) -> dict[str, Any]:
        return given(self.properties) if self.properties else {}

    @property
    def said_privacy(self) -> Privacy | None:
        return self.privacy if "privacy" in self.model_fields_set else None


class RoomRequest(RoomChanges):
    """A room to make. Everything has a default."""

    name: Text | None = None


class RoomAnswer(BaseModel):
    """A room. `config` holds the properties that differ from their default."""

    id: str
    name: str
    api_created: bool
    privacy: Privacy
    url: str
    created_at: str
    config: dict[str, Any]

    @classmethod
    def of(cls, room: Room, url: str) -> Self:
        return cls(
            id=room.id,
            name=room.name,
            api_created=room.api_created,
            privacy=room.privacy,
            url=url,
            created_at=whole_second(room.created_at),
            config=room.config,
        )


class RoomsAnswer(BaseModel):
    """One page of rooms. `total_count` counts all that are available, whatever the page."""

    total_count: int
    data: list[RoomAnswer]


class DeletedAnswer(BaseModel):
    """The room is gone."""

    deleted: bool = True
    name: str


def whole_second(moment: datetime) -> str:
    """As Daily writes it: whole seconds, with milliseconds that are always nought."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
