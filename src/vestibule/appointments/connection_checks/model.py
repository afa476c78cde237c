"""What a page found when it tried its connection, and how often it may say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from vestibule.appointments.organizations.model import Kind
from vestibule.foundation.errors import TooMany

Proof = Literal["relay", "direct", "local", "none"]
"""`relay`: works over a media server; `direct`: finds its way out; `local`: within its own network
alone; `none`: no call works from there."""

MOST_CHECKS: Final = 20
WITHIN: Final = timedelta(minutes=10)


class TooManyChecks(TooMany):
    """One person's page tells too often."""


@dataclass(frozen=True)
class ConnectionCheck:
    """What the page of one of an appointment's two people last found."""

    role: Kind
    proof: Proof
    checked_at: datetime


def check_rate(checks_within: int) -> None:
    """TooManyChecks if so many of one person within ten minutes are enough."""
    if checks_within >= MOST_CHECKS:
        raise TooManyChecks(
            f"at most {MOST_CHECKS} connection checks of one person within "
            f"{WITHIN.seconds // 60} minutes",
            retry_after_seconds=WITHIN.seconds,
        )
