"""The rule of who may enter a room (reference 4). Every door asks it; nothing else decides."""

from dataclasses import dataclass
from typing import Final, Literal

from vestibule.rooms.admission.rights import rights_of
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.tokens.model import MeetingToken, Unusable

Reason = Literal[
    "no-room",
    "nbf-room",
    "exp-room",
    "nbf-token",
    "exp-token",
    "meeting-full",
    "not-allowed",
    "ejected",
]
Because = Literal["token", "banned"]
"""What `not-allowed` means: the token does not open this room, or the person was banned from it.

Without it, the room is private, and nothing opens it.
"""


@dataclass(frozen=True)
class CallState:
    """What the rule needs to know of the call that is going on in the room."""

    present: int = 0
    """People in the call who are connected and visible; not those in the lobby."""
    hidden: int = 0
    """People in the call who are connected and hidden."""
    owner_present: bool = False
    is_locked: bool = False
    """Somebody who may has locked the call: nobody new gets in without being admitted."""
    user_ids: frozenset[str] = frozenset()
    """Of the people in the call."""
    banned_user_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """What the rule needs to know of the person apart from the token."""

    account_id: str | None = None
    """Who is signed in, if they are a member of the room's domain."""
    has_left_forcibly: bool = False
    """Was sent out of this very session, so that it cannot be taken up again."""


@dataclass(frozen=True)
class Enter:
    """Straight into the call."""


@dataclass(frozen=True)
class Wait:
    """Into the lobby, until somebody lets the person in."""


@dataclass(frozen=True)
class Refuse:
    """Not in, and why, in Daily's words (reference 4.9)."""

    reason: Reason
    at: int | None = None
    """Unix seconds of the `nbf` or `exp` that refused."""
    because: Because | None = None


Decision = Enter | Wait | Refuse


def decide(
    room: Room | None,
    token: MeetingToken | Unusable | None,
    call: CallState,
    person: Person,
    now: int,
) -> Decision:
    """Say whether a person may enter. `now` in unix seconds. The first check that speaks wins:

    1. the room: it must exist (`no-room`), not be over (`exp-room`), and be open (`nbf-room`).
       That holds for owners and members too (reference 4.8);
    2. a session that somebody was sent out of stays closed (`ejected`);
    3. a token that is given must be right, in public rooms too: signed by this domain's keys and
       for this room (`not-allowed`), not over (`exp-token`) and valid already (`nbf-token`);
    4. whoever was banned from the room stays outside (`not-allowed`): by the `user_id` of the
       token, or without one by the account of a member;
    5. the way in: a token opens the room, unless it says `knocking` and the room is private: then
       the person waits. Owners never wait. Without a token, everybody enters a public room and
       members enter every room of their domain; in a private room (`org` is one) others wait
       if it lets people knock, and are refused if not (`not-allowed`). While the call is locked,
       everybody but owners waits who would enter;
    6. whoever would enter must find a place (`meeting-full`): `finds_place`. Those who wait need no
       place yet: ask again when they are let in.
    """
    refusal = _room_refuses(room, now)
    if refusal is not None:
        return refusal
    assert room is not None
    if person.has_left_forcibly:
        return Refuse("ejected")
    refusal = _token_refuses(token, room, now)
    if refusal is not None:
        return refusal
    assert not isinstance(token, Unusable)
    user_id = token.user_id if token else person.account_id
    if user_id in call.banned_user_ids:
        return Refuse("not-allowed", because="banned")
    way_in = _way_in(room, token, person, call)
    if isinstance(way_in, Enter) and not finds_place(room, token, call, user_id):
        return Refuse("meeting-full")
    return way_in


def _room_refuses(room: Room | None, now: int) -> Refuse | None:
    if room is None:
        return Refuse("no-room")
    if room.is_expired(now):
        return Refuse("exp-room", room.exp)
    if room.nbf is not None and now < room.nbf:
        return Refuse("nbf-room", room.nbf)
    return None


def _token_refuses(token: MeetingToken | Unusable | None, room: Room, now: int) -> Refuse | None:
    if token is None:
        return None
    if isinstance(token, Unusable) or token.room_name not in (None, room.name):
        return Refuse("not-allowed", because="token")
    if token.exp is not None and token.exp <= now:
        return Refuse("exp-token", token.exp)
    if token.nbf is not None and now < token.nbf:
        return Refuse("nbf-token", token.nbf)
    return None


def _way_in(room: Room, token: MeetingToken | None, person: Person, call: CallState) -> Decision:
    way_in = _open_way_in(room, token, person)
    is_owner = token is not None and token.is_owner
    return Wait() if way_in == Enter() and call.is_locked and not is_owner else way_in


def _open_way_in(room: Room, token: MeetingToken | None, person: Person) -> Decision:
    if room.privacy == "public":
        return Enter()
    if token is not None:
        return Wait() if token.knocking and not token.is_owner else Enter()
    if person.account_id is not None:
        return Enter()
    return Wait() if room.value("enable_knocking") else Refuse("not-allowed")


def finds_place(
    room: Room, token: MeetingToken | None, call: CallState, user_id: str | None
) -> bool:
    """Whether the call has a place for somebody who would enter it now.

    An owner finds one unless another owner is there, so that nobody is locked out of a room of
    their own (decision 0008). Whoever is inside already under the same `user_id` takes that place
    (decision 0014). Hidden people need no place; there may be as many of them as there are places
    (decision 0015).
    """
    places: int = room.value("max_participants")
    if not rights_of(room, token).has_presence:
        return call.hidden < places
    if call.present < places or (user_id is not None and user_id in call.user_ids):
        return True
    return token is not None and token.is_owner and not call.owner_present


def eject_at(room: Room, token: MeetingToken | None, joined_at: float) -> int | None:
    """When a stay that began at `joined_at` must end, in unix seconds; None: never (reference 4.2).

    If the token sets a limit, the room's limits do not count. Of two limits the earlier one holds.
    Reckon it once, at the join: later changes of the room do not move it.
    """
    if token is not None:
        limits = _limits(
            token.value("eject_at_token_exp"),
            token.exp,
            token.value("eject_after_elapsed"),
            joined_at,
        )
        if limits is not None:
            return min(limits, default=None)
    limits = _limits(
        room.value("eject_at_room_exp"), room.exp, room.value("eject_after_elapsed"), joined_at
    )
    return min(limits or [], default=None)


def _limits(
    at_exp: bool, exp: int | None, after_elapsed: int | None, joined_at: float
) -> list[int] | None:
    """The ends that two properties set; None if neither is given."""
    if not at_exp and after_elapsed is None:
        return None
    elapsed = None if after_elapsed is None else int(joined_at) + after_elapsed
    return [end for end in (exp if at_exp else None, elapsed) if end is not None]


_MESSAGES: Final[dict[Reason, str]] = {
    "no-room": "This room does not exist. Check the link, or ask for a new one.",
    "exp-room": "This room does not exist any more: its time is over. Ask for a new link if you "
    "still need to meet.",
    "nbf-room": "This room is not open yet. Keep the link and come back when it opens.",
    "exp-token": "Your link has run out. Ask for a new one.",
    "nbf-token": "Your link is not valid yet. Keep it and come back later.",
    "meeting-full": "This meeting is full. Try again when somebody has left.",
    "not-allowed": "You are not allowed to join this meeting: it is private. Use the link that you "
    "were sent, or ask for a new one.",
    "ejected": "You were removed from this meeting. Ask the host if you think that is a mistake.",
}

_REASONS: Final[dict[Because, str]] = {
    "token": "Your link does not belong to this meeting. Use the link that you were sent, or ask "
    "for a new one.",
    "banned": "You were removed from this meeting and cannot come back. Ask the host if you think "
    "that is a mistake.",
}


def message_for(refusal: Refuse) -> str:
    """What is wrong and what to do, for the person who was refused."""
    return _REASONS[refusal.because] if refusal.because else _MESSAGES[refusal.reason]
