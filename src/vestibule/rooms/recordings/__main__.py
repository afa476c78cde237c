"""The workers' own command line: without the rest of the product, a recorder is there sooner."""

import asyncio
import os
import sys
from pathlib import Path

import typer
import uvloop
from pydantic import TypeAdapter

from vestibule.foundation.logging import configure_logging
from vestibule.rooms.recordings import worker
from vestibule.rooms.recordings.commands import add_commands, print_json
from vestibule.rooms.recordings.job import LOG, STATUS, Job

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def await_job() -> None:
    """Record what the first line of standard input says: a Job as JSON.

    Nothing comes if the server has ended meanwhile; then this ends too. From the job on, it writes
    into the job's folder alone, and needs no server to live.
    """
    line = sys.stdin.readline()
    if not line:
        return
    job = TypeAdapter(Job).validate_json(line)
    job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, number in ((STATUS, 1), (LOG, 2)):
        _write_to(job.folder / name, number)
    configure_logging(level="info", as_json=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        raise typer.Exit(runner.run(worker.record(job, print_json)))


def _write_to(file: Path, number: int) -> None:
    """Have what this process writes to its standard output or error go to the file's end."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, number)
    os.close(handle)


if __name__ == "__main__":
    os.umask(0o077)  # recordings are for this user alone
    add_commands(app)
    app()
