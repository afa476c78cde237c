"""The numbers of the appointments half (A23): counted where a thing happens, once each."""

from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

OWN: Final = "own"
CALL_SECONDS: Final = (60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200)


def provider_name(base_url: str | None) -> str:
    """How a room provider is called in numbers: by its host, and our own rooms `own`."""
    return OWN if base_url is None else urlsplit(base_url).hostname or base_url


class AppointmentMetrics:
    """Counters begin at 0 with the process, as Prometheus expects; gauges are read anew."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.provider_calls = Counter(
            "vestibule_provider_calls",
            "Requests to room providers, by what came of them; 'ok' is the only success.",
            ["provider", "operation", "result"],
            registry=registry,
        )
        self.provider_down = Gauge(
            "vestibule_provider_down",
            "1 while a room provider counts as down and is only probed.",
            ["provider"],
            registry=registry,
        )
        self.room_creations = Counter(
            "vestibule_room_creations",
            "Attempts to bring about a missing room: 'made' or 'failed'.",
            ["result"],
            registry=registry,
        )
        self.meeting_tokens = Counter(
            "vestibule_meeting_tokens",
            "Clicks on 'Join': 'made', 'failed', or 'no-room' while the room is pending.",
            ["role", "result"],
            registry=registry,
        )
        self.call_seconds = Histogram(
            "vestibule_call_duration_seconds",
            "How long calls of appointments lasted, from the first person's coming to the end.",
            ["provider"],
            registry=registry,
            buckets=CALL_SECONDS,
        )
        self.recordings = Counter(
            "vestibule_recordings",
            "Recordings of appointments, by what was told: started, stopped, ready, failed.",
            ["stage"],
            registry=registry,
        )
        self.lag_seconds = Gauge(
            "vestibule_reconciler_lag_seconds",
            "How long the most overdue work on a room has been waiting.",
            registry=registry,
        )
        self.pending_rooms = Gauge(
            "vestibule_rooms_pending",
            "Rooms that appointments must have now and are not known to have.",
            registry=registry,
        )
        self.leftover_rooms = Gauge(
            "vestibule_rooms_to_remove",
            "Rooms that are still to be removed at their provider.",
            registry=registry,
        )
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Rates need the 0 before the first 1."""
        for result in ("made", "failed"):
            self.room_creations.labels(result)
        for role in ("specialist", "patient"):
            for result in ("made", "failed", "no-room"):
                self.meeting_tokens.labels(role, result)
        for stage in ("started", "stopped", "ready", "failed"):
            self.recordings.labels(stage)
