"""What a room provider's failures mean: repeating may help, or not."""

from typing import Final

import httpx2
from pydantic import ValidationError

from vestibule.appointments.room_provider.model import NotThere, Refused
from vestibule.foundation.errors import PermanentError, TemporaryError

RATE_LIMIT_SECONDS: Final = 30.0  # Daily's longest window (reference daily-rest 1.3)
MAX_INFO_CHARACTERS: Final = 200


def reason_of(error: Exception, seconds: float) -> tuple[str, str]:
    """Why there is no usable answer, in a word and in a sentence."""
    match error:
        case TimeoutError() | httpx2.TimeoutException():
            return "timeout", f"the room provider did not answer within {seconds:.0f} seconds"
        case ValidationError():
            return "bad-answer", "the room provider's answer has not the form of Daily's API"
        case _:
            return "connection", "the connection to the room provider failed"


def word_for(status: int) -> str:
    """The same of an answer other than 200, in a word."""
    words = {404: "not-there", 429: "rate-limited", 401: "key-refused", 403: "key-refused"}
    return words.get(status, "provider-failure" if status >= 500 else "refused")


def failure(answer: httpx2.Response) -> TemporaryError | PermanentError:
    """What an answer other than 200 means for whoever asked."""
    status, info = answer.status_code, _info(answer)
    if status == 404:
        return NotThere(f"the room provider answered 404{info}")
    if status == 429:
        return TemporaryError(
            "the room provider asks for fewer requests",
            delay_seconds=_retry_after(answer) or RATE_LIMIT_SECONDS,
        )
    if status >= 500:
        return TemporaryError(f"the room provider has a failure of its own ({status}){info}")
    if status in (401, 403):
        return PermanentError(f"the room provider does not accept the API key ({status}){info}")
    return Refused(f"the room provider refused the request ({status}){info}")


def _info(answer: httpx2.Response) -> str:
    try:
        info = answer.json()["info"]
    except (ValueError, TypeError, LookupError):
        return ""
    # In quotation marks, because the sentence around it is translated and these words are not.
    return f': "{str(info)[:MAX_INFO_CHARACTERS]}"'


def _retry_after(answer: httpx2.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None
