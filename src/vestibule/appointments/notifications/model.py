"""Which change is worth a mail, and what the mail is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.notifications import calendar
from vestibule.appointments.notifications.texts import spoken, texts
from vestibule.appointments.organizations.model import Kind as PersonKind

Kind = Literal["invitation", "update", "cancellation", "reminder", "recording"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
WITH_CALENDAR: Final = frozenset({"invitation", "update", "cancellation"})
_ON: Final = frozenset({Status.UPCOMING, Status.CONFIRMED, Status.INPROGRESS})
MAX_ATTEMPTS: Final = 76  # with growing waits of at most an hour: about three days


@dataclass(frozen=True)
class Facts:
    """What was true when a mail was decided on. Holds no link: that is derived when it is sent."""

    to: str
    your_name: str
    other_name: str
    organization_name: str
    started_at: datetime
    ended_at: datetime
    version: int
    timezone: str
    language: str
    link_key_id: str
    sender_name: str | None = None  # whom the mail is from; None: the organization
    reply_to: str | None = None

    def stored(self) -> dict[str, Any]:
        """In the form of JSON."""
        times = {name: getattr(self, name).isoformat() for name in ("started_at", "ended_at")}
        return {**vars(self), **times}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Facts":
        """What `stored` wrote."""
        times = {name: datetime.fromisoformat(stored[name]) for name in ("started_at", "ended_at")}
        return cls(**{**stored, **times})


@dataclass(frozen=True)
class Notification:
    """A mail to be sent."""

    id: int
    organization_id: int
    appointment_id: int
    role: PersonKind
    kind: Kind
    facts: Facts
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Addresses:
    """Where things are: the sender's address, this installation, and the person's own link."""

    sender: str
    public_url: str
    link: str

    @property
    def host(self) -> str:
        return self.public_url.partition("://")[2].partition("/")[0].partition(":")[0]


def worth_telling(before: Appointment | None, after: Appointment | None) -> Kind | None:
    """What a change means for its two people; None: nothing that they must know by mail."""
    was_on = before is not None and before.status in _ON
    is_on = after is not None and after.status in _ON
    if not was_on:
        return "invitation" if is_on else None
    if after is None or after.status is Status.CANCELLED:
        return "cancellation"
    assert before is not None
    is_moved = (before.started_at, before.ended_at) != (after.started_at, after.ended_at)
    return "update" if is_on and is_moved else None


def is_reminded(appointment: Appointment) -> bool:
    """Whether a reminder of the appointment still makes sense."""
    return appointment.status in _ON


def after_unsent(unsent: Kind | None, *, was_tried: bool, kind: Kind) -> Kind | None:
    """What to send in the place of an unsent mail and a new one; None: nothing at all."""
    if unsent == "invitation" and kind == "cancellation" and not was_tried:
        return None  # nobody has heard of the appointment
    if unsent == "invitation" and kind == "update":
        return "invitation"
    return kind


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many failed tries."""
    return min(timedelta(minutes=1 << min(max(attempts - 1, 0), 10)), timedelta(hours=1))


def uid(organization_id: int, appointment_id: int, host: str) -> str:
    """How calendars know the appointment, for its whole life."""
    return f"appointment-{organization_id}-{appointment_id}@{host}"


def calendar_entry(
    number: tuple[int, int], facts: Facts, at: Addresses, *, now: datetime, is_cancelled: bool
) -> calendar.Entry:
    """The appointment as one of its people has it in the calendar. `number`: whose, and which."""
    said = texts(facts.language)
    return calendar.Entry(
        uid=uid(*number, at.host),
        sequence=facts.version,
        stamp=now,
        starts=facts.started_at,
        ends=facts.ended_at,
        title=said["title"].format(other=facts.other_name),
        text=f"{said['link'].format(link=at.link)}\n{said['private']}",
        url=at.link,
        organizer=at.sender or None,
        attendee=facts.to or None,
        is_cancelled=is_cancelled,
    )


def mail(notification: Notification, at: Addresses, *, now: datetime) -> EmailMessage:
    """The mail, the same message however often it is sent."""
    facts, kind = notification.facts, notification.kind
    said = texts(facts.language)
    local = facts.started_at.astimezone(ZoneInfo(facts.timezone))
    when = spoken(local, said)
    recordings = f"{at.public_url}/console/organizations/{notification.organization_id}/recordings"
    names = {
        "you": facts.your_name,
        "other": facts.other_name,
        "organization": facts.organization_name,
        "when": when,
        "zone": facts.timezone,
        "link": at.link,
        "console": recordings,
    }
    parts = ["greeting", f"{kind}.text", "time"]
    parts += {"cancellation": [], "recording": ["console"]}.get(kind, ["link", "private"])
    message = EmailMessage()
    message["Subject"] = said[f"{kind}.subject"].format(**names)
    message["From"] = formataddr((facts.sender_name or facts.organization_name, at.sender))
    if facts.reply_to:
        message["Reply-To"] = facts.reply_to
    message["To"] = facts.to
    message["Date"] = format_datetime(notification.created_at)
    message["Message-ID"] = f"<notification-{notification.id}@{at.host or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    body = "\n\n".join(said[part].format(**names) for part in parts)
    message.set_content(f"{body}\n\n{facts.organization_name}\n")
    if kind in WITH_CALENDAR:
        number = (notification.organization_id, notification.appointment_id)
        is_cancelled = kind == "cancellation"
        entry = calendar_entry(number, facts, at, now=now, is_cancelled=is_cancelled)
        message.add_alternative(
            calendar.write(entry),
            maintype="text",
            subtype="calendar",
            params={"method": entry.method, "charset": "utf-8"},
        )
    return message
