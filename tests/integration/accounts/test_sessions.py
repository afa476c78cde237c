"""Sessions begin with a password and end by themselves, by signing out, and with the password."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.doubles.clock import FakeClock
from vestibule.accounts.schema import sessions as sessions_table
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.accounts.users.passwords import Passwords
from vestibule.accounts.users.service import UserService, WrongPassword
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds

ADA = "ada@clinic.example"
PASSWORD = "correct horse battery"


async def test_whoever_signed_in_is_known_by_the_token(
    users: UserService, sessions: SessionService
) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    token, user = await sessions.sign_in(ADA, PASSWORD)
    assert user == ada
    assert await sessions.person(token) == ada


async def test_an_invented_token_belongs_to_nobody(sessions: SessionService) -> None:
    assert await sessions.person("invented") is None
    assert await sessions.person("") is None


async def test_a_wrong_password_begins_no_session(
    users: UserService, sessions: SessionService, database: Database
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    with pytest.raises(WrongPassword):
        await sessions.sign_in(ADA, "incorrect horse")
    assert await database.read(lambda tx: tx.run(select(sessions_table)).all()) == []


async def test_the_token_itself_is_not_stored(
    users: UserService, sessions: SessionService, database: Database
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    token, _ = await sessions.sign_in(ADA, PASSWORD)
    row = await database.read(lambda tx: tx.run(select(sessions_table)).one())
    assert token not in map(str, row)


async def test_a_session_ends_after_twelve_hours(
    users: UserService, sessions: SessionService, clock: FakeClock
) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    token, _ = await sessions.sign_in(ADA, PASSWORD)
    clock.advance(timedelta(hours=12, seconds=-1))
    assert await sessions.person(token) == ada
    clock.advance(timedelta(seconds=1))
    assert await sessions.person(token) is None


async def test_signing_out_ends_this_session_and_no_other(
    users: UserService, sessions: SessionService
) -> None:
    ada = await users.create(ADA, "Ada", PASSWORD)
    laptop, _ = await sessions.sign_in(ADA, PASSWORD)
    phone, _ = await sessions.sign_in(ADA, PASSWORD)
    await sessions.sign_out(laptop)
    assert await sessions.person(laptop) is None
    assert await sessions.person(phone) == ada


async def test_a_new_password_ends_every_session(
    users: UserService, sessions: SessionService, clock: FakeClock
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    token, _ = await sessions.sign_in(ADA, PASSWORD)
    clock.advance(timedelta(seconds=1))
    await users.set_password(ADA, "a quite different one")
    assert await sessions.person(token) is None


async def test_a_password_changed_while_it_is_checked_begins_no_session(
    database: Database, clock: FakeClock, sessions: SessionService
) -> None:
    class ChangedMeanwhile(UserService):
        """Somebody sets another password between the check and the session."""

        async def check_password(self, email: str, password: str) -> User:
            user = await super().check_password(email, password)
            clock.advance(timedelta(seconds=1))
            await self.set_password(email, "a quite different one")
            return user

    users = ChangedMeanwhile(database=database, ids=SystemIds(), passwords=Passwords(memory_kib=64))
    await users.create(ADA, "Ada", PASSWORD)
    racing = SessionService(
        database=database, ids=SystemIds(), users=users, public_url=sessions.public_url
    )
    with pytest.raises(WrongPassword):
        await racing.sign_in(ADA, PASSWORD)
    assert await database.read(lambda tx: tx.run(select(sessions_table)).all()) == []


async def test_signing_in_clears_away_the_sessions_that_ended(
    users: UserService, sessions: SessionService, database: Database, clock: FakeClock
) -> None:
    await users.create(ADA, "Ada", PASSWORD)
    await sessions.sign_in(ADA, PASSWORD)
    clock.advance(timedelta(hours=13))
    await sessions.sign_in(ADA, PASSWORD)
    assert len(await database.read(lambda tx: tx.run(select(sessions_table)).all())) == 1
