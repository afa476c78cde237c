"""Receipts of consent: who agreed to what and when, signed, so that it can be shown later.

Ed25519: whoever has the public key can check a receipt, and nobody but the installation makes one.
"""

import base64
import json
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vestibule.foundation.encryption import Keyring
from vestibule.rooms.recordings.model import Recording

PURPOSE: Final = "consent-receipt"


def receipt(recording: Recording, *, sha256: str, keyring: Keyring) -> str:
    """The receipt of a recording's file, as JSON."""
    content = {
        "recording_id": recording.id,
        "room_name": recording.room_name,
        "start_ts": recording.since,
        "file_sha256": sha256,
        "people": list(recording.consents or ()),
    }
    key = Ed25519PrivateKey.from_private_bytes(keyring.derive(PURPOSE))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signed = {
        **content,
        "public_key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(key.sign(_canonical(content))).decode(),
    }
    return json.dumps(signed, ensure_ascii=False, indent=2)


def is_genuine(text: str) -> bool:
    """Whether nothing in the receipt was changed since its public key's owner signed it."""
    content: dict[str, Any] = json.loads(text)
    public = base64.b64decode(content.pop("public_key"))
    signature = base64.b64decode(content.pop("signature"))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _canonical(content))
    except InvalidSignature:
        return False
    return True


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
