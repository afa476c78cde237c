"""The STUN and TURN servers that people are told of, with passwords of their own that run out."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from vestibule.rooms.calls.views import IceServer

CREDENTIAL_SECONDS: Final = 3600
RENEWED_AFTER_SECONDS: Final = CREDENTIAL_SECONDS / 2


class Relays:
    """What each person may use on the way to the others.

    `fixed` are servers as the settings have them. `turn_urls` are addresses of TURN servers that
    share `turn_secret` with us: each person gets a name and a password for them, good for an hour
    (the TURN REST API that coturn calls `use-auth-secret`).
    """

    def __init__(
        self,
        fixed: Sequence[IceServer] = (),
        *,
        turn_urls: Sequence[str] = (),
        turn_secret: str = "",
    ) -> None:
        self._fixed = list(fixed)
        self._turn_urls = list(turn_urls)
        self._turn_secret = turn_secret.encode()

    @property
    def run_out(self) -> bool:
        """Whether there are passwords that must be renewed in a long call."""
        return bool(self._turn_urls)

    def of(self, session_id: str, now: float) -> list[IceServer]:
        """The servers for one person. `now` in unix seconds."""
        if not self._turn_urls:
            return self._fixed
        name = f"{int(now) + CREDENTIAL_SECONDS}:{session_id}"
        digest = hmac.new(self._turn_secret, name.encode(), hashlib.sha1).digest()
        own = IceServer(
            urls=self._turn_urls, username=name, credential=base64.b64encode(digest).decode()
        )
        return [*self._fixed, own]

    @property
    def for_strangers(self) -> list[IceServer]:
        """Those that need no password: a relay must not carry anybody's traffic."""
        return [server for server in self._fixed if server.credential is None]
