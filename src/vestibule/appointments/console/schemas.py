"""The JSON of the console."""

from typing import Literal, Self

from pydantic import BaseModel

from vestibule.accounts.users.model import Role
from vestibule.appointments.fields import utc_text
from vestibule.appointments.join_links.model import Links
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.organizations.model import Organization


class OrganizationRow(BaseModel):
    """An organization to choose, and what the person is there."""

    id: int
    name: str
    role: str

    @classmethod
    def of(cls, organization: Organization, role: Role) -> Self:
        return cls(id=organization.id, name=organization.name, role=role)


class OrganizationsAnswer(BaseModel):
    """The organizations that the user works for."""

    organizations: list[OrganizationRow]


class RoomCell(BaseModel):
    """How it stands with the room, and what hinders it, in a sentence."""

    state: Literal["none", "pending", "ready", "removing"]
    problem: str | None


class AppointmentRow(BaseModel):
    """An appointment on the board; times in ISO 8601, UTC."""

    id: int
    status: Status
    started_at: str
    ended_at: str
    specialist_name: str
    patient_name: str
    specialist_url: str
    patient_url: str
    room: RoomCell

    @classmethod
    def of(cls, appointment: Appointment, links: Links) -> Self:
        return cls(
            id=appointment.id,
            status=appointment.status,
            started_at=utc_text(appointment.started_at),
            ended_at=utc_text(appointment.ended_at),
            specialist_name=appointment.specialist_name,
            patient_name=appointment.patient_name,
            specialist_url=links.specialist,
            patient_url=links.patient,
            room=RoomCell(state=appointment.room.state, problem=appointment.room.problem),
        )


class AppointmentsAnswer(BaseModel):
    """The appointments of a board. `total_count` counts also those beyond the most it shows."""

    total_count: int
    appointments: list[AppointmentRow]
