"""What the room routes take and answer (reference 3)."""

import json
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vestibule.rooms.definitions.kinds import MAX_NAME_LENGTH, Text, sentence
from vestibule.rooms.definitions.model import NAME, Privacy, Room
from vestibule.rooms.definitions.properties import RoomProperties, ShapeOf, given

MAX_BATCH: Final = 1000
MAX_BATCH_BUCKETS: Final = 10


class RoomChanges(BaseModel):
    """What to change about a room; what is not given stays, null puts back to the default."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"privacy": "private", "properties": {"exp": 2556144000}}]},
    )

    privacy: Privacy = Field(
        default="public",
        description="Who enters: everybody, by token or knock, or (`org`) also the signed-in team.",
    )
    properties: RoomProperties | None = None

    @property
    def said(self) -> dict[str, Any]:
        return given(self.properties) if self.properties else {}

    @property
    def said_privacy(self) -> Privacy | None:
        return self.privacy if "privacy" in self.model_fields_set else None


class RoomRequest(RoomChanges):
    """A room to make. Everything has a default; a new room is public unless `privacy` is given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "example-room",
                    "privacy": "private",
                    "properties": {
                        "exp": 2556144000,
                        "enable_knocking": True,
                        "max_participants": 2,
                    },
                }
            ]
        }
    )

    name: Text | None = Field(
        default=None,
        description="1 to 128 of A-Z, a-z, 0-9, - and _; 20 random characters if not given.",
        json_schema_extra={"pattern": f"^{NAME.pattern}$", "maxLength": MAX_NAME_LENGTH},
    )


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

    room_names: Annotated[
        list[Text], Field(max_length=MAX_BATCH, examples=[["example-room", "another-room"]])
    ]


class RoomAnswer(BaseModel):
    """A room. `config` holds the properties that differ from their default."""

    id: str = Field(
        description="UUID. The place in the list for `starting_after` and `ending_before`.",
        examples=["01a1fd90-b403-73bf-beb2-8d91e625565d"],
    )
    name: str = Field(examples=["example-room"])
    api_created: bool = Field(description="Whether a program made it.")
    privacy: Privacy = Field(examples=["private"])
    url: str = Field(
        description="Address of the room's page.",
        examples=["https://video.clinic.example/example-room"],
    )
    created_at: str = Field(
        description="ISO 8601, UTC, whole seconds.", examples=["2026-11-21T10:30:00.000Z"]
    )
    config: Annotated[dict[str, Any], ShapeOf(RoomProperties)] = Field(
        description="The properties that differ from their default.",
        examples=[{"exp": 2556144000, "enable_knocking": True, "max_participants": 2}],
    )

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

    total_count: int = Field(description="All available rooms.", examples=[1])
    data: list[RoomAnswer]


class DeletedAnswer(BaseModel):
    """The room is gone."""

    deleted: bool = True
    name: str = Field(examples=["example-room"])


class DeletedCountAnswer(BaseModel):
    """How many rooms are gone."""

    deleted_count: int = Field(examples=[2])


def whole_second(moment: datetime) -> str:
    """As Daily writes it: whole seconds, with milliseconds that are always nought."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
