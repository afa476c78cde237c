"""Who is in a call or waits for it."""

import re
import unicodedata
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from vestibule.accounts.users.model import User
from vestibule.rooms.admission.rights import Rights, rights_of
from vestibule.rooms.calls.allowance import Allowance
from vestibule.rooms.calls.messages import AppMessageFrom, CandidateFrom, DescriptionFrom
from vestibule.rooms.calls.views import (
    MAX_NAME_LENGTH,
    KnockView,
    Media,
    ParticipantView,
    Permissions,
)
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.shapes import CanReceive
from vestibule.rooms.tokens.model import MeetingToken

MAX_KEPT_BYTES = 256 * 1024
CONCEALED = "hipaa"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
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
    rights: Rights
    account_id: str | None = None
    """Who is signed in, if the person came as a member of the team."""
    ids_are_secret: bool = False
    """The domain's `hipaa`: an id that could name a person is not shown (reference 4.8)."""

    @property
    def is_owner(self) -> bool:
        return self.rights.is_owner

    @property
    def may_admit(self) -> bool:
        """Also: eject, mute, change permissions, lock."""
        return self.rights.administers_people

    @property
    def is_invited(self) -> bool:
        """Whether a meeting token says who this is; else the person only says so."""
        return self.token is not None and bool(self.token.user_name)

    @property
    def user_id(self) -> str | None:
        """The customer's own key for the person, or the id of the member's account."""
        return self.token.user_id if self.token else self.account_id

    @property
    def shown_user_id(self) -> str | None:
        """The `user_id` as others learn it."""
        if self.user_id is None or not self.ids_are_secret or _UUID.fullmatch(self.user_id):
            return self.user_id
        return CONCEALED


def guest_of(
    room: Room,
    token: MeetingToken | None,
    *,
    session_id: str,
    said_name: str,
    account_id: str | None = None,
) -> Guest:
    """The person who comes with this token and says this name; the token's own name wins."""
    name = (token.user_name if token else None) or said_name
    return Guest(
        session_id=session_id,
        user_name=clean_name(name),
        token=token,
        rights=rights_of(room, token),
        account_id=account_id,
        ids_are_secret=ids_are_secret(room),
    )


def ids_are_secret(room: Room) -> bool:
    """Whether the room's domain shows no id that could name a person."""
    return room.defaults.get("hipaa") is True


def known_name(token: MeetingToken | None, member: User | None) -> str:
    """What the person is called, whatever they say: by their token, else by their account."""
    if token is not None:
        return clean_name(token.user_name or "")
    return clean_name(member.name) if member else ""


Relayed = DescriptionFrom | CandidateFrom | AppMessageFrom


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
    """Follows what others change about the person: the name, the rights."""
    said_media: Media
    """What the page says it sends, whether that is allowed or not."""
    since: float
    """Unix seconds of the join."""
    eject_at: int | None
    """Unix seconds at which the stay ends; reckoned once, at the join."""
    away_until: float | None = None
    """Until when the place is kept, if the connection is lost; unix seconds."""
    relays_since: float = 0.0
    """When they were last told of the servers on the way, with their passwords; unix seconds."""
    user_data: Any = None
    kept: Kept = field(default_factory=Kept)
    says: Allowance = field(default_factory=lambda: Allowance(per_second=10, at_once=30))
    """How much of what the others have to read the person may say."""

    @property
    def is_connected(self) -> bool:
        return self.away_until is None

    @property
    def is_hidden(self) -> bool:
        return not self.guest.rights.has_presence

    @property
    def media(self) -> Media:
        """What the person sends, as far as that is allowed."""
        said, may_send = self.said_media, self.guest.rights.may_send
        return Media(
            audio=said.audio and may_send("audio"),
            video=said.video and may_send("video"),
            screen=said.screen and may_send("screenVideo", "screenAudio"),
        )

    @property
    def view(self) -> ParticipantView:
        """As they see themselves."""
        return ParticipantView(
            session_id=self.guest.session_id,
            user_id=self.guest.shown_user_id,
            user_name=self.guest.user_name,
            is_owner=self.guest.is_owner,
            media=self.media,
            joined_at=self.since,
            connected=self.is_connected,
            permissions=permissions_view(self.guest.rights),
            user_data=self.user_data,
            will_eject_at=self.eject_at,
        )

    @property
    def outward(self) -> ParticipantView:
        """As others see them: of a hidden person no more than media needs."""
        if not self.is_hidden:
            return self.view
        nothing = {"user_id": None, "user_name": "", "is_owner": False, "user_data": None}
        return self.view.model_copy(update={**nothing, "will_eject_at": None})


def permissions_view(rights: Rights) -> Permissions:
    """Rights as messages carry them."""
    return Permissions(
        has_presence=rights.has_presence,
        can_send=list(rights.can_send),
        can_receive=CanReceive.model_validate(rights.can_receive),
        can_admin=list(rights.can_admin),
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
    says: Allowance = field(default_factory=lambda: Allowance(per_second=0.2, at_once=5))

    @property
    def view(self) -> KnockView:
        return KnockView(
            session_id=self.guest.session_id,
            user_name=self.guest.user_name,
            is_invited=self.guest.is_invited,
            since=self.since,
        )


Person = Participant | Knocker
