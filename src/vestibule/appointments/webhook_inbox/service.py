"""Takes messages in, and applies them: in any order, and each as if it came once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from vestibule.appointments.audit.service import record
from vestibule.appointments.metrics import AppointmentMetrics, provider_name
from vestibule.appointments.organizations.service import OrganizationService
from vestibule.appointments.room_provider.model import appointment_in
from vestibule.appointments.webhook_inbox import recording_store, store
from vestibule.appointments.webhook_inbox.model import (
    KNOCKS,
    LONGEST_KNOCK,
    Message,
    NotGenuine,
    Waiting,
    check_signature,
    parse,
    who_waits,
)
from vestibule.foundation.broker import Broker
from vestibule.foundation.clock import Clock
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.ids import Ids
from vestibule.foundation.loops import Loop

LEASE_SECONDS: Final = 60.0
RETRY: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=30)
HINT_AGE: Final = timedelta(minutes=2)
ACTOR: Final = "room provider"
TOPIC: Final = "appointment-event"

log = structlog.get_logger()


@dataclass(frozen=True)
class Recording:
    """A recording of an appointment, as far as the provider has told."""

    id: int
    recording_id: str | None
    started_by: str | None
    started_at: Any
    stopped_at: Any
    ready_at: Any
    duration_seconds: int | None
    download_url: str | None


# Tells the appointment's specialist that a recording is ready, in the same transaction.
Announce = Callable[[Transaction, int, int], None]


class InboxService:
    """The use cases of messages from room providers."""

    def __init__(
        self,
        *,
        database: Database,
        organizations: OrganizationService,
        keyring: Keyring,
        broker: Broker,
        clock: Clock,
        ids: Ids,
        announce_recording: Announce,
        metrics: AppointmentMetrics,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._organizations = organizations
        self._keyring = keyring
        self._broker = broker
        self._clock = clock
        self._ids = ids
        self._announce = announce_recording
        self.loop = Loop("webhook-inbox", self.step)

    async def receive(
        self, organization_id: int, *, timestamp: str | None, signature: str | None, body: bytes
    ) -> None:
        """Keep a message once; NotGenuine or Invalid if it is none. Applied right afterwards."""
        secret = await self._secret(organization_id)
        now = self._clock.now()
        check_signature(secret, timestamp=timestamp, signature=signature, body=body, now=now)
        await self.keep(organization_id, body)

    async def keep(self, organization_id: int, body: bytes) -> None:
        """Keep a message that is known to be genuine, once."""
        message = parse(body, now=self._clock.now())
        if message is None:
            return

        def write(tx: Transaction) -> None:
            is_new = store.insert_message(
                tx, organization_id, message_id=message.id, kind=message.type, body=body.decode()
            )
            if is_new:
                tx.after_commit(self.loop.wake)

        await self._database.write(write)

    async def waiting(self, organization_id: int) -> list[Waiting]:
        """Who asks to be let into a call of the organization now, as far as providers tell."""
        organization = await self._organizations.get(organization_id)
        since = self._clock.now() - LONGEST_KNOCK
        rows = await self._database.read(
            lambda tx: store.messages_since(tx, organization_id, KNOCKS, since)
        )
        told = []
        for row in rows:
            message = parse(row.body.encode(), now=row.received_at)
            room = message.room if message else None
            number = appointment_in(room or "", organization.room_prefix, organization_id)
            if message is not None and number is not None:
                told.append((number, message))
        return who_waits(told)

    async def recordings(self, organization_id: int, appointment_id: int) -> list[Recording]:
        """The recordings of an appointment, the first one first."""
        rows = await self._database.read(
            lambda tx: recording_store.recordings_of(tx, organization_id, appointment_id)
        )
        names = Recording.__dataclass_fields__
        return [Recording(**{name: getattr(row, name) for name in names}) for row in rows]

    async def step(self) -> bool:
        """Apply messages that wait; False if there are none."""
        messages = await self._database.write(
            lambda tx: store.claim_messages(tx, lease=self._ids.uuid(), lease_seconds=LEASE_SECONDS)
        )
        for message in sorted(messages, key=lambda row: row.id):
            await self._apply(message)
        return bool(messages)

    async def _apply(self, row: Any) -> None:
        """One that cannot be applied holds up no other."""
        try:
            organization = await self._organizations.get(row.organization_id)
            message = parse(row.body.encode(), now=row.received_at)
            prefix = organization.room_prefix
            is_ours = await self._database.write(lambda tx: self._write(tx, row, message, prefix))
            if is_ours and message and message.type == "meeting.ended":
                await self._note_call(row.organization_id, message.duration_seconds)
        except Exception:
            log.exception("provider_message_not_applied", message=row.id, type=row.type)
            problem = "something went wrong on our side; the server's log says what"
            await self._database.write(
                lambda tx: store.settle_message(tx, row, due_at=tx.now + RETRY, problem=problem)
            )

    async def _note_call(self, organization_id: int, seconds: int | None) -> None:
        integration = await self._organizations.integration(organization_id)
        if integration is not None and seconds is not None:
            name = provider_name(integration.base_url)
            self._metrics.call_seconds.labels(name).observe(seconds)

    def _write(self, tx: Transaction, row: Any, message: Message | None, prefix: str) -> bool:
        """Write what the message means; whether it concerns an appointment of ours, now."""
        if not store.settle_message(tx, row, due_at=None, problem=None) or message is None:
            return False
        store.forget_messages(tx, tx.now - KEPT)
        of = row.organization_id
        number = appointment_in(message.room or "", prefix, of)
        appointment = store.find_appointment(tx, of, number) if number else None
        if message.type.startswith("recording."):
            self.note(tx, of, appointment and appointment.id, message)
        if appointment is not None and tx.now - row.received_at < HINT_AGE:
            hint = {
                "organization_id": of,
                "appointment_id": appointment.id,
                "type": message.type,
                "name": message.by,
                "at": message.at.isoformat(),
            }
            tx.after_commit(lambda: self._broker.publish(TOPIC, hint))
        return appointment is not None

    def note(self, tx: Transaction, of: int, number: int | None, message: Message) -> None:
        """Take in what is told of a recording, once; of appointment `number` if that is known."""
        stage = STAGES.get(message.type)
        if stage is None:
            return
        row = self._recording_of(tx, of, number, message)
        if row is None:
            return
        if getattr(row, stage) is not None and row.appointment_id and row.recording_id:
            return  # told before
        known = {
            "appointment_id": row.appointment_id or number,
            "recording_id": row.recording_id or message.recording_id,
            "started_by": row.started_by or message.by,
            "duration_seconds": message.duration_seconds or row.duration_seconds,
            "download_url": message.download_url or row.download_url,
            stage: getattr(row, stage) or message.at,
        }
        if stage == "ready_at" and row.stopped_at is None:
            known["stopped_at"] = message.at  # Daily tells of no stop of its own
        recording_store.update_recording(tx, row.id, known)
        self._tell(tx, of, row, known)

    def _recording_of(self, tx: Transaction, of: int, number: int | None, message: Message) -> Any:
        """The row of the recording that a message tells of; None if it tells nothing new."""

        def find() -> Any:
            return recording_store.find_recording(
                tx,
                of,
                recording_id=message.recording_id,
                appointment_id=number,
                without=STAGES[message.type],
            )

        if number is None and message.recording_id is None:
            return None  # of no room of ours
        found = find()
        if found is not None:
            return found
        if message.recording_id is None and recording_store.has_ids(tx, of, number):
            return None  # the provider's list has told of it, or will
        values = {
            "organization_id": of,
            "appointment_id": number,
            "recording_id": message.recording_id,
        }
        return recording_store.insert_recording(tx, values) or find()

    def _tell(self, tx: Transaction, of: int, before: Any, known: dict[str, Any]) -> None:
        """Record what is new, once it is known which appointment it concerns."""
        number = known["appointment_id"]
        if number is None:
            return
        was_unplaced = before.appointment_id is None
        for stage, event in FACTS.items():
            at = known.get(stage) or getattr(before, stage)
            if at is None or (getattr(before, stage) is not None and not was_unplaced):
                continue
            details = {
                "recording_id": known["recording_id"],
                "at": at.isoformat(),
                "started_by": known["started_by"],
                "duration_seconds": known["duration_seconds"],
            }
            record(
                tx,
                organization_id=of,
                event=event,
                actor=ACTOR,
                appointment_id=number,
                details={name: value for name, value in details.items() if value is not None},
            )
            counter = self._metrics.recordings.labels(stage.removesuffix("_at"))
            tx.after_commit(counter.inc)
            if stage == "ready_at":
                self._announce(tx, of, number)

    async def _secret(self, organization_id: int) -> str:
        hook = await self._database.read(lambda tx: store.find_hook(tx, organization_id))
        if hook is None or hook.secret_sealed is None:
            raise NotGenuine("no room provider was given this address")
        return self._keyring.open(hook.secret_sealed, binds=hook_row(organization_id))


STAGES: Final = {
    "recording.started": "started_at",
    "recording.stopped": "stopped_at",
    "recording.ready-to-download": "ready_at",
    "recording.error": "failed_at",
}
FACTS: Final = {
    "started_at": "videocall.recording_started",
    "stopped_at": "videocall.recording_stopped",
    "ready_at": "videocall.recording_ready",
    "failed_at": "videocall.recording_failed",
}


def hook_row(organization_id: int) -> str:
    """What the sealed secret of a hook is bound to."""
    return f"provider_hooks.{organization_id}.secret"
