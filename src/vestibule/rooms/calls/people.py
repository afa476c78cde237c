"""Who is in a call or waits for it."""

import unicodedata
from collections import deque
from dataclasses import dataclass, field

from vestibule.accounts.users.model import User
from vestibule.rooms.admission.model import capabilities
from vestibule.rooms.calls.messages import (
    MAX_NAME_LENGTH,
    CandidateFrom,
    DescriptionFrom,
    KnockView,
    Media,
    ParticipantView,
)
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.tokens.model import MeetingToken

MAX_KEPT_BYTES = 256 * 1024
NOTHING = Media(audio=False, video=False)

# Control characters, halves of characters, line ends; and marks that nobody sees or that turn the
# text around, with which a name could be made to read as another. Some scripts need the joiners.
_UNWANTED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}


def clean_name(name: str) -> str:
    """A name fit to be shown: one line, at most 100 characters. It may be empty.

    It is empty if nothing of it could be seen.
    """
    shown = "".join(
        " " if unicodedata.category(letter) in _UNWANTED_CATEGORIES else letter
        for letter in name
        if letter in _JOINERS or unicodedata.category(letter) != "Cf"
    )
    if not set(shown) - _JOINERS - {" "}:
        return ""
    return " ".join(shown.split())[:MAX_NAME_LENGTH].strip()


@dataclass(frozen=True)
class Guest:
    """A person at the door: what admission looked at, and what was found."""

    session_id: str
    user_name: str
    token: MeetingToken | None
    is_owner: bool
    may_admit: bool
    account_id: str | None = None
    """Who is signed in, if the person came as a member of the team."""

    @property
    def is_invited(self) -> bool:
        """Whether a meeting token says who this is; else the person only says so."""
        return self.token is not None and bool(self.token.user_name)

    @property
    def user_id(self) -> str | None:
        """The customer's own key for the person, or the id of the member's account."""
        return self.token.user_id if self.token else self.account_id


def guest_of(
    room: Room,
    token: MeetingToken | None,
    *,
    session_id: str,
    said_name: str,
    account_id: str | None = None,
) -> Guest:
    """The person who comes with this token and says this name; the token's own name wins."""
    rights = capabilities(room, token)
    name = (token.user_name if token else None) or said_name
    return Guest(session_id, clean_name(name), token, rights.is_owner, rights.may_admit, account_id)


def known_name(token: MeetingToken | None, member: User | None) -> str:
    """What the person is called, whatever they say: by their token, else by their account."""
    if token is not None:
        return clean_name(token.user_name or "")
    return clean_name(member.name) if member else ""


Relayed = DescriptionFrom | CandidateFrom


class Kept:
    """Messages for somebody whose connection is lost: at most 256 KiB, the newest ones."""

    def __init__(self) -> None:
        self._messages: deque[tuple[int, Relayed]] = deque()
        self._bytes = 0

    def add(self, message: Relayed) -> None:
        size = len(message.model_dump_json())
        self._messages.append((size, message))
        self._bytes += size
        while self._bytes > MAX_KEPT_BYTES:
            self._bytes -= self._messages.popleft()[0]

    def take(self) -> list[Relayed]:
        """All of them, oldest first; none is left."""
        messages = [message for _, message in self._messages]
        self._messages.clear()
        self._bytes = 0
        return messages


@dataclass
class Participant:
    """A person in the call."""

    guest: Guest
    media: Media
    since: float
    """Unix seconds of the join."""
    eject_at: int | None
    """Unix seconds at which the stay ends; reckoned once, at the join."""
    away_until: float | None = None
    """Until when the place is kept, if the connection is lost; unix seconds."""
    kept: Kept = field(default_factory=Kept)

    @property
    def is_connected(self) -> bool:
        return self.away_until is None

    @property
    def view(self) -> ParticipantView:
        return ParticipantView(
            session_id=self.guest.session_id,
            user_id=self.guest.user_id,
            user_name=self.guest.user_name,
            is_owner=self.guest.is_owner,
            media=self.media,
            joined_at=self.since,
            connected=self.is_connected,
        )


@dataclass
class Knocker:
    """A person in the lobby."""

    guest: Guest
    media: Media
    since: float
    """Unix seconds."""
    away_until: float | None = None
    """Until when the place is kept, if the connection is lost; unix seconds."""

    @property
    def view(self) -> KnockView:
        return KnockView(
            session_id=self.guest.session_id,
            user_name=self.guest.user_name,
            is_invited=self.guest.is_invited,
            since=self.since,
        )


Person = Participant | Knocker
