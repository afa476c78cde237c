"""The seam between calls and media servers: what a call asks of whatever carries its media."""

from typing import Protocol

from vestibule.rooms.calls.from_browser import Description
from vestibule.rooms.calls.gathering import Gathering
from vestibule.rooms.calls.media_messages import FromPath


class MediaServers(Protocol):
    """Carries the media of calls that are too large for connections between browsers.

    Nothing here waits.
    """

    def path_of(self, call: Gathering) -> str | None:
        """The name of the path over which this call's media goes; None: between browsers."""

    def look(self, call: Gathering) -> None:
        """Something about a call may have changed."""

    def take(self, call: Gathering, session_id: str, said: FromPath) -> None:
        """What a browser says to the server that carries its call."""

    def take_from_recorder(self, room_id: str, recorder: str, said: Description) -> bool:
        """What a recorder says to a participant; False if it should go to their browser."""

    def abandon(self, room_id: str) -> None:
        """Another process keeps the call from now on, and carries it on a path of its own."""


class NoMediaServers:
    """An installation in which browsers are always connected to each other."""

    def path_of(self, _call: Gathering) -> str | None:
        return None

    def look(self, _call: Gathering) -> None:
        """Nothing carries anything."""

    def take(self, _call: Gathering, _session_id: str, _said: FromPath) -> None:
        """A browser that has not heard yet that there is no path any more."""

    def take_from_recorder(self, _room_id: str, _recorder: str, _said: Description) -> bool:
        return False

    def abandon(self, _room_id: str) -> None:
        """Nothing is carried."""
