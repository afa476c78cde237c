"""Audits from the command line: written to a file, and verified without the database."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tests.doubles.clock import FakeClock
from vestibule.appointments.audit.commands import commands
from vestibule.appointments.audit.service import AuditService, record
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.errors import Invalid


def test_an_exported_audit_is_verified_and_no_change_goes_unseen(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url, FakeClock())

    def happen(tx: Transaction) -> None:
        for reason in ("naïve", "=1+1", None):
            details = {"reason": reason}
            record(tx, organization_id=1, event="x", actor="y", details=details)

    def run(_data: Path | None, use_case: Callable[[AuditService], Awaitable[Any]]) -> Any:
        async def use() -> Any:
            return await use_case(AuditService(database=database))

        return asyncio.run(use())

    def audit(*arguments: str) -> Result:
        return CliRunner().invoke(commands(run), arguments)

    database.write_now(happen)
    exported = audit("export", "1").output
    file = tmp_path / "audit.jsonl"
    file.write_text(exported, encoding="utf-8")
    hashes = [json.loads(line)["hash"] for line in exported.splitlines()]
    for arguments in (["1"], ["--file", str(file)]):
        assert f"3 events are as they were written; the last hash is {hashes[-1]}" in (
            audit("verify", *arguments).output
        )
    lines = exported.splitlines(keepends=True)
    for changed, broken in (
        (exported.replace("naïve", "naive"), 1),
        (lines[0] + lines[2], 2),
        ("".join(reversed(lines)), 1),
    ):
        file.write_text(changed, encoding="utf-8")
        failure = audit("verify", "--file", str(file)).exception
        assert isinstance(failure, Invalid)
        assert f"event {broken} is not" in failure.info
    file.write_text("no audit")
    assert "line 1 is not" in str(audit("verify", "--file", str(file)).exception)
    assert isinstance(audit("verify").exception, Invalid)
    assert "reason" in audit("export", "1", "--format", "csv").output
    database.close()
