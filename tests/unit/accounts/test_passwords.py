"""Hashing passwords: the same work for nobody, and never more than a short queue."""

import asyncio
import time

from vestibule.accounts.users.passwords import MAX_WAITING, Passwords
from vestibule.foundation.errors import Unavailable


async def test_a_password_is_verified_against_its_own_hash_only() -> None:
    passwords = Passwords(memory_kib=64)
    stored = await passwords.hash("correct horse battery")
    assert await passwords.verify(stored, "correct horse battery")
    assert not await passwords.verify(stored, "incorrect horse battery")
    assert not await passwords.verify("not a hash", "correct horse battery")


async def test_nobody_has_no_password_at_all() -> None:
    passwords = Passwords(memory_kib=64)
    for guess in ("nobody's password", "", "correct horse battery"):
        assert not await passwords.verify(None, guess)


async def test_a_password_of_nobody_takes_as_much_work_as_a_wrong_one() -> None:
    passwords = Passwords()
    stored = await passwords.hash("correct horse battery")
    await passwords.verify(None, "warm up")

    async def work(password_hash: str | None) -> float:
        before = time.process_time()
        await passwords.verify(password_hash, "incorrect horse battery")
        return time.process_time() - before

    somebody = min([await work(stored) for _ in range(3)])
    nobody = min([await work(None) for _ in range(3)])
    assert 0.5 < nobody / somebody < 2


async def test_a_flood_of_sign_ins_is_turned_away_and_then_served_again() -> None:
    passwords = Passwords(memory_kib=8 * 1024)
    flood = [passwords.verify(None, "guess") for _ in range(MAX_WAITING + 5)]
    answers = await asyncio.gather(*flood, return_exceptions=True)
    assert [isinstance(answer, Unavailable) for answer in answers].count(True) == 5
    assert await passwords.verify(None, "guess") is False
