"""Large files encrypted at rest: AES-256-GCM in blocks, so that any part can be read by itself.

Each file has a key of its own, used for nothing else; so a block's number serves as its nonce. The
last block is marked, so that a file that was cut short is noticed.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vestibule.foundation.encryption import UnreadableSecret

BLOCK_BYTES: Final = 64 * 1024
TAG_BYTES: Final = 16
SEALED_BYTES: Final = BLOCK_BYTES + TAG_BYTES

ReadSealed = Callable[[int, int], AsyncIterator[bytes]]
"""Gives the bytes of the sealed file from one place up to another."""


def seal_file(source: Path, target: Path, key: bytes) -> None:
    """Write the file encrypted."""
    cipher = AESGCM(key)
    size = source.stat().st_size
    last = last_block(size)
    with source.open("rb") as plain, target.open("wb") as sealed:
        for number in range(last + 1):
            block = plain.read(BLOCK_BYTES)
            sealed.write(cipher.encrypt(_nonce(number), block, _mark(number == last)))


async def open_part(
    read: ReadSealed, key: bytes, *, size: int, start: int, end: int
) -> AsyncIterator[bytes]:
    """The plain bytes from `start` up to, and without, `end`, of a file of `size` plain bytes.

    UnreadableSecret if the sealed file is not the one that was written.
    """
    cipher = AESGCM(key)
    last = last_block(size)
    for number in range(start // BLOCK_BYTES, last_block(end) + 1):
        sealed_end = min((number + 1) * SEALED_BYTES, size + (last + 1) * TAG_BYTES)
        sealed = b"".join([part async for part in read(number * SEALED_BYTES, sealed_end)])
        try:
            plain = cipher.decrypt(_nonce(number), sealed, _mark(number == last))
        except InvalidTag as error:
            raise UnreadableSecret("the file is damaged, or sealed with another key") from error
        first = number * BLOCK_BYTES
        yield plain[max(0, start - first) : end - first]


def last_block(size: int) -> int:
    """The number of the block with the last of so many bytes."""
    return max(0, size - 1) // BLOCK_BYTES


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _mark(is_last: bool) -> bytes:
    return b"last" if is_last else b"more"
