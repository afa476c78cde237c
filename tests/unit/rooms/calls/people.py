"""A room, and people for the model of a call."""

from datetime import UTC, datetime
from typing import Any

from vestibule.rooms.calls.gathering import Outgoing
from vestibule.rooms.calls.messages import FromServer
from vestibule.rooms.calls.model import Call
from vestibule.rooms.calls.people import Guest, guest_of
from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.calls.views import Media
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.tokens.model import MeetingToken

NOW = 1_800_000_000.0
SEEN = Media(audio=True, video=True)


def room(*, privacy: Any = "private", exp: int | None = None, **properties: Any) -> Room:
    return Room(
        id="room-1",
        domain_id="clinic",
        name="consult",
        privacy=privacy,
        api_created=True,
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        exp=exp,
        properties={"enable_knocking": True, **properties},
    )


def guest(name: str, **token: Any) -> Guest:
    """Somebody whose session id is their name in small letters."""
    return guest_of(
        room(), MeetingToken(token) if token else None, session_id=name.lower(), said_name=name
    )


ADA = guest("Ada", is_owner=True)
BEN = guest("Ben")
CLEO = guest("Cleo")
DORA = guest("Dora")


def call(
    *inside: Guest,
    waiting: tuple[Guest, ...] = (),
    relays: Relays | None = None,
    **properties: Any,
) -> Call:
    """A call with these people, who came one second after the other."""
    call = Call(
        room(**properties),
        ticket_for=lambda person: f"ticket of {person.guest.session_id}",
        relays=relays or Relays(),
    )
    for number, person in enumerate(inside):
        call.enter(person, SEEN, NOW - 100 + number)
    for person in waiting:
        call.knock(person, SEEN, NOW - 50)
    return call


def told(outgoing: list[Outgoing]) -> list[tuple[str, str]]:
    """Who is told which kind of message, in order."""
    return [(session_id, message.type) for session_id, message in outgoing]


def message_to(session_id: str, outgoing: list[Outgoing]) -> FromServer:
    """The only message that this person gets."""
    [message] = [message for recipient, message in outgoing if recipient == session_id]
    return message
