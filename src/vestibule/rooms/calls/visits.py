"""One connection's way: first a stranger, then at the door of a room, then inside."""

from dataclasses import dataclass

from vestibule.accounts.users.model import User
from vestibule.rooms.calls.connections import Connection
from vestibule.rooms.calls.members import MemberOf
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.tokens.model import MeetingToken, Unusable


@dataclass
class Visit:
    """What is known of whoever speaks through one connection."""

    connection: Connection
    host: str
    member_of: MemberOf
    room_name: str | None = None
    domain: Domain | None = None
    member: User | None = None
    """Who is signed in, if they belong to the room's domain; strangers' names stay theirs."""
    token: MeetingToken | Unusable | None = None
    room_id: str = ""
    session_id: str = ""

    @property
    def usable_token(self) -> MeetingToken | None:
        """The token of somebody whom admission did not refuse."""
        assert not isinstance(self.token, Unusable)
        return self.token

    @property
    def user_id(self) -> str | None:
        """Who this is, if the token or the account says so."""
        if isinstance(self.token, Unusable):
            return None
        return user_id_of(self.token, self.member)


def user_id_of(token: MeetingToken | None, member: User | None) -> str | None:
    """The customer's own key for the person, or without a token the id of the member's account."""
    if token is not None:
        return token.user_id
    return member.id if member else None
