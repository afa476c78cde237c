"""The command line for people who sign in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.doubles.clock import FakeClock
from vestibule.accounts.commands import commands
from vestibule.accounts.users.model import Membership, Role
from vestibule.accounts.users.service import EmailTaken, NoSuchUser, UserService
from vestibule.foundation.database import Database
from vestibule.foundation.errors import Invalid
from vestibule.foundation.ids import SystemIds

ADA = ["--email", "ada@clinic.example"]
PASSWORD = "correct horse battery"


def run(database_url: str, *arguments: str, stdin: str = "") -> Result:
    """`vestibule users <arguments>`, with this on standard input."""

    def on_this_database(
        _data: Path | None, use_case: Callable[[UserService], Awaitable[Any]]
    ) -> Any:
        database = Database(database_url, FakeClock())
        service = UserService(database=database, ids=SystemIds())

        async def run_it() -> Any:
            return await use_case(service)

        try:
            return asyncio.run(run_it())
        finally:
            database.close()

    result = CliRunner().invoke(
        commands(on_this_database, lambda _data, _number: None), list(arguments), input=stdin
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_created_user_signs_in_with_the_password_from_standard_input(
    database_url: str, users: UserService
) -> None:
    arguments = ["create", *ADA, "--name", "Ada", "--organization", "7", "--role", "admin"]
    result = run(database_url, *arguments, stdin=f"{PASSWORD}\n")
    assert (result.exit_code, result.output) == (0, "ada@clinic.example can sign in now.\n")
    ada = asyncio.run(users.check_password("ada@clinic.example", PASSWORD))
    assert asyncio.run(users.roles(ada.id)) == [Membership(scope="organization:7", role=Role.ADMIN)]


def test_a_role_can_be_given_later(database_url: str, users: UserService) -> None:
    run(database_url, "create", *ADA, "--name", "Ada", stdin=PASSWORD)
    result = run(database_url, "grant", *ADA, "--organization", "3")
    assert "staff of organization 3" in result.output
    ada = asyncio.run(users.find_by_email("ada@clinic.example"))
    assert asyncio.run(users.roles(ada.id)) == [Membership(scope="organization:3", role=Role.STAFF)]


def test_a_password_can_be_replaced(database_url: str, users: UserService) -> None:
    run(database_url, "create", *ADA, "--name", "Ada", stdin=PASSWORD)
    assert run(database_url, "set-password", *ADA, stdin="another long one\n").exit_code == 0
    ada = asyncio.run(users.check_password("ada@clinic.example", "another long one"))
    assert ada.name == "Ada"


def test_a_password_is_never_an_argument(database_url: str) -> None:
    result = run(database_url, "create", *ADA, "--name", "Ada", "--password", PASSWORD)
    assert result.exit_code == 2
    assert PASSWORD not in run(database_url, "create", "--help").output


def test_bad_input_is_refused_in_words(database_url: str) -> None:
    with pytest.raises(Invalid, match="12 to 256"):
        run(database_url, "create", *ADA, "--name", "Ada", stdin="short\n")
    with pytest.raises(NoSuchUser):
        run(database_url, "set-password", *ADA, stdin=PASSWORD)
    run(database_url, "create", *ADA, "--name", "Ada", stdin=PASSWORD)
    with pytest.raises(EmailTaken):
        run(database_url, "create", *ADA, "--name", "Ada", stdin=PASSWORD)
    unknown = ["grant", *ADA, "--organization", "3", "--role", "owner"]
    assert run(database_url, *unknown).exit_code == 2
