"""Resume tickets: signed proof of what was admitted, so that a session outlives its connection.

A ticket survives a restart of the server, which forgets every call.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from vestibule.foundation.encryption import Keyring
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


@dataclass(frozen=True)
class _Signed:
    """A ticket, and the unix seconds from which on it is worth nothing."""

    ticket: Ticket
    exp: float


_signed: Final = TypeAdapter(_Signed)


class Tickets:
    """Signs tickets and reads them back."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def sign(self, ticket: Ticket, now: float) -> str:
        """A text that proves the ticket until its stay ends, at most 12 hours from `now`."""
        ends = [now + LIFETIME_SECONDS, *([ticket.eject_at] if ticket.eject_at is not None else [])]
        content = _signed.dump_json(_Signed(ticket, min(ends)))
        key_id = self._keyring.active
        payload = base64.urlsafe_b64encode(content).decode()
        return f"{key_id}.{payload}.{self._signature(key_id, payload)}"

    def read(self, text: str, now: float) -> Ticket | None:
        """The ticket, if we have signed it and it is not over."""
        key_id, _, rest = text.partition(".")
        payload, _, signature = rest.partition(".")
        try:
            if not hmac.compare_digest(
                self._signature(key_id, payload).encode(), signature.encode()
            ):
                return None
            signed = _signed.validate_json(base64.urlsafe_b64decode(payload))
        except (KeyError, ValueError):
            return None
        return signed.ticket if now < signed.exp else None

    def _signature(self, key_id: str, payload: str) -> str:
        """KeyError if there is no such master key any more."""
        key = self._keyring.derive(PURPOSE, key_id=key_id)
        return hmac.new(key, f"{key_id}.{payload}".encode(), hashlib.sha256).hexdigest()
