"""Who is in a room and in its lobby, and who is told of whom.

No sockets, no clock: every method returns the messages that go out, in their order.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from vestibule.rooms.admission.model import CallState, finds_place
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.answers import room_view
from vestibule.rooms.calls.people import Guest, Knocker, Participant, Person, Relayed
from vestibule.rooms.calls.relays import RENEWED_AFTER_SECONDS, Relays
from vestibule.rooms.calls.views import KnockView
from vestibule.rooms.definitions.model import Room

Outgoing = tuple[str, messages.FromServer]
"""The session that is told, and what."""

MOST_STRANGERS: Final = 50
"""People without an invitation in one lobby: more could only be meant to shut the host out."""


class Gathering:
    """The people in one room and in its lobby.

    `ticket_for` signs the resume ticket of a person. Until `settles_at` (unix seconds), people of
    before a restart of the server may still be on their way back. `extras` knows what `joined`
    tells besides, of recordings.
    """

    def __init__(
        self,
        room: Room,
        *,
        ticket_for: Callable[[Person], str],
        relays: Relays,
        settles_at: float = 0,
        extras: Callable[["Gathering", Participant], dict[str, Any]] = lambda _call, _person: {},
    ) -> None:
        self.room = room
        self.participants: dict[str, Participant] = {}
        self.knockers: dict[str, Knocker] = {}
        self._ticket_for = ticket_for
        self._relays = relays
        self._settles_at = settles_at
        self._extras = extras
        self._lobby_knows_of_owner = False
        self.is_locked = False
        self.session_data: dict[str, Any] = {}
        """What everybody in the call knows together; gone with the last one."""
        self.session_data_told_at: float | None = 0.0
        """Unix seconds; None while there is news of it that nobody was told."""

    @property
    def state(self) -> CallState:
        """What admission needs to know."""
        connected = [person for person in self.participants.values() if person.is_connected]
        hidden = sum(person.is_hidden for person in connected)
        return CallState(
            present=len(connected) - hidden,
            hidden=hidden,
            owner_present=any(person.guest.is_owner for person in connected),
            is_locked=self.is_locked,
            user_ids=frozenset(
                person.guest.user_id for person in connected if person.guest.user_id is not None
            ),
        )

    def has_place_for(self, guest: Guest) -> bool:
        """Whether somebody who is let in now finds a place."""
        return finds_place(self.room, guest.token, self.state, guest.user_id)

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

    def matching(
        self, session_ids: Iterable[str], user_ids: Iterable[str]
    ) -> dict[str, str | None]:
        """Who has one of these ids, inside or waiting: their `user_id` by session id."""
        sessions, users = set(session_ids), set(user_ids)
        return {
            session_id: person.guest.user_id
            for session_id, person in self.everybody()
            if session_id in sessions or person.guest.user_id in users
        }

    # Telling ------------------------------------------------------------------------------

    def news_of(self, person: Participant) -> list[Outgoing]:
        """Tell the others how this participant is now."""
        return self.tell_audience(person, messages.ParticipantUpdated(participant=person.outward))

    def tell_audience(self, person: Participant, message: messages.FromServer) -> list[Outgoing]:
        """Tell those others who know of this participant."""
        return [(other.guest.session_id, message) for other in self.audience(person)]

    def session_news(self, now: float) -> list[Outgoing]:
        """Tell everybody what they know together, if that changed since they were told."""
        if self.session_data_told_at is not None or not self.participants:
            return []
        self.session_data_told_at = now
        news = messages.SessionData(data=self.session_data)
        return [(session_id, news) for session_id in self.participants]

    def new_ticket(self, person: Participant) -> list[Outgoing]:
        """Something has changed that a ticket says."""
        ticket = messages.Resume(resume=self._ticket_for(person))
        return [(person.guest.session_id, ticket)]

    def lobby_of(self, person: Participant) -> messages.Lobby:
        """What this participant may do about the lobby."""
        return messages.Lobby(may_admit=person.guest.may_admit, knocks=self.knocks_for(person))

    def admitters(self) -> Iterable[str]:
        """Those who are there and may admit."""
        return (
            session_id
            for session_id, person in self.participants.items()
            if person.guest.may_admit and person.is_connected
        )

    def carry(self, to: str, message: Relayed) -> list[Outgoing]:
        """Tell a participant now, or when they are back."""
        target = self.participants[to]
        if target.is_connected:
            return [(to, message)]
        target.kept.add(message)
        return []

    def audience(self, person: Participant) -> list[Participant]:
        """The others who know of this participant: hidden people know nothing of each other."""
        return [
            other
            for other in self.participants.values()
            if other is not person and not (other.is_hidden and person.is_hidden)
        ]

    def everybody(self) -> list[tuple[str, Person]]:
        return [*self.participants.items(), *self.knockers.items()]

    @property
    def is_taken(self) -> bool:
        """Whether every place is taken, if only by somebody who is away."""
        taken = sum(not person.is_hidden for person in self.participants.values())
        places: int = self.room.value("max_participants")
        return taken >= places

    def joined_by(self, person: Participant, now: float, *, resumed: bool) -> messages.Joined:
        person.relays_since = now
        others = sorted(self.audience(person), key=lambda other: other.since)
        return messages.Joined(
            you=person.view,
            resume=self._ticket_for(person),
            resumed=resumed,
            settling_seconds=max(0.0, self._settles_at - now) if resumed else 0.0,
            room=room_view(self.room, person.guest.token),
            participants=[other.outward for other in others],
            knocks=self.knocks_for(person),
            may_admit=person.guest.may_admit,
            locked=self.is_locked,
            session_data=self.session_data,
            ice_servers=self._relays.of(person.guest.session_id, now),
            **self._extras(self, person),
        )

    def renewed_relays(self, now: float) -> list[Outgoing]:
        """New passwords for those whose old ones have lived for half an hour."""
        if not self._relays.run_out:
            return []
        due = [
            person
            for person in self.participants.values()
            if person.is_connected and person.relays_since + RENEWED_AFTER_SECONDS <= now
        ]
        told: list[Outgoing] = []
        for person in due:
            person.relays_since = now
            session_id = person.guest.session_id
            servers = self._relays.of(session_id, now)
            told.append((session_id, messages.IceServers(ice_servers=servers)))
        return told

    def knocks_for(self, person: Participant) -> list[KnockView]:
        return [each.view for each in self.knockers.values()] if person.guest.may_admit else []

    def told_to_wait(self, knocker: Knocker) -> Outgoing:
        session_id = knocker.guest.session_id
        return session_id, messages.Waiting(
            session_id=session_id,
            resume=self._ticket_for(knocker),
            owner_present=any(self.admitters()),
        )

    def lobby_news(self) -> list[Outgoing]:
        """Tell those who wait when the first of those who may admit comes, or the last goes."""
        somebody_is_there = any(self.admitters())
        if somebody_is_there == self._lobby_knows_of_owner:
            return []
        self._lobby_knows_of_owner = somebody_is_there
        return [self.told_to_wait(knocker) for knocker in self.knockers.values()]

    def tell_admitters(self, message: messages.FromServer) -> list[Outgoing]:
        return [(session_id, message) for session_id in self.admitters()]
