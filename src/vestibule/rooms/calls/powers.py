"""What people in a call do to each other, and what those may do who administer it.

Each function answers the messages that go out. Whether a person may is decided here, from the
rights that the server knows; what their page believes does not count.
"""

import json
from dataclasses import replace
from typing import Any, Final

from vestibule.rooms.admission.rights import ADMIN_KINDS, Rights, changed
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.answers import may_be_extended, problem
from vestibule.rooms.calls.from_browser import (
    MAX_APP_MESSAGE_LENGTH,
    MAX_SESSION_DATA_LENGTH,
    MAX_USER_DATA_LENGTH,
    AppMessage,
    SetSessionData,
)
from vestibule.rooms.calls.gathering import Gathering, Outgoing
from vestibule.rooms.calls.people import Knocker, Participant, clean_name
from vestibule.rooms.calls.views import MediaSource, MergeStrategy, PermissionsChange

SESSION_NEWS_SECONDS: Final = 1.0
"""Between two tellings of the session data: it can be large, and changes can be many."""

EXTENSION_SECONDS: Final = 600
EXTENDED_FROM_SECONDS: Final = 600
"""Before the first stay ends, so that who presses twice, or two at once, do not prolong twice."""


def length_of(data: Any) -> int:
    """How many characters something has as JSON."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


# What those may do who administer the call ------------------------------------------------


def refusal(call: Gathering, by: str, session_id: str) -> messages.Problem | None:
    """Why this participant may not do something to that one; None: they may."""
    if not call.participants[by].guest.may_admit:
        return problem("not-allowed", "Only a host can do that.")
    if session_id not in call.participants:
        return problem("not-found", "This person is not in the call any more.")
    if call.participants[session_id].guest.is_owner and not call.participants[by].guest.is_owner:
        return problem("not-allowed", "Only another host can do that to a host.")
    return None


def mute(call: Gathering, by: str, session_id: str, source: MediaSource) -> list[Outgoing]:
    """Switch off what somebody sends: their page stops it, and the others see that it is off."""
    refused = refusal(call, by, session_id)
    if refused is not None:
        return [(by, refused)]
    person = call.participants[session_id]
    person.said_media = person.said_media.model_copy(update={source: False})
    return [(session_id, messages.Muted(source=source, by=by)), *call.news_of(person)]


def update_permissions(
    call: Gathering, by: str, session_id: str, change: PermissionsChange
) -> list[Outgoing]:
    """Change what somebody may do, as far as the one who asks may do it too."""
    refused = refusal(call, by, session_id)
    if refused is None and not _may_give(call.participants[by].guest.rights, change):
        refused = problem("not-allowed", "You cannot give a right that you do not have.")
    if refused is not None:
        return [(by, refused)]
    return change_permissions(call, session_id, change)


def _may_give(rights: Rights, change: PermissionsChange) -> bool:
    given = ADMIN_KINDS if change.can_admin is True else change.can_admin or ()
    return rights.is_owner or set(given) <= set(rights.can_admin)


def change_permissions(
    call: Gathering, session_id: str, change: PermissionsChange
) -> list[Outgoing]:
    """Change what a participant may do, and tell everybody whom that concerns."""
    person = call.participants[session_id]
    knew, could_admit = call.audience(person), person.guest.may_admit
    receive = change.can_receive
    rights = changed(
        person.guest.rights,
        has_presence=change.has_presence,
        can_send=change.can_send,
        can_receive=None if receive is None else receive.model_dump(exclude_unset=True),
        can_admin=change.can_admin,
    )
    person.guest = replace(person.guest, rights=rights)
    told: list[Outgoing] = [(session_id, messages.ParticipantUpdated(participant=person.view))]
    told += _appearances(call, person, knew)
    if person.guest.may_admit != could_admit:
        told += [(session_id, call.lobby_of(person)), *call.lobby_news()]
    return [*told, *call.new_ticket(person)]


def _appearances(call: Gathering, person: Participant, knew: list[Participant]) -> list[Outgoing]:
    """Tell those who knew of somebody, and those who know now, each what is new to them."""
    told: list[Outgoing] = []
    knows = call.audience(person)
    came = messages.ParticipantJoined(participant=person.outward)
    updated = messages.ParticipantUpdated(participant=person.outward)
    for other in knows:
        if other in knew:
            told.append((other.guest.session_id, updated))
        else:
            told.append((other.guest.session_id, came))
            newcomer = messages.ParticipantJoined(participant=other.outward)
            told.append((person.guest.session_id, newcomer))
    for other in knew:
        if other not in knows:
            gone = messages.ParticipantLeft(session_id=person.guest.session_id)
            told.append((other.guest.session_id, gone))
            left = messages.ParticipantLeft(session_id=other.guest.session_id)
            told.append((person.guest.session_id, left))
    return told


def lock(call: Gathering, by: str, *, on: bool) -> list[Outgoing]:
    """Let nobody new in without asking, or do so again. Who waits goes on waiting."""
    if not call.participants[by].guest.may_admit:
        return [(by, problem("not-allowed", "Only a host can lock the call."))]
    call.is_locked = on
    return [(session_id, messages.Locked(on=on)) for session_id in call.participants]


def extension_refusal(call: Gathering, by: str, now: float) -> messages.Problem | None:
    """Why this participant may not prolong the call; None: they may."""
    if not (call.participants[by].guest.is_owner and may_be_extended(call.room)):
        return problem("not-allowed", "Only the owner of a room that allows it can prolong a call.")
    ends = [person.eject_at for person in call.participants.values() if person.eject_at is not None]
    if not ends or min(ends) - now > EXTENDED_FROM_SECONDS:
        return problem("not-allowed", "A call can be prolonged in its last ten minutes.")
    return None


def extend(call: Gathering, by: str) -> list[Outgoing]:
    """Everybody inside may stay ten minutes longer than they might have; all are told."""
    news = messages.Extended(by=by, seconds=EXTENSION_SECONDS)
    told: list[Outgoing] = []
    for session_id, person in call.participants.items():
        if person.eject_at is not None:
            person.eject_at += EXTENSION_SECONDS
        told += [(session_id, news), *call.new_ticket(person)]
    return told


# What everybody may do --------------------------------------------------------------------


def say(call: Gathering, by: str, message: AppMessage, now: float) -> list[Outgoing]:
    """Pass on what a page says to others. Whoever is away gets it when they are back."""
    speaker = call.participants.get(by) or call.knockers[by]
    if not speaker.says.count(now):
        return [(by, problem("too-fast", "Too many messages; this one was not sent."))]
    if length_of(message.data) > MAX_APP_MESSAGE_LENGTH:
        too_big = f"A message can have at most {MAX_APP_MESSAGE_LENGTH} characters as JSON."
        return [(by, problem("too-big", too_big))]
    if isinstance(speaker, Participant) and speaker.is_hidden:
        return [(by, problem("not-allowed", "Hidden people cannot speak to the others."))]
    relayed = messages.AppMessageFrom(sender=by, data=message.data)
    told: list[Outgoing] = []
    for session_id in _hearers(call, speaker, message.to):
        waits = session_id in call.knockers
        told += [(session_id, relayed)] if waits else call.carry(session_id, relayed)
    return told


def _hearers(call: Gathering, speaker: Participant | Knocker, to: list[str] | None) -> list[str]:
    """Those whom somebody reaches: the others in the call; from the lobby and into it, hosts."""
    if isinstance(speaker, Knocker):
        reached = list(call.admitters())
    else:
        reached = list(call.participants)
        if to is not None and speaker.guest.may_admit:
            reached += call.knockers
    own = speaker.guest.session_id
    return [each for each in reached if each != own and (to is None or each in to)]


def send_to_pages(call: Gathering, data: Any, recipient: str | None) -> list[Outgoing]:
    """Pass on what the customer's own server says to one participant, or to all."""
    relayed = messages.AppMessageFrom(sender=None, data=data)
    hearers = list(call.participants) if recipient is None else [recipient]
    return [
        told for each in hearers if each in call.participants for told in call.carry(each, relayed)
    ]


def set_user_name(call: Gathering, by: str, name: str, now: float) -> list[Outgoing]:
    """Be called something else from now on, whatever the meeting token says."""
    return _tell_of_oneself(call, by, now, name=name)


def set_user_data(call: Gathering, by: str, data: Any, now: float) -> list[Outgoing]:
    """Tell the others something about oneself."""
    if length_of(data) > MAX_USER_DATA_LENGTH:
        too_big = f"User data can have at most {MAX_USER_DATA_LENGTH} characters as JSON."
        return [(by, problem("too-big", too_big))]
    return _tell_of_oneself(call, by, now, data=data)


def _tell_of_oneself(
    call: Gathering, by: str, now: float, *, name: str | None = None, data: Any = None
) -> list[Outgoing]:
    person = call.participants[by]
    if not person.says.count(now):
        return [(by, problem("too-fast", "Too many changes; this one was not made."))]
    if name is not None:
        person.guest = replace(person.guest, user_name=clean_name(name))
    else:
        person.user_data = data
    own = (by, messages.ParticipantUpdated(participant=person.view))
    return [own, *call.news_of(person), *call.new_ticket(person)]


def set_session_data(call: Gathering, by: str, wish: SetSessionData, now: float) -> list[Outgoing]:
    """Change what everybody in the call knows together."""
    person = call.participants[by]
    if not person.says.count(now):
        return [(by, problem("too-fast", "Too many changes; this one was not made."))]
    if person.is_hidden:
        return [(by, problem("not-allowed", "Hidden people cannot change the session data."))]
    data = merged_session_data(
        call.session_data, wish.data, strategy=wish.merge_strategy, delete=wish.keys_to_delete
    )
    if length_of(data) > MAX_SESSION_DATA_LENGTH:
        too_big = f"Session data can have at most {MAX_SESSION_DATA_LENGTH} characters as JSON."
        return [(by, problem("too-big", too_big))]
    return keep_session_data(call, data, now)


def keep_session_data(call: Gathering, data: dict[str, Any], now: float) -> list[Outgoing]:
    """Everybody knows this together from now on; they are told now, or with the next step."""
    told_at = call.session_data_told_at
    call.session_data, call.session_data_told_at = data, None
    if told_at is not None and now - told_at >= SESSION_NEWS_SECONDS:
        return call.session_news(now)
    return []


def merged_session_data(
    old: dict[str, Any], new: dict[str, Any], *, strategy: MergeStrategy, delete: list[str]
) -> dict[str, Any]:
    """The session data after a change (reference 5.10). Keys that were there keep their order."""
    if strategy == "replace":
        return dict(new)
    merged = {**old, **new}
    return {key: value for key, value in merged.items() if key not in set(delete)}
