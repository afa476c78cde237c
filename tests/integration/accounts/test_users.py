"""Users, their roles, and recognising them by their password."""

import asyncio
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.doubles.clock import FakeClock
from vestibule.accounts.schema import memberships, sign_in_attempts
from vestibule.accounts.schema import users as users_table
from vestibule.accounts.users.model import Membership, Role
from vestibule.accounts.users.service import (
    EmailTaken,
    NoSuchUser,
    SignInLocked,
    UserService,
    WrongPassword,
)
from vestibule.accounts.users.store import count_attempt, find_attempts
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Invalid

ADA = "ada@clinic.example"
PASSWORD = "correct horse battery"
WRONG = "incorrect horse battery"


async def tries(users: UserService, email: str, password: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            await users.check_password(email, password)


async def test_a_user_is_recognised_whatever_the_case_of_the_address(users: UserService) -> None:
    ada = await users.create(" Ada@Clinic.example ", "Ada Popescu", PASSWORD)
    assert ada.email == ADA
    assert await users.check_password("ADA@clinic.EXAMPLE", PASSWORD) == ada


async def test_only_an_argon2_hash_of_the_password_is_stored(
    users: UserService, database: Database
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    stored = await database.read(
        lambda tx: tx.run(select(users_table.c.password_hash)).scalar_one()
    )
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


async def test_a_second_user_with_the_same_address_is_refused(users: UserService) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    with pytest.raises(EmailTaken, match=ADA):
        await users.create("ADA@clinic.example", "Another Ada", PASSWORD)
    assert (await users.find_by_email(ADA)).name == "Ada"


async def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    users: UserService,
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    with pytest.raises(WrongPassword) as wrong:
        await users.check_password(ADA, WRONG)
    with pytest.raises(WrongPassword) as unknown:
        await users.check_password("cleo@clinic.example", WRONG)
    with pytest.raises(WrongPassword) as no_address:
        await users.check_password("not an address", WRONG)
    assert wrong.value.info == unknown.value.info == no_address.value.info


@pytest.mark.parametrize("email", [ADA, "nobody@clinic.example"])
async def test_ten_failures_lock_an_address_whether_or_not_anybody_has_it(
    users: UserService, clock: FakeClock, email: str
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    await tries(users, email, WRONG, 10)
    with pytest.raises(SignInLocked, match="15 minutes") as locked:
        await users.check_password(email, PASSWORD)
    assert locked.value.retry_after_seconds == 15 * 60
    clock.advance(timedelta(minutes=14, seconds=30))
    with pytest.raises(SignInLocked, match=r"1 minute$"):
        await users.check_password(email, PASSWORD)


async def test_a_lock_ends_by_itself_and_trying_meanwhile_does_not_prolong_it(
    users: UserService, clock: FakeClock
) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    await tries(users, ADA, WRONG, 10)
    clock.advance(timedelta(minutes=10))
    with pytest.raises(SignInLocked):
        await users.check_password(ADA, PASSWORD)
    clock.advance(timedelta(minutes=5))
    assert await users.check_password(ADA, PASSWORD) == ada


async def test_the_right_password_begins_the_count_anew(users: UserService) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    for _ in range(2):
        await tries(users, ADA, WRONG, 9)
        assert await users.check_password(ADA, PASSWORD) == ada


async def test_guessing_in_parallel_gets_no_more_than_ten_looks(users: UserService) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    guesses = [users.check_password(ADA, f"{WRONG} {number}") for number in range(25)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    kinds = [type(answer) for answer in answers]
    assert (kinds.count(WrongPassword), kinds.count(SignInLocked)) == (10, 15)


async def test_a_second_try_waits_until_the_first_is_counted(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def first(tx: Transaction) -> None:
        find_attempts(tx, "of ada")
        begun.set()
        assert go_on.wait(timeout=60)
        count_attempt(tx, "of ada")

    one = asyncio.create_task(database.write(first))
    await asyncio.to_thread(begun.wait, 60)
    other = asyncio.create_task(database.write(lambda tx: find_attempts(tx, "of ada")))
    await asyncio.wait([other], timeout=0.2)  # it would be done by now if it did not wait
    go_on.set()
    await one
    assert (await other).count == 1


async def test_old_attempts_do_not_stay_in_the_database(
    users: UserService, database: Database, clock: FakeClock
) -> None:
    for number in range(3):
        await tries(users, f"guess{number}@clinic.example", WRONG, 1)
    clock.advance(timedelta(minutes=15))
    await tries(users, ADA, WRONG, 1)
    count = select(func.count()).select_from(sign_in_attempts)
    assert await database.read(lambda tx: tx.run(count).scalar_one()) == 1


async def test_a_new_password_replaces_the_old_one_and_unlocks(users: UserService) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    await tries(users, ADA, WRONG, 10)
    await users.set_password(ADA, "a quite different one")
    with pytest.raises(WrongPassword):
        await users.check_password(ADA, PASSWORD)
    assert (await users.check_password(ADA, "a quite different one")).email == ADA


async def test_a_weak_new_password_changes_nothing(users: UserService) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    with pytest.raises(Invalid):
        await users.set_password(ADA, "short")
    assert await users.check_password(ADA, PASSWORD) == ada


async def test_a_password_of_nobody_cannot_be_set(users: UserService) -> None:
    with pytest.raises(NoSuchUser, match=r"nobody@clinic\.example"):
        await users.set_password("nobody@clinic.example", PASSWORD)


async def test_a_user_has_one_role_in_each_place(users: UserService) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    await users.grant(ada.id, "organization:2", "staff")
    await users.grant(ada.id, "organization:1", "staff")
    await users.grant(ada.id, "organization:1", "admin")
    assert await users.roles(ada.id) == [
        Membership(scope="organization:1", role=Role.ADMIN),
        Membership(scope="organization:2", role=Role.STAFF),
    ]


async def test_an_unknown_role_or_user_is_refused(users: UserService, database: Database) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    with pytest.raises(Invalid, match="'owner'"):
        await users.grant(ada.id, "organization:1", "owner")
    with pytest.raises(NoSuchUser):
        await users.grant("somebody", "organization:1", "admin")
    count = select(func.count()).select_from(memberships)
    assert await database.read(lambda tx: tx.run(count).scalar_one()) == 0
