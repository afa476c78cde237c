"""What a lease on a call says, and how it stands in Redis."""

from dataclasses import dataclass
from typing import Final, Self

LEASE_SECONDS: Final = 3.0
"""So long after its last renewal a process that does not answer counts as dead."""
RENEW_SECONDS: Final = 1.0
RETURN_SECONDS: Final = 2.0
"""When Redis has forgotten everything, owners have so long to say again what is theirs."""


@dataclass(frozen=True)
class Holder:
    """A process that keeps a call."""

    process: str
    """The process's own id, new at each start; without spaces."""
    url: str
    """Where other processes reach it."""
    fence: int
    """Rises with each claim of a call, so that an older claim is known for what it is."""

    @property
    def member(self) -> str:
        """How the process is called in the list of those that live."""
        return f"{self.process} {self.url}"

    @property
    def text(self) -> str:
        """As it stands in Redis."""
        return f"{self.member} {self.fence}"

    @classmethod
    def of(cls, text: str) -> Self:
        """What stands in Redis."""
        process, url, fence = text.split(" ")
        return cls(process, url, int(fence))
