"""Where randomness and identifiers come from, so that tests can fix them."""

import secrets
import string
import uuid
from typing import Protocol

ALPHANUMERIC = string.ascii_letters + string.digits


class Ids(Protocol):
    """Makes identifiers and secrets."""

    def uuid(self) -> str: ...

    def secret(self, byte_count: int) -> str: ...

    def letters(self, count: int) -> str: ...


class SystemIds:
    """Identifiers and secrets from the operating system's randomness."""

    def uuid(self) -> str:
        """A new random UUID."""
        return str(uuid.uuid4())

    def secret(self, byte_count: int) -> str:
        """A URL-safe secret that holds `byte_count` bytes of randomness."""
        return secrets.token_urlsafe(byte_count)

    def letters(self, count: int) -> str:
        """`count` random letters and digits."""
        base = len(ALPHANUMERIC)
        number = secrets.randbelow(base**count)  # one draw: this is on the way to every room
        return "".join(ALPHANUMERIC[number // base**place % base] for place in range(count))
