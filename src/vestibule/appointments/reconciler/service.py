"""Brings rooms to what appointments want: at once on a change, and again until it is so.

The wish and what is known stand in the appointment's row. Before anything is asked of the provider
the row says that the outcome is unknown, so after a crash somebody looks again.
"""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Collection, Coroutine, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from vestibule.appointments.audit.service import Entry, record_all
from vestibule.appointments.metrics import AppointmentMetrics
from vestibule.appointments.organizations.service import get_organization
from vestibule.appointments.reconciler import store
from vestibule.appointments.reconciler.attempt import Attempt, Outcome
from vestibule.appointments.reconciler.batch import Batch, Removal
from vestibule.appointments.reconciler.model import (
    WantedRoom,
    Work,
    calls_provider,
    plan,
    retry_seconds,
    uncertain,
    wanted,
)
from vestibule.appointments.reconciler.store import Ending
from vestibule.appointments.room_provider.gate import Gate
from vestibule.appointments.room_provider.service import VideocallService
from vestibule.foundation.clock import Clock, from_unix
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import PermanentError, TemporaryError
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop
from vestibule.settings import Settings

ATTEMPTS_AT_ONCE: Final = 8
BATCH_LEASES: Final = 8  # a batch may be halved many times
SHARE_OF_LEASE: Final = 0.8  # an attempt ends this early, so that its outcome is written in time
ACTOR: Final = "vestibule"

log = structlog.get_logger()


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
        metrics: AppointmentMetrics,
    ) -> None:
        self._database = database
        self._videocalls = videocalls
        self._metrics = metrics
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

    def provider_changed(self, tx: Transaction, organization_id: int) -> None:
        """Call in the transaction that gives an organization another provider."""
        store.doubt_all(tx, organization_id)
        self.many_changed(tx, organization_id)

    def hasten(self, tx: Transaction, appointment_id: int) -> Work | None:
        """Claim the next attempt on a room although it is not due yet; for `reconcile_now`.

        None if somebody works on the room already, or nothing is left to do.
        """
        lease_seconds = self._settings.provider_lease_seconds
        work = store.claim(tx, appointment_id, lease=self._ids.uuid(), lease_seconds=lease_seconds)
        if work is not None:
            _expect_the_unknown(tx, work)
        return work

    async def reconcile_now(self, work: Work | None, *, insists: bool = False) -> None:
        """Make the first attempt on a claim, for as long as a request may wait.

        An attempt that takes longer goes on in the background, under its lease. While the provider
        is down nothing is asked of it, unless somebody `insists`.
        """
        if work is not None:
            attempt = self._begin(self._attempt(work, insists=insists))
            await asyncio.wait({attempt}, timeout=self._settings.provider_time_budget_seconds)

    async def step(self) -> bool:
        """Begin attempts on rooms that are due; False if there were none, or no place for more.

        Where many rooms are to be made or to go, that is done together; where the provider is
        down one attempt finds out whether it is back, and the others wait.
        """
        free = ATTEMPTS_AT_ONCE - len(self._attempts)
        if free <= 0:
            return False
        shut = self._videocalls.shut_gates()
        probing = await self._begin_probe(shut)
        # A batch without a turn would come back in parts, each of which takes a whole turn.
        full = self._videocalls.without_batches()
        kind, batch = await self._database.write(lambda tx: self._claim_crowd(tx, {*shut, *full}))
        if batch:
            self._videocalls.book_batch(batch[0].organization_id)
            self._begin(self._batch(kind, batch))
            return True
        due = await self._database.write(
            lambda tx: self._claim_due(tx, free, without=set(shut), none_missing=full)
        )
        for work in due:
            self._begin(self._attempt(work))
        return probing or bool(due)

    async def _begin_probe(self, shut: Mapping[int, Gate]) -> bool:
        for organization_id, gate in shut.items():
            if not gate.may_probe:
                continue
            due = await self._database.write(
                partial(self._claim_due, limit=1, only=organization_id)
            )
            for work in due:
                gate.begin_probe()
                self._begin(self._probe(work, gate))
                return True
        return False

    async def _probe(self, work: Work, gate: Gate) -> None:
        """One attempt finds out whether the provider is back; if so, all that failed is due."""
        try:
            await self._attempt(work, insists=True)
        finally:
            gate.end_probe()
        if not gate.is_shut:
            await self._database.write(lambda tx: store.hurry_failed(tx, work.organization_id))

    async def note_backlog(self) -> None:
        """Have the metrics say what is to be done now."""
        backlog = await self._database.read(store.backlog)
        self._metrics.pending_rooms.set(backlog.pending)
        self._metrics.leftover_rooms.set(backlog.leftover)
        self._metrics.lag_seconds.set(backlog.lag_seconds)

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

    def _claim_due(
        self,
        tx: Transaction,
        limit: int,
        *,
        only: int | None = None,
        without: Collection[int] = (),
        none_missing: Collection[int] = (),
    ) -> list[Work]:
        due = store.claim_overdue(
            tx,
            lease=self._ids.uuid(),
            lease_seconds=self._settings.provider_lease_seconds,
            limit=limit,
            only=only,
            without=without,
            none_missing=none_missing,
        )
        for work in due:
            _expect_the_unknown(tx, work)
        return due

    def _claim_crowd(
        self, tx: Transaction, without: Collection[int]
    ) -> tuple[type[Batch | Removal], list[Work]]:
        """Many rooms of one organization that are to be made, or to be removed, and by what."""
        lease, seconds = self._ids.uuid(), self._batch_lease_seconds
        kind: type[Batch | Removal] = Batch
        due = store.claim_missing(tx, lease=lease, lease_seconds=seconds, without=without)
        if not due:
            kind = Removal
            due = store.claim_leaving(tx, lease=lease, lease_seconds=seconds, without=without)
        unknown = [
            (work.id, uncertain(work.seen, room))
            for work in due
            if calls_provider(plan(room := _wanted(work, tx), work.seen, now=tx.now))
        ]
        store.write_all_seen(tx, unknown)
        return kind, due

    @property
    def _batch_lease_seconds(self) -> float:
        return BATCH_LEASES * self._settings.provider_lease_seconds

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        attempt = asyncio.create_task(work)
        self._attempts.add(attempt)
        attempt.add_done_callback(self._ended)
        return attempt

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self._attempts.discard(attempt)
        if not attempt.cancelled() and attempt.exception() is not None:
            log.error("room_attempt_not_settled", exc_info=attempt.exception())
        self.loop.wake()  # there is a free place, and perhaps a newer wish

    async def _batch(self, kind: type[Batch | Removal], works: Sequence[Work]) -> None:
        batch = kind(
            works, videocalls=self._videocalls, settle=self._settle_all, single=self._attempt
        )
        try:
            async with asyncio.timeout(self._batch_lease_seconds * SHARE_OF_LEASE):
                await batch.run()
        except Exception:
            # What is not settled is due again after its lease.
            log.exception("room_batch_failed", organization_id=works[0].organization_id)

    async def _attempt(self, work: Work, *, insists: bool = False) -> None:
        attempt = Attempt(work, videocalls=self._videocalls, clock=self._clock)
        problem, delay = await self._run(attempt, insists)
        if problem is not None:
            log.warning("room_not_as_wanted", appointment_id=work.id, problem=problem)
        await self._settle_all([Outcome(work, attempt.seen, attempt.facts, problem, delay)])

    async def _run(self, attempt: Attempt, insists: bool) -> tuple[str | None, float | None]:
        """Why the attempt did not get there, and the seconds that we are asked to stay away."""
        try:
            async with asyncio.timeout(self._settings.provider_lease_seconds * SHARE_OF_LEASE):
                gate = await self._videocalls.gate(attempt.work.organization_id)
                if gate.is_shut and not insists:
                    return gate.why_shut(), 0.0
                await attempt.run()
        except TimeoutError:
            return "the room provider takes too long to answer", None
        except TemporaryError as error:
            return error.reason, error.delay_seconds
        except PermanentError as error:
            return error.reason, None
        except Exception:
            log.exception("room_attempt_failed", appointment_id=attempt.work.id)
            return "something went wrong on our side; the server's log says what", None
        return None, None

    async def _settle_all(self, outcomes: Sequence[Outcome]) -> None:
        results = Counter(outcome.brought_room_about for outcome in outcomes)
        self._metrics.room_creations.labels("made").inc(results[True])
        self._metrics.room_creations.labels("failed").inc(results[False])
        await self._database.write(lambda tx: self._settle(tx, outcomes))

    def _settle(self, tx: Transaction, outcomes: Sequence[Outcome]) -> None:
        retries: dict[int, float] = {}
        endings = [self._ending(tx, outcome, retries) for outcome in outcomes]
        # Of work whose lease is lost nothing is told: whoever has it now finds out and tells.
        settled = list(itertools.compress(outcomes, store.settle(tx, endings)))
        for outcome in settled:
            if outcome.work.is_deleted:
                store.remove_if_gone(tx, outcome.work.id)
        entries = [
            Entry(fact.event, ACTOR, appointment_id=outcome.work.id, details=fact.details)
            for outcome in settled
            for fact in outcome.facts
        ]
        if entries:
            record_all(tx, outcomes[0].work.organization_id, entries)

    def _ending(self, tx: Transaction, outcome: Outcome, retries: dict[int, float]) -> Ending:
        """What the row is to say; `retries` keeps what was read of organizations' settings."""
        work, seen = outcome.work, outcome.seen
        if outcome.problem is None:
            due_at = from_unix(seen.exp) if seen.exp is not None else None
            return Ending(work, seen, due_at, None)
        if outcome.delay_seconds == 0:
            wait = 0.0  # the gate says when
        else:
            usual = retries.get(work.organization_id) or self._retry_seconds(tx, work)
            retries[work.organization_id] = usual
            lease = f"{work.lease}{work.id}"
            wait = retry_seconds(outcome.delay_seconds, default=usual, lease=lease)
        seen = uncertain(seen, _wanted(work, tx))
        return Ending(work, seen, tx.now + timedelta(seconds=wait), outcome.problem)

    def _retry_seconds(self, tx: Transaction, work: Work) -> float:
        minutes = get_organization(tx, work.organization_id).retry_minutes
        return minutes * 60.0 if minutes else self._settings.provider_retry_seconds


def _wanted(work: Work, tx: Transaction) -> WantedRoom | None:
    return wanted(status=work.status, window=work.window, is_deleted=work.is_deleted, now=tx.now)


def _expect_the_unknown(tx: Transaction, work: Work) -> None:
    """Write, before anything is asked of the provider, that the outcome is not known."""
    room = _wanted(work, tx)
    if calls_provider(plan(room, work.seen, now=tx.now)):
        store.write_seen(tx, work.id, uncertain(work.seen, room))
