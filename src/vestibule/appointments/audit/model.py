"""The chain of audit events: each one's hash covers the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

BEGINNING: Final = "0" * 64  # stands where the first event has no other before it


@dataclass(frozen=True)
class AuditEvent:
    """Something that happened in an organization, in its place of the chain."""

    organization_id: int
    sequence: int  # from 1, without gaps, per organization
    at: datetime
    event: str
    actor: str
    appointment_id: int | None
    details: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class AuditPage:
    """Some of an organization's events, newest first, and how many there are in all."""

    total_count: int
    events: list[AuditEvent]


def hash_of(event: AuditEvent) -> str:
    """The hash that this event must carry: over everything it says and the hash before it."""
    said = {
        "organization_id": event.organization_id,
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "event": event.event,
        "actor": event.actor,
        "appointment_id": event.appointment_id,
        "details": event.details,
        "previous_hash": event.previous_hash,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_break(events: Iterable[AuditEvent]) -> int | None:
    """The place where one organization's whole chain was changed, or None if it is untouched.

    Finds events that were altered, removed or put in between; events cut off at the end leave no
    trace in the chain itself.
    """
    previous_hash = BEGINNING
    for sequence, event in enumerate(events, start=1):
        in_place = event.sequence == sequence and event.previous_hash == previous_hash
        if not in_place or event.hash != hash_of(event):
            return sequence
        previous_hash = event.hash
    return None
