"""A live call: what happens on each step of each person, and who is told what.

No sockets, no clock: every method returns the messages that go out, in their order.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from vestibule.rooms.admission.model import CallState, Refuse, eject_at, message_for
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.people import NOTHING, Guest, Knocker, Participant, Person, guest_of
from vestibule.rooms.calls.tickets import Ticket, token_in
from vestibule.rooms.definitions.model import Room

Outgoing = tuple[str, messages.FromServer]
"""The session that is told, and what."""

MOST_STRANGERS: Final = 50
"""People without an invitation in one lobby: more could only be meant to shut the host out."""

LEAST_DISTANCE_SECONDS: Final = 0.001
"""Between two joins, so that of two people one always came later."""

ENDINGS: Final[dict[messages.EndReason, str]] = {
    "room-deleted": "This meeting is over, and its room is closed.",
    "denied": "You were not let into this meeting.",
    "ejected": "You were removed from this meeting.",
    "room-expired": "The time of this room is over.",
    "time-over": "Your time in this meeting is over.",
    "replaced": "You have joined this meeting from another place.",
}


def room_view(room: Room) -> messages.RoomView:
    """What a page needs to know of the room."""
    names = set(messages.RoomView.model_fields) - {"name", "exp"}
    return messages.RoomView(
        name=room.name, exp=room.exp, **{name: room.value(name) for name in names}
    )


class Call:
    """The people in one room and in its lobby.

    `ticket_for` signs the resume ticket of a person; `extras` knows what `joined`
    tells besides, of recordings. Until `settles_at` (unix seconds), people of
    before a restart of the server may still be on their way back.
    """

    def __init__(
        self,
        room: Room,
        *,
        ticket_for: Callable[[Person], str],
        ice_servers: list[messages.IceServer],
        settles_at: float = 0,
        extras: Callable[["Call", Participant], dict[str, Any]] = lambda _call, _person: {},
    ) -> None:
        self.room = room
        self.participants: dict[str, Participant] = {}
        self.knockers: dict[str, Knocker] = {}
        self._ticket_for = ticket_for
        self._ice_servers = ice_servers
        self._settles_at = settles_at
        self._extras = extras
        self._lobby_knows_of_owner = False

    @property
    def state(self) -> CallState:
        """What admission needs to know."""
        return CallState(
            present=sum(1 for person in self.participants.values() if person.is_connected),
            owner_present=any(
                person.is_connected and person.guest.is_owner
                for person in self.participants.values()
            ),
        )

    @property
    def is_full(self) -> bool:
        """Whether every place is taken by somebody who is connected."""
        return self.state.present >= self._places

    @property
    def is_crowded(self) -> bool:
        """Whether as many strangers wait as a host can look through; the invited always may."""
        strangers = [each for each in self.knockers.values() if not each.guest.is_invited]
        return len(strangers) >= MOST_STRANGERS

    @property
    def is_empty(self) -> bool:
        return not self.participants and not self.knockers

    def knows(self, session_id: str) -> bool:
        """Whether this session is in the call or in the lobby, connected or not."""
        return session_id in self.participants or session_id in self.knockers

    # Coming -------------------------------------------------------------------------------

    def enter(self, guest: Guest, media: messages.Media, now: float) -> list[Outgoing]:
        """Somebody whom admission lets in comes into the call."""
        making_place = [*self._replace(guest), *self._give_way()]
        last = max((person.since for person in self.participants.values()), default=0.0)
        joined_at = max(now, last + LEAST_DISTANCE_SECONDS)
        person = Participant(guest, media, joined_at, eject_at(self.room, guest.token, joined_at))
        return [*making_place, *self._seat(person, now, resumed=False)]

    def knock(self, guest: Guest, media: messages.Media, now: float) -> list[Outgoing]:
        """Somebody whom admission makes wait comes into the lobby."""
        knocker = Knocker(guest, media, since=now)
        self.knockers[guest.session_id] = knocker
        return [self._waiting(knocker), *self._tell_admitters(messages.Knock(knock=knocker.view))]

    def restore(self, ticket: Ticket, now: float) -> list[Outgoing]:
        """Somebody comes back who is not known here any more, as the ticket proves they were."""
        guest = guest_of(
            self.room,
            token_in(ticket),
            session_id=ticket.session_id,
            said_name=ticket.user_name,
            account_id=ticket.account_id,
        )
        if ticket.stage == "lobby":
            return self.knock(guest, NOTHING, now=ticket.since)
        making_place = [*self._replace(guest), *self._give_way()]
        person = Participant(guest, NOTHING, ticket.since, ticket.eject_at)
        return [*making_place, *self._seat(person, now, resumed=True)]

    def resume(self, session_id: str, now: float) -> list[Outgoing]:
        """Somebody who is still known is connected again."""
        if session_id in self.knockers:
            knocker = self.knockers[session_id]
            knocker.away_until = None
            return [self._waiting(knocker)]
        person = self.participants[session_id]
        was_away = not person.is_connected
        person.away_until = None
        told: list[Outgoing] = [(session_id, self._joined(person, now, resumed=True))]
        told += [
            (session_id, kept) for kept in person.kept.take() if kept.sender in self.participants
        ]
        if was_away:
            told += self._tell_others(
                session_id, messages.ParticipantUpdated(participant=person.view)
            )
        return [*told, *self._lobby_news()]

    # The lobby ----------------------------------------------------------------------------

    def admit(self, by: str, session_id: str, now: float) -> list[Outgoing]:
        """A participant lets a waiting person in; the first answer counts."""
        problem = self._cannot_answer(by, session_id)
        if problem is None and self.is_full:
            problem = _problem("meeting-full", "The call is full. Somebody has to leave first.")
        if problem is not None:
            return [(by, problem)]
        knocker = self.knockers[session_id]
        told = self._take_knock(session_id, "admitted")
        told += self.enter(knocker.guest, knocker.media, now)
        self.participants[session_id].away_until = knocker.away_until
        return told

    def deny(self, by: str, session_id: str) -> list[Outgoing]:
        """A participant refuses a waiting person; the first answer counts."""
        problem = self._cannot_answer(by, session_id)
        if problem is not None:
            return [(by, problem)]
        return [(session_id, _ended("denied")), *self._take_knock(session_id, "denied")]

    def turn_away(self, by: str, session_id: str, refusal: Refuse) -> list[Outgoing]:
        """Whom a participant would let in may no longer enter: the room or the token is over."""
        problem = self._cannot_answer(by, session_id)
        if problem is not None:
            return [(by, problem)]
        refused = messages.Refused(
            reason=refusal.reason, message=message_for(refusal), at=refusal.at
        )
        why = "This person can no longer be let in: the link or the room is no longer valid."
        return [
            (by, _problem("not-allowed", why)),
            (session_id, refused),
            *self._take_knock(session_id, "left"),
        ]

    def _cannot_answer(self, by: str, session_id: str) -> messages.Problem | None:
        if by not in self.participants or not self.participants[by].guest.may_admit:
            return _problem("not-allowed", "Only a host can let people in.")
        if session_id not in self.knockers:
            return _problem("not-found", "This person is not waiting any more.")
        return None

    # In the call --------------------------------------------------------------------------

    def set_media(self, session_id: str, media: messages.Media) -> list[Outgoing]:
        """A participant sends something else now."""
        person = self.participants[session_id]
        person.media = media
        return self._tell_others(session_id, messages.ParticipantUpdated(participant=person.view))

    def relay(
        self, session_id: str, message: messages.Description | messages.Candidate
    ) -> list[Outgoing]:
        """Pass on what is meant for one other participant, now or when they are back.

        For somebody who has just gone it is passed over: the news may be on its way.
        """
        target = self.participants.get(message.to)
        if target is None or message.to == session_id:
            return []
        content = message.model_dump(exclude={"type", "to"})
        relayed: messages.DescriptionFrom | messages.CandidateFrom
        if isinstance(message, messages.Description):
            relayed = messages.DescriptionFrom(sender=session_id, **content)
        else:
            relayed = messages.CandidateFrom(sender=session_id, **content)
        if target.is_connected:
            return [(message.to, relayed)]
        target.kept.add(relayed)
        return []

    # Going --------------------------------------------------------------------------------

    def lose(self, session_id: str, away_until: float) -> list[Outgoing]:
        """A connection is lost; the place is kept until then (unix seconds)."""
        if session_id in self.knockers:
            self.knockers[session_id].away_until = away_until
            return []
        if session_id not in self.participants:
            return []
        person = self.participants[session_id]
        person.away_until = away_until
        updated = messages.ParticipantUpdated(participant=person.view)
        return [*self._tell_others(session_id, updated), *self._lobby_news()]

    def leave(self, session_id: str) -> list[Outgoing]:
        """Somebody is gone, from the call or from the lobby."""
        if session_id in self.knockers:
            return self._take_knock(session_id, "left")
        if self.participants.pop(session_id, None) is None:
            return []
        left = messages.ParticipantLeft(session_id=session_id)
        return [*self._tell_others(session_id, left), *self._lobby_news()]

    def end(self, session_id: str, reason: messages.EndReason) -> list[Outgoing]:
        """Send one person away."""
        return [(session_id, _ended(reason)), *self.leave(session_id)]

    def end_all(self, reason: messages.EndReason) -> list[Outgoing]:
        """Send everybody away, from the call and from the lobby."""
        everybody = [*self.participants, *self.knockers]
        self.participants.clear()
        self.knockers.clear()
        return [(session_id, _ended(reason)) for session_id in everybody]

    def step(self, now: float) -> list[Outgoing]:
        """Do what is due: stays that end, places that are kept no longer, a lobby that closes."""
        told: list[Outgoing] = []
        for session_id, end in self._ends(now):
            told += self.end(session_id, end)
        for session_id in self._lost_for_good(now):
            told += self.leave(session_id)
        return told

    def _ends(self, now: float) -> list[tuple[str, messages.EndReason]]:
        ends: list[tuple[str, messages.EndReason]] = [
            (session_id, "room-expired" if person.eject_at == self.room.exp else "time-over")
            for session_id, person in self.participants.items()
            if person.eject_at is not None and person.eject_at <= now
        ]
        if self.room.is_expired(int(now)):
            ends += [(session_id, "room-expired") for session_id in self.knockers]
        return ends

    def _lost_for_good(self, now: float) -> list[str]:
        return [
            session_id
            for session_id, person in self._everybody()
            if person.away_until is not None and person.away_until <= now
        ]

    # Parts of the above -------------------------------------------------------------------

    def _everybody(self) -> list[tuple[str, Person]]:
        return [*self.participants.items(), *self.knockers.items()]

    @property
    def _places(self) -> int:
        places: int = self.room.value("max_participants")
        return places

    def _seat(self, person: Participant, now: float, *, resumed: bool) -> list[Outgoing]:
        session_id = person.guest.session_id
        self.participants[session_id] = person
        return [
            (session_id, self._joined(person, now, resumed=resumed)),
            *self._tell_others(session_id, messages.ParticipantJoined(participant=person.view)),
            *self._lobby_news(),
        ]

    def _replace(self, guest: Guest) -> Iterator[Outgoing]:
        """Send those out whose `user_id` must be unique and is the newcomer's."""
        if guest.user_id is None or not self.room.value("enforce_unique_user_ids"):
            return
        for session_id, person in list(self.participants.items()):
            if person.guest.user_id == guest.user_id:
                yield from self.end(session_id, "replaced")

    def _give_way(self) -> Iterator[Outgoing]:
        """Give a place that is only kept to the one who comes now (decision 0008)."""
        away = sorted(
            (person.away_until, session_id)
            for session_id, person in self.participants.items()
            if person.away_until is not None
        )
        while away and len(self.participants) >= self._places:
            yield from self.leave(away.pop(0)[1])

    def _take_knock(self, session_id: str, outcome: messages.KnockOutcome) -> list[Outgoing]:
        del self.knockers[session_id]
        return self._tell_admitters(messages.KnockGone(session_id=session_id, outcome=outcome))

    def _joined(self, person: Participant, now: float, *, resumed: bool) -> messages.Joined:
        others = sorted(self.participants.values(), key=lambda other: other.since)
        knockers = self.knockers.values() if person.guest.may_admit else ()
        return messages.Joined(
            you=person.view,
            resume=self._ticket_for(person),
            resumed=resumed,
            settling_seconds=max(0.0, self._settles_at - now) if resumed else 0.0,
            room=room_view(self.room),
            participants=[other.view for other in others if other is not person],
            knocks=[knocker.view for knocker in knockers],
            may_admit=person.guest.may_admit,
            ice_servers=self._ice_servers,
            **self._extras(self, person),
        )

    def _waiting(self, knocker: Knocker) -> Outgoing:
        session_id = knocker.guest.session_id
        return session_id, messages.Waiting(
            session_id=session_id,
            resume=self._ticket_for(knocker),
            owner_present=any(self._admitters()),
        )

    def _lobby_news(self) -> list[Outgoing]:
        """Tell those who wait when the first of those who may admit comes, or the last goes."""
        somebody_is_there = any(self._admitters())
        if somebody_is_there == self._lobby_knows_of_owner:
            return []
        self._lobby_knows_of_owner = somebody_is_there
        return [self._waiting(knocker) for knocker in self.knockers.values()]

    def _admitters(self) -> Iterable[str]:
        return (
            session_id
            for session_id, person in self.participants.items()
            if person.guest.may_admit and person.is_connected
        )

    def _tell_admitters(self, message: messages.FromServer) -> list[Outgoing]:
        return [(session_id, message) for session_id in self._admitters()]

    def _tell_others(self, session_id: str, message: messages.FromServer) -> list[Outgoing]:
        return [(other, message) for other in self.participants if other != session_id]


def _ended(reason: messages.EndReason) -> messages.Ended:
    return messages.Ended(reason=reason, message=ENDINGS[reason])


def _problem(code: messages.ProblemCode, message: str) -> messages.Problem:
    return messages.Problem(code=code, message=message)
