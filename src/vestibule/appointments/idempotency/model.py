"""What makes two requests the same one."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from vestibule.foundation.errors import Conflict, Invalid

KEPT: Final = timedelta(days=7)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(Conflict):
    """The key was used before, for another request."""


@dataclass(frozen=True)
class Once:
    """A request that the caller may send again: its key, and what it asks."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, *, method: str, path: str, body: bytes) -> "Once":
        """The request under this key; Invalid if the key cannot be one."""
        if not _KEY.fullmatch(key):
            raise Invalid("Idempotency-Key must be 1 to 255 visible ASCII characters")
        said = b"\n".join((method.encode(), path.encode(), body))
        return cls(key, hashlib.sha256(said).hexdigest())


@dataclass(frozen=True)
class Earlier:
    """What is known of a request that came before under the same key."""

    fingerprint: str
    subject_id: int | None
    answer_sealed: str | None


def check_same(once: Once, earlier: Earlier) -> None:
    """KeyReused if the earlier request asked something else."""
    if once.fingerprint != earlier.fingerprint:
        raise KeyReused(
            "this Idempotency-Key was used for another request; take a new key for each new "
            "request, and the same one only to send the same request again"
        )
