"""What the routes of organizations and their people take and answer."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from vestibule.appointments.fields import Line, utc_text
from vestibule.appointments.organizations.model import (
    MAX_CLOSES_MINUTES_AFTER,
    MAX_KEEP_DAYS,
    MAX_OPENS_MINUTES_BEFORE,
    MAX_RETRY_MINUTES,
    Kind,
    Organization,
    Person,
    Preset,
)


class OrganizationChanges(BaseModel):
    """What to change about an organization; what is not given stays."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    waiting_room: StrictBool = Field(
        default=True, description="Whether patients wait until they are let in.", examples=[True]
    )
    opens_minutes_before: Annotated[StrictInt, Field(ge=0, le=MAX_OPENS_MINUTES_BEFORE)] = Field(
        default=0,
        description="How many minutes before the start the links open.",
        examples=[5],
    )
    closes_minutes_after: Annotated[StrictInt, Field(ge=0, le=MAX_CLOSES_MINUTES_AFTER)] = Field(
        default=0,
        description="How many minutes after the end links and rooms close.",
        examples=[0],
    )
    locks_early: StrictBool = Field(
        default=False, description="Whether the room itself is shut until the links open."
    )
    preset: Preset = Field(
        default="clinic",
        description="Sets the three before: clinic 5, 0 and false; school 5, 30 and true.",
    )
    timezone: Line = Field(default="UTC", examples=["Europe/Bucharest"])
    language: Line = Field(default="en", examples=["en"])
    mail_name: Line | None = Field(
        default=None, description="Whom its mail is from; null: the organization's own name."
    )
    mail_reply_to: Line | None = Field(
        default=None, description="Where answers to its mail go; null: to the sender."
    )
    retry_minutes: Annotated[StrictInt, Field(ge=1, le=MAX_RETRY_MINUTES)] | None = Field(
        default=None,
        description="When a failed change of a room is tried again; null: as the server is set.",
    )
    recordings_keep_days: Annotated[StrictInt, Field(ge=1, le=MAX_KEEP_DAYS)] | None = Field(
        default=None,
        description="After how many days recordings are deleted, those that are there already "
        "too; null: never by themselves.",
    )


class OrganizationAnswer(BaseModel):
    """An organization."""

    id: int
    name: str = Field(examples=["Clinic on the hill"])
    room_prefix: str = Field(description="What its rooms' names begin with.", examples=["clinic"])
    waiting_room: bool = Field(description="Whether patients wait until they are let in.")
    opens_minutes_before: int = Field(
        description="How many minutes before the start the links open.", examples=[5]
    )
    closes_minutes_after: int = Field(
        description="How many minutes after the end links and rooms close.", examples=[0]
    )
    locks_early: bool = Field(
        description="Whether the room itself is shut until the links open.", examples=[False]
    )
    timezone: str = Field(description="Of its days, and of its mail.", examples=["UTC"])
    language: str = Field(description="Of its mail.", examples=["en"])
    mail_name: str | None = Field(description="Whom its mail is from, if not itself.")
    mail_reply_to: str | None = Field(
        description="Where answers to its mail go.", examples=["front-desk@clinic.example"]
    )
    retry_minutes: int | None = Field(
        description="When a failed change of a room is tried again; null: as the server is set."
    )
    recordings_keep_days: int | None = Field(
        description="After how many days recordings are deleted; null: never by themselves.",
        examples=[90],
    )

    @classmethod
    def of(cls, organization: Organization) -> Self:
        return cls(**vars(organization))


class PersonRequest(BaseModel):
    """A specialist or patient to add."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(examples=["Dr. Ada"])
    email: Line | None = Field(default=None, examples=["ada@clinic.example"])


class PersonAnswer(BaseModel):
    """A specialist or patient."""

    id: int
    organization_id: int
    kind: Kind
    name: str = Field(examples=["Dr. Ada"])
    email: str | None = Field(examples=["ada@clinic.example"])
    created_at: str = Field(description="ISO 8601, UTC.", examples=["2026-11-21T10:00:00Z"])

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(**{**vars(person), "created_at": utc_text(person.created_at)})


class PeopleAnswer(BaseModel):
    """One page of people. `total_count` counts all of the kind."""

    total_count: int = Field(examples=[1])
    data: list[PersonAnswer]
