"""Secrets at rest: AES-256-GCM under a master key that the installation owns."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class UnreadableSecret(Exception):
    """A sealed value cannot be opened: wrong master key, or moved from another row."""


class Keyring:
    """Master keys by id. The active one seals; every one still opens."""

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES:
                raise ValueError(f"master key {key_id!r} must be {KEY_BYTES} bytes")
        self._keys = dict(keys)
        self.active = active

    def seal(self, plaintext: str, *, binds: str) -> str:
        """Encrypt under the active key. `binds` names the row and field; only they open it."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self._keys[self.active])
        sealed = nonce + cipher.encrypt(nonce, plaintext.encode(), binds.encode())
        return f"{self.active}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, binds: str) -> str:
        """Decrypt what `seal` made for the same `binds`; else raise UnreadableSecret."""
        key_id, _, payload = sealed.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            raise UnreadableSecret(f"no master key {key_id!r} is configured")
        raw = base64.urlsafe_b64decode(payload)
        try:
            plain = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], binds.encode())
        except InvalidTag as error:
            raise UnreadableSecret(f"the secret of {binds} cannot be opened") from error
        return plain.decode()

    def derive(self, purpose: str, *, key_id: str | None = None) -> bytes:
        """A key of 32 bytes for one purpose, the same each time for the same master key."""
        master = self._keys[key_id or self.active]
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(master)


def parse_keyring(text: str) -> Keyring:
    """Read `id:base64key` pairs, separated by commas or new lines; the first one is active."""
    keys: dict[str, bytes] = {}
    for entry in text.replace(",", "\n").split("\n"):
        if entry.strip():
            key_id, colon, encoded = entry.strip().partition(":")
            if not colon:  # what stands there may be the key itself, so it is not repeated
                raise ValueError("a master key should look like id:base64key")
            keys[key_id] = base64.urlsafe_b64decode(encoded)
    if not keys:
        raise ValueError("no master key found; expected lines of the form id:base64key")
    return Keyring(keys, active=next(iter(keys)))


def keyring_from_file(path: Path) -> Keyring:
    """The keyring in this file, which is made with a fresh random key if it is not there."""
    if not path.exists():
        key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"k{secrets.token_hex(3)}:{key}\n")
    return parse_keyring(path.read_text())
