"""When a media server carries a call, which one, and what of whom it gives to whom: pure rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vestibule.rooms.calls.media_messages import SLOTS, Slot
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.definitions.kinds import SendKind

UNLESS_SAID: Final = 2
"""People whom browsers connect to each other where nobody has set `sfu_switchover`."""
OF_SLOT: Final[Mapping[Slot, SendKind]] = {
    "microphone": "audio",
    "camera": "video",
    "screen": "screenVideo",
    "screenSound": "screenAudio",
}
"""What a slot carries, in the words of permissions."""


def wants_server(switchover: float | None, people: int, *, is_carried: bool) -> bool:
    """Whether a media server should carry a call of so many people.

    `switchover`: the number of people above which one does; None: nobody has said (decision 60).
    A call that a server carries (`is_carried`) stays there when people leave.
    """
    if people == 0:
        return False
    return is_carried or people > (UNLESS_SAID if switchover is None else switchover)


@dataclass(frozen=True)
class Load:
    """What one media server has to do."""

    url: str
    is_usable: bool
    streams: int
    """As many as it sends out, about: for each room the square of its people."""


def place(servers: Iterable[Load]) -> str | None:
    """The address of the server that gets the next call: the one with the least to do.

    The first of several with as little; None if none can be used.
    """
    usable = [server for server in servers if server.is_usable]
    return min(usable, key=lambda server: server.streams).url if usable else None


def streams_of(rooms: Iterable[int]) -> int:
    """About how many streams rooms of so many people each make."""
    return sum(people * people for people in rooms)


def is_sent(person: Participant, slot: Slot) -> bool:
    """Whether a server passes on what this person sends in a slot: it is allowed, and on."""
    if not person.guest.rights.may_send(OF_SLOT[slot]):
        return False
    media = person.media
    return {"microphone": media.audio, "camera": media.video}.get(slot, media.screen)


def may_receive(receiver: Participant, sender: Participant, slot: Slot) -> bool:
    """Whether this slot of a sender may reach a receiver, on or off (reference 6.3).

    A rule for one person comes before one for their user id, and that before the one for all.
    """
    if not sender.guest.rights.may_send(OF_SLOT[slot]):
        return False
    rules: Mapping[str, Any] = receiver.guest.rights.can_receive
    of_person = (rules.get("byParticipantId") or {}).get(sender.guest.session_id)
    of_user = (rules.get("byUserId") or {}).get(sender.guest.user_id)
    chosen = (rule for rule in (of_person, of_user, rules.get("base")) if rule is not None)
    rule: bool | Mapping[str, bool] = next(chosen, True)
    return rule if isinstance(rule, bool) else rule.get(OF_SLOT[slot]) is not False


def wanted_slots(receiver: Participant, sender: Participant) -> list[Slot]:
    """What a receiver is given of a sender: sound and picture always, a screen while it is shared.

    So people can switch on and off without a new agreement, and a call of many stays small.
    """
    always: tuple[Slot, ...] = ("microphone", "camera")
    return [
        slot
        for slot in SLOTS
        if may_receive(receiver, sender, slot) and (slot in always or is_sent(sender, slot))
    ]


def mids_of(offer: str) -> dict[Slot, str]:
    """The media lines of a publisher's offer, which stand in the order of the slots.

    ValueError if they do not.
    """
    sections = offer.split("\nm=")[1:]
    kinds = [section.partition(" ")[0] for section in sections]
    mids = [_mid(section) for section in sections]
    if kinds != ["audio", "video", "video", "audio"]:
        raise ValueError("the offer must hold microphone, camera, screen and the screen's sound")
    if len(set(mids)) != len(mids):
        raise ValueError("two media lines of the offer have one mid")
    return dict(zip(SLOTS, mids, strict=True))


def _mid(section: str) -> str:
    """The one mid of a media line: with two, what we mute might not be what Janus passes on."""
    found = [line for line in section.splitlines() if line.strip().startswith("a=mid:")]
    if len(found) != 1:
        raise ValueError("a media line of the offer has not one mid")
    return found[0].strip().removeprefix("a=mid:").strip()


def differences(
    has: Mapping[tuple[int, str], str], wants: Sequence[tuple[int, str]]
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What a subscription lacks, and what it has too much; by feed and mid."""
    wanted = set(wants)
    return [each for each in wants if each not in has], [each for each in has if each not in wanted]
