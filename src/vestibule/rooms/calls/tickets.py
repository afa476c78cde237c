"""Resume tickets: signed proof of what was admitted, so that a session outlives its connection.

A ticket survives a restart of the server, which forgets every call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from vestibule.foundation.encryption import Keyring
from vestibule.foundation.signed_texts import SignedTexts
from vestibule.rooms.admission.rights import Rights, rights_of
from vestibule.rooms.calls.people import Guest, ids_are_secret
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.tokens.model import MeetingToken

PURPOSE: Final = "resume"
LIFETIME_SECONDS: Final = 12 * 3600


@dataclass(frozen=True)
class Ticket:
    """What a person was admitted to, and as whom."""

    session_id: str
    room_id: str
    stage: Literal["call", "lobby"]
    user_name: str
    token: Mapping[str, Any] | None
    """What the meeting token said, by long names."""
    since: float
    """Unix seconds of the join or the knock."""
    eject_at: int | None
    """Unix seconds at which the stay ends."""
    account_id: str | None = None
    """Who is signed in, if the person came as a member of the team."""
    rights: Rights | None = None
    """What others have made of the person's rights; None in the lobby."""
    user_data: Any = None
    """What the person's page has told the others."""


def token_in(ticket: Ticket) -> MeetingToken | None:
    """The meeting token that the person came with."""
    return None if ticket.token is None else MeetingToken(ticket.token)


def guest_in(ticket: Ticket, room: Room) -> Guest:
    """The person as they were when the ticket was signed."""
    token = token_in(ticket)
    rights = ticket.rights or rights_of(room, token)
    return Guest(
        session_id=ticket.session_id,
        user_name=ticket.user_name,
        token=token,
        rights=rights,
        account_id=ticket.account_id,
        ids_are_secret=ids_are_secret(room),
    )


_ticket: Final = TypeAdapter(Ticket)


class Tickets:
    """Signs tickets and reads them back."""

    def __init__(self, keyring: Keyring) -> None:
        self._texts = SignedTexts(keyring, PURPOSE)

    def sign(self, ticket: Ticket, now: float) -> str:
        """A text that proves the ticket until its stay ends, at most 12 hours from `now`."""
        ends = [now + LIFETIME_SECONDS, *([ticket.eject_at] if ticket.eject_at is not None else [])]
        return self._texts.sign(_ticket.dump_json(ticket).decode(), until=min(ends))

    def read(self, text: str, now: float) -> Ticket | None:
        """The ticket, if we have signed it and it is not over."""
        said = self._texts.read(text, now)
        try:
            return None if said is None else _ticket.validate_json(said)
        except ValidationError:  # of another version of this product
            return None
