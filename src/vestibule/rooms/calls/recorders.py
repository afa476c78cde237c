"""The recorders in calls: who only listens, is no participant, and is introduced one by one.

A person sends media to a recorder only once both were introduced; that is also how consent is
kept: whoever has not agreed is never introduced.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from vestibule.rooms.calls import messages, recording_messages
from vestibule.rooms.calls.answers import ended, room_view
from vestibule.rooms.calls.from_browser import Candidate, Description
from vestibule.rooms.calls.gathering import Gathering, Outgoing
from vestibule.rooms.calls.passes import RecorderPass
from vestibule.rooms.calls.people import NOTHING, Kept, Participant
from vestibule.rooms.calls.relays import RENEWED_AFTER_SECONDS, Relays
from vestibule.rooms.calls.views import ParticipantView, Permissions
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.definitions.shapes import CanReceive

MayHear = Callable[[str, str], bool]
"""Whether the recorders of a room (its id) may hear a participant (the session's id)."""


LISTENS: Final = Permissions(
    has_presence=False, can_send=[], can_receive=CanReceive(), can_admin=[]
)


@dataclass
class Recorder:
    """One recorder, connected or on its way back."""

    granted: RecorderPass
    is_connected: bool = True
    relays_since: float = 0.0
    """When it was last told of the servers on the way, with their passwords; unix seconds."""
    knows: dict[str, ParticipantView] = field(default_factory=dict)
    """Whom it was introduced to, and what it was told of them last."""
    kept: Kept = field(default_factory=Kept)
    awaits_absent: bool = False
    """It has come back to a server that was restarted: whom it misses, it takes for on the way."""

    @property
    def session_id(self) -> str:
        return self.granted.recording_id

    @property
    def view(self) -> recording_messages.ListenerView:
        return recording_messages.ListenerView(
            session_id=self.session_id, joined_at=self.granted.since
        )

    @property
    def itself(self) -> ParticipantView:
        return ParticipantView(
            session_id=self.session_id,
            user_id=None,
            user_name="",
            is_owner=False,
            media=NOTHING,
            joined_at=self.granted.since,
            connected=True,
            permissions=LISTENS,
            user_data=None,
            will_eject_at=None,
        )


class Recorders:
    """The recorders of every room of this process. Every method returns what is to be sent."""

    def __init__(self, may_hear: MayHear = lambda _room_id, _session_id: True) -> None:
        self.may_hear = may_hear
        self._rooms: dict[str, dict[str, Recorder]] = {}

    def listeners_of(self, room_id: str, session_id: str) -> list[recording_messages.ListenerView]:
        """The recorders that this participant sends media to."""
        return [each.view for each in self._in(room_id) if session_id in each.knows]

    def enter(
        self,
        room: Room,
        granted: RecorderPass,
        *,
        call: Gathering | None,
        relays: Relays,
        now: float,
        settling_seconds: float,
    ) -> list[Outgoing]:
        """A recorder comes, or comes back; `look` introduces it to the others."""
        here = self._rooms.setdefault(room.id, {})
        known = here.get(granted.recording_id)
        recorder = here[granted.recording_id] = known or Recorder(granted)
        recorder.is_connected = True
        recorder.relays_since = now
        recorder.awaits_absent = settling_seconds > 0
        joined = messages.Joined(
            you=recorder.itself,
            resume="",
            resumed=True,
            settling_seconds=settling_seconds,
            room=room_view(room, None),
            participants=self._refreshed(recorder, call),
            knocks=[],
            may_admit=False,
            locked=False,
            session_data={},
            ice_servers=relays.of(granted.recording_id, now),
        )
        kept = [message for message in recorder.kept.take() if message.sender in recorder.knows]
        return [(recorder.session_id, message) for message in (joined, *kept)]

    def renewed_relays(self, relays: Relays, now: float) -> list[Outgoing]:
        """New passwords for those whose old ones have lived for half an hour."""
        if not relays.run_out:
            return []
        told: list[Outgoing] = []
        for recorder in [each for room in self._rooms.values() for each in room.values()]:
            if recorder.is_connected and recorder.relays_since + RENEWED_AFTER_SECONDS <= now:
                recorder.relays_since = now
                servers = relays.of(recorder.session_id, now)
                told.append((recorder.session_id, messages.IceServers(ice_servers=servers)))
        return told

    def introduced(self, room_id: str) -> Iterator[tuple[str, str]]:
        """The recorders of a room, each with every participant it may hear."""
        return ((each.session_id, person) for each in self._in(room_id) for person in each.knows)

    def is_in(self, room_id: str, session_id: str) -> bool:
        """Whether this is a recorder of the room."""
        return session_id in self._rooms.get(room_id, {})

    def look(self, call: Gathering) -> list[Outgoing]:
        """Tell the recorders of a room, and who is in the call, what has changed between them."""
        return [told for each in self._in(call.room.id) for told in self._differences(each, call)]

    def relay(
        self,
        room_id: str,
        session_id: str,
        message: Description | Candidate,
    ) -> list[Outgoing] | None:
        """Pass on what a recorder or somebody for a recorder says; None if neither is a recorder.

        Between a recorder and a person who were not introduced nothing passes.
        """
        here = self._rooms.get(room_id, {})
        recorder = here.get(session_id) or here.get(message.to)
        if recorder is None:
            return None
        person = message.to if recorder.session_id == session_id else session_id
        if person not in recorder.knows:
            return []
        content = message.model_dump(exclude={"type", "to"})
        relayed: messages.DescriptionFrom | messages.CandidateFrom
        if isinstance(message, Description):
            relayed = messages.DescriptionFrom(sender=session_id, **content)
        else:
            relayed = messages.CandidateFrom(sender=session_id, **content)
        if message.to == recorder.session_id and not recorder.is_connected:
            recorder.kept.add(relayed)
            return []
        return [(message.to, relayed)]

    def lose(self, room_id: str, session_id: str) -> None:
        """A recorder's connection is lost; it comes back, or is dismissed."""
        recorder = self._rooms.get(room_id, {}).get(session_id)
        if recorder is not None:
            recorder.is_connected = False

    def dismiss(self, room_id: str, session_id: str) -> list[Outgoing]:
        """A recorder is gone: nobody sends to it any more."""
        here = self._rooms.get(room_id, {})
        recorder = here.pop(session_id, None)
        if not here:
            self._rooms.pop(room_id, None)
        if recorder is None:
            return []
        left = recording_messages.ListenerLeft(session_id=session_id)
        return [(person, left) for person in recorder.knows]

    def abandon(self, room_id: str) -> list[str]:
        """Another process keeps the call now: whose sessions the recorders there were."""
        return list(self._rooms.pop(room_id, {}))

    def end_room(self, room_id: str) -> list[Outgoing]:
        """The room was deleted."""
        return [
            (each.session_id, ended("room-deleted"))
            for each in self._rooms.pop(room_id, {}).values()
        ]

    def _in(self, room_id: str) -> list[Recorder]:
        return list(self._rooms.get(room_id, {}).values())

    def _heard(self, call: Gathering) -> Iterator[tuple[str, Participant]]:
        return (
            (session_id, person)
            for session_id, person in call.participants.items()
            if not person.is_hidden and self.may_hear(call.room.id, session_id)
        )

    def _refreshed(self, recorder: Recorder, call: Gathering | None) -> list[ParticipantView]:
        """What the recorder is told at its entry of those whom it knows already."""
        heard = dict(self._heard(call)) if call else {}
        gone = set(recorder.knows) - set(heard)
        for session_id in gone:
            del recorder.knows[session_id]
        for session_id in recorder.knows:
            recorder.knows[session_id] = heard[session_id].view
        return sorted(recorder.knows.values(), key=lambda view: view.joined_at)

    def _differences(self, recorder: Recorder, call: Gathering) -> Iterator[Outgoing]:
        heard = dict(self._heard(call))
        for session_id in set(recorder.knows) - set(heard):
            del recorder.knows[session_id]
            yield recorder.session_id, messages.ParticipantLeft(session_id=session_id)
            if session_id in call.participants:
                yield session_id, recording_messages.ListenerLeft(session_id=recorder.session_id)
        if recorder.awaits_absent:
            recorder.awaits_absent = False
            for session_id in set(call.participants) - set(heard):
                yield recorder.session_id, messages.ParticipantLeft(session_id=session_id)
        for session_id, person in heard.items():
            view = person.view
            before = recorder.knows.get(session_id)
            recorder.knows[session_id] = view
            if before is None:
                yield session_id, recording_messages.ListenerJoined(listener=recorder.view)
                yield recorder.session_id, messages.ParticipantJoined(participant=view)
            elif before != view:
                yield recorder.session_id, messages.ParticipantUpdated(participant=view)
