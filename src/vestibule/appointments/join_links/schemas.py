"""What the routes of join links answer."""

from typing import Self

from pydantic import BaseModel

from vestibule.appointments.fields import utc_text
from vestibule.appointments.join_links.model import LinkState, LinkView
from vestibule.appointments.organizations.model import Kind


class LinkStateAnswer(BaseModel):
    """What is true of the appointment behind a link; times in ISO 8601, UTC."""

    state: LinkState
    role: Kind
    your_name: str
    other_name: str
    organization_name: str
    started_at: str
    ended_at: str
    opens_at: str
    closes_at: str
    now: str  # so that a countdown does not depend on the device's clock

    @classmethod
    def of(cls, view: LinkView) -> Self:
        appointment = view.appointment
        return cls(
            state=view.state,
            role=appointment.role,
            your_name=appointment.your_name,
            other_name=appointment.other_name,
            organization_name=appointment.organization_name,
            started_at=utc_text(appointment.started_at),
            ended_at=utc_text(appointment.ended_at),
            opens_at=utc_text(appointment.opens_at),
            closes_at=utc_text(appointment.window.closes_at),
            now=utc_text(view.now),
        )


class EnterAnswer(BaseModel):
    """The way into the call. The address holds a token: open it once, keep it nowhere."""

    url: str
