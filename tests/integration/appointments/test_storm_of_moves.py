"""Random moves, faults, time jumps and restarts: in the end everything is as it must be.

`STORM_EXAMPLES` makes it longer than the 2,000 steps of every run, and random anew each time.
"""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
import uvloop
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.doubles.clock import FakeClock
from tests.doubles.daily import KEY, ROOM_DEFAULTS, Daily
from tests.integration.appointments.conftest import Installation
from vestibule.appointments.lifecycle.model import MOVES, Move, Selection, Times, check_move
from vestibule.appointments.model import Appointment, Status, Window
from vestibule.appointments.organizations.model import PRESETS
from vestibule.appointments.reconciler.model import Work
from vestibule.appointments.reconciler.service import ReconcilerService
from vestibule.foundation.errors import Conflict, Invalid, Unavailable
from vestibule.settings import Settings

T = TypeVar("T")
EXAMPLES = int(os.environ.get("STORM_EXAMPLES", "0"))
STEPS, USUAL_EXAMPLES = 100, 22
WITH_ROOM = {Status.UPCOMING, Status.CONFIRMED, Status.INPROGRESS}
CLOSED = {Status.CANCELLED: "cancelled", Status.NOSHOW: "no-show", Status.COMPLETED: "over"}


class Mortal(ReconcilerService):
    """A reconciler whose process may be killed between the commit and the first call."""

    is_dying = False

    async def reconcile_now(self, work: Work | None, *, insists: bool = False) -> None:
        if not self.is_dying:
            await super().reconcile_now(work, insists=insists)


@dataclass(frozen=True)
class Expected:
    """An appointment as it must be, from what was answered alone."""

    status: Status
    times: Times
    links: tuple[str, str]


class Storm(RuleBasedStateMachine):
    """One organization's appointments in bad weather."""

    daily: ClassVar[Daily]
    template: ClassVar[Path]
    folder: ClassVar[Path]
    steps: ClassVar[int] = 0
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        file = self.folder / f"{self.runs}.sqlite3"
        shutil.copy(self.template, file)
        self.url = f"sqlite:///{file}"
        self.clock = FakeClock()
        self.daily.begin(now=self.clock.now)
        self.runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.expected: dict[int, Expected] = {}
        self.moves: Counter[int] = Counter()
        self.preset: Any = "clinic"
        self.server = self.start()
        self.run(self.found())

    def run(self, what: Awaitable[T]) -> T:
        async def waited() -> T:
            return await what

        return self.runner.run(waited())

    def start(self) -> Installation:
        async def made() -> Installation:
            return Installation(
                self.url,
                self.clock,
                Settings(provider_time_budget_seconds=30, provider_rate_limits=False),
                reconciler=Mortal,
            )

        return self.run(made())

    async def found(self) -> None:
        organizations = self.server.organizations
        self.of = (await organizations.create("Clinic")).id
        await organizations.set_integration(self.of, base_url=self.daily.url, api_key=KEY)
        add = organizations.create_person
        self.specialist = (await add(self.of, kind="specialist", name="Dr. Ada")).id
        self.patient = (await add(self.of, kind="patient", name="Ben")).id

    def times(self, starts: int, lasts: int) -> Times:
        start = self.clock.now() + timedelta(minutes=starts)
        return Times(start, start + timedelta(minutes=lasts))

    @rule(
        starts=st.integers(-20, 90),
        lasts=st.integers(5, 60),
        status=st.sampled_from([Status.BOOKED, Status.UPCOMING]),
    )
    def book(self, starts: int, lasts: int, status: Status) -> None:
        self.count()
        times = self.times(starts, lasts)
        try:
            made = self.run(
                self.server.appointments.create(
                    self.of,
                    specialist_id=self.specialist,
                    patient_id=self.patient,
                    started_at=times.started_at,
                    ended_at=times.ended_at,
                    status=status,
                )
            )
        except Invalid:
            assert status is Status.UPCOMING and times.ended_at <= self.clock.now()
            return
        links = self.server.join_links.links(made)
        assert made.id not in self.expected
        self.expected[made.id] = Expected(status, times, (links.specialist, links.patient))

    @precondition(lambda self: self.expected)
    @rule(
        data=st.data(),
        move=st.sampled_from(sorted(MOVES)),
        starts=st.integers(-30, 90),
        crashes=st.integers(0, 9),
    )
    def move(self, data: st.DataObject, move: Move, starts: int, crashes: int) -> None:
        self.count()
        which = data.draw(st.sampled_from(sorted(self.expected)))
        before = self.expected[which]
        times = self.times(starts, 30) if move == "reschedule" else None
        reconciler = self.server.reconciler
        assert isinstance(reconciler, Mortal)
        reconciler.is_dying = crashes == 0
        try:
            moved = self.run(self.server.appointments.move(self.of, which, move, times=times))
        except (Conflict, Invalid):
            pass
        else:
            assert moved.status is check_move(before.status, move)
            self.expected[which] = replace(before, status=moved.status, times=times or before.times)
            self.moves[which] += 1
        if reconciler.is_dying:
            self.restart()

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.count()
        which = data.draw(st.sampled_from(sorted(self.expected)))
        self.run(self.server.appointments.delete(self.of, which))
        del self.expected[which]

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def click(self, data: st.DataObject) -> None:
        self.count()
        which = data.draw(st.sampled_from(sorted(self.expected)))
        link = self.expected[which].links[1].rpartition("/")[2]
        try:
            url = self.run(self.server.join_links.enter(link))
        except (Conflict, Unavailable):
            return
        assert f"-{which}?t=" in url
        asked = [each for each in self.daily.requests if each.path == "/meeting-tokens"][-1].body
        name = f"restartix-{self.of}-{which}"
        ends = self.window(self.expected[which].times).exp
        assert (asked["properties"]["room_name"], asked["properties"]["exp"]) == (name, ends)

    @rule(minutes=st.sampled_from([0.2, 1, 2, 6, 15, 40]))
    def wait(self, minutes: float) -> None:
        self.count()
        self.clock.advance(timedelta(minutes=minutes))
        self.run(self.server.reconcile())

    @rule()
    def restart(self) -> None:
        self.count()
        self.run(self.server.close())
        self.server = self.start()

    @rule(preset=st.sampled_from(sorted(PRESETS)))
    def set_window(self, preset: Any) -> None:
        self.count()
        self.run(self.server.organizations.change(self.of, preset=preset))
        self.preset = preset

    @rule(
        how=st.sampled_from(["lost-before", "lost-after", "garbage", "status"]),
        status=st.sampled_from([500, 503, 429, 400, 401, 404]),
    )
    def fault(self, how: str, status: int) -> None:
        self.count()
        headers = {"Retry-After": "20"} if status == 429 else {}
        self.daily.fail_next(how, status=status, headers=headers)

    @rule(is_down=st.booleans())
    def outage(self, is_down: bool) -> None:
        self.count()
        self.daily.is_down = is_down

    @precondition(lambda self: self.daily.rooms)
    @rule(data=st.data(), what=st.sampled_from(["vanish", "public", "exp", "endless"]))
    def behind_our_back(self, data: st.DataObject, what: str) -> None:
        self.count()
        name = data.draw(st.sampled_from(sorted(self.daily.rooms)))
        room = self.daily.rooms[name]
        if what == "vanish":
            del self.daily.rooms[name]
        elif what == "public":
            room["privacy"] = "public"
        else:
            room["exp"] = None if what == "endless" else (room["exp"] or 2**31) + 77

    @rule(number=st.integers(1, 12))
    def late_room(self, number: int) -> None:
        """A room comes into being long after we gave up waiting for it."""
        self.count()
        exp = int(self.clock.now().timestamp()) + 3600
        name = f"restartix-{self.of}-{number}"
        self.daily.rooms.setdefault(name, {**ROOM_DEFAULTS, "privacy": "private", "exp": exp})

    def count(self) -> None:
        type(self).steps += 1

    def teardown(self) -> None:
        try:
            self.book_late()
            self.heal()
            self.spoil()
            self.heal()
            self.check()
        finally:
            self.run(self.server.close())
            self.runner.close()

    def book_late(self) -> None:
        """However the storm went, a room is to be there in the end; its first answer is lost."""
        self.daily.is_down = False
        self.daily._faults.clear()
        self.daily.fail_next("lost-after")
        for _ in range(3):
            self.book(80, 30, Status.UPCOMING)

    def spoil(self) -> None:
        """However the storm went, the last rooms are changed behind our back, each in its way."""
        gone, longer, public = [f"restartix-{self.of}-{n}" for n in sorted(self.expected)[-3:]]
        del self.daily.rooms[gone]
        self.daily.rooms[longer]["exp"] += 77
        self.daily.rooms[public]["privacy"] = "public"

    def heal(self) -> None:
        """The weather is good again, and nobody does anything but the background work."""
        self.daily.is_down = False
        self.daily._faults.clear()
        for _ in range(3):
            self.clock.advance(timedelta(seconds=670))
            self.run(self.server.reconcile())
            while self.run(self.server.sweep.step()):
                pass
            self.run(self.server.reconcile())

    def check(self) -> None:
        now = self.clock.now()
        wanted: dict[str, tuple[int | None, int]] = {}
        assert {each.id: each.status for each in self.listed()} == {
            number: each.status for number, each in self.expected.items()
        }, "nothing is lost, and nothing is doubled"
        for number, each in self.expected.items():
            window = self.window(each.times)
            has_room = each.status in WITH_ROOM and window.closes_at > now
            if has_room:
                wanted[f"restartix-{self.of}-{number}"] = (window.nbf, window.exp)
            state = self.link_state(each, window)
            for link in each.links:
                view = self.run(self.server.join_links.look(link.rpartition("/")[2]))
                assert view.state == state
        live = [name for name in self.daily.rooms if self.daily.room(name)]
        rooms = {name: self.daily.rooms[name] for name in live}
        assert {name: (room["nbf"], room["exp"]) for name, room in rooms.items()} == wanted
        assert all(room["privacy"] == "private" for room in rooms.values())
        assert self.run(self.server.audit.verify(self.of)) is None
        for number in self.expected:
            self.check_told(number, has_room=f"restartix-{self.of}-{number}" in wanted)

    def listed(self) -> list[Appointment]:
        """Every appointment, of however many pages."""
        found: list[Appointment] = []
        while True:
            after = found[-1].id if found else None
            page = self.run(self.server.appointments.list(self.of, Selection(starting_after=after)))
            found += page.data
            if not page.data:
                return found

    def check_told(self, number: int, *, has_room: bool) -> None:
        """The audit tells of each move, and whether there is a room in the end."""
        told = [each.event for each in self.run(self.server.audit.list(self.of, number))]
        assert told.count("appointment.created") == 1
        assert told.count("appointment.moved") == self.moves[number]
        of_room = [event for event in told if event.startswith("videocall.room_")]
        assert has_room == (of_room[-1:] not in ([], ["videocall.room_deleted"])), of_room

    def window(self, times: Times) -> Window:
        settings = PRESETS[self.preset]
        return Window(
            times.started_at - timedelta(minutes=settings["opens_minutes_before"]),
            times.ended_at + timedelta(minutes=settings["closes_minutes_after"]),
            settings["locks_early"],
        )

    def link_state(self, each: Expected, window: Window) -> str:
        now = self.clock.now()
        if each.status in CLOSED:
            return CLOSED[each.status]
        if now >= window.closes_at:
            return "over"
        if each.status is Status.BOOKED:
            return "not-scheduled"
        return "open" if now >= window.opens_at else "not-open-yet"


@pytest.fixture
def storm(daily_server: Daily, migrated_sqlite: Path, tmp_path: Path) -> Iterator[type[Storm]]:
    Storm.daily, Storm.template, Storm.folder = daily_server, migrated_sqlite, tmp_path
    Storm.steps = Storm.runs = 0
    yield Storm
    daily_server.let_go()


@pytest.mark.timeout(3600 if EXAMPLES else 300)
def test_after_any_storm_every_room_link_and_record_is_right(storm: type[Storm]) -> None:
    run_state_machine_as_test(
        storm,
        settings=settings(
            max_examples=EXAMPLES or USUAL_EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not EXAMPLES,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if not EXAMPLES:
        assert Storm.steps >= 2000
