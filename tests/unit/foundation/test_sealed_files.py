"""Files encrypted at rest can be read in any part, and in no part once they were touched."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vestibule.foundation.encryption import UnreadableSecret
from vestibule.foundation.sealed_files import BLOCK_BYTES, open_part, seal_file

KEY = b"k" * 32
SIZES = [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES]


def sealed(folder: Path, size: int) -> tuple[bytes, bytes]:
    """A file of that size, plain and sealed."""
    plain = bytes(number % 251 for number in range(size))
    (folder / "plain").write_bytes(plain)
    seal_file(folder / "plain", folder / "sealed", KEY)
    return plain, (folder / "sealed").read_bytes()


async def opened(content: bytes, size: int, start: int, end: int, key: bytes = KEY) -> bytes:
    async def read(first: int, last: int) -> AsyncIterator[bytes]:
        yield content[first:last]

    return b"".join([part async for part in open_part(read, key, size=size, start=start, end=end)])


@pytest.mark.anyio
@pytest.mark.parametrize("size", SIZES)
async def test_every_part_of_a_file_is_read_as_it_was(tmp_path: Path, size: int) -> None:
    plain, content = sealed(tmp_path, size)
    edges = sorted(
        {0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, size} & set(range(size + 1))
    )

    assert plain[:40] not in content or size < 40
    for start in edges:
        for end in (edge for edge in edges if edge >= start):
            assert await opened(content, size, start, end) == plain[start:end]


@pytest.mark.anyio
@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "key"])
async def test_a_file_that_was_touched_is_not_read(tmp_path: Path, harm: str) -> None:
    size = 2 * BLOCK_BYTES
    _, content = sealed(tmp_path, size)
    block = BLOCK_BYTES + 16
    harmed = {
        "flip": bytes([content[0] ^ 1]) + content[1:],
        "cut": content[:block],
        "swap": content[block:] + content[:block],
        "key": content,
    }[harm]
    key, known = (
        (b"x" * 32, size) if harm == "key" else (KEY, BLOCK_BYTES if harm == "cut" else size)
    )

    with pytest.raises(UnreadableSecret):
        await opened(harmed, known, 0, known, key)
