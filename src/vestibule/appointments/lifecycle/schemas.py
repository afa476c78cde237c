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
    started_at: Moment = Field(
        description="ISO 8601 with its zone.", examples=["2051-11-21T10:30:00Z"]
    )
    ended_at: Moment = Field(examples=["2051-11-21T11:00:00Z"])
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

    reason: Line | None = Field(default=None, examples=["the patient asked for it"])


class RescheduleRequest(MoveRequest):
    """The new times of an appointment."""

    started_at: Moment = Field(examples=["2051-11-22T10:30:00Z"])
    ended_at: Moment = Field(examples=["2051-11-22T11:00:00Z"])

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

    state: Literal["none", "pending", "ready", "removing"] = Field(examples=["ready"])
    problem: str | None = Field(examples=[None])


class MoveAnswer(BaseModel):
    """A move that was made: who, when and why."""

    move: Move = Field(examples=["cancel"])
    old_status: Status = Field(examples=["upcoming"])
    new_status: Status = Field(examples=["cancelled"])
    by: str = Field(examples=["token:booking platform"])
    reason: str | None = Field(examples=["the patient asked for it"])
    at: str = Field(examples=["2051-11-20T09:00:00Z"])

    @classmethod
    def of(cls, made: MadeMove) -> Self:
        return cls(**{**vars(made), "at": utc_text(made.at)})


class MovesAnswer(BaseModel):
    """Every move of an appointment, the first one first."""

    data: list[MoveAnswer]


class AppointmentAnswer(BaseModel):
    """An appointment; times in ISO 8601, UTC. `version` is what its `ETag` holds."""

    id: int
    status: Status = Field(examples=["upcoming"])
    organization_id: int
    specialist_id: int
    patient_id: int
    started_at: str = Field(examples=["2051-11-21T10:30:00Z"])
    ended_at: str = Field(examples=["2051-11-21T11:00:00Z"])
    opens_at: str = Field(
        description="From when people may enter.", examples=["2051-11-21T10:25:00Z"]
    )
    closes_at: str = Field(description="Until when.", examples=["2051-11-21T11:00:00Z"])
    videocall_room_name: str | None = Field(examples=["clinic-1-102"])
    videocall_room_url: str | None = Field(examples=["https://video.clinic.example/clinic-1-102"])
    specialist_url: str = Field(
        description="The specialist's link, good for life.",
        examples=["https://video.clinic.example/a/Jx0c"],
    )
    patient_url: str = Field(
        description="The patient's link, good for life.",
        examples=["https://video.clinic.example/a/tQ8e"],
    )
    room: RoomAnswer
    created_at: str = Field(examples=["2051-11-20T09:00:00Z"])
    updated_at: str = Field(examples=["2051-11-20T09:00:00Z"])
    version: int = Field(examples=[1])

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

    total_count: int = Field(examples=[1])
    data: list[AppointmentAnswer]


class DeletedAnswer(BaseModel):
    """The appointment is gone."""

    deleted: bool = True
    id: int
