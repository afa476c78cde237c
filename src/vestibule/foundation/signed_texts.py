"""Texts that we sign and read back: proof of what this installation itself has granted."""

import base64
import hashlib
import hmac
from typing import Final

from pydantic import TypeAdapter, ValidationError

from vestibule.foundation.encryption import Keyring

_signed: Final = TypeAdapter(tuple[float, str])


class SignedTexts:
    """Signs texts for one purpose; what was signed for another one proves nothing."""

    def __init__(self, keyring: Keyring, purpose: str) -> None:
        self._keyring = keyring
        self._purpose = purpose

    def sign(self, text: str, *, until: float) -> str:
        """A printable proof of `text` that ends at `until` (unix seconds)."""
        key_id = self._keyring.active
        payload = base64.urlsafe_b64encode(_signed.dump_json((until, text))).decode()
        return f"{key_id}.{payload}.{self._signature(key_id, payload)}"

    def read(self, proof: str, now: float) -> str | None:
        """The text, if we have signed it and its time is not over."""
        key_id, _, rest = proof.partition(".")
        payload, _, signature = rest.partition(".")
        try:
            if not hmac.compare_digest(
                self._signature(key_id, payload).encode(), signature.encode()
            ):
                return None
            until, text = _signed.validate_json(base64.urlsafe_b64decode(payload))
        except (KeyError, ValueError, ValidationError):
            return None
        return text if now < until else None

    def _signature(self, key_id: str, payload: str) -> str:
        """KeyError if there is no such master key any more."""
        key = self._keyring.derive(self._purpose, key_id=key_id)
        return hmac.new(key, f"{key_id}.{payload}".encode(), hashlib.sha256).hexdigest()
