"""What the appointment routes take and answer."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from vestibule.appointments.fields import MAX_ID, Line, Moment, utc_text
from vestibule.appointments.join_links.model import Links
from vestibule.appointments.lifecycle.model import Booking, MadeMove, Move, Times
from vestibule.appointments.model import Appointment, Status

BodyId = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]


class AppointmentRequest(BaseModel):
    """An appointment to make."""

    model_config = ConfigDict(extra="forbid")

    specialist_id: BodyId
    patient_id: BodyId
    started_at: Moment
    ended_at: Moment
    status: Literal["booked", "upcoming"] = "booked"

    @property
    def booking(self) -> Booking:
        return Booking(
            specialist_id=self.specialist_id,
            patient_id=self.patient_id,
            times=Times(self.started_at, self.ended_at),
            status=Status(self.status),
        )


class MoveRequest(BaseModel):
    """Why a move is made."""

    model_config = ConfigDict(extra="forbid")

    reason: Line | None = None


class RescheduleRequest(MoveRequest):
    """The new times of an appointment."""

    started_at: Moment
    ended_at: Moment

    @property
    def times(self) -> Times:
        return Times(self.started_at, self.ended_at)


class ReinstateRequest(MoveRequest):
    """New times, if the old ones do not suit any more."""

    started_at: Moment | None = None
    ended_at: Moment | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.started_at is None) != (self.ended_at is None):
            raise PydanticCustomError(
                "half_of_times", "give both started_at and ended_at, or neither"
            )
        return self

    @property
    def times(self) -> Times | None:
        if self.started_at is None or self.ended_at is None:
            return None
        return Times(self.started_at, self.ended_at)


class RoomAnswer(BaseModel):
    """How it stands with the appointment's room, and what hinders it."""

    state: Literal["none", "pending", "ready", "removing"]
    problem: str | None


class MoveAnswer(BaseModel):
    """A move that was made: who, when and why."""

    move: Move
    old_status: Status
    new_status: Status
    by: str
    reason: str | None
    at: str

    @classmethod
    def of(cls, made: MadeMove) -> Self:
        return cls(**{**vars(made), "at": utc_text(made.at)})


class MovesAnswer(BaseModel):
    """Every move of an appointment, the first one first."""

    data: list[MoveAnswer]


class AppointmentAnswer(BaseModel):
    """An appointment; times in ISO 8601, UTC. `version` is what its `ETag` holds."""

    id: int
    status: Status
    organization_id: int
    specialist_id: int
    patient_id: int
    started_at: str
    ended_at: str
    opens_at: str
    closes_at: str
    videocall_room_name: str | None
    videocall_room_url: str | None
    specialist_url: str
    patient_url: str
    room: RoomAnswer
    created_at: str
    updated_at: str
    version: int

    @classmethod
    def of(cls, appointment: Appointment, links: Links) -> Self:
        return cls(
            id=appointment.id,
            status=appointment.status,
            organization_id=appointment.organization_id,
            specialist_id=appointment.specialist_id,
            patient_id=appointment.patient_id,
            started_at=utc_text(appointment.started_at),
            ended_at=utc_text(appointment.ended_at),
            opens_at=utc_text(appointment.window.opens_at),
            closes_at=utc_text(appointment.window.closes_at),
            videocall_room_name=appointment.videocall_room_name,
            videocall_room_url=appointment.videocall_room_url,
            specialist_url=links.specialist,
            patient_url=links.patient,
            room=RoomAnswer(state=appointment.room.state, problem=appointment.room.problem),
            created_at=utc_text(appointment.created_at),
            updated_at=utc_text(appointment.updated_at),
            version=appointment.version,
        )


class AppointmentsAnswer(BaseModel):
    """One page of appointments. `total_count` counts all that match, whatever the page."""

    total_count: int
    data: list[AppointmentAnswer]


class DeletedAnswer(BaseModel):
    """The appointment is gone."""

    deleted: bool = True
    id: int
