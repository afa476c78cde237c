"""How the server processes of one installation talk to each other, and know each other."""

import json
from collections.abc import Sequence
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from vestibule.foundation.clock import Clock
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.logging import current_request_id
from vestibule.foundation.signed_texts import SignedTexts

PURPOSE: Final = "peer"
PROOF_SECONDS: Final = 60.0
PEER_HEADER: Final = "x-vestibule-peer"
RELAY_PATH: Final = "/peers/signalling"
RELAYED_HEADERS: Final = (b"host", b"origin", b"cookie", b"user-agent")
"""What the owner of a call must know of a browser's connection to another process."""
MINE: Final = "mine"
NOT_MINE: Final = 4404
"""The close code for a call that this process does not keep."""


class Introduction(BaseModel):
    """The first thing that is said on a relay: for whom it is."""

    model_config = ConfigDict(extra="forbid")

    room_id: str
    fence: int
    headers: list[tuple[str, str]]
    scheme: str
    client: tuple[str, int] | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, scope: Any, *, room_id: str, fence: int) -> Self:
        """For somebody who has connected to this process."""
        return cls(
            room_id=room_id,
            fence=fence,
            headers=[
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
                if name in RELAYED_HEADERS
            ],
            scheme=scope.get("scheme", "ws"),
            client=scope.get("client"),
            request_id=current_request_id(),
        )

    @property
    def scope(self) -> dict[str, Any]:
        """What the owner's connection says, so that it is as if the browser had come there."""
        headers = [(name.encode("latin-1"), v.encode("latin-1")) for name, v in self.headers]
        return {"headers": headers, "scheme": self.scheme, "client": self.client}


class Peers:
    """Proves to other processes, by the master key that all share, that this one is of them."""

    def __init__(self, keyring: Keyring, clock: Clock) -> None:
        self._texts = SignedTexts(keyring, PURPOSE)
        self._clock = clock

    def sign(self, text: str) -> str:
        """A proof of this text that is good for a minute."""
        return self._texts.sign(text, until=self._now + PROOF_SECONDS)

    def read(self, proof: str) -> str | None:
        """The text, if another process of the installation has just signed it."""
        return self._texts.read(proof, self._now)

    def introduction_in(self, proof: str) -> Introduction | None:
        """Whom another process introduces."""
        said = self.read(proof)
        try:
            return None if said is None else Introduction.model_validate_json(said)
        except ValidationError:  # of another version of this product
            return None

    def is_peer(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Whether a request comes from another process of the installation."""
        said = next((v for name, v in headers if name == PEER_HEADER.encode()), None)
        return said is not None and self.read(said.decode("latin-1")) == json.dumps("request")

    @property
    def header(self) -> dict[str, str]:
        """What proves it of a request from here."""
        return {PEER_HEADER: self.sign(json.dumps("request"))}

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()
