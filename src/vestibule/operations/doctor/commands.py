"""The command, and which checks there are."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from vestibule.operations.configuration import AsJson, WrongConfiguration, read_settings
from vestibule.operations.doctor.headless_call import check_call
from vestibule.operations.doctor.media_server import check_media_servers
from vestibule.operations.doctor.model import Check, Finding, failed, not_set_up, ok, reason
from vestibule.operations.doctor.reaching import (
    check_address,
    check_mail,
    check_turn,
    check_webhooks,
)
from vestibule.operations.doctor.several import check_redis
from vestibule.operations.doctor.storage import check_database, check_folder
from vestibule.settings import Settings

NEEDS_DATABASE: Final[dict[str, Check]] = {"webhooks": check_webhooks}
NEEDS_SERVER: Final[dict[str, Check]] = {"call": check_call}
MARKS: Final = {"ok": "[green]✓[/]", "failed": "[red]✗[/]", "not set up": "[dim]–[/]"}


def doctor(
    *,
    data: Annotated[Path | None, typer.Option(help="Folder of the database and keys.")] = None,
    as_json: AsJson = False,
) -> None:
    """Use each part once, and say how to mend what fails. Exit code 1 if something does."""
    out = Console(highlight=False, soft_wrap=True)

    async def examine() -> list[Finding]:
        found = []
        async for finding in findings(data):
            found.append(finding)
            if not as_json:
                print_finding(out, finding)
        return found

    found = asyncio.run(examine())
    is_well = all(finding.state != "failed" for finding in found)
    if as_json:
        rows = [asdict(finding) for finding in found]
        typer.echo(json.dumps({"ok": is_well, "findings": rows}))
    raise typer.Exit(0 if is_well else 1)


def print_finding(out: Console, finding: Finding) -> None:
    """One line for what was found, and one for what to do."""
    out.print(f"{MARKS[finding.state]} {finding.name:10} ", end="")
    out.print(finding.said, markup=False)
    if finding.fix:
        out.print(f"  {'':10} → {finding.fix}", markup=False, style="bold")


async def findings(data: Path | None) -> AsyncIterator[Finding]:
    """Everything that there is to find, in an order in which the first failure is the cause."""
    try:
        settings = read_settings(data=data)
    except WrongConfiguration as error:
        for problem in error.problems:
            yield failed("settings", problem, fix="'vestibule config list' has what is possible")
        return
    yield ok("settings", "they are right")
    broken = set[str]()
    checks: list[Check] = [check_folder, check_database, check_redis, check_address, check_mail]
    for check in [*checks, check_turn, check_media_servers]:
        async for finding in carefully(check, settings):
            yield finding
            if finding.state == "failed":
                broken.add(finding.name)
    needs_storage = {"folder", "master key", "database", "migrations"}
    async for finding in later(NEEDS_DATABASE, settings, broken & needs_storage):
        yield finding
    async for finding in later(NEEDS_SERVER, settings, broken & {*needs_storage, "server"}):
        yield finding


async def later(
    checks: dict[str, Check], settings: Settings, broken: set[str]
) -> AsyncIterator[Finding]:
    """Checks that can prove nothing while what they rest on is broken."""
    for name, check in checks.items():
        if broken:
            yield not_set_up(name, f"not tried: mend first {', '.join(sorted(broken))}")
            continue
        async for finding in carefully(check, settings):
            yield finding


async def carefully(check: Check, settings: Settings) -> AsyncIterator[Finding]:
    """A check's findings; what it did not foresee is one as well."""
    try:
        async for finding in check(settings):
            yield finding
    except Exception as error:
        name = check.__name__.removeprefix("check_")
        said = f"the check itself failed: {type(error).__name__}: {reason(error)}"
        yield failed(name, said, fix="report this with the output of 'vestibule doctor --json'")
