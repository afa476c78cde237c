"""The checks on the way into a call, in the order in which they stop somebody. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from vestibule.appointments.connection_checks.model import ConnectionCheck, Proof
from vestibule.appointments.error_reports.model import ErrorCode, StoredReport
from vestibule.appointments.model import Appointment, Status
from vestibule.appointments.organizations.model import Kind
from vestibule.appointments.room_provider.model import ProviderRoom
from vestibule.foundation.clock import unix_seconds

Outcome = Literal["pass", "fail", "unknown"]
Name = Literal[
    "link", "window", "room", "provider", "token", "lobby", "media", "patient", "specialist"
]
"""The last two: whether media gets through to that person, as their page found."""
REPORTS_COUNT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Check:
    """One step on the way: whether it holds, what was found, and what to do if it fails."""

    name: Name
    outcome: Outcome
    says: str
    fix: str | None = None


@dataclass(frozen=True)
class Failed:
    """A question to the room provider that was not answered, and why."""

    reason: str


@dataclass(frozen=True)
class Tried:
    """A STUN or TURN server that was tried just now, and how it failed, if it did."""

    url: str
    failure: Literal["silent", "refused"] | None = None


@dataclass(frozen=True)
class Facts:
    """All that is known about the way into an appointment's call at one moment."""

    appointment: Appointment
    waiting_room: bool
    room: ProviderRoom | Failed | None
    token: Failed | None
    """None: the provider makes tokens for the room."""
    present: Sequence[str] | None
    """Names of those in the call; None: the provider does not say."""
    reports: Sequence[StoredReport]
    media_servers: Sequence[Tried] | None
    """Those that browsers use; None: the provider's own."""
    now: datetime
    connections: Sequence[ConnectionCheck] = ()
    """What people's pages found when they tried their connection lately."""


def diagnose(facts: Facts) -> list[Check]:
    """Every check, in order; later ones are made even when an earlier one fails."""
    return [
        _link(facts),
        _window(facts),
        _room(facts),
        _provider(facts),
        _token(facts),
        _lobby(facts),
        _media(facts),
        _connection(facts, "patient"),
        _connection(facts, "specialist"),
    ]


_CLOSED: Final = {
    Status.BOOKED: ("The appointment is booked, but not onboarded.", "Onboard it."),
    Status.COMPLETED: ("The appointment is completed.", "Book another one."),
    Status.CANCELLED: ("The appointment was cancelled.", "Reinstate it."),
    Status.NOSHOW: ("The appointment was closed as a no-show.", "Reinstate it."),
}


def _link(facts: Facts) -> Check:
    closed = _CLOSED.get(facts.appointment.status)
    if closed:
        return Check("link", "fail", closed[0], closed[1])
    return Check("link", "pass", "Both links lead to this appointment.")


def _window(facts: Facts) -> Check:
    window = facts.appointment.window
    if facts.now >= window.closes_at:
        return Check("window", "fail", "The appointment's time is over.", "Reschedule it.")
    if facts.now < window.opens_at:
        moment = f"{window.opens_at:%Y-%m-%d %H:%M} UTC"  # the console says it in its own zone
        says = f"The links open at {moment}."
        fix = "Wait until then, or let links open earlier in the organization's settings."
        return Check("window", "fail", says, fix)
    return Check("window", "pass", "It is the time of the appointment.")


def _room(facts: Facts) -> Check:
    room = facts.appointment.room
    if room.state == "ready":
        return Check("room", "pass", "The room is noted as ready.")
    if room.state == "pending":
        says = "Videocall room pending."
        if room.problem:
            says = f"Videocall room pending: {room.problem}."
        return Check("room", "fail", says, "Press Try now; it is also tried again by itself.")
    says = "The appointment has no room in this state."
    return Check("room", "fail", says, "It gets one when it is onboarded or reinstated.")


def _provider(facts: Facts) -> Check:
    room = facts.room
    if isinstance(room, Failed):
        fix = "Check the provider's address and key in the organization's settings."
        return Check("provider", "fail", f"Asking the room provider failed: {room.reason}.", fix)
    if room is None:
        says = "The room provider has no room of this name."
        return Check("provider", "fail", says, "Press Try now to have it made.")
    if room.exp is not None and room.exp <= unix_seconds(facts.now):
        says = "The room at the provider has expired."
        return Check("provider", "fail", says, "Press Try now; if it stays, reschedule.")
    if not room.is_right:
        says = "The room at the provider is not as it should be, or open to anybody."
        return Check("provider", "fail", says, "Press Try now to put it right.")
    return Check("provider", "pass", "The room provider has the room, private and in time.")


def _token(facts: Facts) -> Check:
    if facts.token is None:
        return Check("token", "pass", "The room provider makes meeting tokens.")
    says = f"No meeting token can be made: {facts.token.reason}."
    return Check("token", "fail", says, "Check the provider's key; until then, people can knock.")


def _lobby(facts: Facts) -> Check:
    if not facts.waiting_room:
        return Check("lobby", "pass", "There is no waiting room: patients enter at once.")
    specialist = facts.appointment.specialist_name
    if facts.present is None:
        says = "The patient waits to be let in; the provider does not say who is in the call."
        return Check("lobby", "unknown", says, f"Ask whether {specialist} is in the call.")
    if specialist not in facts.present:
        says = f"{specialist} is not in the call, so nobody can let the patient in."
        return Check("lobby", "fail", says, f"Ask {specialist} to join by the specialist's link.")
    return Check("lobby", "pass", f"{specialist} is in the call and can let the patient in.")


_MEDIA_FIXES: Final = {
    ErrorCode.MEDIA_DEVICE_ERROR: "Ask them to allow camera and microphone in the browser, and to "
    "close other programs that use them.",
    ErrorCode.NETWORK_DISCONNECT: "Ask them to try another network, such as a mobile phone's.",
    ErrorCode.ROOM_JOIN_FAILED: "Ask them to reload the page, or to try another browser.",
    ErrorCode.TOKEN_EXPIRED: "Ask them to open their link again.",
}


def _media(facts: Facts) -> Check:
    told = [each for each in facts.reports if each.report.code in _MEDIA_FIXES]
    told = [each for each in told if not _is_disproved(each, facts.connections)]
    if not told:
        return _media_servers(facts.media_servers)
    newest = told[0]
    at, message = newest.created_at, newest.report.message
    says = {
        "patient": f"The patient's page reported at {at:%H:%M} UTC: {message}",
        "specialist": f"The specialist's page reported at {at:%H:%M} UTC: {message}",
    }.get(newest.reporter.partition(":")[0], f"A page reported at {at:%H:%M} UTC: {message}")
    return Check("media", "fail", says, _MEDIA_FIXES[newest.report.code])


def _media_servers(tried: Sequence[Tried] | None) -> Check:
    if tried is None:
        says = (
            "No page of this appointment has reported a failure. The media servers are the room "
            "provider's, and were not tried."
        )
        return Check("media", "unknown", says, "Ask them to check their connection in the call.")
    if not tried:
        says = "No media server is set up, so people in strict networks may not reach each other."
        return Check("media", "unknown", says, "Name a TURN server in VESTIBULE_TURN_URLS.")
    for each in tried:
        if each.failure == "silent":
            says = f"The media server {each.url} was tried just now and does not answer."
            return Check("media", "fail", says, "Start it, and open its port in the firewall.")
        if each.failure == "refused":
            says = f"The media server {each.url} was tried just now and does not let us in."
            fix = "Mend VESTIBULE_TURN_SECRET, or the password in VESTIBULE_ICE_SERVERS."
            return Check("media", "fail", says, fix)
    urls = ", ".join(each.url for each in tried)
    says = f"The media servers were tried just now and work: {urls}. No page reported a failure."
    return Check("media", "pass", says)


def _is_disproved(report: StoredReport, connections: Sequence[ConnectionCheck]) -> bool:
    """Whether the person's page has found a way for media since it reported a bad network."""
    if report.report.code is not ErrorCode.NETWORK_DISCONNECT:
        return False
    role = report.reporter.partition(":")[0]
    return any(
        each.role == role and each.proof in _WORKING and each.checked_at > report.created_at
        for each in connections
    )


_WORKING: Final[frozenset[Proof]] = frozenset({"relay", "direct"})
_NETWORK_FIX: Final = _MEDIA_FIXES[ErrorCode.NETWORK_DISCONNECT]


def _connection(facts: Facts, role: Kind) -> Check:
    found = next((each for each in facts.connections if each.role == role), None)
    if found is None:
        says = "This person has not checked the connection lately."
        fix = "Ask them to press “Check my connection” on the page before the call."
        return Check(role, "unknown", says, fix)
    moment = f"{found.checked_at:%Y-%m-%d %H:%M} UTC"  # the console says it in its own zone
    if found.proof == "relay":
        says = f"Checked at {moment}: calls work from there, over a media server."
        return Check(role, "pass", says)
    if found.proof == "direct":
        says = f"Checked at {moment}: calls work from there, without a media server."
        return Check(role, "pass", says)
    if found.proof == "local":
        says = f"Checked at {moment}: calls work from there within the own network alone."
        return Check(role, "unknown", says, _NETWORK_FIX)
    says = f"Checked at {moment}: no call works from there."
    return Check(role, "fail", says, _NETWORK_FIX)
