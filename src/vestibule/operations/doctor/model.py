"""What the doctor finds."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal

from vestibule.settings import Settings


@dataclass(frozen=True)
class Finding:
    """What came of one check: `said` is what happened, `fix` what to do about a failure."""

    name: str
    state: Literal["ok", "failed", "not set up"]
    said: str
    fix: str | None = None


Check = Callable[[Settings], AsyncIterator[Finding]]
"""Uses one part and says what came of it. It changes nothing that stays, and raises nothing."""


def ok(name: str, said: str) -> Finding:
    return Finding(name, "ok", said)


def failed(name: str, said: str, *, fix: str) -> Finding:
    return Finding(name, "failed", said, fix)


def not_set_up(name: str, said: str) -> Finding:
    return Finding(name, "not set up", said)


def reason(error: BaseException) -> str:
    """An error in a few words, with its kind if it says nothing itself."""
    return " ".join(str(error).split())[:300] or type(error).__name__
