"""Where randomness and identifiers come from, so that tests can fix them."""

import os
import secrets
import string
import threading
import uuid
from typing import Protocol

ALPHANUMERIC = string.ascii_letters + string.digits
DRAWN_BYTES = 2048
SPARE_BYTES = 8


class Ids(Protocol):
    """Makes identifiers and secrets."""

    def uuid(self) -> str: ...

    def secret(self, byte_count: int) -> str: ...

    def letters(self, count: int) -> str: ...


class SystemIds:
    """Identifiers and secrets from the operating system's randomness."""

    def __init__(self) -> None:
        self._random = _Randomness()

    def uuid(self) -> str:
        """A new random UUID."""
        return str(uuid.UUID(bytes=self._random.take(16), version=4))

    def secret(self, byte_count: int) -> str:
        """A URL-safe secret that holds `byte_count` bytes of randomness."""
        return secrets.token_urlsafe(byte_count)

    def letters(self, count: int) -> str:
        """`count` random letters and digits."""
        base = len(ALPHANUMERIC)
        # A byte a letter is two bits more than one says: what the last remainder favours is less
        # than one part in 2^(2 count).
        number = int.from_bytes(self._random.take(count + SPARE_BYTES))
        return "".join(ALPHANUMERIC[number // base**place % base] for place in range(count))


class _Randomness:
    """The operating system's randomness, drawn in larger pieces.

    Each draw is a system call, at which another thread may take the interpreter for milliseconds;
    a request wants three.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn = b""
        os.register_at_fork(after_in_child=self._forget)

    def take(self, count: int) -> bytes:
        """Bytes that nobody else gets."""
        with self._lock:
            if len(self._drawn) < count:
                self._drawn = os.urandom(max(DRAWN_BYTES, count))
            taken, self._drawn = self._drawn[:count], self._drawn[count:]
        return taken

    def _forget(self) -> None:
        """A child must not give what its parent will."""
        self._lock = threading.Lock()
        self._drawn = b""
