"""Argon2 in a few threads of its own: each hash takes about 0.1 s of a core and 64 MiB."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vestibule.foundation.errors import Unavailable

T = TypeVar("T")

THREADS = 2
MAX_WAITING = 40  # four seconds of queue; more would keep everybody waiting for nothing


class Passwords:
    """Hashes and verifies passwords without holding up the event loop. One per process."""

    def __init__(self, *, memory_kib: int = 64 * 1024) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(THREADS, "passwords")
        self._waiting = 0
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """What is stored of a password."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; without a hash, False after as much work as with one."""
        return await self._run(lambda: self._verify(password_hash, password))

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or self._hash_of_nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody's password")
        return self._nobody

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable("too many people are signing in right now; try again in a moment")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
