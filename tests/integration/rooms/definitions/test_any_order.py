"""Rooms made, changed, expired, deleted, listed and paged in any order, beside a simple model."""

import asyncio
import itertools
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds
from vestibule.rooms.definitions.model import Privacy, Room, WantedRoom, page_of
from vestibule.rooms.definitions.service import DefinitionService, RoomNameTaken, RoomNotFound
from vestibule.rooms.domains.service import DomainService

T = TypeVar("T")

NAMES = st.sampled_from(["ward-1", "ward-2", "ward-3", "Ward-1"])
PRIVACIES = st.sampled_from(["public", "private", "org"])
SECONDS_TO_LIVE = st.none() | st.integers(1, 3)


@dataclass(frozen=True)
class Known:
    """What the model knows of a room."""

    id: str
    created_at: datetime
    privacy: Privacy
    exp: int | None


class Rooms(RuleBasedStateMachine):
    """One domain, and the dictionary that it should be like."""

    definitions: DefinitionService
    domains: DomainService
    clock: FakeClock
    runner: asyncio.Runner
    numbers = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.domain = self.run(self.domains.ensure(f"clinic-{next(self.numbers)}")).id
        self.known: dict[str, Known] = {}

    def run(self, doing: Awaitable[T]) -> T:
        async def done() -> T:
            return await doing

        return self.runner.run(done())

    @property
    def now(self) -> int:
        return unix_seconds(self.clock.now())

    def is_there(self, name: str) -> bool:
        known = self.known.get(name)
        return known is not None and (known.exp is None or known.exp > self.now)

    def exp(self, seconds: int | None) -> int | None:
        return None if seconds is None else self.now + seconds

    def available(self) -> list[str]:
        """Ids of what should be listed, newest first."""
        there = [known for name, known in self.known.items() if self.is_there(name)]
        return [
            known.id
            for known in sorted(there, key=lambda known: (known.created_at, known.id), reverse=True)
        ]

    def learn(self, room: Room) -> None:
        self.known[room.name] = Known(room.id, room.created_at, room.privacy, room.exp)

    @rule(name=NAMES, privacy=PRIVACIES, seconds=SECONDS_TO_LIVE)
    def create(self, name: str, privacy: Privacy, seconds: int | None) -> None:
        wanted = {"exp": self.exp(seconds)}
        creating = self.definitions.create(
            self.domain, name=name, privacy=privacy, properties=wanted
        )
        if self.is_there(name):
            self.refuses(creating, RoomNameTaken)
        else:
            room = self.run(creating)
            assert (room.name, room.privacy, room.exp) == (name, privacy, self.exp(seconds))
            self.learn(room)

    @rule(names=st.lists(NAMES, unique=True), seconds=SECONDS_TO_LIVE)
    def create_together(self, names: list[str], seconds: int | None) -> None:
        wanted = [WantedRoom(name, properties={"exp": self.exp(seconds)}) for name in names]
        creating = self.definitions.create_all(self.domain, wanted)
        if any(self.is_there(name) for name in names):
            self.refuses(creating, RoomNameTaken)
        else:
            for room in self.run(creating):
                self.learn(room)

    @rule(name=NAMES, privacy=PRIVACIES | st.none(), seconds=SECONDS_TO_LIVE)
    def update(self, name: str, privacy: Privacy | None, seconds: int | None) -> None:
        updating = self.definitions.update(
            self.domain, name, privacy=privacy, properties={"exp": self.exp(seconds)}
        )
        if not self.is_there(name):
            self.refuses(updating, RoomNotFound)
        else:
            self.run(updating)
            known = self.known[name]
            self.known[name] = replace(
                known, privacy=privacy or known.privacy, exp=self.exp(seconds)
            )

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        deleting = self.definitions.delete(self.domain, name)
        if self.is_there(name):
            self.run(deleting)
        else:
            self.refuses(deleting, RoomNotFound)
        self.known.pop(name, None)  # an expired one is gone for good too

    @rule(names=st.lists(NAMES))
    def delete_together(self, names: list[str]) -> None:
        deleting = self.definitions.delete_all(self.domain, names)
        if all(self.is_there(name) for name in names):
            assert self.run(deleting) == len(set(names))
            for name in set(names):
                del self.known[name]
        else:
            self.refuses(deleting, RoomNotFound)

    @rule(seconds=st.integers(1, 3))
    def wait(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule(limit=st.integers(1, 3))
    def page_through(self, limit: int) -> None:
        assert self.walk(limit, "starting_after", None) == self.available()

    @rule(limit=st.integers(1, 3))
    def page_backwards(self, limit: int) -> None:
        assert self.walk(limit, "ending_before", "OLDEST") == self.available()

    def walk(self, limit: int, direction: str, start: str | None) -> list[str]:
        """Ids of all rooms, page by page until there is nothing more."""
        seen: list[str] = []
        place = start
        while True:
            places: dict[str, Any] = {"starting_after": None, "ending_before": None}
            page = page_of(limit=limit, **{**places, direction: place})
            _, found = self.run(self.definitions.list(self.domain, page))
            if not found:
                return seen
            ids = [room.id for room in found]
            seen = seen + ids if direction == "starting_after" else ids + seen
            place = ids[-1] if direction == "starting_after" else ids[0]

    @invariant()
    def count_and_first_page_are_right(self) -> None:
        page = page_of(limit=100, starting_after=None, ending_before=None)
        total, found = self.run(self.definitions.list(self.domain, page))
        assert [room.id for room in found] == self.available()
        assert total == len(found)

    @rule(name=NAMES)
    def read(self, name: str) -> None:
        if self.is_there(name):
            room = self.run(self.definitions.get(self.domain, name))
            known = self.known[name]
            assert (room.id, room.privacy, room.exp) == (known.id, known.privacy, known.exp)
        else:
            self.refuses(self.definitions.get(self.domain, name), RoomNotFound)

    def refuses(self, doing: Awaitable[Any], refusal: type[Exception]) -> None:
        try:
            self.run(doing)
        except refusal:
            return
        raise AssertionError(f"not refused with {refusal.__name__}")


def test_rooms_are_what_a_simple_model_says_after_any_requests(
    definitions: DefinitionService, domains: DomainService, clock: FakeClock
) -> None:
    with asyncio.Runner() as runner:
        around: dict[str, Any] = {
            "definitions": definitions,
            "domains": domains,
            "clock": clock,
            "runner": runner,
        }
        run_state_machine_as_test(
            type("RoomsOfThisDatabase", (Rooms,), around),
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
