"""What the routes of organizations and their people take and answer."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from vestibule.appointments.fields import Line, utc_text
from vestibule.appointments.organizations.model import (
    MAX_CLOSES_MINUTES_AFTER,
    MAX_OPENS_MINUTES_BEFORE,
    Kind,
    Organization,
    Person,
    Preset,
)


class OrganizationChanges(BaseModel):
    """What to change about an organization; what is not given stays."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    waiting_room: StrictBool = True
    opens_minutes_before: Annotated[StrictInt, Field(ge=0, le=MAX_OPENS_MINUTES_BEFORE)] = 0
    closes_minutes_after: Annotated[StrictInt, Field(ge=0, le=MAX_CLOSES_MINUTES_AFTER)] = 0
    locks_early: StrictBool = False
    preset: Preset = "clinic"
    timezone: Line = "UTC"
    language: Line = "en"


class OrganizationAnswer(BaseModel):
    """An organization."""

    id: int
    name: str
    room_prefix: str
    waiting_room: bool
    opens_minutes_before: int
    closes_minutes_after: int
    locks_early: bool
    timezone: str
    language: str

    @classmethod
    def of(cls, organization: Organization) -> Self:
        return cls(**vars(organization))


class PersonRequest(BaseModel):
    """A specialist or patient to add."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Line | None = None


class PersonAnswer(BaseModel):
    """A specialist or patient."""

    id: int
    organization_id: int
    kind: Kind
    name: str
    email: str | None
    created_at: str

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(**{**vars(person), "created_at": utc_text(person.created_at)})


class PeopleAnswer(BaseModel):
    """One page of people. `total_count` counts all of the kind."""

    total_count: int
    data: list[PersonAnswer]
