"""What the room routes take and answer (reference 3)."""

import json
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vestibule.rooms.definitions.kinds import Text, sentence
from vestibule.rooms.definitions.model import Privacy, Room
from vestibule.rooms.definitions.properties import RoomProperties, given

MAX_BATCH: Final = 1000
MAX_BATCH_BUCKETS: Final = 10


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


class RoomsRequest(BaseModel):
    """Rooms to make together."""

    model_config = ConfigDict(extra="forbid")

    rooms: Annotated[list[RoomRequest], Field(max_length=MAX_BATCH)]

    @model_validator(mode="after")
    def few_buckets(self) -> Self:
        buckets = {
            json.dumps(room.said.get("recordings_bucket"), sort_keys=True) for room in self.rooms
        } - {"null"}
        if len(buckets) > MAX_BATCH_BUCKETS:
            raise sentence(
                f"the rooms have {len(buckets)} different values of recordings_bucket; "
                f"at most {MAX_BATCH_BUCKETS} are possible in one request"
            )
        return self


class DeleteRoomsRequest(BaseModel):
    """Rooms to remove together."""

    model_config = ConfigDict(extra="forbid")

    room_names: Annotated[list[Text], Field(max_length=MAX_BATCH)]


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


class DeletedCountAnswer(BaseModel):
    """How many rooms are gone."""

    deleted_count: int


def whole_second(moment: datetime) -> str:
    """As Daily writes it: whole seconds, with milliseconds that are always nought."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
