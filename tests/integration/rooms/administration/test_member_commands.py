"""The people of a domain's team, from the command line."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.integration.rooms.administration.conftest import ADDRESS, PASSWORD
from vestibule.accounts.teams.service import LastOwner, NotInTeam
from vestibule.assembly import build
from vestibule.rooms.domains.member_commands import member_commands
from vestibule.settings import Settings

UseCase = Callable[[Any], Awaitable[Any]]


def test_members_are_listed_made_owners_and_removed(database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=database_url, data=tmp_path, base_url=ADDRESS)

    def on(part: str) -> Callable[[Path | None, UseCase], Any]:
        def run(_data: Path | None, use_case: UseCase) -> Any:
            async def use() -> Any:
                vestibule = build(settings)
                try:
                    return await use_case(getattr(vestibule.rooms, part))
                finally:
                    await vestibule.stop()

            return asyncio.run(use())

        return run

    async def found_a_team() -> None:
        vestibule = build(settings)
        domain = await vestibule.rooms.domains.primary()
        for name, role in (("ada", "owner"), ("ben", "member")):
            user = await vestibule.shared.users.create(f"{name}@clinic.example", name, PASSWORD)
            await vestibule.shared.users.grant(user.id, domain.scope, role)
        await vestibule.stop()

    def members(*arguments: str) -> Any:
        return CliRunner().invoke(member_commands(on("domains"), on("teams")), arguments)

    asyncio.run(found_a_team())
    assert members("list").output.splitlines() == [
        "ada@clinic.example\towner\tada",
        "ben@clinic.example\tmember\tben",
    ]
    assert isinstance(members("remove", "ada@clinic.example").exception, LastOwner)
    assert "is owner now" in members("role", "Ben@Clinic.example", "owner").output
    assert members("remove", "ada@clinic.example").exit_code == 0
    assert isinstance(members("remove", "ada@clinic.example").exception, NotInTeam)
    [left] = [json.loads(line) for line in members("list", "--json").output.splitlines()]
    assert (left["email"], left["role"]) == ("ben@clinic.example", "owner")
