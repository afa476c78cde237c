"""A live call: what happens on each step of each person, and who is told what.

No sockets, no clock: every method returns the messages that go out, in their order.
"""

from collections.abc import Iterator
from typing import Final

from vestibule.rooms.admission.model import (
    Refuse,
    eject_at,
)
from vestibule.rooms.calls import messages
from vestibule.rooms.calls.answers import ended, problem, turned_away
from vestibule.rooms.calls.from_browser import Candidate, Description
from vestibule.rooms.calls.gathering import Gathering, Outgoing
from vestibule.rooms.calls.people import NOTHING, Guest, Knocker, Participant
from vestibule.rooms.calls.tickets import Ticket, guest_in
from vestibule.rooms.calls.views import Media

LEAST_DISTANCE_SECONDS: Final = 0.001
"""Between two joins, so that of two people one always came later."""


class Call(Gathering):
    """What happens among the people in one room and in its lobby."""

    # Coming -------------------------------------------------------------------------------

    def enter(self, guest: Guest, media: Media, now: float) -> list[Outgoing]:
        """Somebody whom admission lets in comes into the call."""
        making_place = [*self._replace(guest), *self._give_way(guest)]
        last = max((person.since for person in self.participants.values()), default=0.0)
        joined_at = max(now, last + LEAST_DISTANCE_SECONDS)
        person = Participant(guest, media, joined_at, eject_at(self.room, guest.token, joined_at))
        return [*making_place, *self._seat(person, now, resumed=False)]

    def knock(self, guest: Guest, media: Media, now: float) -> list[Outgoing]:
        """Somebody whom admission makes wait comes into the lobby."""
        knocker = Knocker(guest, media, since=now)
        self.knockers[guest.session_id] = knocker
        return [
            self.told_to_wait(knocker),
            *self.tell_admitters(messages.Knock(knock=knocker.view)),
        ]

    def restore(self, ticket: Ticket, now: float) -> list[Outgoing]:
        """Somebody comes back who is not known here any more, as the ticket proves they were."""
        guest = guest_in(ticket, self.room)
        if ticket.stage == "lobby":
            return self.knock(guest, NOTHING, now=ticket.since)
        making_place = [*self._replace(guest), *self._give_way(guest)]
        person = Participant(guest, NOTHING, ticket.since, ticket.eject_at)
        person.user_data = ticket.user_data
        return [*making_place, *self._seat(person, now, resumed=True)]

    def resume(self, session_id: str, now: float) -> list[Outgoing]:
        """Somebody who is still known is connected again."""
        if session_id in self.knockers:
            knocker = self.knockers[session_id]
            knocker.away_until = None
            return [self.told_to_wait(knocker)]
        person = self.participants[session_id]
        was_away = not person.is_connected
        person.away_until = None
        told: list[Outgoing] = [(session_id, self.joined_by(person, now, resumed=True))]
        told += [
            (session_id, kept)
            for kept in person.kept.take()
            if kept.sender is None or kept.sender in self.participants
        ]
        if was_away:
            told += self.news_of(person)
        return [*told, *self.lobby_news()]

    # The lobby ----------------------------------------------------------------------------

    def admit(self, by: str, session_id: str, now: float) -> list[Outgoing]:
        """A participant lets a waiting person in; the first answer counts."""
        refused = self._cannot_answer(by, session_id)
        if refused is not None:
            return [(by, refused)]
        knocker = self.knockers[session_id]
        if not self.has_place_for(knocker.guest):
            full = problem("meeting-full", "The call is full. Somebody has to leave first.")
            return [(by, full)]
        told = self._take_knock(session_id, "admitted")
        told += self.enter(knocker.guest, knocker.media, now)
        self.participants[session_id].away_until = knocker.away_until
        return told

    def deny(self, by: str, session_id: str) -> list[Outgoing]:
        """A participant refuses a waiting person; the first answer counts."""
        refused = self._cannot_answer(by, session_id)
        if refused is not None:
            return [(by, refused)]
        return [(session_id, ended("denied")), *self._take_knock(session_id, "denied")]

    def turn_away(self, by: str, session_id: str, refusal: Refuse) -> list[Outgoing]:
        """Whom a participant would let in may no longer enter: the room or the token is over."""
        refused = self._cannot_answer(by, session_id)
        if refused is not None:
            return [(by, refused)]
        farewell = turned_away(refusal)
        why = "This person can no longer be let in: the link or the room is no longer valid."
        return [
            (by, problem("not-allowed", why)),
            (session_id, farewell),
            *self._take_knock(session_id, "left"),
        ]

    def _cannot_answer(self, by: str, session_id: str) -> messages.Problem | None:
        if by not in self.participants or not self.participants[by].guest.may_admit:
            return problem("not-allowed", "Only a host can let people in.")
        if session_id not in self.knockers:
            return problem("not-found", "This person is not waiting any more.")
        return None

    # In the call --------------------------------------------------------------------------

    def set_media(self, session_id: str, media: Media) -> list[Outgoing]:
        """A participant sends something else now; what they may not send counts as not sent."""
        person = self.participants[session_id]
        person.said_media = media
        told = self.news_of(person)
        if person.media != media:
            told.append((session_id, messages.ParticipantUpdated(participant=person.view)))
        return told

    def relay(self, session_id: str, message: Description | Candidate) -> list[Outgoing]:
        """Pass on what is meant for one other participant, now or when they are back.

        For somebody who has just gone it is passed over: the news may be on its way. So it is
        between two hidden people, who know nothing of each other.
        """
        target = self.participants.get(message.to)
        if target is None or target not in self.audience(self.participants[session_id]):
            return []
        content = message.model_dump(exclude={"type", "to"})
        relayed: messages.DescriptionFrom | messages.CandidateFrom
        if isinstance(message, Description):
            relayed = messages.DescriptionFrom(sender=session_id, **content)
        else:
            relayed = messages.CandidateFrom(sender=session_id, **content)
        return self.carry(message.to, relayed)

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
        return [*self.news_of(person), *self.lobby_news()]

    def leave(self, session_id: str) -> list[Outgoing]:
        """Somebody is gone, from the call or from the lobby."""
        if session_id in self.knockers:
            return self._take_knock(session_id, "left")
        person = self.participants.pop(session_id, None)
        if person is None:
            return []
        left = messages.ParticipantLeft(session_id=session_id)
        return [*self.tell_audience(person, left), *self.lobby_news()]

    def end(self, session_id: str, reason: messages.EndReason) -> list[Outgoing]:
        """Send one person away."""
        return [(session_id, ended(reason)), *self.leave(session_id)]

    def end_all(self, reason: messages.EndReason) -> list[Outgoing]:
        """Send everybody away, from the call and from the lobby."""
        everybody = [*self.participants, *self.knockers]
        self.participants.clear()
        self.knockers.clear()
        return [(session_id, ended(reason)) for session_id in everybody]

    def step(self, now: float) -> list[Outgoing]:
        """Do what is due: stays that end, places that are kept no longer, a lobby that closes."""
        told: list[Outgoing] = []
        for session_id, end in self._ends(now):
            told += self.end(session_id, end)
        for session_id in self._lost_for_good(now):
            told += self.leave(session_id)
        return [*told, *self.session_news(now), *self.renewed_relays(now)]

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
            for session_id, person in self.everybody()
            if person.away_until is not None and person.away_until <= now
        ]

    # Parts of the above -------------------------------------------------------------------

    def _seat(self, person: Participant, now: float, *, resumed: bool) -> list[Outgoing]:
        session_id = person.guest.session_id
        self.participants[session_id] = person
        came = messages.ParticipantJoined(participant=person.outward)
        return [
            (session_id, self.joined_by(person, now, resumed=resumed)),
            *self.tell_audience(person, came),
            *self.lobby_news(),
        ]

    def _replace(self, guest: Guest) -> Iterator[Outgoing]:
        """Send those out whose `user_id` must be unique and is the newcomer's."""
        if self.room.value("enforce_unique_user_ids"):
            yield from self._send_out_copies_of(guest)

    def _give_way(self, guest: Guest) -> Iterator[Outgoing]:
        """Make a place for the one who comes now, if there is none.

        First goes an older session of the same `user_id` (decision 0014), then whoever is away, the
        longest first (decision 0008).
        """
        if guest.rights.has_presence and self.is_taken:
            yield from self._send_out_copies_of(guest)
            away = sorted(
                (person.away_until, session_id)
                for session_id, person in self.participants.items()
                if person.away_until is not None and not person.is_hidden
            )
            while away and self.is_taken:
                yield from self.leave(away.pop(0)[1])

    def _send_out_copies_of(self, guest: Guest) -> Iterator[Outgoing]:
        for session_id, person in self.everybody():
            if guest.user_id is not None and person.guest.user_id == guest.user_id:
                yield from self.end(session_id, "replaced")

    def _take_knock(self, session_id: str, outcome: messages.KnockOutcome) -> list[Outgoing]:
        del self.knockers[session_id]
        return self.tell_admitters(messages.KnockGone(session_id=session_id, outcome=outcome))
