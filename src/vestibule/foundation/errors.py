"""The kinds of failure that the whole system knows.

A slice raises its own named errors, each a subclass of one kind here; `foundation.http` is the
one place that turns a kind into an HTTP answer in Daily's shape (reference 1.1).
"""


class VestibuleError(Exception):
    """A failure with a sentence for the person who caused it or must mend it."""

    def __init__(self, info: str) -> None:
        super().__init__(info)
        self.info = info


class Invalid(VestibuleError):
    """The request asks for something that cannot be; nothing was changed."""


class MalformedJson(VestibuleError):
    """The request's body is not JSON."""


class MissingCredentials(VestibuleError):
    """No usable Authorization header was sent."""


class Unauthenticated(VestibuleError):
    """Credentials were sent, but they are not valid."""


class Forbidden(VestibuleError):
    """The caller is known, but may not do this."""


class NotFound(VestibuleError):
    """The thing asked for is not there."""


class Conflict(VestibuleError):
    """The thing's present state refuses this change."""


class PreconditionFailed(VestibuleError):
    """The caller has another version of the thing in mind than there is."""


class TooLarge(VestibuleError):
    """The request's body is over the limit."""


class TooMany(VestibuleError):
    """The caller goes too fast; `retry_after_seconds` says when to come back."""

    def __init__(self, info: str, *, retry_after_seconds: int) -> None:
        super().__init__(info)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(VestibuleError):
    """A part that this request needs is down for now."""


class TemporaryError(Exception):
    """A call outward failed in a way that may pass; `delay_seconds` is the other side's wish."""

    def __init__(self, reason: str, *, delay_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay_seconds = delay_seconds


class PermanentError(Exception):
    """A call outward failed in a way that repeating will not mend."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
