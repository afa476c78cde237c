"""The command line for audit chains: written to a file, and verified, also far from here."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vestibule.appointments.audit.export import csv_lines, json_lines, read_json_lines
from vestibule.appointments.audit.model import AuditEvent, first_break
from vestibule.appointments.audit.service import AuditService
from vestibule.foundation.errors import Invalid

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
Run = Callable[[Path | None, Callable[[AuditService], Awaitable[Any]]], Any]


def commands(run: Run) -> typer.Typer:
    """`vestibule audit …`; `run` runs a use case on the installation in a data folder."""
    audit = typer.Typer(help="The audit of organizations.", no_args_is_help=True)

    def events_of(data: Path | None, organization: int) -> list[AuditEvent]:
        events: list[AuditEvent] = run(data, lambda service: service.list(organization))
        return events

    @audit.command()
    def export(
        organization: Annotated[int, typer.Argument(help="Number of the organization.")],
        form: Annotated[
            Literal["jsonl", "csv"], typer.Option("--format", help="Only jsonl can be verified.")
        ] = "jsonl",
        data: Data = None,
    ) -> None:
        """Write an organization's audit to standard output, oldest first."""
        lines = {"jsonl": json_lines, "csv": csv_lines}[form]
        sys.stdout.writelines(lines(events_of(data, organization)))

    @audit.command()
    def verify(
        organization: Annotated[
            int | None, typer.Argument(help="Number of the organization in the database.")
        ] = None,
        file: Annotated[
            Path | None, typer.Option(help="An exported file; needs no database.")
        ] = None,
        data: Data = None,
    ) -> None:
        """Find out whether an audit is as it was written; exit code 1 if it is not."""
        if (file is None) == (organization is None):
            raise Invalid("name an organization or give --file, one of them")
        if file is not None:
            with file.open(encoding="utf-8") as lines:
                events = read_json_lines(lines)
        else:
            events = events_of(data, organization or 0)
        broken = first_break(events)
        if broken is not None:
            raise Invalid(f"the audit was changed: event {broken} is not as it was written")
        last = f"; the last hash is {events[-1].hash}" if events else ""
        typer.echo(f"{len(events)} events are as they were written{last}.")

    return audit
