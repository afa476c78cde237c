"""The JSON of the console."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from vestibule.accounts.users.model import Role
from vestibule.appointments.api_keys.schemas import ApiKey
from vestibule.appointments.audit.model import AuditEvent
from vestibule.appointments.error_reports.model import ErrorCode, ReportGroup, StoredReport
from vestibule.appointments.fields import MAX_ID, Line, utc_text
from vestibule.appointments.join_links.model import Links
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.organizations.model import Kind, Organization
from vestibule.appointments.organizations.schemas import OrganizationAnswer, PersonRequest
from vestibule.appointments.webhook_inbox.recordings import ShownRecording


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


class KnockRow(BaseModel):
    """Somebody who waits to be let in, and the specialist's way into that call."""

    appointment_id: int
    name: str
    since: str
    started_at: str
    specialist_name: str
    specialist_url: str


class KnocksAnswer(BaseModel):
    """Who waits now, the first come first."""

    waiting: list[KnockRow]


class EventRow(BaseModel):
    """Something that happened: when, what, who, and what else is known of it."""

    sequence: int
    at: str
    event: str
    actor: str
    appointment_id: int | None
    details: dict[str, Any]

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        return cls(
            sequence=event.sequence,
            at=utc_text(event.at),
            event=event.event,
            actor=event.actor,
            appointment_id=event.appointment_id,
            details=dict(event.details),
        )


class AppointmentPageAnswer(BaseModel):
    """One appointment, and everything that happened to it, oldest first."""

    appointment: AppointmentRow
    room_name: str | None
    room_url: str | None
    events: list[EventRow]


class AuditAnswer(BaseModel):
    """Some of the organization's events, newest first; `total_count` counts all."""

    total_count: int
    data: list[EventRow]


class NewPerson(PersonRequest):
    """A specialist or patient to add."""

    kind: Kind


class SettingsAnswer(OrganizationAnswer):
    """An organization's settings, and what the installation has where it has none of its own."""

    usual_retry_minutes: int
    mail_from: str | None
    """The sender of all mail; null: this installation sends none."""


class ProviderAnswer(BaseModel):
    """Where an organization has its rooms; null: at this installation."""

    base_url: str | None
    has_key: bool


class ProviderForm(BaseModel):
    """Where an organization has its rooms from now on."""

    model_config = ConfigDict(extra="forbid")

    base_url: Line | None = None
    api_key: ApiKey


class ReportRow(BaseModel):
    """One report."""

    id: int
    at: str
    reporter: str
    appointment_id: int | None
    feature: str
    message: str
    stack_trace: str | None
    response_time_ms: int | None

    @classmethod
    def of(cls, stored: StoredReport) -> Self:
        report = stored.report
        return cls(
            id=stored.id,
            at=utc_text(stored.created_at),
            reporter=stored.reporter,
            appointment_id=stored.appointment_id,
            feature=report.feature,
            message=report.message,
            stack_trace=report.stack_trace,
            response_time_ms=report.response_time_ms,
        )


class GroupRow(BaseModel):
    """The reports of one code; `newest` holds the last five."""

    code: ErrorCode
    count: int
    open_count: int
    last_at: str
    newest: list[ReportRow]

    @classmethod
    def of(cls, group: ReportGroup) -> Self:
        return cls(
            code=group.code,
            count=group.count,
            open_count=group.open_count,
            last_at=utc_text(group.last_at),
            newest=[ReportRow.of(each) for each in group.newest],
        )


class ReportsAnswer(BaseModel):
    """Every code that was reported, those with open reports first."""

    groups: list[GroupRow]


class HandledForm(BaseModel):
    """The newest report that the person has seen."""

    model_config = ConfigDict(extra="forbid")

    up_to: Annotated[StrictInt, Field(ge=1, le=MAX_ID)]


class HandledAnswer(BaseModel):
    """How many reports are handled now that were not before."""

    handled: int


RecordingState = Literal["recording", "making", "ready", "failed", "deleted"]


class RecordingRow(BaseModel):
    """A recording of an appointment; times in ISO 8601, UTC."""

    id: int
    appointment_id: int
    specialist_name: str | None
    patient_name: str | None
    started_by: str | None
    state: RecordingState
    at: str | None
    duration_seconds: int | None
    progress: float | None
    """The part of the file that is made, 0 to 1, while it is made."""
    problem: str | None
    """Why it is still there, although its days are over."""

    @classmethod
    def of(cls, recording: ShownRecording) -> Self:
        at = recording.started_at or recording.ready_at
        return cls(
            id=recording.id,
            appointment_id=recording.appointment_id,
            specialist_name=recording.specialist_name,
            patient_name=recording.patient_name,
            started_by=recording.started_by,
            state=_state_of(recording),
            at=None if at is None else utc_text(at),
            duration_seconds=recording.duration_seconds,
            progress=recording.progress if _state_of(recording) == "making" else None,
            problem=recording.last_error,
        )


def _state_of(recording: ShownRecording) -> RecordingState:
    if recording.deleted_at is not None:
        return "deleted"
    if recording.ready_at is not None:
        return "ready"
    if recording.failed_at is not None:
        return "failed"
    return "recording" if recording.stopped_at is None else "making"


class RecordingsAnswer(BaseModel):
    """A page of recordings, newest first."""

    total_count: int
    keep_days: int | None
    """After how many days they are deleted; null: never by themselves."""
    data: list[RecordingRow]


class RecordingFileRow(BaseModel):
    """A file of a recording: the film, or one of raw tracks."""

    url: str
    holds: Literal["film", "audio", "video"]


class RecordingLinkAnswer(BaseModel):
    """Where a recording can be played, for five minutes."""

    files: list[RecordingFileRow]
