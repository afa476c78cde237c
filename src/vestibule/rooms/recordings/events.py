"""What the world is told of recordings, in Daily's words where it has any (reference 10.4)."""

from collections.abc import Mapping
from typing import Any, Final

from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.database import Transaction
from vestibule.rooms.calls.recording_messages import RecordingView
from vestibule.rooms.outbox.model import EventType
from vestibule.rooms.outbox.service import record_event
from vestibule.rooms.recordings.model import Recording

TROUBLES: Final = ("disk-full", "disk-low", "disk-failed", "defect")
"""Reasons for which a recording is broken off, and somebody has to act."""


def record_started(tx: Transaction, recording: Recording, *, at: int) -> None:
    """Media of it is being written, since then (unix seconds)."""
    _record(
        tx,
        recording,
        EventType.RECORDING_STARTED,
        {
            "recording_id": recording.id,
            "action": "start-cloud-recording",
            "layout": recording.layout.model_dump(exclude_defaults=True),
            "started_by": recording.started_by,
            "instance_id": recording.instance_id,
            "room_name": recording.room_name,
            "start_ts": at,
        },
    )


def record_stopped(tx: Transaction, recording: Recording, *, reason: str) -> None:
    """All of it is written; the file comes later. Our own type (requirement A17)."""
    _record(
        tx,
        recording,
        EventType.RECORDING_STOPPED,
        {
            "recording_id": recording.id,
            "room_name": recording.room_name,
            "instance_id": recording.instance_id,
            "reason": reason,
            "timestamp": unix_seconds(tx.now),
            "duration": round(tx.now.timestamp() - recording.since),
        },
    )


def record_ready(tx: Transaction, recording: Recording, *, seconds: float, key: str) -> None:
    """The file can be fetched."""
    _record(
        tx,
        recording,
        EventType.RECORDING_READY,
        {
            "type": recording.options.type,
            "recording_id": recording.id,
            "room_name": recording.room_name,
            "start_ts": int(recording.since),
            "status": "finished",
            "max_participants": recording.max_participants,
            "duration": round(seconds),
            "s3_key": key,
            "tracks": recording.shown_tracks or None,
        },
    )


def record_error(tx: Transaction, recording: Recording, reason: str) -> None:
    """There is no recording, or it was broken off, or it could not be composed."""
    _record(
        tx,
        recording,
        EventType.RECORDING_ERROR,
        {
            "action": "clourd-recording-err",  # so in Daily's reference, and so clients expect it
            "error_msg": reason,
            "instance_id": recording.instance_id,
            "room_name": recording.room_name,
            "timestamp": unix_seconds(tx.now),
        },
    )


def view_of(recording: Recording) -> RecordingView:
    """How people in the call see it."""
    return RecordingView(
        recording_id=recording.id,
        instance_id=recording.instance_id,
        kind=recording.options.type,
        layout=recording.layout.preset,
        started_by=recording.started_by,
        started_at=recording.since,
    )


def _record(
    tx: Transaction, recording: Recording, kind: EventType, payload: Mapping[str, Any]
) -> None:
    record_event(
        tx,
        domain_id=recording.domain_id,
        room_id=recording.room_id,
        room_name=recording.room_name,
        type=kind,
        payload=payload,
    )
