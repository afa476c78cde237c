"""Hashes and comparisons for secrets that are stored only as a hash."""

import hashlib
import hmac


def secret_hash(secret: str) -> str:
    """What is stored of a random secret: its SHA-256 in hex.

    Enough for secrets of 128 bits and more of our own making; passwords need argon2 instead.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
