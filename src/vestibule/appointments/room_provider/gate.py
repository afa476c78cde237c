"""Whether a room provider may be asked now: its limits, its wish to be left alone, its outages."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from vestibule.foundation.clock import Clock
from vestibule.foundation.errors import TemporaryError

Kind = Literal["usual", "delete", "batch"]

FAILURES_TO_OPEN: Final = 5
PROBE_SECONDS: Final = 60.0
LONGEST_TURN_SECONDS: Final = 8.0  # an attempt has its lease to keep


@dataclass(frozen=True)
class Limit:
    """At most `count` requests in any span of `seconds`."""

    count: int
    seconds: float


DAILY_LIMITS: Final[Mapping[Kind, Limit]] = {  # reference daily-rest 1.3
    "usual": Limit(100, 5),
    "delete": Limit(50, 30),
    "batch": Limit(10, 30),
}


class Turn:
    """A request's place in the limits: the provider may count it until it is answered."""

    def __init__(self) -> None:
        self._over_at: float | None = None

    def over(self) -> None:
        """The request is answered, or given up."""
        self._over_at = time.monotonic()

    def counts_since(self, now: float) -> float:
        """How long ago, in seconds, the provider counted it at the latest."""
        return 0.0 if self._over_at is None else now - self._over_at


class Gate:
    """One provider as this process has come to know it.

    After five failures in a row it counts as down: the circuit is open, and from time to time one
    request, and no second one beside it, finds out whether it is back. Any answer that is not a
    failure of the provider's own closes the circuit.
    """

    def __init__(
        self, *, clock: Clock, limits: Mapping[Kind, Limit] | None, probe_seconds: float
    ) -> None:
        self._clock = clock
        self._limits = limits or {}
        self._probe_seconds = min(probe_seconds, PROBE_SECONDS)
        self._turns: defaultdict[Kind, list[Turn]] = defaultdict(list)
        self._booked: defaultdict[Kind, list[Turn]] = defaultdict(list)
        self._failures = 0
        self._paused_until: datetime | None = None
        self._probe_at: datetime | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether the provider counts as down."""
        return self._probe_at is not None

    @property
    def is_shut(self) -> bool:
        """Whether nobody should ask just now, but for a probe or because a person insists."""
        return self.is_open or self._is_paused()

    @property
    def may_probe(self) -> bool:
        """Whether it is time to find out if the provider is back."""
        due = self._probe_at is not None and self._probe_at <= self._clock.now()
        return due and not self._is_probing and not self._is_paused()

    def why_shut(self) -> str:
        """The sentence for staff."""
        # Whole sentences, because the console says them in other languages too.
        if self._is_paused() and self._paused_until:
            return (
                "the room provider asks for fewer requests; it is asked again at "
                f"{self._paused_until:%H:%M:%S} UTC"
            )
        if self._probe_at:
            return (
                "the room provider does not work at the moment; it is asked again at "
                f"{self._probe_at:%H:%M:%S} UTC"
            )
        return "the room provider does not work at the moment"

    def begin_probe(self) -> None:
        """Let one request through; `end_probe` must follow."""
        self._is_probing = True

    def end_probe(self) -> None:
        """The probe is over, whatever came of it."""
        self._is_probing = False

    def answered(self) -> None:
        """The provider gave an answer: it works."""
        self._failures = 0
        self._probe_at = None

    def failed(self) -> None:
        """The provider gave no answer, or said that it is out of order."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._probe_at = self._clock.now() + timedelta(seconds=self._probe_seconds)

    def pause(self, seconds: float) -> None:
        """The provider asks to be left alone for so long."""
        self.answered()
        self._paused_until = self._clock.now() + timedelta(seconds=seconds)

    async def turn(self, kind: Kind) -> "Turn":
        """Wait until one more request keeps to the limits; TemporaryError if that is too long.

        Call the turn's `over` once the request is answered.
        """
        if self._booked[kind]:
            return self._booked[kind].pop()
        while wait := self._wait(kind):
            if wait > LONGEST_TURN_SECONDS:
                raise TemporaryError(
                    "the room provider takes no more requests of this kind for now",
                    delay_seconds=wait,
                )
            await asyncio.sleep(wait)
        return self._take(kind)

    def has_turn(self, kind: Kind) -> bool:
        """Whether one more request would keep to the limits at once."""
        return not self._wait(kind)

    def book(self, kind: Kind) -> None:
        """Keep the turn that there is for a request that is about to come."""
        self._booked[kind].append(self._take(kind))

    def _take(self, kind: Kind) -> "Turn":
        turn = Turn()
        if kind in self._limits:
            self._turns[kind].append(turn)
        return turn

    def _wait(self, kind: Kind) -> float:
        limit = self._limits.get(kind)
        if limit is None:
            return 0.0
        now = time.monotonic()
        recent = [each for each in self._turns[kind] if each.counts_since(now) < limit.seconds]
        self._turns[kind] = recent
        if len(recent) < limit.count:
            return 0.0
        ages = sorted((each.counts_since(now) for each in recent), reverse=True)
        return limit.seconds - ages[len(recent) - limit.count]

    def _is_paused(self) -> bool:
        return self._paused_until is not None and self._clock.now() < self._paused_until
