"""Tells parts of the system that something has just happened.

A message is a hint to look now, never the only record of a fact: whoever must not miss it also
looks by itself from time to time.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

Listener = Callable[[dict[str, Any]], None]


class Broker(Protocol):
    """Carries small messages from whoever publishes to whoever listens."""

    def publish(self, topic: str, message: dict[str, Any]) -> None: ...

    def subscribe(self, topic: str, listener: Listener) -> None: ...


class LocalBroker:
    """A broker for one process: calls every listener at once, on the event loop's thread."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        for listener in self._listeners[topic]:
            listener(message)

    def subscribe(self, topic: str, listener: Listener) -> None:
        self._listeners[topic].append(listener)
