"""Brings rooms to what appointments want: at once on a change, and again until it is so.

The wish and what is known stand in the appointment's row. Before anything is asked of the provider
the row says that the outcome is unknown, so after a crash somebody looks again.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from vestibule.appointments.audit.service import record
from vestibule.appointments.reconciler import store
from vestibule.appointments.reconciler.attempt import Attempt
from vestibule.appointments.reconciler.model import (
    WantedRoom,
    Work,
    calls_provider,
    plan,
    retry_seconds,
    uncertain,
    wanted,
)
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.clock import Clock, from_unix
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.settings import Settings

ATTEMPTS_AT_ONCE: Final = 8
SHARE_OF_LEASE: Final = 0.8  # an attempt ends this early, so that its outcome is written in time
ACTOR: Final = "vestibule"

log = structlog.get_logger()


@dataclass(frozen=True)
class Failure:
    """Why an attempt did not get there, and the seconds the provider asks us to stay away."""

    problem: str
    delay_seconds: float | None = None


class ReconcilerService:
    """Keeps every appointment's room as its status says (A1)."""

    def __init__(
        self,
        *,
        database: Database,
        videocalls: VideocallService,
        clock: Clock,
        ids: Ids,
        settings: Settings,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._attempts: set[asyncio.Task[None]] = set()
        self.loop = Loop("reconciler", self.step)

    def changed(
        self, tx: Transaction, appointment_id: int, *, before: WantedRoom | None
    ) -> Work | None:
        """Call in the transaction that changed an appointment, with the room it wanted before.

        If it wants another room now, the row becomes due, and is claimed unless somebody works on
        it already; hand the claim to `reconcile_now` after the commit.
        """
        if store.wanted_room(tx, appointment_id) == before:
            store.remove_if_gone(tx, appointment_id)
            return None
        store.want_anew(tx, appointment_id)
        work = self.hasten(tx, appointment_id)
        if work is None:
            tx.after_commit(self.loop.wake)
        return work

    def many_changed(self, tx: Transaction, organization_id: int) -> None:
        """Call in the transaction that changed what an organization's rooms must be."""
        store.want_all_anew(tx, organization_id)
        tx.after_commit(self.loop.wake)

    def hasten(self, tx: Transaction, appointment_id: int) -> Work | None:
        """Claim the next attempt on a room although it is not due yet; for `reconcile_now`.

        None if somebody works on the room already, or nothing is left to do.
        """
        lease_seconds = self._settings.provider_lease_seconds
        work = store.claim(tx, appointment_id, lease=self._ids.uuid(), lease_seconds=lease_seconds)
        if work is not None:
            _expect_the_unknown(tx, work)
        return work

    async def reconcile_now(self, work: Work | None) -> None:
        """Make the first attempt on a claim, for as long as a request may wait.

        An attempt that takes longer goes on in the background, under its lease.
        """
        if work is not None:
            attempt = self._begin(work)
            await asyncio.wait({attempt}, timeout=self._settings.provider_time_budget_seconds)

    async def step(self) -> bool:
        """Begin attempts on rooms that are due; False if there were none, or no place for more."""
        free = ATTEMPTS_AT_ONCE - len(self._attempts)
        if free <= 0:
            return False
        due = await self._database.write(lambda tx: self._claim_due(tx, free))
        for work in due:
            self._begin(work)
        return bool(due)

    async def finish_attempts(self) -> None:
        """Wait until every attempt that has begun is over."""
        while self._attempts:
            await asyncio.wait(self._attempts)

    async def close(self) -> None:
        """Give attempts a moment to end. One that is cut off is made again after its lease."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.provider_time_budget_seconds):
                await self.finish_attempts()
        unfinished = list(self._attempts)
        for attempt in unfinished:
            attempt.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def _claim_due(self, tx: Transaction, limit: int) -> list[Work]:
        due = store.claim_overdue(
            tx,
            lease=self._ids.uuid(),
            lease_seconds=self._settings.provider_lease_seconds,
            limit=limit,
        )
        for work in due:
            _expect_the_unknown(tx, work)
        return due

    def _begin(self, work: Work) -> asyncio.Task[None]:
        attempt = asyncio.create_task(self._attempt(work))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._ended)
        return attempt

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self._attempts.discard(attempt)
        if not attempt.cancelled() and attempt.exception() is not None:
            log.error("room_attempt_not_settled", exc_info=attempt.exception())
        self.loop.wake()  # there is a free place, and perhaps a newer wish

    async def _attempt(self, work: Work) -> None:
        attempt = Attempt(work, videocalls=self._videocalls, clock=self._clock)
        failure = await self._outcome(attempt)
        if failure is not None:
            log.warning("room_not_as_wanted", appointment_id=work.id, problem=failure.problem)
        await self._database.write(lambda tx: self._settle(tx, attempt, failure))

    async def _outcome(self, attempt: Attempt) -> Failure | None:
        try:
            async with asyncio.timeout(self._settings.provider_lease_seconds * SHARE_OF_LEASE):
                await attempt.run()
        except TimeoutError:
            return Failure("the room provider takes too long to answer")
        except TemporaryError as error:
            return Failure(error.reason, error.delay_seconds)
        except PermanentError as error:
            return Failure(error.reason)
        except Exception:
            log.exception("room_attempt_failed", appointment_id=attempt.work.id)
            return Failure("something went wrong on our side; the server's log says what")
        return None

    def _settle(self, tx: Transaction, attempt: Attempt, failure: Failure | None) -> None:
        work = attempt.work
        if failure is None:
            seen, problem = attempt.seen, None
            due_at = from_unix(seen.exp) if seen.exp is not None else None
        else:
            seen, problem = uncertain(attempt.seen, _wanted(work, tx)), failure.problem
            due_at = tx.now + timedelta(seconds=self._wait(work, failure))
        if not store.settle(tx, work, seen, due_at=due_at, problem=problem):
            return  # the lease is lost; whoever has it now finds out and tells
        store.remove_if_gone(tx, work.id)
        for fact in attempt.facts:
            record(
                tx,
                organization_id=work.organization_id,
                event=fact.event,
                actor=ACTOR,
                appointment_id=work.id,
                details=fact.details,
            )

    def _wait(self, work: Work, failure: Failure) -> float:
        return retry_seconds(
            failure.delay_seconds,
            default=self._settings.provider_retry_seconds,
            lease=f"{work.lease}{work.id}",
        )


def _wanted(work: Work, tx: Transaction) -> WantedRoom | None:
    return wanted(status=work.status, window=work.window, is_deleted=work.is_deleted, now=tx.now)


def _expect_the_unknown(tx: Transaction, work: Work) -> None:
    """Write, before anything is asked of the provider, that the outcome is not known."""
    room = _wanted(work, tx)
    if calls_provider(plan(room, work.seen, now=tx.now)):
        store.write_seen(tx, work.id, uncertain(work.seen, room))
