"""What can happen in a room that others are told about, in Daily's words (reference 10.4)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class EventType(StrEnum):
    """Every type of event that Daily documents, and `recording.stopped` (requirement A17).

    This server emits those of `ID_PREFIXES`.
    """

    MEETING_STARTED = "meeting.started"
    MEETING_ENDED = "meeting.ended"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_LEFT = "participant.left"
    WAITING_PARTICIPANT_JOINED = "waiting-participant.joined"
    WAITING_PARTICIPANT_LEFT = "waiting-participant.left"
    RECORDING_STARTED = "recording.started"
    RECORDING_STOPPED = "recording.stopped"
    RECORDING_READY = "recording.ready-to-download"
    RECORDING_ERROR = "recording.error"
    STREAMING_STARTED = "streaming.started"
    STREAMING_UPDATED = "streaming.updated"
    STREAMING_ENDED = "streaming.ended"
    STREAMING_ERROR = "streaming.error"
    TRANSCRIPT_STARTED = "transcript.started"
    TRANSCRIPT_READY = "transcript.ready-to-download"
    TRANSCRIPT_ERROR = "transcript.error"
    BATCH_PROCESSOR_FINISHED = "batch-processor.job-finished"
    BATCH_PROCESSOR_ERROR = "batch-processor.error"
    DIALOUT_CONNECTED = "dialout.connected"
    DIALOUT_ANSWERED = "dialout.answered"
    DIALOUT_STOPPED = "dialout.stopped"
    DIALOUT_WARNING = "dialout.warning"
    DIALOUT_ERROR = "dialout.error"
    DIALIN_READY = "dialin.ready"
    DIALIN_CONNECTED = "dialin.connected"
    DIALIN_STOPPED = "dialin.stopped"
    DIALIN_WARNING = "dialin.warning"
    DIALIN_ERROR = "dialin.error"
    CALL_TRANSFER_TRIGGERED = "calltransfer.triggered"
    CALL_TRANSFER_INITIATED = "calltransfer.initiated"
    CALL_TRANSFER_ANSWERED = "calltransfer.answered"
    CALL_TRANSFER_COMPLETED = "calltransfer.completed"


ID_PREFIXES: Final = {
    EventType.MEETING_STARTED: "met-sta",
    EventType.MEETING_ENDED: "met-end",
    EventType.PARTICIPANT_JOINED: "ptcpt-join",
    EventType.PARTICIPANT_LEFT: "ptcpt-left",
    EventType.WAITING_PARTICIPANT_JOINED: "w-ptcpt-joined",
    EventType.WAITING_PARTICIPANT_LEFT: "w-ptcpt-left",
    EventType.RECORDING_STARTED: "rec-sta",
    EventType.RECORDING_STOPPED: "rec-sto",
    EventType.RECORDING_READY: "rec-rtd",
    EventType.RECORDING_ERROR: "rec-err",
}


@dataclass(frozen=True)
class Event:
    """Something that happened in a room.

    `id` is what receivers recognise a repetition by. `sequence` rises by one from event to event of
    the room, across all types.
    """

    number: int
    id: str
    domain_id: str
    room_id: str
    room_name: str
    sequence: int
    type: EventType
    payload: Mapping[str, Any]
    created_at: datetime
    request_id: str | None = None
    """Of the request, or the connection, that made it happen; None: time did."""


def event_id(event_type: EventType, unique: uuid.UUID, at: datetime) -> str:
    """An id in the style of Daily's samples, such as `met-sta-<uuid>-<milliseconds>`."""
    return f"{ID_PREFIXES[event_type]}-{unique}-{int(at.timestamp() * 1000)}"
